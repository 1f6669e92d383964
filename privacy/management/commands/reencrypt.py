"""`manage.py reencrypt`: move every row to the active key, beside people at work (docs/keys.md)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from privacy import keyring as keyrings
from privacy.errors import CannotDecrypt, KeyringError
from privacy.rotation import elsewhere, models_with_secrets, reencrypt


class Command(BaseCommand):
    help = "Encrypt every row anew that is not under the active key. May be stopped and run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows read at a time (500)")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")  # a move lost in a crash is simply made again
        try:
            active = keyrings.current(fresh=True).active
            for model in models_with_secrets():
                moved = reencrypt(model, batch=batch, progress=partial(self._tell, model._meta.label))
                self.stdout.write(f"{model._meta.label}: {moved} rows moved to key {active}")
            for each in elsewhere:
                self.stdout.write(f"{each.label}: {each.reencrypt()} rows moved to key {active}")
        except (KeyringError, CannotDecrypt) as error:
            raise CommandError(str(error)) from None
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")

    def _tell(self, label: str, moved: int) -> None:
        self.stderr.write(f"{label}: {moved} …")
