"""Tables of leave."""

from zhiheng.leave.models.ledger import LeaveAccount, LeaveEntry, ServiceRecord
from zhiheng.leave.models.requests import LeaveDay, LeaveRequest
from zhiheng.leave.models.types import LeavePlace, LeaveRule, LeaveType

__all__ = [
    "LeaveAccount",
    "LeaveDay",
    "LeaveEntry",
    "LeavePlace",
    "LeaveRequest",
    "LeaveRule",
    "LeaveType",
    "ServiceRecord",
]
