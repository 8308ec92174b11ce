"""What of the work log is approved: travel expense claims."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.approvals.public import ApprovalKind, register_kind
from zhiheng.worklog.choices import ClaimState
from zhiheng.worklog.services.expenses import KIND, decide_claim


def _approved(actor: Actor, claim_id: UUID) -> None:
    decide_claim(actor, claim_id, ClaimState.APPROVED)


def _rejected(actor: Actor, claim_id: UUID) -> None:
    decide_claim(actor, claim_id, ClaimState.REJECTED)


def _withdrawn(actor: Actor, claim_id: UUID) -> None:
    decide_claim(actor, claim_id, ClaimState.DRAFT)


register_kind(
    ApprovalKind(
        code=KIND,
        label=_("差旅报销"),
        on_approved=_approved,
        on_rejected=_rejected,
        on_withdrawn=_withdrawn,
        url=lambda claim_id: reverse("worklog:claim_detail", args=[claim_id]),
    )
)
