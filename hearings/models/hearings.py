"""When and where people must appear, in both clocks, and what each of those facts rests on.

`report_at`, `court_at` and the crossing are three facts, none derived silently from another. The local wall time and zone are
kept as the paper says them beside the UTC moment. What is shown is a resolution of `Claim`s (`rules.resolve`).
"""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Coalesce, JSONObject, Least, Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household, OfHouseholdQuerySet, OfPersonQuerySet, Person
from hearings import rules
from hearings.models.claims import Claim, Words
from places import zones
from places.models import Court, CourtAddress, Crossing, HearingLocation


class HearingQuerySet(OfHouseholdQuerySet["Hearing"]):
    """Questions asked of hearings."""

    def standing(self) -> Self:
        """Those neither cancelled nor held."""
        return self.filter(status=Hearing.Status.SCHEDULED)

    def standing_or_off(self) -> Self:
        """Those of which people must know: they stand, or were cancelled."""
        return self.filter(status__in=[Hearing.Status.SCHEDULED, Hearing.Status.CANCELLED])

    def ahead_of(self, moment: datetime) -> Self:
        """Standing ones that people must still present for at `moment`, soonest first."""
        return self.standing().filter(present_at__gte=moment).order_by("present_at", "pk")

    def in_conflict(self, moment: datetime) -> Self:
        """Standing ones on which sources differ and of which any date is ahead at `moment`, by the first such (`first_at`)."""
        ahead = [Case(When(**{f"{name}__gte": moment}, then=name)) for name in ("present_at", "contended_at")]
        differing = self.standing().exclude(conflicts=[]).annotate(first_at=Least(*ahead))
        return differing.filter(first_at__isnull=False).order_by("first_at", "pk")

    def presenting_in(self, begins_at: datetime, ends_at: datetime) -> Self:
        """Standing ones whose people must present in `[begins_at, ends_at)`, soonest first."""
        return self.standing().filter(present_at__gte=begins_at, present_at__lt=ends_at).order_by("present_at", "pk")

    def presenting_on(self, day: date) -> Self:
        """Standing ones whose people must present on `day`, a wall date of the bridge (of the court where no report time is known)."""
        midnight = datetime.combine(day, time(), UTC)
        # A wall date lies within a day of the same date in UTC: the bound lets the index find it.
        near = self.presenting_in(midnight - timedelta(days=1), midnight + timedelta(days=2))
        return near.filter(Q(report_on=day) | Q(report_on=None, court_on=day))

    def on_docket(self, day: date) -> Self:
        """As `presenting_on`, with those that were held since: the docket of a day says what came of it."""
        midnight = datetime.combine(day, time(), UTC)
        span = {"present_at__gte": midnight - timedelta(days=1), "present_at__lt": midnight + timedelta(days=2)}
        # One arm for each status, so that either finds its own index.
        near = self.filter(Q(status=Hearing.Status.SCHEDULED, **span) | Q(status=Hearing.Status.HELD, **span))
        return near.filter(Q(report_on=day) | Q(report_on=None, court_on=day)).order_by("present_at", "pk")

    def people_by_day(self) -> dict[date, int]:
        """How many are summoned to present on each wall date, in order."""
        days = self.annotate(day=Coalesce("report_on", "court_on")).order_by("day")
        return {row["day"]: row["people"] for row in days.values("day").annotate(people=Count("summonses"))}

    def for_clocks(self, *, with_sources: bool = True) -> Self:
        """With what both clocks are drawn from, and their sources unless a list leaves them out, in one query more.

        Also with how they get there and the keys of who is summoned (`summoned`): what the plan and the light rest on.
        """
        summoned = ArraySubquery(Summons.objects.filter(hearing=models.OuterRef("pk")).values("person_id"))
        found = self.with_trip().annotate(summoned=summoned)
        found = found.select_related("court__city", "report_crossing__city")
        if not with_sources:
            return found
        said = Claim.objects.select_related("crossing__city", "court__city", "representation")
        return found.with_address().prefetch_related(models.Prefetch("claims", said))

    def with_address(self) -> Self:
        """With where the court sits on the day (`address`: the words and whether they were verified), in the same query."""
        sits = CourtAddress.objects.filter(court=models.OuterRef("court")).on(models.OuterRef("court_on"))
        told = JSONObject(words="address", is_verified="verified")
        return self.annotate(address=models.Subquery(sits.values(told=told)[:1]))

    def with_trip(self) -> Self:
        """With the columns of the trip that stands (`trips.trip_of`), in the same query."""
        names = "uid means vehicle seats leaves_at present_at".split()
        stands = models.FilteredRelation("trips", condition=Q(trips__withdrawn_at=None))
        return self.annotate(trip=stands).annotate(**{f"trip_{name}": models.F(f"trip__{name}") for name in names})


