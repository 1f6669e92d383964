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


class AlreadyGiven(DomainError):
    """Another request with the same client-made id came first; the door answers with what became of it."""

    code = "already_given"
    message = _("This place was already given.")


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
    message = _("The rules of this room or house do not allow it. Choose another, or ask the coordinator.")


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


class TooFewToKeep(OverCapacity):
    """The room has not so many free places to keep."""

    message = _("Not so many places are free in this room. Choose another, or keep fewer.")


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
    message = _("Say when the gate opens and when it closes, or neither where nobody knows.")
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


class RollCallOver(DomainError):
    """Another device finished the roll call or put it aside."""

    code = "roll_call_over"
    message = _("This roll call is over. Nothing was changed.")


class RollCallMoved(DomainError):
    """The roll call that a tap belongs to was finished or put aside, or another one began."""

    code = "roll_call_moved"
    message = _(
        "This roll call was finished on another device. What you tapped last was not noted; open the roll again."
    )


class AlreadyThere(DomainError):
    """They sleep in that room already."""

    code = "already_there"
    message = _("They already sleep there. Nothing was changed.")


class SleepsNowhere(DomainError):
    """Nobody of the household sleeps in a shelter, or they sleep in two: there is nowhere to go on from."""

    code = "sleeps_nowhere"
    message = _("They do not sleep together in one shelter now. Give them a place instead.")


class SameShelter(DomainError):
    """A transfer goes to another shelter."""

    code = "same_shelter"
    message = _("They sleep in this shelter. Move them to another room instead.")
    http_status = 422


class TransferAlreadyOpen(DomainError):
    """Somebody asked for a transfer of the household already."""

    code = "transfer_already_open"
    message = _("A transfer of this family is under way already. Call it off first.")


class TransferMoved(DomainError):
    """The transfer stands elsewhere by now."""

    code = "transfer_moved"
    message = _("Somebody was faster: this transfer stands elsewhere by now. Nothing was changed.")


class TooFarAhead(DomainError):
    """They would leave in the past, or so late that places cannot be kept."""

    code = "too_far_ahead"
    message = _("Places are kept for three days at most. Say an hour from now until then.")
    http_status = 422


class HeldTooLong(DomainError):
    """Places are kept for twelve hours in all, renewed twice at most."""

    code = "held_too_long"
    message = _(
        "Places are kept for twelve hours at most and renewed twice. Give them to others, or hold anew for those who really come."
    )


class AlreadyHeld(DomainError):
    """Places of the room are held under that number."""

    code = "already_held"
    message = _("Places of this room are already held under this number.")


class NotANumber(DomainError):
    """Who has no file yet is held for under a number."""

    code = "not_a_number"
    message = _("Write the number of the list or line, with a digit and without spaces. Never a name.")
    http_status = 422


class HeldForTransfer(DomainError):
    """The places belong to a transfer."""

    code = "held_for_transfer"
    message = _("These places are kept for a transfer. Call it off, and they are free.")


class TooManyForTheHold(DomainError):
    """More people came than places were held under the number."""

    code = "too_many_for_the_hold"
    message = _("More people came than places are held under this number. Find them a place as for everyone.")


class NobodyExpected(DomainError):
    """Nothing here waits for the household: no hold, no transfer, nobody out."""

    code = "nobody_expected"
    message = _("No place is held here for this family, and nobody of them is out. Ask the coordinator.")


class BackBeforeNow(DomainError):
    """Somebody would be back before leaving."""

    code = "back_before_now"
    message = _("Say when they are back: later than now, and within a week.")
    http_status = 422


class NotClosing(DomainError):
    """Nobody said that the shelter closes."""

    code = "not_closing"
    message = _("This shelter is not going to close.")
