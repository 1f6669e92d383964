"""All that speaks for a family whose hearing went wrong: what sources said, what they were told and when, where they were seen.

For a lawyer, so each line has when it happened, what its source is and when it was written down. Numbers of incidents and the words
of replies are left out; the words of messages stand in it only for whoever may see messages.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from audit.models import Event, EventType
from cases.models import Absence, Arrival
from cases.states import Step
from core.actors import Actor, Capability
from core.look import short_day_of_year
from hearings.models import Claim, Hearing, Outcome, Telling, Trip
from hearings.outcome_rules import Result, deadline_of
from hearings.outcome_words import deadline_words
from journey.families import Family
from journey.reminders import prefix_of
from messaging.models import Message, Reply
from places import nationalities, zones
from shelters.models import RollCallMark

# What was seen of them so long before the day and after it belongs to it.
AROUND = timedelta(days=14)
COURT_DAY = (Step.SUMMONED, Step.TRANSPORTED, Step.PRESENTED, Step.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: when (by the clocks of `Packet.city`), what, who says so, when it was written down."""

    when: str
    what: str
    source: str
    recorded: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts of one kind, in the order in which they happened; `nothing` is what is said where there are none."""

    title: str
    nothing: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Packet:
    """What is proven of one hearing of one family."""

    code: str
    hearing: str
    city: str
    zone: str
    people: list[str]
    sections: list[Section]

    @property
    def lines(self) -> int:
        """How many facts."""
        return sum(len(section.lines) for section in self.sections)

    @property
    def digest(self) -> str:
        """SHA-256 of all that stands in it, by which a printed packet is told to be the one that was recorded."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def packet_of(family: Family, hearing: Hearing, *, actor: Actor) -> Packet:
    """The packet of `hearing` of `family` (fetched with numbers) for `actor`, in the language that is active. Eleven queries."""
    hours = _Hours(family.zone)
    names = {member.person.pk: member.name for member in family.members}
    sections = [
        Section(_("What each source says about the hearing"), _("No source is noted."), _claims(hearing, names, hours)),
        Section(
            _("What they were told"), _("No message and no telling is noted."), _told(hearing, family, actor, hours)
        ),
        Section(
            _("Where they were seen"), _("Nobody noted that they were seen."), _seen(hearing, family, names, hours)
        ),
        Section(_("How they were to get there"), _("Nobody noted how they travel."), _travel(hearing, hours)),
        Section(_("What came of it, and who was asked"), _("Nothing is noted."), _after(hearing, names, hours)),
    ]
    return Packet(
        code=family.household.code,
        hearing=_titled(hearing),
        city=family.household.site.city.name,
        zone=family.zone,
        people=[_person(member.person) for member in family.members],
        sections=sections,
    )


