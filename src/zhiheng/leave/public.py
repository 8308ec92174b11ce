"""What other domains use of leave."""

from __future__ import annotations

from zhiheng.leave.queries.balances import Balance, Unused, balances_of, expired_unused
from zhiheng.leave.queries.requests import approved_leave
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.comp import credit_comp_time
from zhiheng.leave.services.grants import run_leave_day
from zhiheng.leave.services.hooks import on_change
from zhiheng.leave.services.requests import request_leave

__all__ = [
    "Balance",
    "Unused",
    "approved_leave",
    "balances_of",
    "credit_comp_time",
    "expired_unused",
    "load_leave_types",
    "on_change",
    "request_leave",
    "run_leave_day",
]
