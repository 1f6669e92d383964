"""Which shell a tablet holds: a number that changes with anything that the shell's pages are made of."""

import hashlib
from functools import cache

from django.conf import settings

MADE_OF = (("static", "**/*"), ("templates", "**/*.html"), ("locale", "**/*.mo"))


@cache
def shell_version() -> str:
    """The checksum of static files, templates and translations, read once a process."""
    digest = hashlib.sha256()
    for folder, pattern in MADE_OF:
        for path in sorted((settings.BASE_DIR / folder).glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
