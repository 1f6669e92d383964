"""A feed as RFC 5545 writes it: neutral words, both clocks, each zone with its changes, lines of 75 octets (docs/adr/calendar.md)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration

from docket.models import CalendarEntry, CalendarFeed
from docket.vtimezones import vtimezone
from hearings.models import Hearing
from places import zones

PRODUCT = "-//MPP Tracker//Calendar feed 1.0//EN"
ASK_AGAIN = timedelta(hours=1)
Kind = CalendarFeed.Kind
# When the phone of whoever holds the calendar rings: the day before and an hour before; before a departure the evening and to wake.
ALARMS = {
    Kind.OFFICE: (timedelta(days=1), timedelta(hours=1)),
    Kind.BRIDGE: (timedelta(days=1), timedelta(hours=1)),
    Kind.SHELTER: (timedelta(hours=9), timedelta(hours=1)),
}


def written(feed: CalendarFeed, entries: Sequence[CalendarEntry]) -> bytes:
    """The calendar of `feed` with `entries`, in its holder's language. The same entries are the same bytes."""
    with translation.override(feed.user.language):
        calendar = _calendar(feed)
        for zone in _zones_of(entries):
            calendar.add_component(vtimezone(*zone))
        for entry in entries:
            calendar.add_component(_event(feed, entry))
        return bytes(calendar.to_ical(sorted=False))


def _calendar(feed: CalendarFeed) -> Calendar:
    calendar, name = Calendar(), _("Departures") if feed.kind == Kind.SHELTER else _("Appointments")
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("uid", str(feed.uid))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", feed.site.city.zone)
    calendar.add("refresh-interval", vDuration(ASK_AGAIN, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
    return calendar


def _zones_of(entries: Iterable[CalendarEntry]) -> list[tuple[str, int, int]]:
    """Each zone with the years from which to which its changes are told."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        for moment, zone in ((entry.begins_at, entry.begins_zone), (entry.ends_at, entry.ends_zone)):
            years.setdefault(zone, set()).add(moment.year)
    return [(zone, min(known) - 1, max(known) + 2) for zone, known in sorted(years.items())]


def _event(feed: CalendarFeed, entry: CalendarEntry) -> Event:
    event, summary, link = Event(), _summary(feed, entry), _link(feed, entry)
    event.add("uid", str(entry.key))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", zones.local(entry.begins_at, entry.begins_zone))
    event.add("dtend", zones.local(entry.ends_at, entry.ends_zone))
    event.add("summary", summary)
    event.add("description", "\n".join((*_words(feed, entry), link)))
    if entry.place:
        event.add("location", entry.place)
    event.add("url", link)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # it is where families must be, not where the holder is
    for before in () if entry.is_cancelled else ALARMS[Kind(feed.kind)]:
        event.add_component(_alarm(before, summary))
    return event


def _alarm(before: timedelta, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", words)
    return alarm


def _summary(feed: CalendarFeed, entry: CalendarEntry) -> str:
    what = _("Departure") if feed.kind == Kind.SHELTER else _("Appointment")
    if entry.is_cancelled:
        what = _("No longer holds: %(what)s") % {"what": what}
    people = ngettext("%(count)d person", "%(count)d people", entry.people) % {"count": entry.people}
    families = ngettext("%(count)d family", "%(count)d families", entry.families) % {"count": entry.families}
    return f"{what}: {people}" if feed.kind == Kind.OFFICE else f"{what}: {people}, {families}"


def _words(feed: CalendarFeed, entry: CalendarEntry) -> Iterable[str]:
    """Both clocks, each with its city, and how sure the hour is."""
    clocks = {
        "begins": _clock(entry.begins_at, entry.begins_zone),
        "here": entry.begins_in,
        "ends": _clock(entry.ends_at, entry.ends_zone),
        "there": entry.ends_in,
    }
    said = {
        Kind.OFFICE: _("%(begins)s in %(here)s, until %(ends)s in %(there)s"),
        Kind.BRIDGE: _("%(begins)s in %(here)s"),
        Kind.SHELTER: _("Leave at %(begins)s in %(here)s, be there at %(ends)s in %(there)s"),
    }
    yield said[Kind(feed.kind)] % clocks
    if entry.basis == Hearing.Basis.ESTIMATED:
        yield _("The hour is estimated. Confirm it.")
    if entry.basis == Hearing.Basis.UNKNOWN:
        yield _("The hour to be there is not known yet. Ask for it.")


def _clock(moment: datetime, zone: str) -> str:
    return f"{zones.local(moment, zone):%H:%M}"


def _link(feed: CalendarFeed, entry: CalendarEntry) -> str:
    """The page of that day, behind the sign-in: who leaves the shelter, or who presents."""
    is_departure = feed.kind == Kind.SHELTER
    moment, zone = (entry.ends_at, entry.ends_zone) if is_departure else (entry.begins_at, entry.begins_zone)
    page = reverse("journey:departure_sheet" if is_departure else "docket:hearings")
    return f"{settings.PUBLIC_URL}{page}?day={zones.local(moment, zone).date()}"
