"""Requests for leave as something to approve."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.approvals.public import ApprovalKind, register_kind
from zhiheng.leave.services.requests import KIND, approve_leave, reject_leave, withdraw_leave


def _url(request_id: UUID) -> str:
    return reverse("leave:request_detail", args=[request_id])


register_kind(
    ApprovalKind(
        code=KIND,
        label=_("请假"),
        on_approved=approve_leave,
        on_rejected=reject_leave,
        on_withdrawn=withdraw_leave,
        url=_url,
    )
)
