"""What other domains use of approvals; a process engine will take over behind these functions (ADR 0015).

A domain registers its kind in ``approvals.py``::

    register_kind(ApprovalKind(
        code="leave.request", label=_("请假"), on_approved=services.approve, on_rejected=services.reject,
        on_withdrawn=services.withdraw, url=lambda request_id: reverse("leave:request", args=[request_id]),
    ))

and asks in the transaction of its own request::

    start_approval(actor=actor, kind="leave.request", subject_id=request.id, person_id=request.person_id,
                   summary=format_lazy(_("{type} {days} 天"), type=type.name, days=days),
                   details=[(_("事由"), reason)])

Summary and details may be lazy texts: they are stored in every language. ``approvals/_steps.html`` draws an
`ApprovalInfo` as ``approval``.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.approvals.kinds import ApprovalKind, register_kind
from zhiheng.approvals.queries import requests as queries
from zhiheng.approvals.queries.requests import ApprovalInfo, StepInfo
from zhiheng.approvals.services import requests as services
from zhiheng.approvals.services.requests import start_approval

__all__ = [
    "ApprovalInfo", "ApprovalKind", "StepInfo", "approval_of", "approvals_of", "register_kind", "start_approval",
    "withdraw_approval",
]  # fmt: skip


def withdraw_approval(
    *, actor: Actor, approval_id: UUID, reason: str = "", is_after_approval: bool = False
) -> None:
    """Take a request back; ``is_after_approval`` also one that was approved, and then with a reason.

    Calls the kind's ``on_withdrawn``. ValidationError for one that is closed otherwise.
    """
    if is_after_approval:
        services.revoke_request(actor=actor, approval_id=approval_id, reason=reason)
    else:
        services.withdraw_request(actor=actor, approval_id=approval_id, reason=reason)


def approval_of(subject_id: UUID) -> ApprovalInfo | None:
    """Return the latest request for approval of a subject. Checks no scope: the subject's domain has."""
    return queries.approvals_of([subject_id]).get(subject_id)


def approvals_of(subject_ids: Iterable[UUID]) -> dict[UUID, ApprovalInfo]:
    """Return the latest request for approval of each subject that has one. Checks no scope."""
    return queries.approvals_of(subject_ids)
