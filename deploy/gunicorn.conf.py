"""gunicorn in production, inside its container: of all containers the proxy alone is published."""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # nosec
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
max_requests = 20_000
max_requests_jitter = 2_000
# A heartbeat file, which must not wait for a disk.
worker_tmp_dir = "/dev/shm"  # nosec
# Nothing but HTTP opens a door.
control_socket_disable = True
