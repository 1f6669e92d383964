"""Deeds about messages: planning and sending, receipts, replies."""

from messaging.actions.receipts import note_receipt
from messaging.actions.replies import AlreadyHandled, handle_reply, note_reply
from messaging.actions.sending import (
    MESSAGES_PER_INSERT,
    PAUSES,
    Plan,
    beat,
    claim_next,
    claim_resend,
    claim_uncertain,
    plan_messages,
    recover_expired_claims,
    settle_failed,
    settle_sent,
    settle_unknown,
    skip_outdated,
    withdraw,
)
from messaging.composing import Draft

__all__ = [
    "MESSAGES_PER_INSERT",
    "PAUSES",
    "AlreadyHandled",
    "Draft",
    "Plan",
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
