"""The past: people returned from 2019 to 2022, month by month as the public tables tell, and how it ended for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from cases.models import CovidTest
from cases.states import Step
from demo import shares
from demo.field import COURT_ZONES, FIELDS, GROUP_SIZES, LAREDO_OPENED
from demo.shares import Month
from demo.stories import HearingStory, HouseholdStory, Maker, Report, StayStory, TestStory
from hearings.models import Claim, Hearing
from places import zones
from shelters.models import LeavingReason

TESTS_BEGAN = date(2020, 4, 1)
COURTS_PAUSED = (date(2020, 3, 23), date(2021, 2, 19))  # MPP hearings were put off throughout; the wind-down began then
WEEKDAYS = 5
MISSED = 0.55

# How it ended [inference: few found relief, about half missed a hearing, 13,000 of 71,000 were let in in 2021].
AFTER_MISSING = {Step.IN_ABSENTIA: 72, Step.DISENROLLED: 14, Step.LOST_CONTACT: 9, Step.VOLUNTARY_RETURN: 5}
AFTER_APPEARING = {
    Step.REMOVED: 50,
    Step.DISENROLLED: 24,
    Step.RELIEF: 4,
    Step.LEFT: 8,
    Step.VOLUNTARY_RETURN: 7,
    Step.MOVED: 4,
    Step.INTERVIEW_PENDING: 2,
    Step.LOST_CONTACT: 1,
}


@dataclass(frozen=True, slots=True)
class Group:
    """People who came together in `month`: how many, of which nationality."""

    month: Month
    size: int
    nationality: str


def groups(*, people: int, rng: Random) -> list[Group]:
    """`people` as groups: months, nationalities within a month and the family share of a month match the tables exactly."""
    found: list[Group] = []
    for month, here in shares.largest_remainder(people, shares.people_by_month()).items():
        found += _groups_of(month, here, rng)
    return found


def _groups_of(month: Month, people: int, rng: Random) -> Iterator[Group]:
    left = shares.largest_remainder(people, shares.nationalities(month))
    in_families = round(people * shares.family_share(month))
    sizes = [size for size in GROUP_SIZES if size > 1]
    weights = [GROUP_SIZES[size] for size in sizes]
    while in_families > 1 and max(left.values()) > 1:
        many = {code: count for code, count in left.items() if count > 1}
        nationality = rng.choices(list(many), list(many.values()))[0]
        size = min(rng.choices(sizes, weights)[0], many[nationality], in_families)
        left[nationality] -= size
        in_families -= size
        yield Group(month, size, nationality)
    for nationality, count in left.items():
        yield from [Group(month, 1, nationality)] * count


def stories(found: list[Group], *, maker: Maker) -> Iterator[HouseholdStory]:
    """What happened to each of the groups."""
    for group in found:
        yield _story(group, maker)


def _story(group: Group, maker: Maker) -> HouseholdStory:
    rng = maker.rng
    sites = shares.field_sites(group.month)
    site = FIELDS[rng.choices(list(sites), list(sites.values()))[0]]
    languages = shares.languages_of(group.nationality)
    language = rng.choices(list(languages), list(languages.values()))[0]
    arrived_at = _arrival(group.month, site.zone, rng)
    crossing = rng.choices(list(site.arrives_over), list(site.arrives_over.values()))[0]
    story = HouseholdStory(
        uid=maker.uid(),
        arrival_uid=maker.uid(),
        site=site.code,
        crossing=crossing,
        arrived_at=arrived_at,
        language=language,
        people=maker.family(
            size=group.size,
            nationality=group.nationality,
            language=language,
            arrived_on=arrived_at.date(),
            area_code=site.area_code,
        ),
        agrees_to_messages=rng.random() < 0.8,
        agrees_to_partners=rng.random() < 0.7,
    )
    _receive(story, rng)
    story.hearings = list(_hearings(story, maker))
    _end(story, rng)
    return story


def _arrival(month: Month, zone: str, rng: Random) -> datetime:
    """A moment of that month between 08:00 and 18:00 at the bridge; MPP 2's first day was 8 December 2021."""
    year, number = month
    first = date(year, number, 8 if month == (2021, 12) else 1)
    next_month = date(year + number // 12, number % 12 + 1, 1)
    day = first + timedelta(days=rng.randrange((next_month - first).days))
    return zones.wall_to_utc(datetime.combine(day, time(rng.randrange(8, 18), rng.randrange(60))), zone)


def _receive(story: HouseholdStory, rng: Random) -> None:
    at = story.arrived_at
    story.steps = [(Step.RECEIVED, at)]
    if rng.random() < 0.9:
        at += timedelta(minutes=rng.randrange(20, 150))
        story.steps.append((Step.DOCUMENTED, at))
        story.documented_on = at.date()
    if at.date() >= TESTS_BEGAN:
        at += timedelta(minutes=rng.randrange(20, 120))
        story.tests = [
            TestStory(taken_at=at - timedelta(minutes=18), resulted_at=at, result=CovidTest.Result.NOT_DETECTED)
        ]
        story.steps.append((Step.TESTED, at))
    if rng.random() < 0.7:
        at += timedelta(minutes=rng.randrange(40, 400))
        nights = timedelta(days=rng.randrange(3, 160), hours=rng.randrange(12))
        story.steps.append((Step.PLACED, at))
        reasons = [LeavingReason.LEFT, LeavingReason.COURT, LeavingReason.TRANSFERRED]
        story.stay = StayStory(begins_at=at, ends_at=at + nights, reason=rng.choices(reasons, [6, 3, 1])[0])


def _hearings(story: HouseholdStory, maker: Maker) -> Iterator[HearingStory]:
    """Three to five, some weeks apart; those of the months without court were called off."""
    rng, site = maker.rng, FIELDS[story.site]
    count = rng.choices((3, 4, 5), (45, 35, 20))[0]
    day = story.arrived_at.date() + timedelta(days=rng.randrange(30, 90))
    noted_at = story.arrived_at + timedelta(minutes=15)
    for place in range(count):
        day += timedelta(days=8 - day.isoweekday() if day.isoweekday() > WEEKDAYS else 0)
        court = "SNA" if site.court == "LRO" and day < date(*LAREDO_OPENED) else site.court
        paused = COURTS_PAUSED[0] <= day < COURTS_PAUSED[1]
        documented = rng.random() < 0.8
        yield HearingStory(
            uid=maker.uid(),
            court=court,
            court_zone=COURT_ZONES[court],
            court_on=day,
            court_time=rng.choice(site.court_times),
            crossing=site.presents_at,
            noted_at=noted_at,
            report=Report.DOCUMENTED if documented else Report.ESTIMATED,
            kind=_kind(place, count),
            status=Hearing.Status.CANCELLED if paused else Hearing.Status.HELD,
            source=Claim.Source.MPP_SHEET if documented else Claim.Source.NOTICE_TO_APPEAR,
            verified_at=noted_at + timedelta(days=1) if rng.random() < 0.5 else None,
        )
        noted_at = datetime.combine(day, time(22, 30), tzinfo=UTC)
        day += timedelta(days=rng.randrange(35, 100))


def _kind(place: int, count: int) -> str:
    if place == 0:
        return Hearing.Kind.INITIAL_MASTER
    return Hearing.Kind.INDIVIDUAL if place == count - 1 else Hearing.Kind.MASTER_RESET


def _end(story: HouseholdStory, rng: Random) -> None:
    """About half missed one hearing, the last that was held; those whose court was closed throughout neither came nor missed."""
    last_day = story.hearings[-1].court_on
    at = datetime.combine(last_day, time(21, rng.randrange(60)), tzinfo=UTC)
    held = [hearing for hearing in story.hearings if hearing.status == Hearing.Status.HELD]
    if held and rng.random() < MISSED:
        held[-1].missed = True
        story.ends.append((Step.NO_SHOW, at))
        outcomes = AFTER_MISSING
    else:
        story.ends.append((Step.PRESENTED if held else Step.SUMMONED, at))
        outcomes = AFTER_APPEARING
    story.ends.append(
        (rng.choices(list(outcomes), list(outcomes.values()))[0], at + timedelta(hours=rng.randrange(2, 40)))
    )
