"""The present: who is at reception now, who sleeps where, and who must be at a bridge tomorrow, relative to one moment.

All of it is invented [inference]; no public table tells the present. Some things are there on purpose, so that every part of every
page can be seen: each lane of the board, estimated and contradicting times, tests too old, a bridge the next morning whatever the
weekday.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from cases.models import CovidTest
from cases.states import Step
from demo import shares
from demo.field import COURT_ZONES, FIELDS, GROUP_SIZES, PRESENT_NATIONALITIES
from demo.stories import HearingStory, HouseholdStory, Maker, Report, StayStory, TestStory
from hearings.models import Claim
from places import zones

DAYS_PRESENT = 14
PEOPLE_A_DAY = 300  # more than that did not come border-wide even in August 2019: a bigger present reaches further back
MOST_WAITING = 600
MOST_TONIGHT = 160
WAITING_SHARE = 0.3
NOON = 14  # until then some are at their bridge this morning, as the page shows it (`dashboard.night`)
WEEKDAYS = 5
REPORTS = {Report.DOCUMENTED: 66, Report.ESTIMATED: 28, Report.UNKNOWN: 6}
OTHER_TONGUES = 0.2  # more than TRAC tells, so that interpreters are needed somewhere


class Standing(StrEnum):
    """Where a household stands at present: a lane of the reception board, or a place in a shelter with a hearing ahead."""

    JUST_RECEIVED = "just_received"
    DOCUMENTED = "documented"
    TESTING = "testing"
    ISOLATED = "isolated"
    TO_PLACE = "to_place"
    TONIGHT = "tonight"
    SOON = "soon"
    NO_HEARING = "no_hearing"
    GONE = "gone"


LANES = {
    Standing.TO_PLACE: 26,
    Standing.TESTING: 24,
    Standing.JUST_RECEIVED: 24,
    Standing.DOCUMENTED: 18,
    Standing.ISOLATED: 8,
}
SETTLED = {Standing.SOON: 74, Standing.NO_HEARING: 18, Standing.GONE: 8}


@dataclass(frozen=True, slots=True)
class Household:
    """One household of the present before its story is told."""

    site: str
    standing: Standing
    size: int


def households(*, people: int, rng: Random) -> list[Household]:
    """`people` at all sites in households, at all standings; those that go tonight and those that wait are bounded."""
    found = []
    weights = {code: field.weight for code, field in FIELDS.items()}
    waiting = shares.largest_remainder(min(int(people * WAITING_SHARE), MOST_WAITING), weights)
    tonight = shares.largest_remainder(min(int(people * 0.16), MOST_TONIGHT), weights)
    for site, here in shares.largest_remainder(people, weights).items():
        left, lanes, settled = here, _turns(LANES, rng), _turns(SETTLED, rng)
        while left > 0:
            size = min(rng.choices(list(GROUP_SIZES), list(GROUP_SIZES.values()))[0], left)
            gone = here - left
            if gone < waiting[site]:
                standing = next(lanes)
            elif gone < waiting[site] + tonight[site]:
                standing = Standing.TONIGHT
            else:
                standing = next(settled)
            found.append(Household(site, standing, size))
            left -= size
    return found


def _turns(weights: dict[Standing, int], rng: Random) -> Iterator[Standing]:
    """Each standing once, in order, so that small sites show them all; then by weight."""
    yield from weights
    while True:
        yield rng.choices(list(weights), list(weights.values()))[0]


def stories(found: list[Household], *, people: int, maker: Maker, at: datetime) -> Iterator[HouseholdStory]:
    """The story of each of the households, of `people` in all, as it stands at `at`."""
    days = max(DAYS_PRESENT, people // PEOPLE_A_DAY)
    for household in found:
        yield _story(household, days, maker, at)


def _story(household: Household, days: int, maker: Maker, at: datetime) -> HouseholdStory:
    rng, site = maker.rng, FIELDS[household.site]
    nationality = rng.choices(list(PRESENT_NATIONALITIES), list(PRESENT_NATIONALITIES.values()))[0]
    story = HouseholdStory(
        uid=maker.uid(),
        arrival_uid=maker.uid(),
        site=site.code,
        crossing=rng.choices(list(site.arrives_over), list(site.arrives_over.values()))[0],
        arrived_at=at,
        language=_language(nationality, rng),
        people=[],
        agrees_to_messages=rng.random() < 0.88,
        agrees_to_partners=rng.random() < 0.75,
    )
    MOVES[household.standing](story, days, at, rng)
    story.people = maker.family(
        size=household.size,
        nationality=nationality,
        language=story.language,
        arrived_on=story.arrived_at.date(),
        area_code=site.area_code,
    )
    _call(story, household.standing, maker, at)
    return story


def _language(nationality: str, rng: Random) -> str:
    languages = shares.languages_of(nationality)
    others = {code: weight for code, weight in languages.items() if code != "spa"}
    if others and ("spa" not in languages or rng.random() < OTHER_TONGUES):
        return rng.choices(list(others), list(others.values()))[0]
    return "spa"


def _minutes(rng: Random, least: int, most: int) -> timedelta:
    """Between two bounds, short waits more often than long ones."""
    return timedelta(minutes=least + int((most - least) * rng.random() ** 2))


def _document(story: HouseholdStory, moment: datetime) -> None:
    story.steps.append((Step.DOCUMENTED, moment))
    story.documented_on = zones.local(moment, FIELDS[story.site].zone).date()


def _just_received(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    story.arrived_at = at - _minutes(rng, 6, 190)
    story.steps = [(Step.RECEIVED, story.arrived_at)]


def _documented(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    since = at - _minutes(rng, 8, 150)
    story.arrived_at = since - _minutes(rng, 20, 90)
    story.steps = [(Step.RECEIVED, story.arrived_at)]
    _document(story, since)


def _testing(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    _documented(story, days, at, rng)
    story.tests = [TestStory(taken_at=story.steps[-1][1] + (at - story.steps[-1][1]) / 2, resulted_at=None)]


def _isolated(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    resulted_at = at - timedelta(days=rng.randrange(0, 9), minutes=rng.randrange(40, 600))
    documented_at = resulted_at - _minutes(rng, 30, 90)
    story.arrived_at = documented_at - _minutes(rng, 20, 90)
    story.steps = [(Step.RECEIVED, story.arrived_at)]
    _document(story, documented_at)
    story.tests = [TestStory(taken_at=documented_at, resulted_at=resulted_at, result=CovidTest.Result.DETECTED)]
    story.steps.append((Step.ISOLATED, resulted_at))


def _to_place(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    resulted_at = at - _minutes(rng, 15, 320)
    documented_at = resulted_at - _minutes(rng, 30, 90)
    story.arrived_at = documented_at - _minutes(rng, 20, 90)
    story.steps = [(Step.RECEIVED, story.arrived_at)]
    _document(story, documented_at)
    story.tests = [TestStory(taken_at=resulted_at - timedelta(minutes=18), resulted_at=resulted_at)]
    story.steps.append((Step.TESTED, resulted_at))
    if rng.random() < 0.4:
        story.held_at = resulted_at + (at - resulted_at) / 3


def _settled(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    day = zones.local(at, FIELDS[story.site].zone).date() - timedelta(days=1 + rng.randrange(days))
    clock = time(rng.randrange(9, 16), rng.randrange(60))
    story.arrived_at = zones.wall_to_utc(datetime.combine(day, clock), FIELDS[story.site].zone)
    story.steps = [(Step.RECEIVED, story.arrived_at)]
    documented_at = story.arrived_at + _minutes(rng, 20, 120)
    _document(story, documented_at)
    resulted_at = documented_at + _minutes(rng, 30, 90)
    story.tests = [TestStory(taken_at=resulted_at - timedelta(minutes=18), resulted_at=resulted_at)]
    story.steps.append((Step.TESTED, resulted_at))
    placed_at = resulted_at + _minutes(rng, 20, 240)
    story.steps.append((Step.PLACED, placed_at))
    story.stay = StayStory(begins_at=placed_at)


def _gone(story: HouseholdStory, days: int, at: datetime, rng: Random) -> None:
    _settled(story, days, at, rng)
    assert story.stay is not None
    left_at = story.stay.begins_at + (at - story.stay.begins_at) * rng.uniform(0.3, 0.9)
    story.stay.ends_at = left_at
    story.ends = [(rng.choice((Step.LEFT, Step.VOLUNTARY_RETURN, Step.MOVED)), left_at)]


Move = Callable[[HouseholdStory, int, datetime, Random], None]
MOVES: dict[Standing, Move] = {
    Standing.JUST_RECEIVED: _just_received,
    Standing.DOCUMENTED: _documented,
    Standing.TESTING: _testing,
    Standing.ISOLATED: _isolated,
    Standing.TO_PLACE: _to_place,
    Standing.TONIGHT: _settled,
    Standing.SOON: _settled,
    Standing.NO_HEARING: _settled,
    Standing.GONE: _gone,
}


def _call(story: HouseholdStory, standing: Standing, maker: Maker, at: datetime) -> None:
    """Give the household the hearing on its sheet, and those who leave tonight a fresh test."""
    rng, today = maker.rng, zones.local(at, FIELDS[story.site].zone)
    this_morning = rng.random() < 0.5
    if standing == Standing.TONIGHT:
        night = today.date() + timedelta(days=0 if this_morning and today.hour < NOON else 1)
        story.hearings = [_hearing(story, night, maker, at)]
        _test_again(story, rng, at)
    elif standing == Standing.SOON or (standing not in (Standing.NO_HEARING, Standing.GONE) and rng.random() < 0.6):
        least = 2 if standing == Standing.SOON else 6
        story.hearings = [
            _hearing(story, _court_day(today.date() + timedelta(days=rng.randrange(least, 31))), maker, at)
        ]


def _court_day(day: date) -> date:
    return day + timedelta(days=8 - day.isoweekday()) if day.isoweekday() > WEEKDAYS else day


def _hearing(story: HouseholdStory, day: date, maker: Maker, at: datetime) -> HearingStory:
    rng, site = maker.rng, FIELDS[story.site]
    report = rng.choices(list(REPORTS), list(REPORTS.values()))[0]
    noted_at = story.arrived_at + (at - story.arrived_at) * rng.uniform(0.02, 0.1)
    contradicts = report == Report.DOCUMENTED and rng.random() < 0.1
    verified = not contradicts and rng.random() < 0.7
    return HearingStory(
        uid=maker.uid(),
        court=site.court,
        court_zone=COURT_ZONES[site.court],
        court_on=day,
        court_time=rng.choice(site.court_times),
        crossing=site.presents_at,
        noted_at=noted_at,
        report=report,
        source=Claim.Source.MPP_SHEET if report == Report.DOCUMENTED else Claim.Source.NOTICE_TO_APPEAR,
        verified_at=noted_at + (at - noted_at) * rng.uniform(0.2, 0.8) if verified else None,
        contradicts=time(13) if contradicts else None,
    )


def _test_again(story: HouseholdStory, rng: Random, at: datetime) -> None:
    """Most were tested yesterday; of some the result is awaited, of some the only test is from their arrival."""
    chance = rng.random()
    taken_at = at - timedelta(minutes=rng.randrange(50, 900))
    if chance < 0.8 and story.steps[-1][1] < taken_at:
        awaited = chance > 0.7
        story.tests.append(
            TestStory(taken_at=taken_at, resulted_at=None if awaited else taken_at + timedelta(minutes=20))
        )
