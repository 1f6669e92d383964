"""Every address times everyone who may knock. An address that is not in the table below fails: nothing opens by accident.

What is expected is said here a second time, on purpose, and not read from the doors: capability and place for pages of staff,
scope for partners. A forbidden record answers like one that does not exist.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from api.throttling import counts
from cases.models import Household
from core.actors import Capability as Can
from shelters.models import Shelter
from tests.walk.world import ARRIVAL, BLOCK, Route, Visitor, World, make_world, routes

pytestmark = pytest.mark.django_db

# What a deed must be told before it does anything.
BODIES = {
    "shelters:take_back": f"block={BLOCK}",
    "expected:answer": f"arrival={ARRIVAL}&same=no",
    "journey:decide_access": "answer=no",
    "journey:advance": "deed=documents",
    "docket:tell": "look=7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10&version=1&answer=phone",
    "journey:give_aid": "kind=food&look=7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10",
}


@dataclass(frozen=True)
class Page:
    """A page or deed of staff: who has one of `can` (none: every account) enters; `about` something, only where it is."""

    can: tuple[Can, ...] = ()
    about: bool = False
    method: str = "get"


@dataclass(frozen=True)
class Api:
    """A resource of partners. `about` something: missing for partners of other sites."""

    about: bool = False
    method: str = "get"


@dataclass(frozen=True)
class Tablet:
    """What the outbox of a tablet asks: never a page, so strangers hear 401 and other roles 403."""

    can: tuple[Can, ...] = ()
    about: bool = False
    method: str = "get"


@dataclass(frozen=True)
class Open:
    """Everybody may ask, and learns nothing of anybody."""

    method: str = "get"


class Shut:
    """Nobody finds anything here."""


OWN = Page()
SHUT = Shut()

TABLE: dict[str, Page | Api | Tablet | Open | Shut] = {
    "health": Open(),
    "live": Open(),
    "ready": Open(),
    "core:robots": Open(),
    "core:theme": Open("post"),
    "set_language": Open("post"),
    # staff
    "dashboard:today": Page(),
    "dashboard:audit": Page((Can.SEE_AUDIT,)),
    "dashboard:household_audit": Page((Can.SEE_AUDIT,), about=True),
    "dashboard:situation": Page((Can.SEE_REPORTS,)),
    "dashboard:situation_export": Page((Can.SEE_REPORTS,), method="post"),
    "accounts:me": Page(),
    "journey:log_arrival": Page((Can.LOG_ARRIVAL,)),
    "journey:reception": Page((Can.SEE_PEOPLE,)),
    "journey:reception_news": Page((Can.SEE_PEOPLE,)),
    "journey:undo": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:expiring": Page((Can.SEE_PEOPLE,)),
    "journey:isolations": Page((Can.SEE_HEALTH,)),
    "journey:isolation": Page((Can.SEE_HEALTH,), about=True),
    "journey:end_isolation": Page((Can.SEE_HEALTH,), about=True, method="post"),
    "journey:correct_test": Page((Can.SEE_HEALTH,), about=True),
    "docket:log_return": Page((Can.LOG_ARRIVAL,), about=True),
    "docket:conflicts": Page((Can.EDIT_HEARINGS,)),
    "docket:settle": Page((Can.EDIT_HEARINGS,), about=True),
    "docket:zones": Page((Can.EDIT_HEARINGS,)),
    "docket:see_zones": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:postponements": Page((Can.EDIT_HEARINGS,)),
    "docket:new_postponement": Page((Can.EDIT_HEARINGS,)),
    "docket:postponement": Page((Can.EDIT_HEARINGS,), about=True),
    "docket:preview_postponement": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:apply_postponement": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:undo_postponement": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:discard_postponement": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:outcomes": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE)),
    "docket:ask_after": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE), about=True),
    "docket:asked": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE), about=True, method="post"),
    "docket:lost": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True, method="post"),
    "docket:outcome": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True),
    "docket:evidence": Page((Can.EDIT_HEARINGS,), about=True),
    "docket:reopen": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE), about=True),
    "journey:advance": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:people": Page((Can.SEE_PEOPLE,)),
    "journey:household": Page((Can.SEE_PEOPLE,), about=True),
    "journey:show_numbers": Page((Can.SEE_PEOPLE,), about=True, method="post"),
    "journey:take_step": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:give_document": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:take_test": Page((Can.SEE_HEALTH,), about=True, method="post"),
    "journey:note_result": Page((Can.SEE_HEALTH,), about=True, method="post"),
    "journey:incomplete": Page((Can.SEE_PEOPLE,)),
    "journey:give_aid": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:take_back_aid": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:consent": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:note_hearing": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True),
    "journey:change_hearing": Page((Can.EDIT_HEARINGS,), about=True),
    "journey:trip": Page((Can.EDIT_HEARINGS, Can.RUN_SHELTER), about=True),
    "journey:withdraw_trip": Page((Can.EDIT_HEARINGS, Can.RUN_SHELTER), about=True, method="post"),
    "journey:light": Page((Can.SEE_PEOPLE,), about=True),
    "journey:verify_hearing": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "journey:correct": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:belonging": Page((Can.SEE_PEOPLE,), about=True),
    "journey:absence": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:kin": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:withdraw_kin": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:split": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:join": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:undo_regrouping": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:needs": Page((Can.SEE_NEEDS,), about=True),
    "journey:card": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:card_pdf": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:end_card": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:cards": Page((Can.EDIT_PEOPLE,)),
    "journey:scan": Page((Can.SEE_PEOPLE,), method="post"),
    "docket:hearings": Page((Can.SEE_PEOPLE,)),
    "docket:lights": Page((Can.SEE_PEOPLE,)),
    "docket:checks": Page((Can.EDIT_HEARINGS,)),
    "docket:numberless": Page((Can.EDIT_HEARINGS,)),
    "docket:hand_out": Page((Can.EDIT_HEARINGS,)),
    "docket:end_batch": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:settle_calls": Page((Can.EDIT_HEARINGS,), about=True, method="post"),
    "docket:line": Page((Can.CHECK_LINE,)),
    "docket:answer_call": Page((Can.CHECK_LINE,), about=True, method="post"),
    "docket:line_busy": Page((Can.CHECK_LINE,), about=True, method="post"),
    "docket:stop_calling": Page((Can.CHECK_LINE,), method="post"),
    "docket:represent": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True),
    "docket:representation": Page((Can.SEE_PEOPLE,), about=True),
    "docket:correct_representation": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True),
    "docket:end_representation": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL), about=True),
    "docket:give_legal_help": Page((Can.SEE_PEOPLE,), about=True),
    "docket:legal_help": Page((Can.SEE_PEOPLE,)),
    "docket:sheet": Page((Can.SEE_PEOPLE,)),
    "docket:sheet_pdf": Page((Can.SEE_PEOPLE,)),
    "docket:not_reached": Page((Can.SEE_PEOPLE,)),
    "docket:phones": Page((Can.SEE_PEOPLE,), about=True, method="post"),
    "docket:tell": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE, Can.RUN_SHELTER), about=True, method="post"),
    "docket:take_back_telling": Page((Can.EDIT_HEARINGS, Can.EDIT_PEOPLE, Can.RUN_SHELTER), about=True, method="post"),
    "docket:calendars": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL, Can.RUN_SHELTER)),
    "docket:end_calendar": Page((Can.EDIT_HEARINGS, Can.LOG_ARRIVAL, Can.RUN_SHELTER), method="post"),
    "journey:departure_sheet": Page((Can.SEE_PEOPLE,)),
    "journey:departure_sheet_pdf": Page((Can.SEE_PEOPLE,)),
    "journey:run_sheet": Page((Can.SEE_PEOPLE,), about=True),
    "journey:gate": Page((Can.RUN_SHELTER, Can.PLACE), about=True, method="post"),
    "journey:run_sheet_pdf": Page((Can.SEE_PEOPLE,), about=True),
    "journey:replies": Page((Can.SEND_MESSAGES,)),
    "journey:handle_reply": Page((Can.SEND_MESSAGES,), about=True, method="post"),
    "journey:find": Page((Can.SEE_PEOPLE,), method="post"),
    "journey:likeness": Page((Can.LOG_ARRIVAL,), method="post"),
    "journey:same": Page((Can.EDIT_PEOPLE,)),
    "journey:compare": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:apart": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    "journey:merge": Page((Can.EDIT_PEOPLE,), about=True),
    "journey:access": Page((Can.EDIT_PEOPLE,)),
    "journey:ask_access": Page((Can.SEE_PEOPLE,), method="post"),
    "journey:decide_access": Page((Can.DECIDE_ACCESS,), about=True, method="post"),
    "journey:end_access": Page((Can.DECIDE_ACCESS,), about=True, method="post"),
    "sheets:imports": Page((Can.IMPORT_SHEETS,)),
    "sheets:template": Page((Can.IMPORT_SHEETS, Can.LOG_ARRIVAL)),
    "sheets:xlsform": Page((Can.IMPORT_SHEETS, Can.LOG_ARRIVAL)),
    "sheets:import": Page((Can.IMPORT_SHEETS,), about=True),
    "sheets:check_again": Page((Can.IMPORT_SHEETS,), about=True, method="post"),
    "sheets:let_in": Page((Can.IMPORT_SHEETS,), about=True, method="post"),
    "sheets:undo": Page((Can.IMPORT_SHEETS,), about=True, method="post"),
    "sheets:discard": Page((Can.IMPORT_SHEETS,), about=True, method="post"),
    "sheets:to_correct": Page((Can.IMPORT_SHEETS,), about=True),
    "expected:compare": Page((Can.LOG_ARRIVAL,)),
    "expected:bring": Page((Can.LOG_ARRIVAL,)),
    "expected:answer": Page((Can.LOG_ARRIVAL,), about=True, method="post"),
    "expected:undo": Page((Can.LOG_ARRIVAL,), about=True, method="post"),
    "expected:log": Page((Can.LOG_ARRIVAL,), about=True, method="post"),
    "shelters:board": Page((Can.SEE_SHELTERS,)),
    "shelters:live": Page((Can.SEE_SHELTERS,)),
    "shelters:map_live": Page((Can.SEE_SHELTERS,)),
    "shelters:map": Page((Can.SEE_SHELTERS,)),
    "shelters:day": Page((Can.SEE_SHELTERS,)),
    "shelters:shelter": Page((Can.SEE_SHELTERS,), about=True),
    "shelters:place": Page((Can.PLACE,), about=True),
    "shelters:waiting": Page((Can.PLACE,)),
    "shelters:plans": Page((Can.PLACE,)),
    "shelters:plan": Page((Can.PLACE,), about=True),
    "shelters:plan_again": Page((Can.PLACE,), about=True, method="post"),
    "shelters:apply_plan": Page((Can.PLACE,), about=True, method="post"),
    "shelters:plan_line": Page((Can.PLACE,), about=True),
    "shelters:hold": Page((Can.PLACE,), about=True, method="post"),
    "shelters:release": Page((Can.PLACE,), about=True, method="post"),
    "shelters:roll_call": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:finish_roll_call": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:drop_roll_call": Page((Can.RUN_SHELTER, Can.PLACE), about=True, method="post"),
    "shelters:confirm": Page((Can.RUN_SHELTER, Can.PLACE), about=True, method="post"),
    "shelters:capacity": Page((Can.EDIT_SHELTERS,), about=True),
    "shelters:block": Page((Can.EDIT_SHELTERS,), about=True, method="post"),
    "shelters:works": Page((Can.EDIT_SHELTERS,), about=True, method="post"),
    "shelters:take_back": Page((Can.EDIT_SHELTERS,), about=True, method="post"),
    "shelters:new_shelter": Page((Can.EDIT_SHELTERS,)),
    "shelters:rules": Page((Can.EDIT_SHELTERS,), about=True),
    "shelters:new_room": Page((Can.EDIT_SHELTERS,), about=True),
    "shelters:room": Page((Can.EDIT_SHELTERS,), about=True),
    "shelters:counts": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:settle": Page((Can.RUN_SHELTER, Can.PLACE), about=True, method="post"),
    "shelters:going": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:holds": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:hold_step": Page((Can.RUN_SHELTER, Can.PLACE), about=True, method="post"),
    "shelters:closing": Page((Can.EDIT_SHELTERS,), about=True),
    "shelters:move": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "shelters:ask_transfer": Page((Can.PLACE,), about=True, method="post"),
    "shelters:transfers": Page((Can.SEE_SHELTERS,)),
    "shelters:transfer": Page((Can.RUN_SHELTER, Can.PLACE), about=True),
    "tablets:worker": Open(),
    "tablets:manifest": Open(),
    "tablets:outbox": Page((Can.LOG_ARRIVAL,)),
    "tablets:offline": Page((Can.LOG_ARRIVAL,)),
    "tablets:ready": Tablet(),
    "tablets:sync": Tablet((Can.LOG_ARRIVAL, Can.EDIT_PEOPLE), method="post"),
    "tablets:board": Tablet((Can.SEE_PEOPLE,)),
    "tablets:recover": Page((Can.RECOVER_TABLETS,)),
    "tablets:conflicts": Page((Can.EDIT_PEOPLE,)),
    "tablets:decide": Page((Can.EDIT_PEOPLE,), about=True, method="post"),
    # partners
    "api:token": Open("post"),
    "api:schema": Open(),
    "api:docs": Open(),
    "api:missing": SHUT,
    "api:shelters": Api(),
    "api:shelter": Api(about=True),
    "api:households": Api(),
    "api:household": Api(about=True),
    "api:find": Api(method="post"),
    "api:arrivals": Api(method="post"),
    # calendars outside the house, none of which was opened in the world
    "docket:calendar_feed": SHUT,
    # gateways, none of which is set up in the world
    "messaging:callback": SHUT,
    # sign-in
    "account_login": Open(),
    "account_help": Open(),
    "account_inactive": Open(),
    "account_logout": Open(),
    "mfa_authenticate": Open(),
    "mfa_login_webauthn": Open(),
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "mfa_index": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
    "account_signup": SHUT,
    "account_email": SHUT,
    "account_confirm_email": SHUT,
    "account_email_verification_sent": SHUT,
    "account_set_password": SHUT,
    "account_reset_password": SHUT,
    "account_reset_password_done": SHUT,
    "account_reset_password_from_key": SHUT,
    "account_reset_password_from_key_done": SHUT,
    "words:texts": Page((Can.SEND_MESSAGES,)),
    "words:text": Page((Can.SEND_MESSAGES,)),
    "words:preview": Page((Can.SEND_MESSAGES,), method="post"),
    "words:sign": Page((Can.SEND_MESSAGES,), method="post"),
}

# Pages of one's own account that answer "missing" where the account has no such key.
MISSING_WITHOUT_A_KEY = {
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "docket:end_calendar",
}


@pytest.fixture
def world(now: datetime) -> Iterator[World]:
    """The world on the day of the story, with time standing still."""
    with time_machine.travel(now, tick=False):
        counts.clear()
        yield make_world()


def ask(visitor: Visitor, route: Route, path: str) -> HttpResponse:
    """One request, whose consequences are undone."""
    method = getattr(TABLE[route.name], "method", "get").upper()
    with transaction.atomic():
        response = visitor.client.generic(
            method, path, BODIES.get(route.name, ""), content_type="application/x-www-form-urlencoded"
        )
        transaction.set_rollback(True)
    return response


def outcome(response: HttpResponse) -> str:
    """What an answer comes to: "in", "sign in", "missing", "401" …"""
    if response.status_code in (301, 302) and response["Location"].startswith("/account/login/"):
        return "sign in"
    if response.status_code == 404:
        return "missing"
    if response.status_code in (401, 403):
        return str(response.status_code)
    return "in" if response.status_code < 500 else "broken"


def expected(door: Page | Api | Tablet, visitor: Visitor) -> str:
    """What `visitor` must meet at `door`."""
    if isinstance(door, Tablet):
        may = not door.can or bool(visitor.capabilities & set(door.can))
        return ("in" if may else "403") if visitor.is_staff else "401"
    if isinstance(door, Api):
        if not visitor.is_partner:
            return "401"
        return "missing" if door.about and not visitor.is_here else "in"
    if not visitor.is_staff:
        return "sign in"
    may = not door.can or bool(visitor.capabilities & set(door.can))
    return "in" if may and (visitor.is_here or not door.about) else "missing"


def plain(response: HttpResponse) -> str:
    """The body without what differs at each request: tokens, and the address itself."""
    text = response.content.decode()
    return re.sub(r'value="[^"]{20,}"|[0-9a-f]{8}-[0-9a-f-]{27}', "", text)


def address_of(route: Route, world: World) -> str:
    """The address of the world's own records."""
    return "/api/nothing/" if route.name == "api:missing" else reverse(route.name, kwargs=world.arguments_of(route))


