"""Opens accounts of staff, gives and ends roles, closes accounts: `manage.py staff rosa@example.org reception --site JZ …`."""

import getpass
from typing import Any

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

DEEDS = {
    "close": (actions.close_account, "lets nobody in any more, and every session of it is over"),
    "open": (actions.open_account_again, "is open again"),
    "factors": (actions.remove_factors, "is let in by the password alone"),
}


class Command(BaseCommand):
    """The first administrator of a new system comes through here too."""

    help = (
        "Open an account for a member of staff and grant a role, or end one (--end). `close` an account of somebody who leaves, `open` it "
        "again; a new `password`; take away `factors` whose phone is lost. Passwords are asked for, never given on the line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        verbs = [*DEEDS, "password"]
        parser.add_argument("what", choices=[*Role.values, *verbs], help="a role, or what to do with the account")
        parser.add_argument("--site", help="code of a site, for example JZ; none for those who oversee")
        parser.add_argument("--end", action="store_true", help="end the role at the site")
        parser.add_argument("--name", help="for a new account")
        parser.add_argument("--agency", help="for a new account: code of its agency, for example iom")
        parser.add_argument("--agency-name", help="for a new agency")
        parser.add_argument("--language", choices=["es", "en"], default="es")

    def handle(self, **options: Any) -> None:
        what, told = str(options["what"]), {"actor": Actor.system("command"), "at": timezone.now()}
        try:
            words = self._role(Role(what), options, told) if what in Role.values else _done(what, _known(options), told)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(words)

    def _role(self, role: Role, options: dict[str, Any], told: dict[str, Any]) -> str:
        site = Site.objects.filter(code=options["site"]).first() if options["site"] else None
        if options["site"] and site is None:
            raise CommandError(f"There is no site {options['site']}.")
        if options["end"]:
            user = _known(options)
            actions.end_role(user=user, role=role, site=site, **told)
        else:
            user = _found(options) or self._open(options, told)
            actions.grant_role(user=user, role=role, site=site, **told)
        verb = "is no longer" if options["end"] else "is"
        return f"{user.email} {verb} {role} at {options['site'] or 'every site'}."

    def _open(self, options: dict[str, Any], told: dict[str, Any]) -> User:
        if not (options["name"] and options["agency"]):
            raise CommandError("A new account needs --name and --agency.")
        password = _password(User(email=options["email"], name=options["name"]))
        agency = actions.open_agency(code=options["agency"], name=options["agency_name"] or options["agency"], **told)
        return actions.open_account(
            email=options["email"],
            name=options["name"],
            agency=agency,
            password=password,
            language=options["language"],
            **told,
        )


def _found(options: dict[str, Any]) -> User | None:
    return User.objects.filter(email=str(options["email"]).lower()).first()


def _known(options: dict[str, Any]) -> User:
    user = _found(options)
    if user is None:
        raise CommandError("There is no account with this e-mail.")
    return user


def _done(what: str, user: User, told: dict[str, Any]) -> str:
    """What was done to the account of `user`, in words."""
    if what == "password":
        actions.set_password(user=user, password=_password(user), **told)
        return f"{user.email} has a new password, and every session of it is over."
    deed, words = DEEDS[what]
    deed(user=user, **told)
    return f"{user.email} {words}."


def _password(user: User) -> str:
    """The password that is typed. Raises CommandError for one that is too easy to guess, also from whose it is."""
    password = getpass.getpass("Password (twelve characters or more): ")
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from None
    return password
