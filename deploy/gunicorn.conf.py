"""gunicorn in production. `--no-control-socket`: nothing but HTTP opens a door."""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # noqa: S104 # nosec B104 - in its container; the proxy alone is published
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm"  # noqa: S108 # nosec B108 - a heartbeat file, which must not wait for a disk
control_socket_disable = True