class Hearing(models.Model):
    """One appointment of a household at a court.

    `version` counts the changes of what people must do: reminders belong to a version. `present_at` is the moment by which lists
    go: the report time where there is one, else the court's. `conflicts` are the facts on which sources differ, and `contended_at` is
    the first moment at which people would present by a word that contends; both are kept by the deeds. `zone_data` is the edition of
    the zone tables with which the moments were worked out. Until `held_until` nobody is told of what changed; `restored` names, for a
    version that an undo made, the earlier version that it brought back.
    """

    class Kind(models.TextChoices):
        """Which hearing."""

        INITIAL_MASTER = "initial_master", _("First hearing")
        MASTER_RESET = "master_reset", _("Hearing, new date")
        INDIVIDUAL = "individual", _("Individual hearing")
        INDIVIDUAL_RESET = "individual_reset", _("Individual hearing, new date")

    class Status(models.TextChoices):
        """Whether it stands."""

        SCHEDULED = "scheduled", _("Scheduled")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")

    class Basis(models.TextChoices):
        """What the report time rests on."""

        DOCUMENTED = "documented", _("Documented")
        ESTIMATED = "estimated", _("Estimated")
        UNKNOWN = "unknown", _("Not known yet")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="hearings")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.INITIAL_MASTER)
    status = models.CharField(max_length=10, choices=Status, default=Status.SCHEDULED)
    version = models.PositiveIntegerField(default=1)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="hearings")
    location = models.ForeignKey(HearingLocation, on_delete=models.PROTECT, null=True)

    court_on = models.DateField()
    court_time = models.TimeField()
    court_zone = models.CharField(max_length=40)
    court_at = models.DateTimeField()

    report_crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True, related_name="hearings")
    report_on = models.DateField(null=True)
    report_time = models.TimeField(null=True)
    report_zone = models.CharField(max_length=40, blank=True)
    report_at = models.DateTimeField(null=True)
    report_basis = models.CharField(max_length=10, choices=Basis, default=Basis.UNKNOWN)

    judge = models.CharField(max_length=80, blank=True, default="", db_default="")
    interpreter = models.CharField(max_length=3, blank=True, default="", db_default="")

    present_at = models.DateTimeField()
    conflicts = ArrayField(models.CharField(max_length=12), default=list, db_default=Value("{}"), blank=True)
    contended_at = models.DateTimeField(null=True)
    zone_data = models.CharField(max_length=10, blank=True, default="", db_default="")
    verified_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    restored = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    recorded_at = models.DateTimeField(db_default=Now())

    summoned: list[int]  # the keys of who must appear, on those fetched `for_clocks`

    objects = HearingQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household kind status version court location court_on court_time court_zone court_at report_crossing report_on "
        "report_time report_zone report_at report_basis judge interpreter present_at conflicts contended_at zone_data verified_at "
        "held_until restored recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["present_at", "id"], name="hearings_standing_by_day", condition=Q(status="scheduled")),
            models.Index(fields=["present_at", "id"], name="hearings_held_by_day", condition=Q(status="held")),
            models.Index(
                fields=["present_at", "id"], name="hearings_cancelled_by_day", condition=Q(status="cancelled")
            ),
            models.Index(fields=["household", "-present_at"], name="hearings_of_household"),
            models.Index(
                fields=["present_at", "id"],
                name="hearings_in_conflict_by_day",
                condition=Q(status="scheduled") & ~Q(conflicts=[]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(report_at__isnull=True, report_on__isnull=True, report_time__isnull=True, report_zone="")
                    & Q(report_basis="unknown")
                )
                | (
                    Q(report_at__isnull=False, report_on__isnull=False, report_time__isnull=False)
                    & ~Q(report_zone="")
                    & ~Q(report_basis="unknown")
                ),
                name="hearings_hearing_report_time_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(report_at__isnull=True) | Q(report_at__lte=models.F("court_at")),
                name="hearings_hearing_report_before_court",
            ),
            models.UniqueConstraint(
                fields=["household", "court_at"],
                condition=Q(status="scheduled"),
                name="hearings_hearing_once_per_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"hearing #{self.pk}"

    @property
    def stands(self) -> bool:
        """Whether people must still appear."""
        return self.status == Hearing.Status.SCHEDULED

    @property
    def is_off(self) -> bool:
        """Whether it was cancelled: whoever was told of it still has to hear that."""
        return self.status == Hearing.Status.CANCELLED

    @property
    def same_versions(self) -> tuple[int, ...]:
        """The versions that say what this one says: itself, and the one that it brought back by an undo."""
        before = self.restored.get(str(self.version))
        return (self.version,) if before is None else (self.version, before)

    def _noted(self, fact: Claim.Fact) -> list[Claim]:
        return [claim for claim in self.claims.all() if claim.fact == fact and claim.retracted_at is None]

    def said(self, fact: Claim.Fact) -> list[Claim]:
        """What all sources say about `fact`, from the prefetched claims."""
        return [claim for claim in self._noted(fact) if not claim.is_decision]

    def _last_decision(self, fact: Claim.Fact) -> tuple[Claim, Claim] | None:
        """The last decision on `fact` and the word that it lets count, unless that was retracted."""
        noted = {claim.pk: claim for claim in self._noted(fact)}
        last = max((claim for claim in noted.values() if claim.is_decision), key=attrgetter("order"), default=None)
        counts = noted.get(last.regards_id or 0) if last else None
        return (last, counts) if last and counts else None

    def decision_on(self, fact: Claim.Fact) -> rules.Decision | None:
        """The last decision which word of `fact` counts, from the prefetched claims."""
        found = self._last_decision(fact)
        return rules.Decision(found[1], found[0].order) if found else None

    def decided(self, fact: Claim.Fact) -> Claim | None:
        """The decision that what is shown of `fact` rests on, from the prefetched claims."""
        found, shown = self._last_decision(fact), self.words(fact).shown
        return found[0] if found and shown and shown.value == found[1].value else None

    def words(self, fact: Claim.Fact) -> Words:
        """What is said about `fact`, and which of it counts."""
        said: Iterable[Claim] = self.said(fact)
        if fact == Claim.Fact.REPORT_TIME:
            said = [claim for claim in said if self._is_of_this_date(claim)]
        return rules.resolve(said, self.decision_on(fact))

    def _is_of_this_date(self, claim: Claim) -> bool:
        """Whether a stated report time belongs to the hearing as it stands, not to an earlier date of it.

        Whoever gives the court's date, or speaks officially after that was said, is believed. Any other time must fit the hearing: an
        older one outlives a change of the date only so, and who believes another date names another time.
        """
        court = self.court_words.shown
        if court is None or (claim.source == court.source and claim.said_on >= court.said_on):
            return True
        if claim.source not in rules.ESTIMATED | rules.HEARSAY and claim.said_on > court.said_on:
            return True
        report_at, court_at = self._moment(claim), self._moment(court)
        return bool(report_at and court_at and rules.fits(report_at, court_at))

    def _moment(self, claim: Claim) -> datetime | None:
        """What the wall time of `claim` means on the clocks that count now; None where they skip it: nobody can keep such a time."""
        zone = self.court_zone if claim.fact == Claim.Fact.COURT_TIME else self.bridge_zone
        with suppress(zones.NonexistentTime):
            return claim.moment_in(zone or claim.zone)
        return None

    @cached_property
    def court_words(self) -> Words:
        """What is said about the court's time."""
        return self.words(Claim.Fact.COURT_TIME)

    @cached_property
    def crossing_words(self) -> Words:
        """What is said about the crossing."""
        return self.words(Claim.Fact.CROSSING)

    @cached_property
    def report_words(self) -> Words:
        """What is said about the report time."""
        return self.words(Claim.Fact.REPORT_TIME)

    def conflicting_facts(self) -> list[str]:
        """The facts on which sources worth asking disagree, worked out from the prefetched claims: what `conflicts` keeps."""
        return [fact.value for fact in Claim.Fact if self.words(fact).in_conflict]

    def confirmed_by(self) -> Claim | None:
        """The word of the EOIR line, if it states the court and time that are shown; from the prefetched claims."""
        said = [claim for claim in self.said(Claim.Fact.COURT_TIME) if claim.source == Claim.Source.EOIR_LINE]
        line = max(said, key=lambda claim: (claim.said_on, claim.order), default=None)
        if line is None or (*line.wall, line.zone) != (self.court_on, self.court_time, self.court_zone):
            return None
        court = self.words(Claim.Fact.COURT).shown
        return line if court is None or court.order < line.order or court.source == Claim.Source.EOIR_LINE else None

    def first_contending(self) -> datetime | None:
        """The first moment at which people would present by a word that contends, from the prefetched claims: what `contended_at` keeps."""
        reports = [claim for claim in self.said(Claim.Fact.REPORT_TIME) if claim.source not in rules.ESTIMATED]
        report_moments = [moment for claim in reports if (moment := self._moment(claim))]
        found = [moment for claim in self.report_words.contending if (moment := self._moment(claim))]
        for court_at in filter(None, map(self._moment, self.court_words.contending)):
            found.append(min((each for each in report_moments if rules.fits(each, court_at)), default=court_at))
        return min(found, default=None)

    def first_after(self, now: datetime) -> datetime:
        """When people may have to present first after `now`, by the word that counts or by one that contends."""
        return min(
            (each for each in (self.present_at, self.contended_at) if each and each >= now), default=self.present_at
        )

    @property
    def is_in_conflict(self) -> bool:
        """Whether sources worth asking disagree about any fact."""
        return bool(self.conflicts)

    @property
    def bridge_zone(self) -> str:
        """The zone of the clock at the crossing, empty while that is not known."""
        return self.report_crossing.zone if self.report_crossing else ""

    def doubts_at(self, now: datetime) -> tuple[rules.Doubt, ...]:
        """What to look at twice about the hearing as it is noted."""
        walls = [(self.court_on, self.court_time, self.court_zone)]
        if self.report_on and self.report_time:
            walls.append((self.report_on, self.report_time, self.report_zone))
        return rules.doubts_of(
            court_on=self.court_on,
            court_at=self.court_at,
            report_at=self.report_at,
            now=now,
            is_twice=any(zones.is_ambiguous(rules.wall(day, clock), zone) for day, clock, zone in walls),
        )


class Summons(models.Model):
    """A member of the household who must appear."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="summonses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="summonses")

    objects = OfPersonQuerySet["Summons"].as_manager()

    open_fields = frozenset("id hearing person".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "summonses"
        constraints = [models.UniqueConstraint(fields=["hearing", "person"], name="hearings_summons_once")]

    def __str__(self) -> str:
        return f"summons #{self.pk}"
