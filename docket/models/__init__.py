"""What the hearings office keeps besides the hearings themselves: the calendar feeds of its staff."""

from docket.models.feeds import CalendarEntry, CalendarFeed, CalendarFeedQuerySet

__all__ = ["CalendarEntry", "CalendarFeed", "CalendarFeedQuerySet"]
