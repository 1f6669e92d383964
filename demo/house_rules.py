"""What the fictional shelters ask and offer, in turn: gates that shut and one that hardly ever does, schools, kitchens, pets."""

from dataclasses import dataclass
from datetime import time

from shelters.rules import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The rules of one house, as `set_house_rules` takes them."""

    gate_opens: time | None = None
    gate_closes: time | None = None
    takes_pets: bool | None = None
    languages: tuple[str, ...] = ("spa",)
    services: tuple[str, ...] = ()
    min_stay_days: int | None = None
    max_stay_days: int | None = None
    test_within_days: int | None = None


ASKED = (
    Asked(
        gate_opens=time(5),
        gate_closes=time(22),
        takes_pets=False,
        languages=("spa", "eng"),
        services=(Service.SCHOOL, Service.CLINIC, Service.KITCHEN, Service.LAUNDRY),
        max_stay_days=120,
    ),
    Asked(gate_opens=time(0), gate_closes=time(23, 59), services=(Service.KITCHEN, Service.WIFI), takes_pets=True),
    Asked(gate_opens=time(3), gate_closes=time(23), services=(Service.CLINIC,), max_stay_days=60),
    Asked(
        gate_opens=time(6),
        gate_closes=time(21),
        takes_pets=True,
        languages=("spa", "hat"),
        services=(Service.LEGAL, Service.PSYCHOLOGY, Service.SCHOOL, Service.WIFI),
    ),
)
