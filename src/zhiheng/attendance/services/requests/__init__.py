"""Verbs of requests: make, have approved, take back, answer a swap; and the rules for them."""

from zhiheng.attendance.services.requests.cancel import cancel_request
from zhiheng.attendance.services.requests.create import NeedsConfirmation, NewRequest, create_request
from zhiheng.attendance.services.requests.outcome import approve_request, reject_request, withdraw_request
from zhiheng.attendance.services.requests.rules import set_rules
from zhiheng.attendance.services.requests.swaps import answer_swap

__all__ = [
    "NeedsConfirmation", "NewRequest", "answer_swap", "approve_request", "cancel_request", "create_request",
    "reject_request", "set_rules", "withdraw_request",
]  # fmt: skip
