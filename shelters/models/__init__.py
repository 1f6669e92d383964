"""Where people sleep: shelters, units, dated capacity, holds, stays, and what the public has observed.

Occupancy is counted from stays, capacity is a dated record (`shelters.rules`). The database has the last word: one
open stay a person, one guest a bed, no more guests in a unit than places without a named reason (migration 0002).
"""

from shelters.models.capacity import Block, BlockQuerySet, Capacity, CapacityQuerySet
from shelters.models.counts import Count, CountQuerySet, CountRequest, CountRequestQuerySet
from shelters.models.gates import GateOpening, GateOpeningQuerySet
from shelters.models.houses import Bed, Shelter, ShelterQuerySet, Unit, UnitQuerySet
from shelters.models.observations import Observation
from shelters.models.plans import Plan, PlanLine, PlanLineQuerySet, PlanQuerySet
from shelters.models.roll_calls import RollCall, RollCallMark, RollCallQuerySet
from shelters.models.stays import Destination, Hold, HoldQuerySet, LeavingReason, Stay, StayQuerySet
from shelters.models.transfers import Transfer, TransferQuerySet

__all__ = [
    "Bed",
    "Block",
    "BlockQuerySet",
    "Capacity",
    "CapacityQuerySet",
    "Count",
    "CountQuerySet",
    "CountRequest",
    "CountRequestQuerySet",
    "Destination",
    "GateOpening",
    "GateOpeningQuerySet",
    "Hold",
    "HoldQuerySet",
    "LeavingReason",
    "Observation",
    "Plan",
    "PlanLine",
    "PlanLineQuerySet",
    "PlanQuerySet",
    "RollCall",
    "RollCallMark",
    "RollCallQuerySet",
    "Shelter",
    "ShelterQuerySet",
    "Stay",
    "StayQuerySet",
    "Transfer",
    "TransferQuerySet",
    "Unit",
    "UnitQuerySet",
]
