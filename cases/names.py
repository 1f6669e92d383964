"""What a household is called on lists."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.models import Person


def family_name(people: Sequence[Person]) -> str:
    """ "Family Reyes Mejía" by the surnames of the first of `people` (head first), somebody alone by their name."""
    if not people:
        return _("Nobody noted yet")
    head = people[0]
    if len(people) == 1:
        return head.full_name or _("Name not known")
    return _("Family %(surnames)s") % {"surnames": head.surnames} if head.surnames else _("Family, name not known")
