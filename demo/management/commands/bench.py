"""Measures pages beside their floors on demo people: `make bench`, `make bench PEOPLE=100000`."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from io import StringIO
from itertools import chain
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import grant_role, open_account, open_agency
from accounts.actors import actor_of
from accounts.models import Agency, User
from accounts.roles import Role
from cases.actions.arrivals import record_arrival
from cases.actions.consent import note_consent
from cases.actions.people import PersonEntry
from cases.models import Consent, Household, Person, Relation
from core.actors import Actor
from demo.actions.crowding import crowd, crowd_of_years
from demo.bench.doors import Desk, PageDesk, PartnerDesk, Prize, race_doors
from demo.bench.families import TABLETS, log_families
from demo.bench.http import Browser, partner_token, server
from demo.bench.measuring import (
    SHOWN,
    Bench,
    Measured,
    after,
    at_most,
    deep_pages,
    get,
    misspelt,
    post,
    recall,
    some_people,
    within,
)
from demo.bench.plans import Planned, plan_towns
from demo.bench.race import DESKS, race
from demo.bench.reminders import plan_hearings, sweep_messages
from demo.bench.typos import MISSPELLINGS, REMEMBERED
from places.models import Crossing, Site
from shelters.actions import confirm_count, open_shelter, open_unit, set_capacity
from shelters.models import Capacity, Shelter, Unit
from shelters.rules import Kind

ACTOR = Actor.system("bench")
RACE_SITE = "PN"  # a small town: what its page draws beside the race is little
HOUSEHOLDS_ASKED, PEOPLE_SOUGHT = 30, 200
PLANNING_TIMES = 3
# A hundred a second is what a large sender is given; each of our senders waits for its answer most of the time.
GATEWAY_TAKES, SENDERS, SHARE_OF_GATEWAY = 100, 16, 0.9


class Command(BaseCommand):
    """Runs only on servers of its own: it leaves accounts and a shelter behind."""

    help = "Measure pages beside floors. Started by `make bench`, on servers that are thrown away."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long to measure."""
        parser.add_argument("--rounds", type=int, default=60, help="requests a row (default: 60; 0: no pages)")
        parser.add_argument("--families", type=int, default=20, help="families of four a tablet sends (default: 20)")
        parser.add_argument(
            "--hearings", type=int, default=25_000, help="hearings to plan reminders of (default: 25,000)"
        )
        parser.add_argument("--messages", type=int, default=5_000, help="due messages to send (default: 5,000)")
        parser.add_argument("--race", type=int, default=1000, help="rounds of eight desks (default: 1,000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure everything and print one table."""
        if settings.ENVIRONMENT != "test":
            raise CommandError("This writes into the database: use `make bench`, which brings its own.")
        if not Household.objects.exists():
            raise CommandError("There is nobody to measure with: run `manage.py demo` first.")
        now = timezone.now()
        agency = open_agency(code="bench", name="Bench", actor=ACTOR, at=now)
        user = _coordinator(agency, Site.objects.field(), now)
        people = some_people(PEOPLE_SOUGHT)
        with ExitStack() as stack:
            ports = [
                stack.enter_context(server(name)) for name in ("mpp_tracker.wsgi:application", "demo.wsgi:application")
            ]
            session = _sign_in(user)
            bench = Bench(Browser(ports[0], session), Browser(ports[1], session), options["rounds"])
            self._say_where()
            self.stdout.write(f"{'':<34}{'page':>9}{'floor':>9}{'ratio':>7}{'kB':>7}  target")
            kept = [self._show(row) for row in (_rows(bench, people, now) if bench.rounds else ())]
            if options["families"]:
                kept.append(self._families(ports, session, options["families"], now))
        actor = actor_of(user)
        kept += [self._recall(kind, people, actor) for kind in (*MISSPELLINGS, *REMEMBERED)]
        kept += [self._plan(planned) for planned in plan_towns()]
        if options["race"]:
            kept += [self._race(options["race"], now), self._race_doors(options["race"], agency, now)]
        if options["hearings"]:
            kept.append(self._reminders(options["hearings"], now))
        if options["hearings"] and options["messages"]:
            kept.append(self._sweep(min(options["messages"], options["hearings"])))
        self.stdout.write("All targets are kept." if all(kept) else "Not every target is kept.")

    def _say_where(self) -> None:
        self.stdout.write(
            f"{Person.objects.count():,} people, {Household.objects.count():,} households, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}; medians in ms, page and floor in turn"
        )

    def _show(self, row: Measured) -> bool:
        figures = f"{row.page_ms:>9.1f}{row.floor_ms:>9.1f}{row.ratio:>7.2f}{row.page_bytes / 1000:>7.1f}"
        self.stdout.write(f"{row.what:<34}{figures}  {row.target}{'' if row.keeps else '  MISSED'}")
        return row.keeps

    def _recall(self, kind: str, people: list[Person], actor: Actor) -> bool:
        found = recall(people, kind, actor=actor)
        keeps = found >= 0.95
        self.stdout.write(f"{f'found with {kind}':<34}{found:>9.1%}{'':<23}  >= 95 %{'' if keeps else '  MISSED'}")
        return keeps

    def _families(self, ports: list[int], session: str, rounds: int, now: datetime) -> bool:
        found = log_families(
            product=lambda: Browser(ports[0], session),
            floor=lambda: Browser(ports[1], session),
            rounds=rounds,
            crossing=Crossing.objects.filter(city__sites__code="JZ").select_related("city").order_by("pk")[0],
            at=now,
        )
        keeps = not (found.lost or found.twice)
        for what, (page, floor) in (("median", found.medians), ("95 of 100", found.p95)):
            title = f"log a family of 4, {TABLETS} tablets, {what}"
            self.stdout.write(f"{title:<34}{page:>9.1f}{floor:>9.1f}{page / floor:>7.2f}")
        words = f"{len(found.sent)} sent, {found.lost} lost, {found.twice} twice{'' if keeps else '  MISSED'}"
        self.stdout.write(f"{'':<34}{'':>32}  {words}")
        return keeps

    def _plan(self, planned: Planned) -> bool:
        title = f"plan for {planned.households} households, in s"
        words = f"{planned.words}{'' if planned.keeps else '  MISSED'}"
        self.stdout.write(f"{title:<34}{planned.seconds:>9.2f}{'':<23}  {words}")
        return planned.keeps

    def _reminders(self, number: int, now: datetime) -> bool:
        found = plan_hearings(number, at=now)
        keeps = found.ratio <= PLANNING_TIMES
        words = (
            f"<= {PLANNING_TIMES} x bare INSERT ... SELECT, row for row; {found.ratio_of_processor:.2f} in the processor's time"
            f"{'' if keeps else '  MISSED'}"
        )
        title = f"plan reminders of {number:,} hearings, in s"
        self.stdout.write(
            f"{title:<34}{found.planned.seconds:>9.1f}{found.floor.seconds:>9.1f}{found.ratio:>7.2f}{'':>7}  {words}"
        )
        return keeps

    def _sweep(self, number: int) -> bool:
        found = sweep_messages(number, senders=SENDERS, gateway_takes=GATEWAY_TAKES)
        keeps = found.messages == number and found.per_second >= SHARE_OF_GATEWAY * found.gateway_per_second
        words = f">= {SHARE_OF_GATEWAY:.0%} of what the gateway takes{'' if keeps else '  MISSED'}"
        title = f"send {number:,} due messages, each s"
        share = found.per_second / found.gateway_per_second
        figures = f"{found.per_second:>9.1f}{found.gateway_per_second:>9.1f}{share:>7.2f}"
        self.stdout.write(f"{title:<34}{figures}{'':>7}  {words}")
        return keeps

    def _race(self, rounds: int, now: datetime) -> bool:
        (prize, _beds), families = _last_places(now)
        deed, floor = race(unit=prize.unit, families=families, rounds=rounds, actor=ACTOR, at=now)
        keeps = not (deed.doubles or deed.deadlocks or deed.nobody)
        self.stdout.write(
            f"{f'last place, {DESKS} desks, {rounds} rounds':<34}{deed.median:>9.1f}{floor.median:>9.1f}"
            f"{deed.median / floor.median:>7.2f}{'':>7}  {deed.doubles} doubles, {deed.deadlocks} deadlocks, "
            f"{deed.nobody} given to nobody{'' if keeps else '  MISSED'}"
        )
        return keeps

    def _race_doors(self, rounds: int, agency: Agency, now: datetime) -> bool:
        prizes, families = _last_places(now)
        with server("mpp_tracker.wsgi:application", processes=2, threads=DESKS) as port:
            desks = list(_desks(agency, port, now))
            found = race_doors(desks=desks, prizes=prizes, families=families, rounds=rounds)
        title = f"last place, pages and API, {rounds}"
        words = (
            f"{found.doubles} doubles, {found.over} over, {found.nobody} given to nobody, {found.unlike} believed otherwise, "
            f"{dict(found.unforeseen) or 'no'} unforeseen answers; {found.broken_off} deadlocks begun anew"
        )
        self.stdout.write(f"{title:<34}{found.median:>9.1f}{'':<23}  {words}{'' if found.keeps else '  MISSED'}")
        return found.keeps


def _rows(bench: Bench, people: list[Person], now: datetime) -> Iterator[Measured]:
    """One row after another, so that they are shown while the rest is measured."""
    households = [get(f"/households/{person.household.uid}/") for person in people[:HOUSEHOLDS_ASKED]]
    sought = [post("/find/", query) for _person, query in misspelt(people[:60], "one typo")]
    yield bench.row("list of people, page 1", [get("/people/")], within(3))
    yield bench.row("list of people, nine tenths down", [get(*deep_pages())], within(3))
    yield bench.row("household page", households, within(3))
    yield bench.row("find a misspelt person", sought, at_most(40))
    yield bench.row("shelter board", [get("/shelters/")], at_most(25))
    crowd(actor=ACTOR, at=now)
    bench.rest()
    board = get("/shelters/?city=JZ")
    yield bench.row("board, 150 shelters, 10,000 stays", [board], at_most(25))
    crowd_of_years(actor=ACTOR, at=now)
    bench.rest()
    yield bench.row("board, 150 shelters, 100,000 stays", [board], at_most(25))
    yield bench.row("board, something just happened", [after(_count_again, board)], SHOWN)
    yield bench.row("its figures again, 100,000 stays", [get("/shelters/live/?city=JZ", "/shelters/")], at_most(25))
    yield bench.row("all cities at once, 100,000 stays", [get("/shelters/?city=all", "/shelters/")], at_most(25))


def _count_again() -> None:
    """Something that every board shows."""
    shelter = Shelter.objects.order_by("pk").filter(closed_at=None)[0]
    confirm_count(shelter=shelter, actor=ACTOR, at=timezone.now())


def _coordinator(agency: Agency, sites: Iterable[Site], at: datetime) -> User:
    """Somebody who sees `sites`."""
    user = open_account(
        email=f"bench-{uuid4().hex}@demo.example", name="Bench", agency=agency, password=uuid4().hex, actor=ACTOR, at=at
    )
    for site in sites:
        grant_role(user=user, role=Role.COORDINATOR, site=site, actor=ACTOR, at=at)
    return user


def _sign_in(user: User) -> str:
    """A session as signing in leaves it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _last_places(at: datetime) -> tuple[list[Prize], list[Household]]:
    """A house with two rooms, counted and with numbered beds, for one family of two each, and a family for each desk."""
    site = Site.objects.field().select_related("city").get(code=RACE_SITE)
    shelter = open_shelter(
        parent=site,
        code=f"{RACE_SITE}-{uuid4().hex[:8]}",
        name="Bench",
        operator=Shelter.Operator.CIVIL,
        opened_at=at,
        actor=ACTOR,
        at=at,
    )
    prizes = [Prize(_room(shelter, beds, at), beds) for beds in ((), ("01", "02"))]
    families = [
        record_arrival(
            uid=uuid4(),
            site=site,
            crossing=None,
            people=[PersonEntry(), PersonEntry(relation=Relation.PARTNER)],
            language="spa",
            occurred_at=at,
            actor=ACTOR,
            at=at,
        )[0]
        for _ in range(DESKS)
    ]
    for family in families:
        note_consent(household=family, answers={Consent.Purpose.PARTNERS: True}, language="spa", actor=ACTOR, at=at)
    return prizes, list(Household.objects.filter(pk__in=[each.pk for each in families]).select_related("site__city"))


def _room(shelter: Shelter, beds: Sequence[str], at: datetime) -> Unit:
    name = "Numbered" if beds else "Counted"
    unit = open_unit(shelter=shelter, name=name, kind=Kind.MIXED, beds=beds, actor=ACTOR, at=at)
    set_capacity(unit=unit, places=2, basis=Capacity.Basis.OPERATIONAL, source="bench", actor=ACTOR, at=at)
    return unit


def _desks(agency: Agency, port: int, at: datetime) -> Iterator[Desk]:
    """A browser of the town's coordinator and a partner's system in turn."""
    user = _coordinator(agency, Site.objects.field().filter(code=RACE_SITE), at)
    for number in range(DESKS // 2):
        yield PageDesk(Browser(port, _sign_in(user)))
        yield PartnerDesk(Browser(port, ""), _token(f"Desk {number}", agency, port))


def _token(name: str, agency: Agency, port: int) -> str:
    """What a partner's system gets for its id and secret, which the command line printed once."""
    said = StringIO()
    scopes = ("shelters:read", "households:read", "stays:write")
    asked = [
        "--agency",
        agency.code,
        "--name",
        name,
        "--site",
        RACE_SITE,
        *chain(*(("--scope", scope) for scope in scopes)),
    ]
    call_command("partner_client", "register", *asked, stdout=said, stderr=StringIO())
    client, secret = (line.split(":", 1)[1].strip() for line in said.getvalue().splitlines()[:2])
    return partner_token(port, client, secret)
