"""The shapes of v1: what comes in and what goes out, field by field. Nothing here reads or writes the database."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import sharing
from api.fields import Code, Day, MomentField, Text, Uid, WallTime, YesOrNo
from api.rooms import SHARED_CHOICES
from api.scopes import Scope
from cases.models import Arrival, Consent, Household, PhoneOwner, Relation, Sex
from cases.policies import step_told
from cases.states import Step
from places import languages, nationalities
from shelters.models import Destination, Shelter
from shelters.movement_forms import SAID_BY_DESKS

MOST_PEOPLE = 30
NATIONALITY = r"^[A-Z]{2}$"
LANGUAGE = r"^[a-z]{3}$"


class Strict(serializers.Serializer[Any]):
    """What comes in. A name that is not in the document is refused: dropped in silence, a misspelt one would lose a fact."""

    def to_internal_value(self, data: Any) -> Any:
        """The values, by name."""
        if isinstance(data, Mapping) and (unknown := sorted(map(str, set(data) - set(self.fields)))):
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


class TokenIn(serializers.Serializer[Any]):
    """What RFC 6749 asks for."""

    grant_type = serializers.ChoiceField(choices=["client_credentials"])
    scope = serializers.CharField(
        required=False, help_text=_("Scopes with a space between; without it, all that was agreed.")
    )
    client_id = serializers.CharField(required=False, help_text=_("Unless sent by HTTP Basic."))
    client_secret = serializers.CharField(required=False, help_text=_("Unless sent by HTTP Basic."))


class TokenOut(serializers.Serializer[Any]):
    """A token."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
    scope = serializers.CharField()


class TokenRefused(serializers.Serializer[Any]):
    """No token (RFC 6749, section 5.2)."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)


class CrossingRef(Strict):
    """A crossing, by its port of entry and name."""

    port = Code(r"^[0-9]{4}$", source="port.code", help_text=_("CBP port code, for example 2402."))
    name = Text(min_length=1, max_length=60, help_text=_("For example Paso del Norte."))


class ArrivalOut(serializers.Serializer[Arrival]):
    """One arrival of a household."""

    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Arrival.Kind.choices)
    site = serializers.CharField(source="site.code")
    crossing = CrossingRef(allow_null=True)
    occurred_at = serializers.DateTimeField()


class PersonOut(serializers.Serializer[Any]):
    """A person, for clients with the scope identity:read."""

    uid = serializers.UUIDField()
    relation = serializers.ChoiceField(choices=Relation.choices)
    given_names = serializers.CharField(allow_blank=True)
    surnames = serializers.CharField(allow_blank=True)
    sex = serializers.ChoiceField(choices=Sex.choices, allow_blank=True)
    nationality = serializers.CharField(allow_blank=True, help_text=_("ISO 3166-1 alpha-2."))


class HouseholdOut(serializers.Serializer[Household]):
    """A household that agreed to sharing with partner agencies."""

    uid = serializers.UUIDField()
    code = serializers.CharField(help_text=_("The case code that people quote, for example JZ-4182."))
    site = serializers.CharField(source="site.code", help_text=_("Code of the reception site, for example JZ."))
    arrived_at = serializers.DateTimeField()
    step = serializers.SerializerMethodField(help_text=_("Where it stands. Isolation is not told."))
    size = serializers.SerializerMethodField()
    nationalities = serializers.SerializerMethodField(help_text=_("ISO 3166-1 alpha-2, each once."))
    language = serializers.CharField(help_text=_("ISO 639-3."))
    people = PersonOut(many=True, required=False, help_text=_("Only with the scope identity:read."))

    def to_representation(self, household: Household) -> dict[str, Any]:
        """The household without its people unless the caller's token opens names."""
        if not sharing.shows_names(self.context["request"].caller):
            self.fields.pop("people", None)
        return super().to_representation(household)

    @extend_schema_field(
        serializers.ChoiceField(choices=[choice for choice in Step.choices if choice[0] != Step.ISOLATED])
    )
    def get_step(self, household: Household) -> str:
        """Where it stands, as far as partners are told."""
        return step_told(self.context["request"].actor, household)

    def get_size(self, household: Household) -> int:
        """How many people."""
        return len(household.people.all())

    def get_nationalities(self, household: Household) -> list[str]:
        """Their nationalities."""
        return sorted({person.nationality for person in household.people.all() if person.nationality})


