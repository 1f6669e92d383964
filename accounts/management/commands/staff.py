"""Opens an account for a member of staff, or gives it a further role: `manage.py staff rosa@example.org reception --site JZ …`."""

import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import actions
from accounts.models import User
from accounts.roles import Role
from core.actors import Actor
from core.errors import DomainError
from places.models import Site


class Command(BaseCommand):
    """The first administrator of a new system comes through here too."""

    help = "Open an account for a member of staff and grant a role. The password is asked for, never given on the line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--site", help="code of a site, for example JZ; none for those who oversee")
        parser.add_argument("--name", help="for a new account")
        parser.add_argument("--agency", help="for a new account: code of its agency, for example iom")
        parser.add_argument("--agency-name", help="for a new agency")
        parser.add_argument("--language", choices=["es", "en"], default="es")

    def handle(self, **options: str | None) -> None:
        actor, at = Actor.system("command"), timezone.now()
        try:
            user = User.objects.filter(email=str(options["email"]).lower()).first() or self._open(options)
            site = Site.objects.get(code=options["site"]) if options["site"] else None
            actions.grant_role(user=user, role=Role(str(options["role"])), site=site, actor=actor, at=at)
        except Site.DoesNotExist:
            raise CommandError(f"There is no site {options['site']}.") from None
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.email} is {options['role']} at {options['site'] or 'every site'}.")

    def _open(self, options: dict[str, str | None]) -> User:
        actor, at = Actor.system("command"), timezone.now()
        if not (options["name"] and options["agency"]):
            raise CommandError("A new account needs --name and --agency.")
        password = getpass.getpass("Password (twelve characters or more): ")
        try:
            validate_password(password)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        agency = actions.open_agency(
            code=options["agency"], name=options["agency_name"] or options["agency"], actor=actor, at=at
        )
        return actions.open_account(
            email=str(options["email"]),
            name=options["name"],
            agency=agency,
            password=password,
            language=str(options["language"]),
            actor=actor,
            at=at,
        )
