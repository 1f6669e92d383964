"""Opens, renews, closes and lists the clients of partner agencies."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Agency
from api.actions.clients import close_client, register_client, renew_secret
from api.models import PartnerClient
from api.scopes import Scope
from core.actors import Actor
from core.errors import DomainError
from places.models import Site


class Command(BaseCommand):
    """`manage.py partner_client register --agency unhcr --name Registry --site JZ --scope shelters:read`."""

    help = (
        "Open, renew, close and list the clients of partner agencies. A secret is printed once and kept only as a hash."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb, and what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        register = verbs.add_parser("register", help="open the API to a system and print its id and secret")
        register.add_argument("--agency", required=True, help="code of the agency")
        register.add_argument("--name", required=True, help="name of the system, shown in the audit log")
        register.add_argument("--site", required=True, action="append", help="code of a site; again for more")
        register.add_argument("--scope", required=True, action="append", choices=Scope.values, help="again for more")
        register.add_argument("--until", type=datetime.fromisoformat, help="end of the agreement, with offset")
        for verb, words in (
            ("renew", "print a new secret; the old one stops working"),
            ("close", "close the API to a client"),
        ):
            verbs.add_parser(verb, help=words).add_argument("client_id")
        verbs.add_parser("list", help="list the clients")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _register(self, options: dict[str, Any]) -> None:
        until = options["until"]
        if until is not None and timezone.is_naive(until):
            raise CommandError("--until needs an offset, for example 2027-01-01T00:00:00-07:00.")
        agency = Agency.objects.filter(code=options["agency"]).first()
        if agency is None:
            known = ", ".join(Agency.objects.values_list("code", flat=True))
            raise CommandError(f"There is no agency {options['agency']}. Known: {known}.")
        sites = list(Site.objects.filter(code__in=options["site"]))
        if unknown := sorted(set(options["site"]) - {site.code for site in sites}):
            raise CommandError(f"There is no site {', '.join(unknown)}.")
        client, secret = register_client(
            agency=agency,
            name=options["name"],
            sites=sites,
            scopes=[Scope(scope) for scope in options["scope"]],
            valid_until=until,
            actor=Actor.system("command line"),
            at=timezone.now(),
        )
        self._print(client, secret)

    def _renew(self, options: dict[str, Any]) -> None:
        client = self._client(options["client_id"])
        self._print(client, renew_secret(client=client, actor=Actor.system("command line"), at=timezone.now()))

    def _close(self, options: dict[str, Any]) -> None:
        close_client(client=self._client(options["client_id"]), actor=Actor.system("command line"), at=timezone.now())
        self.stdout.write("Closed.")

    def _list(self, options: dict[str, Any]) -> None:
        for client in PartnerClient.objects.select_related("application", "agency").prefetch_related("sites"):
            state = "open" if client.is_usable_at(timezone.now()) else "closed"
            sites = ",".join(site.code for site in client.sites.all())
            words = [
                client.application.client_id,
                client.agency.code,
                client.name,
                sites,
                " ".join(client.scopes),
                state,
            ]
            self.stdout.write("  ".join(words))

    def _client(self, client_id: str) -> PartnerClient:
        client = PartnerClient.objects.select_related("application").filter(application__client_id=client_id).first()
        if client is None:
            raise CommandError("There is no such client. `partner_client list` shows them.")
        return client

    def _print(self, client: PartnerClient, secret: str) -> None:
        self.stdout.write(f"client id:     {client.application.client_id}\nclient secret: {secret}")
        self.stderr.write("Hand the secret over now: it is kept only as a hash.")