class HouseholdDetailOut(HouseholdOut):
    """A household with its arrivals, oldest first."""

    arrivals = ArrivalOut(many=True)


class HouseholdPageOut(serializers.Serializer[Any]):
    """Up to fifty households."""

    results = HouseholdOut(many=True)
    next_cursor = serializers.CharField(
        allow_null=True, help_text=_("Send it as `cursor` for the next page; null on the last.")
    )


class FindIn(Strict):
    """What is remembered of somebody."""

    query = Text(min_length=2, max_length=100)


class FoundOut(serializers.Serializer[Any]):
    """A person who may be the one, in its household."""

    person = serializers.UUIDField()
    likeness = serializers.FloatField(help_text=_("From 0 to 100."))
    household = HouseholdOut()


class FindOut(serializers.Serializer[Any]):
    """The best answers, at most twenty."""

    results = FoundOut(many=True)


class PersonIn(Strict):
    """What is known of one person. Everything but the relation may be left out."""

    uid = Uid(required=False, help_text=_("Made by you; made here when left out."))
    relation = serializers.ChoiceField(choices=Relation.choices)
    given_names = Text(max_length=100, allow_blank=True, default="")
    surnames = Text(max_length=100, allow_blank=True, default="")
    birth_date = Day(allow_null=True, default=None)
    birth_is_estimated = YesOrNo(default=False)
    sex = serializers.ChoiceField(choices=Sex.choices, allow_blank=True, default="")
    nationality = Code(NATIONALITY, allow_blank=True, default="", help_text=_("ISO 3166-1 alpha-2."))
    a_number = Text(max_length=20, allow_blank=True, default="")
    has_no_a_number_yet = YesOrNo(default=False)
    phone = Text(max_length=30, allow_blank=True, default="", help_text=_("E.164, or ten Mexican digits."))
    phone_owner = serializers.ChoiceField(choices=PhoneOwner.choices, allow_blank=True, default="")

    def validate_nationality(self, code: str) -> str:
        """Refuse what ISO 3166-1 does not have."""
        if code and not nationalities.is_known(code):
            raise serializers.ValidationError(_("ISO 3166-1 has no such code."))
        return code


class HearingIn(Strict):
    """The hearing as the sheet says it: wall times as printed, each on its own side's clock."""

    court = Code(r"^[A-Z]{3}$", help_text=_("EOIR base code, for example ELP."))
    court_on = Day()
    court_time = WallTime()
    crossing = CrossingRef(allow_null=True, default=None, help_text=_("Where to present."))
    report_on = Day(allow_null=True, default=None)
    report_time = WallTime(allow_null=True, default=None)
    said_on = Day(help_text=_("Date of the sheet."))

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Refuse half a report time."""
        if (sent["report_on"] is None) != (sent["report_time"] is None):
            raise serializers.ValidationError(_("Send both report_on and report_time, or neither."))
        return sent


class ConsentsIn(Strict):
    """The household's answers. A purpose that nobody asked about is left out."""

    reception = YesOrNo(required=False, help_text=Consent.Purpose.RECEPTION.label)
    messages = YesOrNo(required=False, help_text=Consent.Purpose.MESSAGES.label)
    partners = YesOrNo(required=False, help_text=Consent.Purpose.PARTNERS.label)


