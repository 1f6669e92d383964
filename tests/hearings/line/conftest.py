"""Callers of the EOIR line, and hearings that they ask about."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from uuid import uuid4

import pytest

from accounts.actors import actor_of
from accounts.models import User
from core.actors import Actor
from hearings.actions.checks import (
    answer_call,
    hand_batch,
)
from hearings.models import CheckBatch, CheckCall, Hearing
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.checks import hearing_to_ask_about
from tests.factories.places import SiteFactory

Answer = CheckCall.Answer
HOURS = timedelta(hours=8)


@pytest.fixture
def site(officer):
    return SiteFactory(code="JZ")


@pytest.fixture
def caller(site):
    """`caller(name)`: an account that calls the line at the site, with its actor."""

    def find(name: str = "one") -> User:
        user = UserFactory(email=f"{name}@staff.example", name=f"Caller {name}")
        return MembershipFactory(user=user, role="caller", site=site).user

    return find


@pytest.fixture
def hearing(site) -> Callable[..., Hearing]:
    """`hearing(day)`: a hearing of a family of the site whose head has an A-number, as its sheet says."""
    return partial(hearing_to_ask_about, site)


@pytest.fixture
def hand(site, officer, now):
    def act(
        user: User, at: datetime = now, count: int = 10, lasts: timedelta = HOURS, by: Actor = officer
    ) -> CheckBatch:
        batch, _new = hand_batch(uid=uuid4(), site=site, caller=user, count=count, lasts=lasts, actor=by, at=at)
        return batch

    return act


@pytest.fixture
def says(now):
    """`says(user, call, day, at)`: the caller notes that the line said this day at 08:30."""

    def act(user, call, day=None, at=now, answer=Answer.DATE, clock=time(8, 30), court=None):
        has_date = answer in (Answer.DATE, Answer.OTHER_COURT)
        return answer_call(
            call=call,
            answer=answer,
            court_on=day if has_date else None,
            court_time=clock if has_date else None,
            court=court,
            actor=actor_of(user),
            at=at,
        )

    return act
