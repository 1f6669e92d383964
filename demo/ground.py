"""The reference data that stories are written against, read once."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from cases.models import Cohort
from demo.stories import HearingStory
from places import zones
from places.models import Court, Crossing, ReportRule, Site
from places.rules import report_by_clock, report_by_minutes


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment, and the wall time and zone in which a paper writes it."""

    moment: datetime
    on: date
    time: time
    zone: str


class Ground:
    """Sites, crossings, courts, cohorts and report rules by the names that stories use."""

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Field sites by code, with their cities."""
        return {site.code: site for site in Site.objects.field().select_related("city")}

    @cached_property
    def crossings(self) -> dict[str, Crossing]:
        """Crossings by name, with city and port."""
        return {crossing.name: crossing for crossing in Crossing.objects.select_related("city", "port")}

    @cached_property
    def courts(self) -> dict[str, Court]:
        """Courts by base code."""
        return {court.eoir_base: court for court in Court.objects.all()}

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """All cohorts, the oldest first."""
        return list(Cohort.objects.order_by("begins_on"))

    @cached_property
    def _rules(self) -> dict[tuple[str, time | None], ReportRule]:
        rules: dict[tuple[str, time | None], ReportRule] = {}
        for rule in ReportRule.objects.select_related("crossing").order_by("valid_from"):
            rules[rule.crossing.name, rule.court_time] = rule
        return rules

    def cohort_on(self, day: date) -> Cohort | None:
        """The cohort that returned people on `day`, as `Cohort.objects.on` finds it."""
        fitting = [
            each for each in self.cohorts if each.begins_on <= day and (each.ends_on is None or day < each.ends_on)
        ]
        return fitting[-1] if fitting else None

    def court_clock(self, hearing: HearingStory) -> Clock:
        """When the court wants them."""
        wall = datetime.combine(hearing.court_on, hearing.court_time)
        return Clock(
            zones.wall_to_utc(wall, hearing.court_zone), hearing.court_on, hearing.court_time, hearing.court_zone
        )

    def report_clock(self, hearing: HearingStory, court_at: datetime) -> Clock | None:
        """When the crossing wants them, by its rule; None where it has none."""
        crossing = self.crossings[hearing.crossing]
        rule = self._rules.get((crossing.name, hearing.court_time)) or self._rules.get((crossing.name, None))
        if rule is None:
            return None
        if rule.minutes_before is not None:
            moment = report_by_minutes(court_at=court_at, minutes_before=rule.minutes_before)
        else:
            moment = report_by_clock(
                court_at=court_at,
                court_zone=hearing.court_zone,
                report_time=rule.report_time or hearing.court_time,
                port_zone=crossing.port.us_zone,
            )
        wall = zones.local(moment, crossing.zone)
        return Clock(moment, wall.date(), wall.time(), crossing.zone)
