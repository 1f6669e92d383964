"""Every address of the house and who may enter, said a second time, on purpose, and not read from the doors:
capability and place for pages of staff, scope for partners.
"""

from dataclasses import dataclass

from core.actors import Capability as Can
from tests.walk.world import ARRIVAL, BLOCK

# What a deed must be told before it does anything.
BODIES = {
    "shelters:take_back": f"block={BLOCK}",
    "expected:answer": f"arrival={ARRIVAL}&same=no",
    "journey:decide_access": "answer=no",
    "journey:advance": "deed=documents",
    "docket:tell": "look=7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10&version=1&answer=phone",
    "docket:line_busy": "tries=0",
    "journey:verify_hearing": "version=1",
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
    "journey:cancel_hearing": Page((Can.EDIT_HEARINGS,), about=True),
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
    "docket:replies": Page((Can.SEND_MESSAGES,)),
    "docket:handle_reply": Page((Can.SEND_MESSAGES,), about=True, method="post"),
    "docket:call_back": Page((Can.SEND_MESSAGES,), about=True, method="post"),
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
    "shelters:past": Page((Can.SEE_SHELTERS,)),
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
    "api:stays": Api(method="post"),
    "api:end_stay": Api(method="post"),  # to each partner only what it began itself: nothing of the world
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
