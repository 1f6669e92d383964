"""Deeds about messages: planning and sending, receipts, replies."""

from messaging.actions.planning import Plan, Steps, plan_messages, withdraw
from messaging.actions.receipts import note_receipt
from messaging.actions.replies import AlreadyHandled, handle_reply, note_reply
from messaging.actions.sending import (
    beat,
    claim_next,
    claim_resend,
    claim_uncertain,
    recover_expired_claims,
    settle_failed,
    settle_sent,
    settle_unknown,
    skip_outdated,
)
from messaging.composing import Draft
from messaging.patience import PAUSES

__all__ = [
    "PAUSES",
    "AlreadyHandled",
    "Draft",
    "Plan",
    "Steps",
    "beat",
    "claim_next",
    "claim_resend",
    "claim_uncertain",
    "handle_reply",
    "note_receipt",
    "note_reply",
    "plan_messages",
    "recover_expired_claims",
    "settle_failed",
    "settle_sent",
    "settle_unknown",
    "skip_outdated",
    "withdraw",
]
