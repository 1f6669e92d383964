"""Settings of MPP Tracker: one plain file, every deployment fact from the environment.

`MPP_ENV` is `development` (default), `test` or `production`. Production refuses to start with a development key, without
TLS in front, or without a keyring: a system that people's lives rest on must not come up half configured.
"""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mpp_tracker import ways_out

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(os.environ.get("MPP_LOCAL_DIR", BASE_DIR / ".local"))

ENVIRONMENT = os.environ.get("MPP_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = ENVIRONMENT == "development" and os.environ.get("MPP_DEBUG") == "1"

DEVELOPMENT_KEY = "development-key-never-for-production"
SECRET_KEY = os.environ.get("SECRET_KEY", DEVELOPMENT_KEY)
KEYRING_FILE = Path(os.environ.get("KEYRING_FILE", LOCAL_DIR / "keyring.json"))
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

if PRODUCTION:
    if SECRET_KEY.startswith("development") or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing, short or the development key: set one of 50 characters or more."
        )
    if "ALLOWED_HOSTS" not in os.environ or "*" in ALLOWED_HOSTS:
        # Addresses that we hand out (calendars, callbacks) name the host that was asked.
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing: name the hosts that this system answers to.")
    if not KEYRING_FILE.exists() and sys.argv[1:2] != ["keyring"]:
        raise ImproperlyConfigured(
            "KEYRING_FILE names no file: create it with `manage.py keyring create` or restore it."
        )

# The house, top floor first (docs/adr/the-house.md).
INSTALLED_APPS = [
    "mpp_tracker.apps.Wiring",
    "dashboard",
    "api",
    "demo",
    "expected",
    "tablets",
    "sheets",
    "docket",
    "journey",
    "shelters",
    "hearings",
    "cases",
    "messaging",
    "accounts",
    "words",
    "places",
    "audit",
    "privacy",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.headers.permissions_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.actor_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "mpp_tracker.urls"
WSGI_APPLICATION = "mpp_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """Django's settings for a `postgresql://user:password@host:port/name` URL."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,  # what is kept ready (core/prepared.py) is made anew with each connection
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "mpp-tracker"},
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://mpp@127.0.0.1:5432/mpp")
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all web processes and independent of the broker: only sign-in counts its attempts here.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_attempts"}}

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# Who signs in. Passwords first, a second factor offered (TOTP, passkeys, recovery codes).
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:today"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "accounts.adapters.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,5/15m/key", "reauthenticate": "10/15m/user"}
ACCOUNT_SESSION_REMEMBER = False
# Attempts are counted by the address of whoever tries, which the proxy tells: its own would be everybody's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
MFA_ADAPTER = "accounts.factors.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "MPP Tracker"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "mpp_session"
CSRF_COOKIE_NAME = "mpp_csrf"
# "JZ-4182 sleeps at ... tonight" is nothing to leave in the cookies of a shared phone.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Languages: Spanish first, English complete. Times in templates always name their zone, so the server's own is UTC.
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "mpp_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", LOCAL_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Nothing is fetched from outside, nothing runs inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # not "no-referrer": browsers would send `Origin: null` with every form
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # The browsers' preload list is a public list, hard to leave: whoever owns the domain decides that, not this file.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

