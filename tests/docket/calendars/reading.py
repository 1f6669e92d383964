"""A calendar as programs fetch it, parsed by a library that did not write it."""

import vobject
from django.urls import reverse

from core.actors import Actor
from docket.actions.feeds import fetch_feed
from docket.ical import written

CALENDAR = Actor.system("calendar")


ZONES = [
    "America/Tijuana", "America/Hermosillo", "America/Ciudad_Juarez", "America/Ojinaga", "America/Matamoros",
    "America/Monterrey", "America/Mexico_City", "America/Los_Angeles", "America/Phoenix", "America/Denver", "America/Chicago",
]  # fmt: skip


def address(token):
    return reverse("docket:calendar_feed", args=[token])


def text_of(token, at):
    published = fetch_feed(token=token, actor=CALENDAR, at=at)
    return written(published.feed, published.entries).decode()


def events_of(token, at):
    return events_in(text_of(token, at))


def events_in(text):
    """The events of a calendar by the zones that it brings itself: the library would keep those of the first one it read."""
    tables = vars(vobject.icalendar)["__tzidMap"]
    for zone in ZONES:
        tables.pop(zone, None)
    return list(vobject.readOne(text).contents.get("vevent", []))