@dataclass(frozen=True, slots=True)
class _Hours:
    """Moments as the packet writes them: "16 Dec 2021, 04:30 (UTC−07:00)", by the clocks of one zone."""

    zone: str

    def __call__(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = zones.local(moment, self.zone)
        offset = f"{local:%z}"
        return f"{short_day_of_year(local)}, {local:%H:%M} (UTC{offset[:3]}:{offset[3:]})".replace("-", "−")


def _titled(hearing: Hearing) -> str:
    return " · ".join(
        [
            str(hearing.get_kind_display()),
            hearing.court.name,
            f"{short_day_of_year(hearing.court_on)}, {hearing.court_time:%H:%M}, {hearing.court.city.name}",
        ]
    )


def _person(person: object) -> str:
    name = getattr(person, "full_name", "") or _("Person %(number)d") % {"number": getattr(person, "position", 0)}
    number = getattr(person, "a_number", "")
    country = nationalities.name_of(getattr(person, "nationality", "")) if getattr(person, "nationality", "") else ""
    return " · ".join(
        filter(None, [name, f"A {number[:3]}-{number[3:6]}-{number[6:]}" if number else "", str(country)])
    )


Dated = tuple[datetime, Line]


def _in_order(lines: Iterable[Dated]) -> list[Line]:
    return [line for _moment, line in sorted(lines, key=lambda dated: dated[0])]


def _claims(hearing: Hearing, names: dict[int, str], hours: _Hours) -> list[Line]:
    claims = (
        Claim.objects.filter(hearing=hearing).select_related("crossing__city", "court").order_by("recorded_at", "pk")
    )
    return [
        Line(
            when=short_day_of_year(claim.said_on),
            what=" · ".join(
                filter(
                    None,
                    [
                        f"{claim.get_fact_display()}: {_said(claim, names)}",
                        _("retracted") if claim.retracted_at else "",
                    ],
                )
            ),
            source=str(claim.get_source_display()),
            recorded=hours(claim.recorded_at),
        )
        for claim in claims
    ]


def _said(claim: Claim, names: dict[int, str]) -> str:
    if claim.local_on and claim.local_time:
        return f"{short_day_of_year(claim.local_on)}, {claim.local_time:%H:%M} ({claim.zone})"
    if claim.people is not None:
        return ", ".join(names[key] for key in claim.people if key in names)
    told = (claim.crossing and claim.crossing.label) or (claim.court and claim.court.name)
    return str(told or claim.judge or claim.language or claim.kind or _("which word counts"))


def _told(hearing: Hearing, family: Family, actor: Actor, hours: _Hours) -> list[Line]:
    return _in_order(
        [
            *_messages(hearing, family, actor, hours),
            *_tellings(hearing, hours),
            *_replies(hearing, family, hours),
        ]
    )


def _messages(hearing: Hearing, family: Family, actor: Actor, hours: _Hours) -> Iterator[Dated]:
    """Each message about the hearing: when, by which way, to whom, its fate and receipts; its words for whoever may see them."""
    with_words = actor.can(Capability.SEND_MESSAGES)
    names = {member.person.uid: member.name for member in family.members}
    messages = (
        Message.objects.about(family.household.uid).filter(plan_key__startswith=prefix_of(hearing)).defer("address")
    )
    for each in messages.order_by("due_at", "pk"):
        moment = each.sent_at or each.due_at
        facts = [
            _("Message to %(name)s") % {"name": names.get(each.recipient, "")},
            "" if each.sent_at else _("was planned for then"),
            str(each.get_channel_display()) if each.channel else "",
            str(each.get_status_display()),
            f"{each.get_receipt_display()} {hours(each.receipt_at)}" if each.receipt else "",
            _("answered yes %(at)s") % {"at": hours(each.confirmed_at)} if each.confirmed_at else "",
            f"“{each.body}”" if with_words and each.body else "",
        ]
        source = " ".join(filter(None, [each.gateway or _("this system"), each.gateway_ref]))
        yield moment, Line(hours(moment), " · ".join(filter(None, facts)), source, hours(each.recorded_at))


def _tellings(hearing: Hearing, hours: _Hours) -> Iterator[Dated]:
    for each in Telling.objects.standing().filter(hearing=hearing):
        what = f"{each.pill.text} · " + _("version %(n)d of the hearing") % {"n": each.version}
        yield each.told_at, Line(hours(each.told_at), what, each.noted_by_name, hours(each.recorded_at))


def _replies(hearing: Hearing, family: Family, hours: _Hours) -> Iterator[Dated]:
    found = Reply.objects.filter(about__subject=family.household.uid, received_at__range=_around(hearing)).distinct()
    for each in found.defer("address", "text"):
        what = _("Reply from their number: %(meaning)s") % {"meaning": each.get_meaning_display()}
        source = f"{each.gateway} {each.gateway_ref}"
        yield each.received_at, Line(hours(each.received_at), what, source, hours(each.recorded_at))


def _seen(hearing: Hearing, family: Family, names: dict[int, str], hours: _Hours) -> list[Line]:
    return _in_order(
        [
            *_marks(hearing, names, hours),
            *_arrivals(family, hours),
            *_absences(hearing, names, hours),
            *_steps(hearing, family, hours),
        ]
    )


def _marks(hearing: Hearing, names: dict[int, str], hours: _Hours) -> Iterator[Dated]:
    """Who was seen as the roll was called where they sleep."""
    marks = RollCallMark.objects.filter(person__in=list(names), marked_at__range=_around(hearing))
    for mark in marks.select_related("roll_call__shelter__site__city"):
        shelter = mark.roll_call.shelter
        what = _("Roll call in %(city)s, %(name)s: %(seen)s") % {
            "city": shelter.site.city.name,
            "name": names[mark.person_id],
            "seen": mark.get_seen_display(),
        }
        yield mark.marked_at, Line(hours(mark.marked_at), what, mark.marked_by, hours(mark.marked_at))


def _arrivals(family: Family, hours: _Hours) -> Iterator[Dated]:
    for arrival in Arrival.objects.of(family.household).select_related("crossing__city").distinct():
        where = f" · {arrival.crossing.label}" if arrival.crossing else ""
        what = f"{arrival.get_kind_display()}{where}"
        source = _("reception at the bridge")
        yield arrival.occurred_at, Line(hours(arrival.occurred_at), what, source, hours(arrival.recorded_at))


def _absences(hearing: Hearing, names: dict[int, str], hours: _Hours) -> Iterator[Dated]:
    for each in Absence.objects.filter(person__in=list(names), noted_at__range=_around(hearing)):
        why = f" · {each.get_reason_display()}" if each.reason else ""
        found = " · " + _("back %(at)s") % {"at": hours(each.found_at)} if each.found_at else ""
        what = _("%(name)s was not there") % {"name": names[each.person_id]} + why + found
        yield each.noted_at, Line(hours(each.noted_at), what, _("staff"), hours(each.noted_at))


def _steps(hearing: Hearing, family: Family, hours: _Hours) -> Iterator[Dated]:
    """On the way, presented, did not appear, as staff marked it."""
    events = Event.objects.of_household(family.household.uid).filter(
        type=EventType.STEP_TAKEN, facts__step__in=COURT_DAY, occurred_at__range=_around(hearing)
    )
    for event in events:
        what = str(Step(event.facts["step"]).label)
        yield event.occurred_at, Line(hours(event.occurred_at), what, event.actor_name, hours(event.recorded_at))


def _travel(hearing: Hearing, hours: _Hours) -> list[Line]:
    return [
        Line(
            when=hours(trip.leaves_at or trip.present_at),
            what=" · ".join(filter(None, [trip.words, _("taken back") if trip.withdrawn_at else ""])),
            source=_("staff"),
            recorded=hours(trip.recorded_at),
        )
        for trip in Trip.objects.filter(hearing=hearing).order_by("recorded_at", "pk")
    ]


def _after(hearing: Hearing, names: dict[int, str], hours: _Hours) -> list[Line]:
    return _in_order([*_outcomes(hearing, names, hours), *_follow_ups(hearing, hours)])


def _outcomes(hearing: Hearing, names: dict[int, str], hours: _Hours) -> Iterator[Dated]:
    for each in Outcome.objects.filter(hearing=hearing):
        deadline = deadline_of(Result(each.result), decided_on=each.decided_on, appeal_reserved=each.appeal_reserved)
        facts = [
            f"{names.get(each.person_id, '')}: {each.get_result_display()}",
            _("corrected since") if each.replaced_at else "",
            deadline_words(deadline) if deadline and not each.replaced_at else "",
        ]
        source = " · ".join(filter(None, [str(each.get_source_display()), each.noted_by_name]))
        what = " · ".join(filter(None, facts))
        yield each.noted_at, Line(short_day_of_year(each.decided_on), what, source, hours(each.noted_at))


def _follow_ups(hearing: Hearing, hours: _Hours) -> Iterator[Dated]:
    for each in hearing.follow_ups.all():
        what = _("Asked: %(who)s. %(answer)s") % {
            "who": each.get_contact_display(),
            "answer": each.get_answer_display(),
        }
        yield each.noted_at, Line(hours(each.noted_at), what, each.noted_by_name, hours(each.noted_at))


def _around(hearing: Hearing) -> tuple[datetime, datetime]:
    return hearing.present_at - AROUND, hearing.present_at + AROUND
