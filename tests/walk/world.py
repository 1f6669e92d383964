"""A small world to walk through: one household at Ciudad Juárez with all that hangs on it, and who knocks at the doors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.roles import CAPABILITIES, Role
from cases.models import Household
from core.actors import Capability
from hearings.models import CheckBatch
from shelters.models import Shelter
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.api import AccessTokenFactory, PartnerClientFactory
from tests.factories.cases import (
    AccessRequestFactory,
    AidFactory,
    ConsentFactory,
    CovidTestFactory,
    DocumentFactory,
    HouseholdFactory,
    MergeFactory,
    TapFactory,
)
from tests.factories.checks import CheckBatchFactory, CheckCallFactory, RepresentationFactory
from tests.factories.expected import ExpectedHouseholdFactory, PairingFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, TripFactory, ZoneShiftFactory
from tests.factories.kin import CardFactory, KinshipFactory, RegroupingFactory
from tests.factories.messaging import ReplyFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.postponements import PostponementLineFactory
from tests.factories.sheets import FamilyFactory
from tests.factories.shelters import (
    BlockFactory,
    CountFactory,
    HoldFactory,
    PlanFactory,
    PlanLineFactory,
    ShelterFactory,
    StayFactory,
    TransferFactory,
    UnitFactory,
)
from tests.factories.tablets import ConflictFactory, DeliveryFactory
from tests.factories.tellings import TellingFactory

ARRIVAL = UUID("0b9f6f0e-8f1c-4f6a-9d0a-5a8f3f1c2d77")  # the id under which the household of the world came
BLOCK = 8_122_021  # the key of the blocked places in its shelter


@dataclass(frozen=True)
class World:
    """The household and the shelter that it sleeps in, with the arguments of every address."""

    household: Household
    shelter: Shelter
    arguments: dict[str, Any]
    visitors: Sequence["Visitor"] = ()

    def arguments_of(self, route: "Route") -> dict[str, Any]:
        """The arguments of an address; what is called `uid` is the shelter's in its own pages, else the household's."""
        found = {name: self.arguments[name] for name in route.parameters if name != "uid"}
        if "uid" in route.parameters:
            about_shelter = route.path.startswith(("shelters/<", "api/v1/shelters/"))
            found["uid"] = self.shelter.uid if about_shelter else self.household.uid
        return found

    @property
    def traces(self) -> list[str]:
        """What no page shows to somebody who may not know of the household."""
        person = self.household.people.first()
        assert person is not None
        return [str(self.household.uid), self.household.code, person.surnames, person.given_names]


def make_world() -> World:
    """A household of two of JZ with papers, tests, a hearing, consent, and beds in a shelter of its city."""
    site = SiteFactory(code="JZ")
    shelter = ShelterFactory(name="Casa Peregrina", site=ShelterSiteFactory(parent=site, name="Casa Peregrina"))
    unit = UnitFactory(shelter=shelter)
    household = HouseholdFactory(site=site, guest_site=shelter.site, people=2, step="placed")
    for person in household.people.all():
        StayFactory(person=person, unit=unit)
        DocumentFactory(person=person)
        CovidTestFactory(person=person)
    BlockFactory(pk=BLOCK, unit=unit)
    hearing = HearingFactory(household=household)
    ClaimFactory(hearing=hearing)
    ConsentFactory(household=household, purpose="partners")
    CardFactory(household=household)
    household.arrivals.update(uid=ARRIVAL)
    announced = ExpectedHouseholdFactory(uid=household.uid, day__site=site, person=False)
    PairingFactory(household=announced, arrival=household.arrivals.get())
    conflict = ConflictFactory(
        delivery=DeliveryFactory(household=household),
        person=household.people.first(),
        fact="placed",
        stands='"isolated"',
        brought='"placed"',
    )
    plan = PlanFactory(site=site)
    call = CheckCallFactory(batch=CheckBatchFactory(site=site), hearing=hearing)
    arguments = {
        "gateway": "twilio",
        "reply_uid": ReplyFactory(about=household).uid,
        "language": "hat",
        "purpose": "ahead",
        "way": "written",
        "conflict_uid": conflict.uid,
        "hearing_uid": hearing.uid,
        "call_uid": call.uid,
        "batch_uid": call.batch.uid,
        "representation_uid": RepresentationFactory(household=household).uid,
        "over_uid": HearingFactory(household=household, court_on=date(2021, 12, 6)).uid,
        "postponement_uid": PostponementLineFactory(hearing=hearing, postponement__site_ids=[site.pk]).postponement.uid,
        "shift_uid": ZoneShiftFactory(hearing=hearing).uid,
        "trip_uid": TripFactory(hearing=hearing).uid,
        "telling_uid": TellingFactory(hearing=hearing, way="").uid,
        "person_uid": household.people.first().uid,
        "household_uid": household.uid,
        "other_uid": household.people.last().uid,
        "merge_uid": MergeFactory(kept=household).uid,
        "request_uid": AccessRequestFactory(household=household).uid,
        "aid_uid": AidFactory(household=household).uid,
        "test_id": CovidTestFactory(
            person=household.people.first(), result="260415000", resulted_at=datetime(2021, 12, 8, 17, 59, tzinfo=UTC)
        ).pk,
        "tap_uid": TapFactory(household=household).uid,
        "kin_uid": KinshipFactory(person=household.people.first(), relative=household.people.last()).uid,
        "regrouping_uid": RegroupingFactory(into=household, household__site=site).uid,
        "unit_id": unit.pk,
        "hold_id": HoldFactory(unit=unit, household=None, label="INM-7").pk,
        "plan_uid": plan.uid,
        "line_id": PlanLineFactory(plan=plan, household=household).pk,
        "transfer_uid": TransferFactory(household=household, from_shelter=shelter).uid,
        "count_uid": CountFactory(shelter=shelter).uid,
        "import_uid": FamilyFactory(sheet__site=site).sheet.uid,
        "pk": 1,
        "key": "a-key",
        "token": "a-token",
    }
    world = World(household, shelter, arguments)
    return replace(world, visitors=visitors(world))


@dataclass(frozen=True)
class Visitor:
    """Somebody who knocks: what they may do, and whether here."""

    name: str
    client: Client
    capabilities: frozenset[Capability] = frozenset()
    is_staff: bool = False
    is_here: bool = False
    is_partner: bool = False

    def __str__(self) -> str:
        return self.name


def visitors(world: World) -> list[Visitor]:
    """The anonymous, each role here and elsewhere, an account without a role, and partners here and elsewhere."""
    elsewhere = ShelterSiteFactory(parent=SiteFactory(code="TJ"))
    found = [Visitor("anonymous", Client()), Visitor("no role", _browser(UserFactory()), is_staff=True)]
    for role in Role:
        for is_here in (True, False):
            sites = (
                (world.shelter.site, elsewhere) if role == Role.SHELTER else (world.household.site, elsewhere.parent)
            )
            site = None if role in (Role.DPO, Role.ADMINISTRATOR) and is_here else sites[0 if is_here else 1]
            user = MembershipFactory(user=UserFactory(name="Somebody Else"), role=role, site=site).user
            if role == Role.CALLER and is_here:
                CheckBatch.objects.update(caller=user)  # the list of the world is theirs
            name = f"{role.value} {'here' if is_here else 'elsewhere'}"
            found.append(Visitor(name, _browser(user), CAPABILITIES[role], is_staff=True, is_here=is_here))
    for is_here, site in ((True, world.household.site), (False, elsewhere.parent)):
        name = f"partner-{'here' if is_here else 'elsewhere'}"
        partner = PartnerClientFactory(sites=[site])
        AccessTokenFactory(client=partner, raw=name)
        client = Client(headers={"authorization": f"Bearer {name}"})
        found.append(Visitor(name, client, is_here=is_here, is_partner=True))
    return found


def _browser(user: User) -> Client:
    user.password = "pbkdf2_sha256$1$salt$nothing-opens-it"  # an account with a password, as all are
    user.save()
    browser = Client()
    browser.force_login(user)
    return browser


@dataclass(frozen=True)
class Route:
    """One address of the house."""

    name: str
    path: str
    parameters: tuple[str, ...]


def routes() -> Iterator[Route]:
    """Every address that the resolver knows."""
    yield from _under(get_resolver().url_patterns, "", "", ())


def _under(patterns: list[URLPattern | URLResolver], path: str, space: str, taken: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        parameters = (*taken, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _under(pattern.url_patterns, here, pattern.namespace or space, parameters)
        else:
            yield Route(f"{space}:{pattern.name}" if space else str(pattern.name), here, parameters)
