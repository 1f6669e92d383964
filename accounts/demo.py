"""Fictional staff, one account a role, for those who try the system out. Never for production."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import actions
from accounts.models import User
from accounts.roles import Role
from core.actors import Actor
from places.models import Site, SiteKind

EVERY_CITY = "every city"
AGENCIES = {"grupo-beta": "Grupo Beta", "iom": "OIM"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One sign-in to try. `site` is the code of a field site, `EVERY_CITY` for each of them, or empty for everywhere."""

    email: str
    name: str
    agency: str
    role: Role
    site: str


ACCOUNTS = (
    DemoAccount("recepcion@demo.example", "Rosa Almanza", "grupo-beta", Role.RECEPTION, "JZ"),
    DemoAccount("albergue@demo.example", "Tomás Urrutia", "iom", Role.SHELTER, "JZ"),
    DemoAccount("coordinacion@demo.example", "Maribel Ontiveros", "iom", Role.COORDINATOR, "JZ"),
    DemoAccount("audiencias@demo.example", "Iván Cárdenas", "iom", Role.HEARINGS, "JZ"),
    DemoAccount("llamadas@demo.example", "Beto Quiroga", "iom", Role.CALLER, "JZ"),
    DemoAccount("llamadas.2@demo.example", "Nadia Ferral", "iom", Role.CALLER, "JZ"),
    DemoAccount("proteccion@demo.example", "Lucía Berumen", "iom", Role.PROTECTION, "JZ"),
    DemoAccount("coordinacion.tj@demo.example", "Óscar Ledezma", "iom", Role.COORDINATOR, "TJ"),
    DemoAccount("frontera@demo.example", "Aurelia Montaño", "iom", Role.COORDINATOR, EVERY_CITY),
    DemoAccount("datos@demo.example", "Elena Quintanar", "iom", Role.DPO, ""),
    DemoAccount("administracion@demo.example", "Hugo Tamayo", "iom", Role.ADMINISTRATOR, ""),
)


@transaction.atomic
def open_demo_accounts(*, password: str, actor: Actor, at: datetime) -> tuple[DemoAccount, ...]:
    """Open the accounts that are not there yet, and let all of them sign in with `password`.

    The shelter desk works at the demo's first shelter of its city (the real ones receive nobody there), else at any, or at the
    field site while there is none.
    """
    agencies = {code: actions.open_agency(code=code, name=name, actor=actor, at=at) for code, name in AGENCIES.items()}
    for account in ACCOUNTS:
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user = actions.open_account(
                email=account.email,
                name=account.name,
                agency=agencies[account.agency],
                password=password,
                actor=actor,
                at=at,
            )
            for site in _sites_of(account):
                actions.grant_role(user=user, role=account.role, site=site, actor=actor, at=at)
        elif not user.check_password(password):
            actions.set_password(user=user, password=password, actor=actor, at=at)
    return ACCOUNTS


def _sites_of(account: DemoAccount) -> list[Site | None]:
    if not account.site:
        return [None]
    if account.site == EVERY_CITY:
        return list(Site.objects.field().order_by("pk"))
    field_site = Site.objects.get(code=account.site)
    if account.role != Role.SHELTER:
        return [field_site]
    houses = field_site.shelter_sites.filter(kind=SiteKind.SHELTER).order_by("pk")
    return [houses.filter(code__endswith="-DEMO1").first() or houses.first() or field_site]
