"""Where things are: cities, ports of entry, crossings, courts and the sites that staff work at.

Nothing here is about a person. All but the shelters' sites comes from the files in `places/data`, through
`manage.py load_places`.
"""

from datetime import date, datetime, time
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from places import rules, zones


class Basis(models.TextChoices):
    """What a report rule rests on, surest first."""

    DOCUMENTED = "documented", _("Documented")
    PRESS = "press", _("Press report")
    ESTIMATE = "estimate", _("Estimate")


class Municipality(models.Model):
    """A Mexican municipality by its INEGI key: two digits of the state, three of its own, leading zeros kept.

    Never looked up by its name alone: Juárez stands in three states.
    """

    cvegeo = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=40)
    pcode = models.CharField(max_length=7, unique=True)
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["cvegeo"]
        constraints = [
            models.CheckConstraint(condition=Q(cvegeo__regex=r"^\d{5}$"), name="places_municipality_five_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


class City(models.Model):
    """A city or border town, with the one IANA name of its clocks."""

    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    admin1_name = models.CharField(max_length=40)
    iso3166_2 = models.CharField(max_length=6)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="cities")
    zone = models.CharField(max_length=40)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "iso3166_2"], name="places_city_one_per_state"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="places_city_both_coordinates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cvegeo(self) -> str:
        """The INEGI key of its municipality, empty outside Mexico."""
        return self.municipality.cvegeo if self.municipality else ""

    @property
    def pcode(self) -> str:
        """The OCHA P-code of its municipality, empty outside Mexico."""
        return self.municipality.pcode if self.municipality else ""


class PortOfEntry(models.Model):
    """A CBP port of entry. `code` is the port code, not the number of its wait-time page.

    `us_zone` is the zone of its own clocks; `city` is the Mexican city across.
    """

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=60)
    us_state = models.CharField(max_length=2)
    city = models.ForeignKey(City, models.PROTECT, related_name="ports")
    us_zone = models.CharField(max_length=40)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    mpp_note = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{4}$"), name="places_portofentry_code_is_four_digits"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="places_portofentry_both_coordinates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class CrossingQuerySet(models.QuerySet["Crossing"]):
    """Questions asked of crossings."""

    def by_city(self) -> Self:
        """All of them with their city and port, in the order of city names, then of their own."""
        return self.select_related("city", "port").order_by("city__name", "name")