class ArrivalIn(Strict):
    """A family that came over a crossing. Send it as often as you need: the same `uid` is logged once."""

    uid = Uid(help_text=_("Made by you, one per arrival."))
    site = Text(min_length=1, max_length=12, help_text=_("Code of one of your sites, for example JZ."))
    crossing = CrossingRef(allow_null=True, default=None)
    occurred_at = MomentField(help_text=_("When they came, with the offset."))
    language = Code(LANGUAGE, default="spa", help_text=_("ISO 639-3; the privacy notice was read in it."))
    people = serializers.ListField(child=PersonIn(), min_length=1, max_length=MOST_PEOPLE)
    hearing = HearingIn(allow_null=True, default=None, help_text=_("What the family's sheet says."))
    consents = ConsentsIn(default=dict, help_text=_("What the household answered after the privacy notice."))

    def validate_language(self, code: str) -> str:
        """Refuse what nobody here speaks."""
        if code not in languages.LANGUAGES:
            raise serializers.ValidationError(_("This language is not in the list."))
        return code

    def validate_people(self, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two who speak for the household."""
        if sum(person["relation"] == Relation.HEAD for person in people) != 1:
            raise serializers.ValidationError(_("Name exactly one head of household."))
        return people


class HouseholdRef(serializers.Serializer[Any]):
    """Which household an arrival belongs to."""

    uid = serializers.UUIDField()
    code = serializers.CharField()


class ReceiptOut(serializers.Serializer[Any]):
    """What was logged: enough to quote it, and nothing that you did not send."""

    uid = serializers.UUIDField()
    household = HouseholdRef()


class FiguresOut(serializers.Serializer[Any]):
    """Figures in places of one person each."""

    capacity = serializers.IntegerField(allow_null=True, help_text=_("Null where nobody has said one."))
    occupied = serializers.IntegerField(help_text=_("People who sleep there, counted from stays."))
    held = serializers.IntegerField(help_text=_("Promised to families on their way."))
    blocked = serializers.IntegerField(help_text=_("Out of use."))
    free = serializers.IntegerField(help_text=_("Can be given tonight."))
    over = serializers.IntegerField(help_text=_("People beyond the capacity."))


class KindOut(FiguresOut):
    """The figures of one kind of room."""

    kind = serializers.ChoiceField(choices=SHARED_CHOICES)


class ShelterOut(FiguresOut):
    """A shelter with its figures. Isolation and other kinds that would give people away are left out of all of them."""

    uid = serializers.UUIDField()
    name = serializers.CharField()
    city = serializers.CharField()
    site = serializers.CharField(help_text=_("Code of the reception site of its city, for example JZ."))
    operator = serializers.ChoiceField(choices=Shelter.Operator.choices)
    counted_at = serializers.DateTimeField(
        allow_null=True, help_text=_("When the shelter last confirmed its count; null: never.")
    )
    counted_basis = serializers.ChoiceField(
        choices=Shelter.CountBasis.choices,
        allow_null=True,
        help_text=_(
            "In what sense: the stays were confirmed, the roll was called, a headcount was reported; null: never."
        ),
    )
    kinds = KindOut(many=True)


class RoomOut(KindOut):
    """A room, by the name that `POST stays/` takes, with its figures."""

    name = serializers.CharField()


class ShelterDetailOut(ShelterOut):
    """A shelter with its rooms one by one, for clients that give places in them."""

    rooms = RoomOut(many=True, required=False, help_text=_("Only with the scope stays:write."))

    def to_representation(self, shelter: Mapping[str, Any]) -> dict[str, Any]:
        """The shelter without its rooms unless the caller's token opens places."""
        if Scope.STAYS_WRITE not in self.context["request"].caller.scopes:
            self.fields.pop("rooms", None)
        return super().to_representation(shelter)


class ShelterListOut(serializers.Serializer[Any]):
    """All shelters at your sites that are open, by city and name."""

    results = ShelterOut(many=True)


class RoomRef(Strict):
    """A room, by its shelter and name."""

    shelter = Uid(source="shelter.uid", help_text=_("`uid` of the shelter."))
    name = Text(min_length=1, max_length=60, help_text=_("As the shelter names its rooms, for example Cuarto 3."))


class StayIn(Strict):
    """Which household sleeps where from now on: all of it, in one room. The same `uid` is placed once."""

    uid = Uid(help_text=_("Made by you, one per placing."))
    household = Uid(help_text=_("`uid` of a household that you may read."))
    room = RoomRef()
    beds = serializers.ListField(
        child=Text(min_length=1, max_length=20),
        min_length=1,
        max_length=MOST_PEOPLE,
        required=False,
        help_text=_("Labels of beds of this room, one for each person; without them, free ones are taken."),
    )


class StayOut(serializers.Serializer[Any]):
    """A household's places: whose, where, since when and until when."""

    uid = serializers.UUIDField()
    household = HouseholdRef()
    room = RoomRef()
    people = serializers.IntegerField(help_text=_("How many sleep there."))
    beds = serializers.ListField(child=serializers.CharField(), help_text=_("Labels of their beds, where numbered."))
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True, help_text=_("Null while somebody of them sleeps there."))


class StayEndIn(Strict):
    """Why they leave for good, and where they go."""

    reason = serializers.ChoiceField(choices=[(reason.value, reason.label) for reason in SAID_BY_DESKS])
    destination = serializers.ChoiceField(choices=Destination.choices, default=Destination.UNKNOWN.value)
