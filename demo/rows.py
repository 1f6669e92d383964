"""Stories as rows: what the deeds of `cases`, `shelters`, `hearings` and `messaging` would have written, a batch at a time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from random import Random
from typing import Any
from uuid import UUID, uuid5

from audit.models import Event, EventType
from cases.actions.consent import NOTICE_VERSION
from cases.intake import owed_of
from cases.kinds import ANTIGEN, FMM, paper_kind
from cases.models import (
    Arrival,
    Consent,
    CovidTest,
    Document,
    Household,
    Isolation,
    Person,
    SearchToken,
    StepTaken,
)
from cases.rules import ISOLATION_DAYS
from cases.states import Step
from core.actors import Actor
from demo.copying import Sheet, new_keys, send_all
from demo.ground import Clock, Ground
from demo.notices import Notices
from demo.rooms import OVER_CAPACITY, RoomLeft, Rooms
from demo.stories import HearingStory, HouseholdStory, PersonStory, Report, StayStory, TestStory
from hearings.models import Claim, Hearing, Summons, Trip
from places import zones
from privacy.blind_index import Token, token_of_number, tokens_of_date, tokens_of_name
from privacy.names import words_of_name
from shelters.models import Hold, Stay
from shelters.rules import HOLD_AT_MOST

# Some were given a paper that runs out soon, so that the worklist of those has lines.
SHORT_PAPER, EVERY = "exit_order", 9
NOTICE_CAME_BEFORE = timedelta(days=3)
# How those who leave soon get to the bridge, as often as each stands here; of some nobody noted it.
ARRANGED, NOTED_BEFORE = timedelta(days=2), timedelta(hours=5)
WAYS_TO_THE_BRIDGE = (*["shelter"] * 5, *["agency"] * 2, *["own"] * 2, "")
VEHICLE_OF, VEHICLES = {"shelter", "agency"}, ("van blanca", "van 2", "camioneta azul")


class Rows:
    """Collects the rows of one batch and sends them."""

    def __init__(self, *, ground: Ground, rooms: Rooms, actor: Actor, at: datetime, rng: Random) -> None:
        self.ground, self.rooms, self.actor, self.at, self.rng = ground, rooms, actor, at, rng
        self.households = Sheet(
            Household, "id uid prefix site guest_site cohort language step step_at arrived_at owed recorded_at"
        )
        self.people = Sheet(
            Person,
            "id uid household position relation given_names surnames birth_date birth_is_estimated sex nationality a_number "
            "has_no_a_number_yet phone phone_owner email notes",
        )
        self.tokens = Sheet(SearchToken, "person value")
        self.arrivals = Sheet(Arrival, "id uid household site crossing kind occurred_at recorded_at")
        self.steps = Sheet(StepTaken, "person arrival step occurred_at recorded_at")
        self.documents = Sheet(Document, "person kind number issued_on valid_until recorded_at")
        self.tests = Sheet(CovidTest, "person kind taken_at result resulted_at correction_reason")
        self.isolations = Sheet(Isolation, "household cause way begun_at retest_on ended_at ending")
        self.consents = Sheet(
            Consent, "household purpose is_given notice_version notice_language noted_at noted_by withdrawn_at"
        )
        stay = "uid person household unit bed begins_at ends_at leaving_reason over_capacity_reason over_capacity_by"
        self.stays, self.stays_over = Sheet(Stay, stay), Sheet(Stay, stay)
        self.holds = Sheet(Hold, "unit household places begins_at expires_at released_at")
        self.hearings = Sheet(
            Hearing,
            "id uid household kind status version court location court_on court_time court_zone court_at report_crossing report_on "
            "report_time report_zone report_at report_basis present_at conflicts zone_data verified_at recorded_at",
        )
        self.claims = Sheet(Claim, "hearing fact source said_on local_on local_time zone crossing court recorded_at")
        self.summonses = Sheet(Summons, "hearing person")
        self.trips = Sheet(
            Trip, "uid hearing means vehicle seats leaves_at present_at noted_at noted_by withdrawn_at recorded_at"
        )
        self.events = Sheet(
            Event,
            "type subject_type subject_id household site_id actor_kind actor_id actor_name occurred_at recorded_at facts "
            "dispatched_at",
        )
        self.notices = Notices(at)

    def write(self, stories: list[HouseholdStory]) -> int:
        """Write `stories`, children after parents; returns how many people they are."""
        households = iter(new_keys(Household, len(stories)))
        arrivals = iter(new_keys(Arrival, len(stories)))
        people = iter(new_keys(Person, sum(len(story.people) for story in stories)))
        hearings = iter(new_keys(Hearing, sum(len(story.hearings) for story in stories)))
        for story in stories:
            keys = [next(people) for _ in story.people]
            _Telling(self, story, next(households), next(arrivals), keys).tell(hearings)
        self.notices.record(self.event)
        first = (self.households, self.people, self.tokens, self.arrivals, self.steps, self.documents, self.tests)
        # The database counts guests at each stay and hold: those beyond the capacity come after those within it.
        then = (
            self.isolations,
            self.consents,
            self.stays,
            self.holds,
            self.stays_over,
            self.hearings,
            self.claims,
            self.summonses,
            self.trips,
        )
        send_all(chain(first, then, (self.notices.messages, self.events)))
        return sum(len(story.people) for story in stories)

    def event(self, event: EventType, model: str, key: int, story: HouseholdStory, at: datetime, **facts: Any) -> None:
        """The record that the deed would have left. Nobody needs to be told any more, so it counts as dispatched."""
        site, actor = self.ground.sites[story.site].pk, self.actor
        self.events.add(event, model, key, story.uid, site, actor.kind, actor.id, actor.name, at, at, facts, at)


class _Telling:
    """One story being written."""

    def __init__(self, rows: Rows, story: HouseholdStory, key: int, arrival: int, people: list[int]) -> None:
        self.rows, self.story, self.key, self.arrival, self.people = rows, story, key, arrival, people
        self.site = rows.ground.sites[story.site]
        self.guest_site: int | None = None

    def tell(self, hearings: Any) -> None:
        """Everything, so that what the household became of (its guest site, its step) is known when it is written."""
        self._arrive()
        self._sleep()
        self._step()
        self._be_examined()
        for hearing in self.story.hearings:
            self._hear(hearing, next(hearings))
        self._household()

    def _household(self) -> None:
        story, rows = self.story, self.rows
        step, step_at = story.last_step
        cohort = rows.ground.cohort_on(story.arrived_at.date())
        owed = owed_of(story.people, answered=Consent.Purpose.values, has_hearing=bool(story.hearings))
        rows.households.add(
            self.key,
            story.uid,
            story.site,
            self.site.pk,
            self.guest_site,
            cohort.pk if cohort else None,
            story.language,
            step,
            step_at,
            story.arrived_at,
            f"{{{','.join(owed)}}}",
            story.arrived_at,
        )

    def _arrive(self) -> None:
        story, rows, at = self.story, self.rows, self.story.arrived_at
        crossing = rows.ground.crossings[story.crossing].pk
        rows.arrivals.add(
            self.arrival, story.arrival_uid, self.key, self.site.pk, crossing, Arrival.Kind.FIRST_RETURN, at, at
        )
        for position, (key, person) in enumerate(zip(self.people, story.people, strict=True), start=1):
            self._person(key, position, person)
        agreed = {
            Consent.Purpose.RECEPTION: True,
            Consent.Purpose.MESSAGES: story.agrees_to_messages,
            Consent.Purpose.PARTNERS: story.agrees_to_partners,
        }
        for purpose, is_given in agreed.items():
            rows.consents.add(self.key, purpose, is_given, NOTICE_VERSION, story.language, at, rows.actor.id, None)
        self._event(EventType.ARRIVAL_RECORDED, at, people=len(self.people), crossing=crossing)
        given = sorted(purpose for purpose, is_given in agreed.items() if is_given)
        refused = sorted(purpose for purpose, is_given in agreed.items() if not is_given)
        self._event(EventType.CONSENT_RECORDED, at, given=given, refused=refused)

    def _person(self, key: int, position: int, person: PersonStory) -> None:
        self.rows.people.add(
            key,
            person.uid,
            self.key,
            position,
            person.relation,
            person.given_names,
            person.surnames,
            person.birth_date,
            person.birth_is_estimated,
            person.sex,
            person.nationality,
            person.a_number,
            person.has_no_a_number_yet,
            person.phone,
            person.phone_owner,
            person.email,
            "",
        )
        for value in tokens_of(person):
            self.rows.tokens.add(key, value)

    def _step(self) -> None:
        story, rows = self.story, self.rows
        for step, at in story.steps:
            for key in self.people:
                rows.steps.add(key, self.arrival, step, at, at)
        for step, at in [*story.steps[1:], *story.ends]:
            self._event(EventType.STEP_TAKEN, at, step=step, people=len(self.people), stands_at=step)

    def _be_examined(self) -> None:
        story, rows = self.story, self.rows
        if story.documented_on is not None:
            at = next((at for step, at in story.steps if step == Step.DOCUMENTED), story.arrived_at)
            kind = paper_kind(SHORT_PAPER if self.key % EVERY == 0 else FMM)
            until = kind.usual_end(story.documented_on)
            for key in self.people:
                rows.documents.add(key, kind.code, "", story.documented_on, until, at)
            self._event(EventType.DOCUMENT_GIVEN, at, kind=kind.code, people=len(self.people))
        for test in story.tests:
            self._test(test)
        if isolated_at := next((at for step, at in story.steps if step == Step.ISOLATED), None):
            retest_on = isolated_at.date() + timedelta(days=ISOLATION_DAYS)
            way = Isolation.Way.TOGETHER if self.key % 2 else ""
            rows.isolations.add(self.key, Isolation.Cause.DETECTED, way, isolated_at, retest_on, None, "")

    def _test(self, test: TestStory) -> None:
        """Adults are tested; of a household in isolation one is positive."""
        adults = [key for key, person in zip(self.people, self.story.people, strict=True) if not person.is_minor]
        for place, key in enumerate(adults):
            result = test.result if place == 0 else CovidTest.Result.NOT_DETECTED
            self.rows.tests.add(key, ANTIGEN, test.taken_at, result if test.resulted_at else "", test.resulted_at, "")
        self._event(EventType.TEST_TAKEN, test.taken_at, kind=ANTIGEN, people=len(adults))

    def _sleep(self) -> None:
        story, rows, stay = self.story, self.rows, self.story.stay
        if story.held_at and (room := rows.rooms.hold(story, rows.rng)):
            expires_at = story.held_at + HOLD_AT_MOST
            rows.holds.add(room.unit, self.key, len(self.people), story.held_at, expires_at, None)
            self._event(
                EventType.HOLD_MADE, story.held_at, shelter=room.shelter, unit=room.unit, places=len(self.people)
            )
        if stay is None:
            return
        if stay.ends_at is not None:
            past = rows.rooms.any_of(story.site, rows.rng)
            self._stay(stay, past)
            facts = {"shelter": past.shelter, "people": len(self.people), "reason": stay.reason}
            self._event(EventType.STAY_ENDED, stay.ends_at, **facts)
            return
        given = rows.rooms.give(story, rows.rng)
        if given is None:  # every house is full: the family waits at reception, as it would
            story.stay, story.steps = None, [each for each in story.steps if each[0] != Step.PLACED]
            return
        self.guest_site = given.room.site
        self._stay(stay, given.room, beds=given.beds, is_over=given.is_over)

    def _stay(self, stay: StayStory, room: RoomLeft, *, beds: tuple[int, ...] = (), is_over: bool = False) -> None:
        rows = self.rows
        sheet = rows.stays_over if is_over else rows.stays
        why, who = (OVER_CAPACITY, rows.actor.name) if is_over else ("", "")
        reason = stay.reason if stay.ends_at else ""
        for place, (key, person) in enumerate(zip(self.people, self.story.people, strict=True)):
            bed = beds[place] if place < len(beds) else None
            uid = UUID(int=person.uid.int ^ 1)  # another identifier, decided by the seed as well
            sheet.add(uid, key, self.key, room.unit, bed, stay.begins_at, stay.ends_at, reason, why, who)
        facts = {"shelter": room.shelter, "unit": room.unit, "people": len(self.people), "over": is_over}
        self._event(EventType.STAY_BEGUN, stay.begins_at, **facts)

    def _hear(self, hearing: HearingStory, key: int) -> None:
        rows, story = self.rows, self.story
        court = rows.ground.court_clock(hearing)
        report = None if hearing.report == Report.UNKNOWN else rows.ground.report_clock(hearing, court.moment)
        crossing = rows.ground.crossings[hearing.crossing] if hearing.report != Report.UNKNOWN else None
        rows.hearings.add(
            key,
            hearing.uid,
            self.key,
            hearing.kind,
            hearing.status,
            1,
            rows.ground.courts[hearing.court].pk,
            None,
            court.on,
            court.time,
            court.zone,
            court.moment,
            crossing.pk if crossing else None,
            report.on if report else None,
            report.time if report else None,
            report.zone if report else "",
            report.moment if report else None,
            hearing.report if report else Report.UNKNOWN,
            (report or court).moment,
            "{court_time}" if hearing.contradicts and not hearing.verified_at else "{}",
            zones.edition(),
            hearing.verified_at,
            hearing.noted_at,
        )
        for person in self.people:
            rows.summonses.add(key, person)
        self._claims(hearing, key, court, report, crossing.pk if crossing else None)
        facts = {"version": 1, "source": hearing.source, "people": len(self.people)}
        rows.event(EventType.HEARING_NOTED, "hearings.hearing", key, story, hearing.noted_at, **facts)
        if hearing.status == Hearing.Status.SCHEDULED:
            self._go(hearing, key, (report or court).moment)
            rows.notices.plan(story, hearing, court=court, report=report, crossing=crossing, sleeps_at=self.site)

    def _go(self, hearing: HearingStory, key: int, present_at: datetime) -> None:
        """For most who leave within two days somebody has noted how; the number of the hearing says for whom."""
        draw, at = hearing.uid.int % len(WAYS_TO_THE_BRIDGE), self.rows.at
        if not at < present_at < at + ARRANGED or not WAYS_TO_THE_BRIDGE[draw]:
            return
        means = WAYS_TO_THE_BRIDGE[draw]
        vehicle = VEHICLES[hearing.uid.int % len(VEHICLES)] if means in VEHICLE_OF else ""
        uid, noted_at = uuid5(hearing.uid, "trip"), max(hearing.noted_at, at - NOTED_BEFORE)
        self.rows.trips.add(
            uid, key, means, vehicle, None, None, present_at, noted_at, self.rows.actor.id, None, noted_at
        )

    def _claims(
        self, hearing: HearingStory, key: int, court: Clock, report: Clock | None, crossing: int | None
    ) -> None:
        said_on, at = zones.local(hearing.noted_at, self.site.city.zone).date(), hearing.noted_at
        fact = Claim.Fact

        def add(
            what: str, source: str, on: date, *, clock: Clock | None = None, at: datetime = at, **place: int
        ) -> None:
            wall = (clock.on, clock.time, clock.zone) if clock else (None, None, "")
            self.rows.claims.add(key, what, source, on, *wall, place.get("crossing"), place.get("court"), at)

        add(fact.COURT, hearing.source, said_on, court=self.rows.ground.courts[hearing.court].pk)
        add(fact.COURT_TIME, hearing.source, said_on, clock=court)
        if crossing:
            add(fact.CROSSING, hearing.source, said_on, crossing=crossing)
        if report:
            source = hearing.source if hearing.report == Report.DOCUMENTED else Claim.Source.RULE
            add(fact.REPORT_TIME, source, said_on, clock=report)
        if hearing.contradicts:
            before, notice = said_on - NOTICE_CAME_BEFORE, Claim.Source.HEARING_NOTICE
            add(fact.COURT_TIME, notice, before, clock=replace(court, time=hearing.contradicts))
        if hearing.verified_at:
            day = zones.local(hearing.verified_at, self.site.city.zone).date()
            add(fact.COURT_TIME, Claim.Source.EOIR_LINE, day, clock=court, at=hearing.verified_at)

    def _event(self, event: EventType, at: datetime, **facts: Any) -> None:
        of_arrival = event == EventType.ARRIVAL_RECORDED
        model, key = ("cases.arrival", self.arrival) if of_arrival else ("cases.household", self.key)
        self.rows.event(event, model, key, self.story, at, **facts)


def tokens_of(person: PersonStory) -> list[int]:
    """The blind index of a person, as `cases.actions.people.search_tokens` makes it."""
    tokens: list[Token] = []
    for word in words_of_name(person.given_names, person.surnames):
        tokens += _tokens_of_word(word)
    if person.a_number:
        tokens.append(token_of_number(person.a_number, "a_number"))
    if person.phone:
        tokens.append(token_of_number(person.phone, "phone"))
    if person.birth_date and not person.birth_is_estimated:
        tokens += tokens_of_date(person.birth_date)
    return [token.value for token in dict.fromkeys(tokens)]


@lru_cache(maxsize=10_000)
def _tokens_of_word(word: str) -> list[Token]:
    """A few thousand words make up all the names."""
    return tokens_of_name(word)
