"""A postponement on the running product, step by step through the deeds: `python -m tests.faults.postponing make 30`, then `apply <key>`.

`make` notes so many families with a hearing each and works a rule out; it prints the key of the postponement. `apply` and `undo` only
ask: what follows is left to the running worker and beat.
"""

import os
import sys
from datetime import time, timedelta
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp_tracker.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from accounts.actors import actor_of  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from core.actors import Actor  # noqa: E402
from hearings.actions import note_hearing  # noqa: E402
from hearings.actions.postponements import (  # noqa: E402
    ask_to_apply,
    ask_to_undo,
    make_postponement,
    preview_postponement,
)
from hearings.models import Postponement  # noqa: E402
from hearings.postponing import Rule, Unit  # noqa: E402
from tests.factories.accounts import MembershipFactory, UserFactory  # noqa: E402
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory  # noqa: E402
from tests.factories.places import CourtFactory, CrossingFactory, SiteFactory  # noqa: E402


def make(families: int) -> int:
    """A rule that moves the hearings of so many new families by a month; its key."""
    site, now = SiteFactory(code="JZ"), timezone.now()
    user = UserFactory(email="postponing@staff.example")
    MembershipFactory(user=user, role=Role.HEARINGS, site=site)
    officer, court, crossing = actor_of(user), CourtFactory(), CrossingFactory()
    for number in range(families):
        household = HouseholdFactory(site=site)
        PersonFactory(household=household, phone=f"+5265613{number:05d}", phone_owner="own")
        ConsentFactory(household=household)
        day = (now + timedelta(days=30)).date()
        note_hearing(
            household=household,
            court=court,
            court_on=day,
            court_time=time(8, 30),
            crossing=crossing,
            report_time=time(4, 30),
            source="sheet",
            said_on=(now - timedelta(days=2)).date(),
            actor=Actor.system("faults"),
            at=now,
        )
    rule = Rule(unit=Unit.MONTHS, count=1, before_on=day + timedelta(days=1))
    told = {"reason": "Aviso", "announced_on": now.date(), "actor": officer, "at": now}
    made, _new = make_postponement(uid=uuid4(), rule=rule, **told)
    preview_postponement(postponement=made, actor=officer, at=now)
    return made.pk


def ask(deed: str, key: int) -> int:
    """Ask for `deed` as the account that made the postponement."""
    asked = Postponement.objects.get(pk=key)
    officer = actor_of(User.objects.get(pk=asked.made_by))
    {"apply": ask_to_apply, "undo": ask_to_undo}[deed](postponement=asked, actor=officer, at=timezone.now())
    return key


if __name__ == "__main__":
    print(make(int(sys.argv[2])) if sys.argv[1] == "make" else ask(sys.argv[1], int(sys.argv[2])))
