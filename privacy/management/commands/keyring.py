"""`manage.py keyring`: make, rotate, back up and restore the keys of all identity fields (docs/keys.md)."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from privacy import keyring as keyrings
from privacy.errors import KeyInUse, KeyringError
from privacy.rotation import rows_by_key


class Command(BaseCommand):
    help = "Make, rotate, back up and restore the keyring that identity fields are encrypted with."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("create", help="make the first keyring")
        add = deeds.add_parser("add", help="add a key and let new rows use it; then run `reencrypt`")
        add.add_argument("--inactive", action="store_true", help="only add it: for several machines with a file each")
        activate = deeds.add_parser("activate", help="let new rows use a key that every machine has by now")
        activate.add_argument("key_id", type=int)
        retire = deeds.add_parser("retire", help="drop a key that no row uses any more")
        retire.add_argument("key_id", type=int)
        deeds.add_parser("add-sealing", help="make a new key pair for tablets to seal to; the older ones still open")
        retire_sealing = deeds.add_parser(
            "retire-sealing", help="drop a key pair that no tablet's entries are sealed to"
        )
        retire_sealing.add_argument("key_id")
        for deed, what in (("backup", "write a backup that a passphrase opens"), ("restore", "bring a backup back")):
            sub = deeds.add_parser(deed, help=what)
            sub.add_argument("file", type=Path)
            sub.add_argument("--passphrase-file", type=Path, help="read the passphrase from the first line of a file")
        deeds.add_parser("check", help="say which keys there are, and whether every row's key is among them")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        path = Path(settings.KEYRING_FILE)
        try:
            getattr(self, f"_{deed.replace('-', '_')}")(path, options)
        except KeyringError as error:
            raise CommandError(str(error)) from None

    def _create(self, path: Path, options: dict[str, Any]) -> None:
        keyrings.create(path)
        keyrings.ensure_sealing_key(path)
        self.stdout.write(f"Made {path}. Back it up now (manage.py keyring backup FILE): who loses it loses everyone.")

    def _add(self, path: Path, options: dict[str, Any]) -> None:
        key_id = keyrings.add_key(path, activate=not options["inactive"])
        if options["inactive"]:
            self.stdout.write(
                f"Added key {key_id}. Copy {path} to every machine, then: manage.py keyring activate {key_id}"
            )
        else:
            self.stdout.write(
                f"Added key {key_id}; new rows use it. Now: manage.py keyring backup, manage.py reencrypt."
            )

    def _activate(self, path: Path, options: dict[str, Any]) -> None:
        keyrings.activate_key(path, options["key_id"])
        self.stdout.write(f"New rows use key {options['key_id']}. Now: manage.py reencrypt.")

    def _retire(self, path: Path, options: dict[str, Any]) -> None:
        key_id = options["key_id"]
        if count := rows_by_key()[key_id]:
            raise KeyInUse(f"{count} values still use key {key_id}: run manage.py reencrypt first.")
        keyrings.retire_key(path, key_id)
        self.stdout.write(f"Dropped key {key_id}. Older backups of the database need a keyring backup that holds it.")

    def _add_sealing(self, path: Path, options: dict[str, Any]) -> None:
        key_id = keyrings.add_sealing_key(path)
        self.stdout.write(
            f"Tablets seal to {key_id} from their next look at the server. Now: manage.py keyring backup."
        )

    def _retire_sealing(self, path: Path, options: dict[str, Any]) -> None:
        keyrings.retire_sealing_key(path, options["key_id"])
        self.stdout.write("Dropped. Entries that a tablet sealed to it open only on that tablet, with its PIN.")

    def _backup(self, path: Path, options: dict[str, Any]) -> None:
        keyrings.ensure_sealing_key(path)  # or a keyring from before tablets would be backed up without one
        keyring = keyrings.read(path)
        passphrase = self._passphrase(options["passphrase_file"], twice=True)
        keyrings.write_new(options["file"], keyrings.seal(keyring, passphrase))
        self.stdout.write(
            f"Wrote {options['file']}. Keep it and its passphrase apart, and both away from the database."
        )

    def _restore(self, path: Path, options: dict[str, Any]) -> None:
        try:
            backup = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        keyrings.restore(path, keyrings.unseal(backup, self._passphrase(options["passphrase_file"])))
        self.stdout.write(f"Restored {path}. Now: manage.py keyring check.")

    def _check(self, path: Path, options: dict[str, Any]) -> None:
        keyring = keyrings.read(path)
        try:
            rows = rows_by_key()
        except DatabaseError:
            raise CommandError("The keyring is sound, but the database does not answer or is not migrated.") from None
        for key_id in sorted({*keyring.keys, *rows}):
            state = "active" if key_id == keyring.active else "held" if key_id in keyring.keys else "MISSING"
            self.stdout.write(f"key {key_id}: {state}, {rows[key_id]} values")
        for sealing_id in keyring.sealing:
            state = "tablets seal to it" if sealing_id == keyring.newest_sealing_id else "held"
            self.stdout.write(f"sealing key {sealing_id}: {state}")
        if lost := sorted(set(rows) - set(keyring.keys)):
            raise CommandError(f"Keys {lost} are missing: restore a backup that holds them, or those values are lost.")

    def _passphrase(self, file: Path | None, *, twice: bool = False) -> str:
        if file is not None:
            lines = file.read_text().splitlines()
            passphrase = lines[0] if lines else ""
        elif sys.stdin.isatty():
            passphrase = getpass.getpass("Passphrase: ")
            if twice and getpass.getpass("Once more: ") != passphrase:
                raise CommandError("The two differ; nothing was written.")
        else:
            passphrase = os.environ.get("KEYRING_PASSPHRASE", "")
        if twice and len(passphrase) < keyrings.SHORTEST_PASSPHRASE:
            raise CommandError(f"A passphrase needs {keyrings.SHORTEST_PASSPHRASE} characters or more.")
        return passphrase
