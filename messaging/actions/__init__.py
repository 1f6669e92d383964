"""Deeds about messages: planning and sending, receipts, replies."""

from messaging.actions.planning import Plan, Steps, plan_messages, withdraw
from messaging.actions.receipts import note_receipt
from messaging.actions.replies import AlreadyHandled, handle_reply, note_reply
from messaging.actions.sending import (
    beat,
    claim_resend,
    claim_uncertain,
    hand_over,
    recover_expired_claims,
    settle_failed,
    settle_sent,
    settle_unknown,
    skip_outdated,
)
from messaging.actions.taking import WORDS_HOLD, Taken, take_due
from messaging.composing import Draft
from messaging.patience import PAUSES

__all__ = [
    "PAUSES",
    "WORDS_HOLD",
    "AlreadyHandled",
    "Draft",
    "Plan",
    "Steps",
    "Taken",
    "beat",
    "claim_resend",
    "claim_uncertain",
    "hand_over",
    "handle_reply",
    "note_receipt",
    "note_reply",
    "plan_messages",
    "recover_expired_claims",
    "settle_failed",
    "settle_sent",
    "settle_unknown",
    "skip_outdated",
    "take_due",
    "withdraw",
]
