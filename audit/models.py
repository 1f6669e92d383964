"""The event log, which is also the outbox, and the read log.

No row here has a foreign key: what happened stays true when what it happened to is gone. No row holds anything personal:
subjects are opaque ids, facts are ids, codes and counts.
"""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, ActorKind, Capability

KINDS = [(kind.value, kind.value) for kind in ActorKind]


class EventType(models.TextChoices):
    """Everything that a deed records. Names are stable: partners will subscribe to some of them."""

    PLACES_LOADED = "places.loaded", _("Reference data loaded")
    COHORT_LOADED = "cohort.loaded", _("Programme loaded")
    AGENCY_OPENED = "agency.opened", _("Agency added")
    STAFF_INVITED = "staff.invited", _("Staff account opened")
    PASSWORD_SET = "staff.password_set", _("Password set")
    PASSWORD_CHANGED = "staff.password_changed", _("Own password changed")
    FACTOR_ADDED = "staff.factor_added", _("Second factor added")
    FACTOR_REMOVED = "staff.factor_removed", _("Second factor removed")
    FACTOR_RENEWED = "staff.factor_renewed", _("Recovery codes renewed")
    SIGNED_IN = "staff.signed_in", _("Signed in")
    SIGNED_OUT = "staff.signed_out", _("Signed out")
    SIGN_IN_REFUSED = "staff.sign_in_refused", _("Sign-in refused")
    ACCOUNT_CLOSED = "staff.closed", _("Staff account closed")
    ACCOUNT_OPENED_AGAIN = "staff.opened_again", _("Staff account opened again")
    MEMBERSHIP_GRANTED = "membership.granted", _("Role granted")
    MEMBERSHIP_ENDED = "membership.ended", _("Role ended")
    CLIENT_REGISTERED = "client.registered", _("Partner client registered")
    CLIENT_RENEWED = "client.renewed", _("Partner client given a new secret")
    CLIENT_CLOSED = "client.closed", _("Partner client closed")
    ARRIVAL_RECORDED = "arrival.recorded", _("Arrival logged")
    ENTRY_DELIVERED = "entry.delivered", _("Entry of a tablet delivered")
    CONFLICT_DECIDED = "conflict.decided", _("Conflict with a tablet decided")
    HOUSEHOLD_SPLIT = "household.split", _("Family separated")
    HOUSEHOLDS_JOINED = "household.joined", _("Families joined")
    REGROUPING_UNDONE = "household.regrouping_undone", _("Separating or joining taken back")
    KINSHIP_NOTED = "kinship.noted", _("Relation noted")
    KINSHIP_WITHDRAWN = "kinship.withdrawn", _("Relation taken back")
    PERSON_MISSING = "person.missing", _("Person not with the family")
    PERSON_OUT = "person.out", _("Person out for a time")
    CONTACT_LOST = "person.contact_lost", _("Contact lost")
    PERSON_FOUND = "person.found", _("Person back with the family")
    CARD_ISSUED = "card.issued", _("Card issued")
    CARD_VOIDED = "card.voided", _("Card made void")
    PERSON_CORRECTED = "person.corrected", _("Person corrected")
    PEOPLE_MERGED = "people.merged", _("Files merged")
    MERGE_UNDONE = "people.merge_undone", _("Merge undone")
    TOLD_APART = "people.told_apart", _("Two people told apart")
    HINTED_ELSEWHERE = "access.hinted", _("Possible record elsewhere was shown")
    ACCESS_ASKED = "access.asked", _("Access asked for")
    ACCESS_GRANTED = "access.granted", _("Access granted")
    ACCESS_DENIED = "access.denied", _("Access not granted")
    ACCESS_ENDED = "access.ended", _("Access ended")
    CONSENT_RECORDED = "consent.recorded", _("Consent noted")
    AID_GIVEN = "aid.given", _("Aid given at reception")
    AID_TAKEN_BACK = "aid.taken_back", _("Aid noted by mistake taken back")
    NEEDS_NOTED = "needs.noted", _("Needs of a place noted")
    STEP_TAKEN = "step.taken", _("Reception step taken")
    GUEST_SITE_CHANGED = "guest_site.changed", _("Shelter given sight of the household")
    DOCUMENT_GIVEN = "document.given", _("Document given")
    DOCUMENT_CORRECTED = "document.corrected", _("Dates of a document corrected")
    TEST_TAKEN = "test.taken", _("Test taken")
    TEST_RESULTED = "test.resulted", _("Test result noted")
    TEST_CORRECTED = "test.corrected", _("Test result corrected")
    ISOLATION_PLANNED = "isolation.planned", _("Health measure planned")
    ISOLATION_ENDED = "isolation.ended", _("Health measure ended")
    TAKEN_BACK = "reception.taken_back", _("Slip taken back")
    RETURN_RECORDED = "arrival.returned", _("Return from court logged")
    ARRIVAL_WITHDRAWN = "arrival.withdrawn", _("Arrival of an undone import taken back")
    IMPORT_UPLOADED = "import.uploaded", _("Sheet received")
    IMPORT_RETRIED = "import.retried", _("Sheet checked again after a fault")
    IMPORT_LET_IN = "import.let_in", _("Sheet put in")
    IMPORT_UNDONE = "import.undone", _("Import undone")
    IMPORT_DISCARDED = "import.discarded", _("Sheet discarded")
    SHELTER_OPENED = "shelter.opened", _("Shelter opened")
    SHELTER_CLOSED = "shelter.closed", _("Shelter closed")
    UNIT_OPENED = "unit.opened", _("Room opened")
    OBSERVATION_NOTED = "observation.noted", _("Public report on a shelter noted")
    SHELTER_RULES_CHANGED = "shelter.rules_changed", _("House rules changed")
    GATE_OPENING_NOTED = "gate.opening_noted", _("Opening of the gate at night noted")
    GATE_OPENING_WITHDRAWN = "gate.opening_withdrawn", _("Opening of the gate at night taken back")
    UNIT_RULES_CHANGED = "unit.rules_changed", _("Rules of a room changed")
    COUNT_CONFIRMED = "count.confirmed", _("Count confirmed")
    COUNT_NOTED = "count.noted", _("Count noted")
    COUNT_SETTLED = "count.settled", _("Difference between count and stays settled")
    COUNT_ASKED = "count.asked", _("Shelter asked to count")
    ROLL_CALL_BEGUN = "roll_call.begun", _("Roll call begun")
    ROLL_CALL_FINISHED = "roll_call.finished", _("Roll call finished")
    ROLL_CALL_DROPPED = "roll_call.dropped", _("Roll call put aside")
    CAPACITY_CHANGED = "capacity.changed", _("Capacity changed")
    CAPACITY_WITHDRAWN = "capacity.withdrawn", _("Planned capacity taken back")
    PLACES_BLOCKED = "places.blocked", _("Places blocked")
    PLACES_UNBLOCKED = "places.unblocked", _("Blocked places given back")
    HOLD_MADE = "hold.made", _("Places held")
    HOLD_RELEASED = "hold.released", _("Hold released")
    HOLD_RENEWED = "hold.renewed", _("Hold renewed")
    HOLD_EXPIRED = "hold.expired", _("Hold ran out")
    TRANSFER_REQUESTED = "transfer.requested", _("Transfer asked for")
    TRANSFER_ACCEPTED = "transfer.accepted", _("Transfer accepted")
    TRANSFER_DECLINED = "transfer.declined", _("Transfer not accepted")
    TRANSFER_ARRANGED = "transfer.arranged", _("Transport arranged")
    TRANSFER_DEPARTED = "transfer.departed", _("Left for another shelter")
    TRANSFER_ARRIVED = "transfer.arrived", _("Arrived from another shelter")
    TRANSFER_CANCELLED = "transfer.cancelled", _("Transfer called off")
    TRANSFER_EXPIRED = "transfer.expired", _("Transfer ran out")
    CLOSING_TAKEN_BACK = "shelter.closing_taken_back", _("Closing of a shelter taken back")
    PLAN_MADE = "plan.made", _("Plan for many begun")
    PLAN_CHANGED = "plan.changed", _("Plan for many changed by hand")
    PLAN_ASKED_AGAIN = "plan.asked_again", _("Plan for many sent to be worked out again")
    PLAN_COMPUTED = "plan.computed", _("Plan for many worked out")
    PLAN_FAILED = "plan.failed", _("Plan for many could not be worked out")
    PLAN_APPLY_ASKED = "plan.apply_asked", _("Plan for many sent to be applied")
    PLAN_APPLIED = "plan.applied", _("Plan for many applied")
    PLAN_NOT_APPLIED = "plan.not_applied", _("Plan for many could not be applied")
    STAY_BEGUN = "stay.begun", _("Place given")
    STAY_ENDED = "stay.ended", _("Stay ended")
    HEARING_NOTED = "hearing.noted", _("Hearing noted")
    HEARING_CHANGED = "hearing.changed", _("Hearing changed")
    HEARING_CANCELLED = "hearing.cancelled", _("Hearing cancelled")
    POSTPONEMENT_MADE = "postponement.made", _("Postponement of many hearings begun")
    POSTPONEMENT_PREVIEWED = "postponement.previewed", _("Postponement of many hearings worked out")
    POSTPONEMENT_APPLY_ASKED = "postponement.apply_asked", _("Postponement of many hearings sent to be applied")
    POSTPONEMENT_APPLIED = "postponement.applied", _("Many hearings postponed")
    POSTPONEMENT_UNDO_ASKED = "postponement.undo_asked", _("Postponement of many hearings sent to be undone")
    POSTPONEMENT_UNDONE = "postponement.undone", _("Postponement of many hearings undone")
    POSTPONEMENT_STOPPED = "postponement.stopped", _("Postponement of many hearings could not go on")
    POSTPONEMENT_DISCARDED = "postponement.discarded", _("Postponement of many hearings discarded")
    HEARING_VERIFIED = "hearing.verified", _("Hearing verified")
    HEARING_CLAIM_ADDED = "hearing.claim_added", _("Word on a hearing noted")
    HEARING_SETTLED = "hearing.settled", _("Decided which source on a hearing counts")
    HEARING_ZONES_SEEN = "hearing.zones_seen", _("Hearing moved by newer zone tables looked at")
    CALLS_HANDED = "calls.handed", _("List for the EOIR line handed to a caller")
    CALLS_ENDED = "calls.ended", _("List for the EOIR line ended")
    LINE_BUSY = "line.busy", _("EOIR line did not answer")
    LINE_ANSWERED = "line.answered", _("EOIR line asked")
    CALLS_SETTLED = "calls.settled", _("Calls to the EOIR line decided")
    REPRESENTATION_NOTED = "representation.noted", _("Representative noted")
    REPRESENTATION_CORRECTED = "representation.corrected", _("Representative corrected")
    REPRESENTATION_ENDED = "representation.ended", _("Representative no longer appears")
    LEGAL_LISTS_LOADED = "legal_lists.loaded", _("Lists of free legal help loaded")
    LEGAL_LIST_GIVEN = "legal_list.given", _("List of free legal help given")
    HEARING_TOLD = "hearing.told", _("Family told of its hearing by somebody")
    HEARING_NOT_FOUND = "hearing.not_found", _("Family looked for in vain, to be told of its hearing")
    HEARING_TELLING_UNDONE = "hearing.telling_undone", _("Note that a family was told taken back")
    FEED_OPENED = "feed.opened", _("Calendar address made")
    FEED_ENDED = "feed.ended", _("Calendar address ended")
    OUTCOME_NOTED = "hearing.outcome_noted", _("Outcome of a hearing noted")
    OUTCOME_CORRECTED = "hearing.outcome_corrected", _("Outcome of a hearing corrected")
    FOLLOW_UP_NOTED = "hearing.followed_up", _("Somebody was asked what came of a hearing")
    CASE_REOPENED = "case.reopened", _("Closed case opened again")
    EVIDENCE_EXPORTED = "evidence.exported", _("Packet of evidence made")
    TRIP_NOTED = "trip.noted", _("Way to the bridge noted")
    TRIP_WITHDRAWN = "trip.withdrawn", _("Way to the bridge taken back")
    WORDS_WRITTEN = "words.written", _("Text of a message written")
    WORDS_SIGNED = "words.signed", _("Text of a message signed")
    MESSAGES_PLANNED = "messages.planned", _("Reminders planned")
    MESSAGES_WITHDRAWN = "messages.withdrawn", _("Reminders withdrawn")
    MESSAGE_SENT = "message.sent", _("Message sent")
    MESSAGE_UNCERTAIN = "message.uncertain", _("Fate of a message unknown")
    MESSAGE_SKIPPED = "message.skipped", _("Message left out")
    MESSAGE_FAILED = "message.failed", _("Message failed")
    MESSAGE_ARRIVED = "message.arrived", _("Message arrived")
    MESSAGE_UNDELIVERED = "message.undelivered", _("Message not delivered")
    REPLY_RECEIVED = "reply.received", _("Reply received")
    REPLY_HANDLED = "reply.handled", _("Reply dealt with")
    NUMBER_STOPPED = "number.stopped", _("No more messages wanted")
    NUMBER_WRONG = "number.wrong", _("Phone number told to be wrong")
    NUMBER_RIGHT = "number.right", _("Phone number found to be right")
    EXPECTED_LIST_RECEIVED = "expected.list_received", _("Announced list received")
    EXPECTED_MATCHED = "expected.matched", _("Found on the announced list")
    EXPECTED_REFUSED = "expected.refused", _("Said not to be who was announced")
    EXPECTED_UNDONE = "expected.undone", _("Match with the announced list undone")
    EXPECTED_FORGOTTEN = "expected.forgotten", _("People of an old announced list dropped")
    REPORT_EXPORTED = "report.exported", _("Situation report exported")