class Crossing(models.Model):
    """One bridge or gate of a port of entry, seen from the Mexican side."""

    port = models.ForeignKey(PortOfEntry, models.PROTECT, related_name="crossings")
    name = models.CharField(max_length=60)
    also_called = models.CharField(max_length=60, blank=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="crossings")
    on_foot = models.BooleanField()
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = CrossingQuerySet.as_manager()

    class Meta:
        ordering = ["city__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["port", "name"], name="places_crossing_one_name_per_port"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="places_crossing_both_coordinates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Both its names: "Paso del Norte (Puente Santa Fe)"."""
        if "(" in self.also_called:
            return f"{self.name}, {self.also_called}"
        return f"{self.name} ({self.also_called})" if self.also_called else self.name

    @property
    def zone(self) -> str:
        """The zone of the clocks on its Mexican side."""
        return self.city.zone


class ReportRuleQuerySet(models.QuerySet["ReportRule"]):
    """Questions asked of report rules."""

    def for_(self, *, crossing: Crossing, court_time: time, on: date) -> Self:
        """The rules that speak of a hearing at `court_time` (court's clock) on `on`, the most telling first.

        A rule for that very court time goes before one for any time, and a newer one before an older one.
        """
        return (
            self.filter(crossing=crossing)
            .filter(Q(court_time=court_time) | Q(court_time=None))
            .filter(Q(valid_from__lte=on) | Q(valid_from=None))
            .order_by(F("court_time").desc(nulls_last=True), F("valid_from").desc(nulls_last=True))
        )

    def estimate(self, *, crossing: Crossing, court_at: datetime, court_zone: str) -> rules.ReportEstimate | None:
        """When someone with a hearing at `court_at` is likely to be told to stand at `crossing`.

        Only where nothing documented is known; whoever shows it says that it is estimated and on what basis.
        """
        wall = zones.local(court_at, court_zone)
        rule = self.for_(crossing=crossing, court_time=wall.time(), on=wall.date()).first()
        if rule is None:
            return None
        report_at = (
            rules.report_by_minutes(court_at=court_at, minutes_before=rule.minutes_before)
            if rule.minutes_before is not None
            else rules.report_by_clock(
                court_at=court_at,
                court_zone=court_zone,
                report_time=rule.report_time or wall.time(),
                port_zone=crossing.port.us_zone,
            )
        )
        return rules.ReportEstimate(report_at=report_at, basis=rule.basis, source=rule.source)


class ReportRule(models.Model):
    """When a crossing wants people who have a hearing: at a clock time for a court time, or so many minutes before.

    `court_time` and `report_time` are wall times; no `court_time` means any. A hearing's own report time always
    outranks this.
    """

    crossing = models.ForeignKey(Crossing, models.CASCADE, related_name="report_rules")
    court_time = models.TimeField(null=True, blank=True)
    report_time = models.TimeField(null=True, blank=True)
    minutes_before = models.PositiveSmallIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=10, choices=Basis)
    valid_from = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200)

    objects = ReportRuleQuerySet.as_manager()

    class Meta:
        ordering = ["crossing", "court_time"]
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "court_time", "valid_from"],
                nulls_distinct=False,
                name="places_reportrule_one_per_court_time",
            ),
            models.CheckConstraint(
                condition=Q(report_time=None, minutes_before__isnull=False)
                | Q(report_time__isnull=False, court_time__isnull=False, minutes_before=None),
                name="places_reportrule_clock_time_or_minutes",
            ),
        ]

    def __str__(self) -> str:
        asked = f"{self.minutes_before} min before" if self.minutes_before else f"{self.report_time:%H:%M}"
        return f"{self.crossing_id}: {asked}"


class Court(models.Model):
    """A US immigration court by its EOIR base code."""

    eoir_base = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=40)
    city = models.ForeignKey(City, models.PROTECT, related_name="courts")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CourtAddressQuerySet(models.QuerySet["CourtAddress"]):
    """Questions asked of court addresses."""

    def on(self, day: date | OuterRef) -> Self:
        """Where the courts sit on `day`, or on that of an outer query."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gt=day),
        )


class CourtAddress(models.Model):
    """Where a court sat or sits, over the half-open span `[valid_from, valid_to)`; empty ends are unknown or open.

    `verified` is false where the source itself doubts the address.
    """

    court = models.ForeignKey(Court, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=160)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=250)
    verified = models.BooleanField()

    objects = CourtAddressQuerySet.as_manager()

    class Meta:
        ordering = ["court", F("valid_from").asc(nulls_first=True)]
        constraints = [
            ExclusionConstraint(
                name="places_courtaddress_one_at_a_time",
                expressions=[
                    (Func("court", "court", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="places_courtaddress_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class HearingLocation(models.Model):
    """An EOIR hearing location, the code on a notice. `is_real` is false for EOIR's test row."""

    code = models.CharField(max_length=3, unique=True)
    description = models.CharField(max_length=80)
    is_mpp = models.BooleanField()
    is_real = models.BooleanField()
    courts: "models.ManyToManyField[Court, Sitting]" = models.ManyToManyField(
        Court, through="Sitting", related_name="hearing_locations"
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class Sitting(models.Model):
    """That a court hears MPP cases at a location; `note` keeps the source's reservation ("by video 2019-21")."""

    court = models.ForeignKey(Court, models.CASCADE, related_name="sittings")
    location = models.ForeignKey(HearingLocation, models.CASCADE, related_name="sittings")
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["court", "location"], name="places_sitting_once_per_court")]

    def __str__(self) -> str:
        return f"{self.court_id} at {self.location_id}"


class SiteKind(models.TextChoices):
    """What a site is."""

    FIELD = "field", _("Field site")
    SHELTER = "shelter", _("Shelter")


class SiteQuerySet(models.QuerySet["Site"]):
    """Questions asked of sites."""

    def active(self) -> Self:
        """Those still worked at."""
        return self.filter(is_active=True)

    def field(self) -> Self:
        """The field sites: one per city."""
        return self.filter(kind=SiteKind.FIELD)

    def of(self, actor: Actor) -> Self:
        """The sites that `actor` works at."""
        return self if actor.everywhere else self.filter(pk__any_of=actor.site_ids)


class Site(models.Model):
    """Where staff work: the field site of a city (`JZ`), or a shelter under the field site of its city."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=7, choices=SiteKind)
    city = models.ForeignKey(City, models.PROTECT, related_name="sites")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="shelter_sites")
    is_active = models.BooleanField(default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SiteKind.FIELD, parent=None) | Q(kind=SiteKind.SHELTER, parent__isnull=False),
                name="places_site_shelters_stand_under_a_field_site",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """One loading of the reference files that changed something: which edition this database rests on.

    `digest` is the SHA-256 of the files; `zone_data` the IANA edition of the pinned tzdata at that time.
    """

    loaded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    zone_data = models.CharField(max_length=10)

    class Meta:
        ordering = ["-loaded_at"]
        get_latest_by = "loaded_at"

    def __str__(self) -> str:
        return f"reference data of {self.loaded_at:%Y-%m-%d %H:%M}"
