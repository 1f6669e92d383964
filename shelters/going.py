"""Who of a household sleeps in a shelter, and who of them is out."""

from dataclasses import dataclass

from cases.models import Absence, Household, Person
from cases.names import family_name
from shelters.models import Shelter, Stay


@dataclass(frozen=True, slots=True)
class Guest:
    """One guest, where, and the absence of who is out or missing."""

    person: Person
    room: str
    absence: Absence | None

    @property
    def is_unseen(self) -> bool:
        """Whether nobody knows where they are."""
        return self.absence is not None and (self.absence.expected_at is None or self.absence.lost_at is not None)


@dataclass(frozen=True, slots=True)
class Going:
    """The guests of one household in one shelter."""

    household: Household
    shelter: Shelter
    guests: list[Guest]

    @property
    def name(self) -> str:
        """What the desk calls them."""
        return family_name([guest.person for guest in self.guests])

    @property
    def absent(self) -> list[Guest]:
        """Those who are not here."""
        return [guest for guest in self.guests if guest.absence]

    @property
    def out(self) -> list[Guest]:
        """Those of them who are out for a time."""
        return [guest for guest in self.absent if not guest.is_unseen]

    @property
    def unseen(self) -> list[Guest]:
        """Those of them of whom nobody knows where they are."""
        return [guest for guest in self.absent if guest.is_unseen]


def going_of(household: Household, shelter: Shelter) -> Going:
    """The guests of `household` in `shelter`, both fetched through `visible_to`. Two queries."""
    stays = (
        Stay.objects.open().filter(household=household, unit__shelter=shelter).select_related("person", "unit", "bed")
    )
    listed = list(stays.order_by("person__position", "person_id"))
    absences = {one.person_id: one for one in Absence.objects.open().filter(person__in=[s.person_id for s in listed])}
    guests = [Guest(stay.person, _where(stay), absences.get(stay.person_id)) for stay in listed]
    return Going(household, shelter, guests)


def _where(stay: Stay) -> str:
    return f"{stay.unit.name} · {stay.bed.label}" if stay.bed else stay.unit.name