class EventQuerySet(models.QuerySet["Event"]):
    """Questions asked of the log."""

    def visible_to(self, actor: Actor) -> Self:
        """What `actor` may read: all of it with `SEE_AUDIT` everywhere, else that of the own sites."""
        if not actor.can(Capability.SEE_AUDIT):
            return self.none()
        return self if actor.everywhere else self.filter(site_id__any_of=actor.site_ids)

    def of_household(self, household: uuid.UUID) -> Self:
        """All that happened to one household, in order."""
        return self.filter(household=household)

    def waiting(self) -> Self:
        """What no handler has heard yet."""
        return self.filter(dispatched_at__isnull=True)


class Event(models.Model):
    """One deed: what, to whom, by whom, when it happened and when it was recorded."""

    type = models.CharField(max_length=40)  # an EventType; no choices here, so that a new word is no migration
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    household = models.UUIDField(null=True)
    site_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10, choices=KINDS)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=150)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    facts = models.JSONField(default=dict)
    dispatched_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    open_fields = frozenset(
        "id type subject_type subject_id household site_id actor_kind actor_id actor_name occurred_at recorded_at facts "
        "dispatched_at".split()
    )

    class Meta:
        indexes = [
            models.Index(fields=["household", "occurred_at"], name="audit_event_household"),
            models.Index(fields=["site_id", "-recorded_at", "-id"], name="audit_event_site"),
            models.Index(fields=["-recorded_at", "-id"], name="audit_event_recorded"),
            models.Index(fields=["id"], name="audit_event_waiting", condition=models.Q(dispatched_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"

    @property
    def words(self) -> str:
        """What happened, in the reader's language."""
        return str(EventType(self.type).label)


class ReadQuerySet(models.QuerySet["Read"]):
    """Questions asked of the read log."""

    def visible_to(self, actor: Actor) -> Self:
        """All of it for those who oversee everywhere, nothing for others: a look has no one site."""
        return self if actor.can(Capability.SEE_AUDIT) and actor.everywhere else self.none()

    def of_household(self, household: uuid.UUID) -> Self:
        """Every look at one household, on its own page or in a list."""
        return self.filter(households__contains=[household])

    def since(self, moment: datetime) -> Self:
        """Reads from `moment` on."""
        return self.filter(at__gte=moment)


class Read(models.Model):
    """One look at people: who looked, on which page, at which households, through which question."""

    actor_kind = models.CharField(max_length=10, choices=KINDS)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=150)
    page = models.CharField(max_length=60)
    households = ArrayField(models.UUIDField())
    at = models.DateTimeField()

    objects = ReadQuerySet.as_manager()

    open_fields = frozenset("id actor_kind actor_id actor_name page households at".split())

    class Meta:
        indexes = [
            GinIndex(fields=["households"], name="audit_read_households"),
            models.Index(fields=["-at", "-id"], name="audit_read_at"),
            models.Index(fields=["actor_kind", "actor_id", "-at"], name="audit_read_actor"),
        ]

    def __str__(self) -> str:
        return f"read #{self.pk}"


def site_of(subject: object) -> int | None:
    """The site that an event about `subject` belongs to, by its own `site_id` or that of its household."""
    for holder in (subject, getattr(subject, "household", None), getattr(subject, "shelter", None)):
        site_id = getattr(holder, "site_id", None)
        if site_id is not None:
            return int(site_id)
    return None
