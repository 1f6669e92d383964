"""What the house refuses when people look for a place, named as facts."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class AlreadyPlaced(DomainError):
    """Somebody of the household has a place at that time."""

    code = "already_placed"
    message = _("Somebody of this family already has a place. Nothing was changed.")


class BothHaveAPlace(DomainError):
    """Two files of one person each have an open stay: one of them sleeps nowhere."""

    code = "both_have_a_place"
    message = _("Both files have a place to sleep tonight. End the stay that is wrong, then merge.")


class PlaceTaken(DomainError):
    """Another desk gave that bed first."""

    code = "place_taken"
    message = _("Another desk just gave this bed. Nothing was changed; choose another.")


class OverCapacity(DomainError):
    """Not enough places are left for the whole household, and no reason was named."""

    code = "over_capacity"
    message = _(
        "The family does not fit here any more. Nothing was changed; choose another place, or name a reason to go over."
    )


class CapacityUnknown(DomainError):
    """Nobody has said how many places the unit has, and no reason was named."""

    code = "capacity_unknown"
    message = _("Nobody has said how many places this room has. Ask the shelter, or name a reason.")


class ShelterClosed(DomainError):
    """The shelter, or the unit for works, receives nobody."""

    code = "shelter_closed"
    message = _("This shelter is closed and receives nobody.")


class WrongUnit(DomainError):
    """A hard rule of the unit: women only, isolation only, the family together."""

    code = "wrong_unit"
    message = _("The rules of this room do not allow it.")


class WrongBed(DomainError):
    """The bed stands in another unit, or there is not one for each person."""

    code = "wrong_bed"
    message = _("Name one bed of this room for each person.")
    http_status = 422


class NobodyToPlace(DomainError):
    """No people were named, or none of this household."""

    code = "nobody_to_place"
    message = _("Say who is to sleep there.")
    http_status = 422


class StayAlreadyEnded(DomainError):
    """Nobody of those named has an open stay."""

    code = "stay_already_ended"
    message = _("This stay was already ended. Nothing was changed.")


class EndsBeforeItBegins(DomainError):
    """The stay began at that moment or later."""

    code = "ends_before_it_begins"
    message = _("A stay ends after it began. Check the time.")
    http_status = 422


class HoldOver(DomainError):
    """The hold was released or expired before."""

    code = "hold_over"
    message = _("These places are not held any more.")


class CapacityAlreadyNoted(DomainError):
    """A capacity from that very moment stands already."""

    code = "capacity_already_noted"
    message = _("A capacity from that moment was already noted.")


class ShelterAlreadyOpen(DomainError):
    """A site with that code stands already."""

    code = "shelter_already_open"
    message = _("A shelter with this code is already there.")


class UnitAlreadyOpen(DomainError):
    """The shelter has a unit of that name."""

    code = "unit_already_open"
    message = _("This shelter already has a room of that name.")


class GateHalfSaid(DomainError):
    """Only one of the hours of the gate was said, or both are the same."""

    code = "gate_half_said"
    message = _("Say when the gate opens and when it closes, or neither where it is always open.")
    http_status = 422


class ShortestOverLongest(DomainError):
    """The shortest stay is longer than the longest."""

    code = "shortest_over_longest"
    message = _("The longest stay cannot be shorter than the shortest.")
    http_status = 422


class CapacityInForce(DomainError):
    """The capacity holds already: it stays on record."""

    code = "capacity_in_force"
    message = _("This capacity holds already and stays on record. Note a new one instead.")


class BlockOver(DomainError):
    """The places were given back before."""

    code = "block_over"
    message = _("These places are not blocked any more.")


class WorksEndBeforeTheyBegin(DomainError):
    """Works or a block end before they begin."""

    code = "ends_too_early"
    message = _("It ends before it begins. Check the days.")
    http_status = 422


class CountAlreadySettled(DomainError):
    """Somebody else settled the difference, or the shelter counted again."""

    code = "count_already_settled"
    message = _("This difference was settled already. Nothing was changed.")
