"""Opens one fictional account a role: `manage.py demo_staff`. The sign-ins stand in `.local/sign-ins.txt`."""

import os
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo import DemoAccount, open_demo_accounts
from core.actors import Actor

SYLLABLES = "ba be bi bo bu ca ce ci co cu da de di do du fa fe fi fo ga go la le li lo lu ma me mi mo mu na ne ni no pa pe pi po".split()
KEPT = re.compile(r"^password: (\S+)$", re.MULTILINE)


class Command(BaseCommand):
    """Runs as often as you like: the password of this folder is made once and kept."""

    help = "Open one fictional account a role and write the sign-ins to .local/sign-ins.txt. Refused in production."

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo accounts are not for production: use `manage.py staff`.")
        path = settings.LOCAL_DIR / "sign-ins.txt"
        found = KEPT.search(path.read_text()) if path.exists() else None
        password = found.group(1) if found else new_password()
        accounts = open_demo_accounts(password=password, actor=Actor.system("demo"), at=timezone.now())
        write_privately(path, sheet(accounts, password))
        self.stdout.write(f"{len(accounts)} sign-ins in {path}")


def new_password() -> str:
    """Something that can be typed on a phone: three words of three syllables and a number, about 50 bits."""
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(3)]
    return "-".join([*words, str(secrets.randbelow(90) + 10)])


def sheet(accounts: tuple[DemoAccount, ...], password: str) -> str:
    """The sign-ins as `make run` prints them."""
    lines = [f"{account.role.value:<14} {account.email:<30} {account.site or 'everywhere'}" for account in accounts]
    return "\n".join(["Sign in as (fictional staff):", *lines, f"password: {password}", ""])


def write_privately(path: Path, text: str) -> None:
    """Write `text` to a file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
