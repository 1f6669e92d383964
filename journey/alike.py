"""Why two people look alike, in words with icons."""

from collections.abc import Iterable

from cases.models import Likeness
from core.look import Pill

Reason = Likeness.Reason

FOR = {
    Reason.A_NUMBER: "fingerprint",
    Reason.NAME: "id",
    Reason.NAME_ALIKE: "id",
    Reason.BIRTH: "calendar",
    Reason.BIRTH_TURNED: "calendar",
    Reason.AGE_ALIKE: "calendar",
    Reason.PHONE: "phone",
    Reason.NATIONALITY: "map-pin",
}
STRONG = (Reason.A_NUMBER, Reason.NAME, Reason.BIRTH)


def pills_of(reasons: Iterable[str]) -> list[Pill]:
    """Why, in words: what speaks for it first."""
    return [_pill(Reason(each)) for each in reasons]


def _pill(reason: Reason) -> Pill:
    if reason in FOR:
        return Pill("ok" if reason in STRONG else "calm", FOR[reason], str(reason.label))
    return Pill("warn", "arrows-diff", str(reason.label))