# The broker only nudges; what must happen stands in tables (docs/adr/messages-in-a-table.md).
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "health_check_interval": 15,
    "socket_keepalive": True,
    "socket_timeout": 20,
    "socket_connect_timeout": 5,
    "unacked_restore_throttle": 1,
    "visibility_timeout": 300,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 240
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = float(os.environ.get("MPP_SWEEP_SECONDS", "15"))
# The schedule is these intervals and nothing to remember: a file of it that a crash has cut short would stop the beat for good.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "dispatch-events": {"task": "audit.dispatch_events", "schedule": schedule(SWEEP_SECONDS)},
    "send-due-messages": {"task": "messaging.send_due", "schedule": schedule(SWEEP_SECONDS)},
    "end-due-access": {"task": "cases.end_due_access", "schedule": schedule(SWEEP_SECONDS)},
    "carry-on-plans": {"task": "shelters.carry_on_plans", "schedule": schedule(SWEEP_SECONDS)},
    "carry-on-postponements": {"task": "hearings.carry_on_postponements", "schedule": schedule(SWEEP_SECONDS)},
    "carry-on-imports": {"task": "sheets.carry_on", "schedule": schedule(SWEEP_SECONDS)},
    "end-overdue-places": {"task": "shelters.end_overdue", "schedule": schedule(SWEEP_SECONDS)},
    "ask-silent-shelters": {"task": "shelters.ask_to_count", "schedule": schedule(600)},
    "recheck-zones": {"task": "hearings.recheck_zones", "schedule": schedule(600)},
    "forget-old-sheets": {"task": "sheets.forget", "schedule": schedule(600)},
    "forget-old-lists": {"task": "expected.forget", "schedule": schedule(600)},
    "forget-old-sessions": {"task": "accounts.forget", "schedule": schedule(600)},
    "forget-old-tokens": {"task": "api.forget", "schedule": schedule(600)},
}
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["options"] = {"expires": SWEEP_SECONDS}  # with the worker away, beats do not pile up

# A sheet of people is held in memory while it is read and never written to the disk of the web server.
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 21 << 20  # rows that were pasted

# How messages leave: `console` (writes that one went out, never what it said), `smtp`, `twilio`, `sms_http`, `whatsapp`.
MESSAGE_GATEWAYS = ways_out.gateways(os.environ)
TWILIO = ways_out.twilio(os.environ)
SMS_HTTP = ways_out.sms_http(os.environ)
WHATSAPP = ways_out.whatsapp(os.environ)
PUBLIC_URL = ways_out.public_url(os.environ, ALLOWED_HOSTS, PRODUCTION)
# Which way is taken first for those who named none; who does not read is called first.
MESSAGE_WAYS = os.environ.get("MPP_WAYS", "sms,whatsapp,email").split(",")
# How many messages may be on their way to gateways at once: each waits for an answer most of the time.
MESSAGE_SENDERS = int(os.environ.get("MPP_SENDERS", "8"))
# A sender that has not said within this time what became of a message counts as dead.
CLAIM_SECONDS = float(os.environ.get("MPP_CLAIM_SECONDS", "120"))
# What returnees are told to call; shown in every message. Nobody answers the number that stands in for it.
OFFICE_PHONE = os.environ.get("MPP_OFFICE_PHONE", "656 000 0000")
if PRODUCTION and not os.environ.get("MPP_OFFICE_PHONE") and sys.argv[1:2] != ["keyring"]:
    raise ImproperlyConfigured("MPP_OFFICE_PHONE is missing: name the phone that reminders tell people to call.")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "avisos@example.org")

# The API of partner agencies: closed unless a view names its scopes, problems in place of pages, JSON and nothing else.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.PartnerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasScopes"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.ByClient"],
    "DEFAULT_THROTTLE_RATES": {"client": "1200/min", "find": "60/min", "address": "60/min"},
    "DEFAULT_RENDERER_CLASSES": ["api.media.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.media.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.problem_of",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": 1 if PRODUCTION else 0,
}
# Only the client credentials grant is served (api/views/tokens.py); of a token the database keeps a checksum
# (docs/adr/partner-authentication.md).
OAUTH2_PROVIDER: dict[str, object] = {
    "SCOPES_BACKEND_CLASS": "api.scopes.AgreedScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 30 * 60,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
# The toolkit's models can be swapped; Django's migrations want to hear that ours are not.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth2_provider.IDToken"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth2_provider.Grant"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth2_provider.DeviceGrant"
SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "MPP Tracker",
    "DESCRIPTION": _(
        "What partner agencies may read and write, by the scopes, sites and consents that their agreement covers."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v\d",
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"RoomKindEnum": "api.rooms.SHARED_CHOICES"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.describe_problems",
    ],
}

# No name, number or address gets into a log line or an error report.
DEFAULT_EXCEPTION_REPORTER_FILTER = "privacy.logs.QuietReporterFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"redacted": {"()": "privacy.logs.formatter", "as_json": PRODUCTION}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # urllib3 would write addresses down, and Twilio's list is asked for with a number in its address.
    "loggers": {"django.request": {"level": "ERROR"}, "urllib3": {"level": "WARNING"}},
}
