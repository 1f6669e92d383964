"""The floor as a server of its own: the product's settings, sign-in and middleware, other addresses."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp_tracker.settings")
settings.ROOT_URLCONF = "demo.urls"
application = get_wsgi_application()
