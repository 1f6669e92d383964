"""Whether an address of ours answers 200 (the web server of this container unless one is given); the exit code is for Docker."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/health/"
request = urllib.request.Request(address, headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # nosec
        sys.exit(0 if answer.status == 200 else 1)
except OSError as error:
    sys.exit(str(error))
