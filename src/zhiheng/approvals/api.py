"""API of approvals."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from zhiheng.access.http import requires
from zhiheng.approvals.policies import DECIDE_REQUEST, READ_REQUEST, WITHDRAW_REQUEST
from zhiheng.approvals.queries.inbox import inbox_page, inbox_row
from zhiheng.approvals.schemas import ApprovalOut, ApprovalPage, DecisionIn, WithdrawIn
from zhiheng.approvals.services.requests import decide_request, withdraw_request

router = Router(tags=["Approvals"])


@router.get("/approvals", response=ApprovalPage, summary="List approvals")
@requires(READ_REQUEST)
def list_approvals(
    request: HttpRequest,
    box: Literal["waiting", "decided", "started", "all"] = "waiting",
    kind: str = Query("", max_length=40),
    page: int = Query(1, ge=1, le=100_000),
):
    found = inbox_page(request.actor, box, page, kind=kind)
    return {
        "items": [row.info for row in found.object_list],
        "total": found.paginator.count,
        "page": found.number,
        "pages": found.paginator.num_pages,
    }


@router.get("/approvals/{uuid:approval_id}", response=ApprovalOut, summary="Get an approval")
@requires(READ_REQUEST)
def get_approval(request: HttpRequest, approval_id: UUID):
    return inbox_row(request.actor, approval_id).info


@router.post("/approvals/{uuid:approval_id}/decide", response=ApprovalOut, summary="Approve or reject")
@requires(DECIDE_REQUEST)
def decide_approval(request: HttpRequest, approval_id: UUID, body: DecisionIn):
    decide_request(
        actor=request.actor, approval_id=approval_id, step_id=body.step_id,
        is_approved=body.verdict == "approve", comment=body.comment,
    )  # fmt: skip
    return inbox_row(request.actor, approval_id).info


@router.post("/approvals/{uuid:approval_id}/withdraw", response=ApprovalOut, summary="Take an approval back")
@requires(WITHDRAW_REQUEST)
def withdraw_approval(request: HttpRequest, approval_id: UUID, body: WithdrawIn):
    withdraw_request(actor=request.actor, approval_id=approval_id, reason=body.reason)
    return inbox_row(request.actor, approval_id).info
