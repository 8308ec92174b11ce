"""The kinds of requests that attendance has approved."""

from __future__ import annotations

from django.urls import reverse

from zhiheng.approvals.public import ApprovalKind, register_kind
from zhiheng.attendance.choices import RequestKind
from zhiheng.attendance.services.requests import approve_request, reject_request, withdraw_request

for _kind in RequestKind:
    register_kind(
        ApprovalKind(
            code=f"attendance.{_kind.value}",
            label=_kind.label,
            on_approved=approve_request,
            on_rejected=reject_request,
            on_withdrawn=withdraw_request,
            url=lambda time_request_id: reverse("attendance:request_detail", args=[time_request_id]),
        )
    )
