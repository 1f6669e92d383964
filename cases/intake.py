"""What the bridge may assume when nobody has time to ask, and what the file still owes because of it."""

from collections.abc import Collection, Iterable
from typing import Protocol

from cases.models import Owed, PhoneOwner, Relation
from cases.rules import band_of

# By the band of the head, then that of the one beside. Grandchildren have no word of their own in the list of relations.
# Beside a child nothing is assumed: who is the adult with it is for a person to ask.
_BESIDE_AN_ADULT = {
    "0-5": Relation.CHILD,
    "6-11": Relation.CHILD,
    "12-17": Relation.CHILD,
    "18-59": Relation.PARTNER,
    "60+": Relation.PARENT,
}
_BESIDE_AN_ELDER = {
    "0-5": Relation.RELATIVE,
    "6-11": Relation.RELATIVE,
    "12-17": Relation.RELATIVE,
    "18-59": Relation.CHILD,
    "60+": Relation.PARTNER,
}
_BESIDE_A_CHILD = {
    "0-5": Relation.SIBLING,
    "6-11": Relation.SIBLING,
    "12-17": Relation.SIBLING,
    "18-59": Relation.RELATIVE,
    "60+": Relation.RELATIVE,
}
LIKELY_RELATIONS = {
    "0-5": _BESIDE_A_CHILD,
    "6-11": _BESIDE_A_CHILD,
    "12-17": _BESIDE_A_CHILD,
    "18-59": _BESIDE_AN_ADULT,
    "60+": _BESIDE_AN_ELDER,
}
# Between two adults of one band whose ages are told, so many years make a parent and a child of them, not a couple.
GENERATION_YEARS = 16


def likely_relation(head_age: int | None, age: int | None, *, has_partner: bool) -> Relation:
    """Who somebody of `age` most likely is to a head of `head_age` (None: not told; a head is then taken for an adult).

    A guess to start from, which the form shows and anybody may change. A head has one partner.
    """
    if age is None:
        return Relation.RELATIVE
    guess = LIKELY_RELATIONS[band_of(30 if head_age is None else head_age)][band_of(age)]
    if guess is Relation.PARTNER and head_age is not None and abs(age - head_age) >= GENERATION_YEARS:
        return Relation.PARENT if age > head_age else Relation.CHILD
    return Relation.RELATIVE if guess is Relation.PARTNER and has_partner else guess


class Asked(Protocol):
    """A person as far as it was written down: a `Person`, or what a door knows of one."""

    @property
    def given_names(self) -> str: ...
    @property
    def birth_date(self) -> object: ...
    @property
    def sex(self) -> str: ...
    @property
    def nationality(self) -> str: ...
    @property
    def a_number(self) -> str: ...
    @property
    def has_no_a_number_yet(self) -> bool: ...
    @property
    def phone(self) -> str: ...
    @property
    def phone_owner(self) -> str: ...


def owes(person: Asked) -> list[Owed]:
    """What nobody wrote down of one person. "Has none yet" is an answer, and so is an estimated age."""
    return [
        owed
        for owed, is_owed in (
            (Owed.NAMES, not person.given_names),
            (Owed.BIRTH, person.birth_date is None),
            (Owed.SEX, not person.sex),
            (Owed.NATIONALITY, not person.nationality),
            (Owed.A_NUMBER, not (person.a_number or person.has_no_a_number_yet)),
        )
        if is_owed
    ]


def owed_of(people: Iterable[Asked], *, answered: Collection[str], has_hearing: bool) -> list[str]:
    """The codes of what a household's file lacks, in the order of `Owed`; `answered` are the purposes asked for consent."""
    members = list(people)
    lacking = {owed for person in members for owed in owes(person)}
    if not any(person.phone or person.phone_owner == PhoneOwner.NONE for person in members):
        lacking.add(Owed.PHONE)
    if not answered:
        lacking.add(Owed.CONSENT)
    if not has_hearing:
        lacking.add(Owed.HEARING)
    return [owed.value for owed in Owed if owed in lacking]