def wrongs_at(route: Route, visitor: Visitor, world: World) -> Iterator[str]:
    """What is wrong with how one address answers one visitor."""
    door, path = TABLE[route.name], address_of(route, world)
    response = ask(visitor, route, path)
    met = outcome(response)
    if isinstance(door, Shut):
        right = met in ("missing", "401")
    elif isinstance(door, Open):
        right = met in ("in", "401", "sign in") or (route.name == "ready" and response.status_code == 503)
    elif met == "missing" and visitor.is_staff and route.name in MISSING_WITHOUT_A_KEY:
        right = True
    else:
        right = met == expected(door, visitor)
    if not right:
        yield f"{route.name}, {visitor}: {met} ({response.status_code})"
    if met != "in" or isinstance(door, Open) or not visitor.is_here:
        body = response.content.decode(errors="replace")
        yield from (f"{route.name}, {visitor}: learns {trace!r}" for trace in world.traces if trace in body)


def test_every_address_is_in_the_table_and_none_is_invented():
    assert {route.name for route in routes()} == set(TABLE)


@pytest.mark.parametrize("room", sorted({name.split(":")[0] for name in TABLE if ":" in name} | {""}))
class TestAddressesOf:
    def routes_of(self, room):
        return [route for route in routes() if (route.name.split(":")[0] if ":" in route.name else "") == room]

    def test_open_to_those_who_may_and_to_nobody_else(self, room, world):
        visits = [(route, visitor) for route in self.routes_of(room) for visitor in world.visitors]
        assert visits
        assert not [wrong for route, visitor in visits for wrong in wrongs_at(route, visitor, world)]

    def test_answer_for_a_forbidden_record_as_for_a_missing_one(self, room, world):
        ghosts = replace(world, household=ghost_of(world.household), shelter=ghost_of(world.shelter))
        for route in self.routes_of(room):
            if not getattr(TABLE[route.name], "about", False):
                continue
            here, nowhere = address_of(route, world), address_of(route, ghosts)
            for visitor in world.visitors:
                forbidden = ask(visitor, route, here)
                if outcome(forbidden) == "missing":
                    absent = ask(visitor, route, nowhere)
                    assert absent.status_code == 404
                    assert plain(forbidden) == plain(absent), f"{route.name}, {visitor}"
                    assert set(forbidden.headers) == set(absent.headers)


def ghost_of(record: Household | Shelter) -> Any:
    """A record that is in no database."""
    return type(record)(uid=uuid.uuid4())


class TestTheWalkItself:
    def test_notices_a_door_that_is_left_open(self, world):
        inside = next(visitor for visitor in world.visitors if visitor.name == "reception here")
        outside = replace(inside, capabilities=frozenset())
        door = TABLE["journey:household"]
        route = next(route for route in routes() if route.name == "journey:household")
        met = outcome(ask(inside, route, reverse(route.name, kwargs=world.arguments_of(route))))
        assert met == expected(door, inside) == "in"
        assert met != expected(door, outside)
