"""Whether the web server of this container answers; the exit code is for Docker."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
request = urllib.request.Request("http://127.0.0.1:8000/health/", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # nosec
        sys.exit(0 if answer.status == 200 else 1)
except OSError as error:
    sys.exit(str(error))
