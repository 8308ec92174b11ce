"""API of goals."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from zhiheng.access.http import requires
from zhiheng.goals.policies import MANAGE_GOAL, NEGOTIATE_GOAL, READ_GOAL
from zhiheng.goals.queries.goals import goal_for_actor, goals_for_actor, judged_on, progress_of_goals
from zhiheng.goals.queries.negotiations import (
    negotiation_for_actor,
    negotiations_for_actor,
    probability_of,
)
from zhiheng.goals.queries.shortfalls import explained
from zhiheng.goals.schemas import (
    ClosingIn,
    GoalIn,
    GoalOut,
    NegotiationIn,
    NegotiationLineOut,
    NegotiationOut,
    OutlookOut,
    ProgressOut,
    ProposalIn,
    ProposalOut,
    ShortfallOut,
    WorthOut,
)
from zhiheng.goals.services.goals import set_target
from zhiheng.goals.services.negotiations import (
    Offer,
    accept_target,
    cancel_negotiation,
    impose_target,
    open_negotiation,
    propose_target,
)
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

MOST_OUTLOOKS = 400
router = Router(tags=["Goals"])


@router.get("/goals", response=CursorPage[GoalOut], summary="List goals")
@requires(READ_GOAL)
def list_goals(
    request: HttpRequest, page: Paging, period_id: UUID | None = None, person_id: UUID | None = None
):
    wanted = {"period_id": period_id, "person_id": person_id}
    rows = goals_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.post("/goals", response={201: GoalOut}, summary="Set a target")
@requires(MANAGE_GOAL)
def add_goal(request: HttpRequest, body: GoalIn):
    goal_id = set_target(actor=request.actor, **body.dict())
    return 201, goal_for_actor(request.actor, goal_id)


@router.get("/goals/{uuid:goal_id}", response=GoalOut, summary="Get a goal")
@requires(READ_GOAL)
def get_goal(request: HttpRequest, goal_id: UUID):
    return goal_for_actor(request.actor, goal_id)


@router.get("/goals/{uuid:goal_id}/progress", response=ProgressOut, summary="Live progress of a goal")
@requires(READ_GOAL)
def get_progress(request: HttpRequest, goal_id: UUID):
    goal = goal_for_actor(request.actor, goal_id)
    day = judged_on(timezone.localdate())
    (standing,) = progress_of_goals([goal], day, has_records=True)
    found = standing.progress
    return {
        "actual": found.actual, "target": found.target, "attainment": found.attainment,
        "elapsed": found.elapsed, "pace": found.pace, "days_left": found.days_left, "judged_on": day,
        "record_ids": standing.record_ids,
    }  # fmt: skip


@router.get(
    "/goals/{uuid:goal_id}/outlooks", response=list[OutlookOut], summary="Where a goal will end, by day"
)
@requires(READ_GOAL)
def list_outlooks(request: HttpRequest, goal_id: UUID):
    return goal_for_actor(request.actor, goal_id).outlooks.order_by("-on")[:MOST_OUTLOOKS]


@router.get("/goals/{uuid:goal_id}/shortfall", response=ShortfallOut | None, summary="Why a goal was missed")
@requires(READ_GOAL)
def get_shortfall(request: HttpRequest, goal_id: UUID):
    """Null while the period runs, where the goal was reached, and where the past was too short."""
    found = explained(goal_for_actor(request.actor, goal_id), timezone.localdate())
    return found.shortfall if found else None


@router.get("/negotiations", response=CursorPage[NegotiationLineOut], summary="List negotiations")
@requires(READ_GOAL)
def list_negotiations(request: HttpRequest, page: Paging, state: str | None = None):
    rows = negotiations_for_actor(request.actor).defer("evidence")
    return cursor_page(rows.filter(state=state) if state else rows, page)


@router.post("/negotiations", response={201: NegotiationOut}, summary="Begin to negotiate a target")
@requires(NEGOTIATE_GOAL)
def add_negotiation(request: HttpRequest, body: NegotiationIn):
    made = open_negotiation(actor=request.actor, **body.dict())
    return 201, negotiation_for_actor(request.actor, made)


@router.get("/negotiations/{uuid:negotiation_id}", response=NegotiationOut, summary="Get a negotiation")
@requires(READ_GOAL)
def get_negotiation(request: HttpRequest, negotiation_id: UUID):
    return negotiation_for_actor(request.actor, negotiation_id)


@router.get(
    "/negotiations/{uuid:negotiation_id}/probability", response=WorthOut, summary="What a number is worth"
)
@requires(READ_GOAL)
def get_probability(
    request: HttpRequest,
    negotiation_id: UUID,
    target: Annotated[Decimal, Query(ge=0, max_digits=20, decimal_places=4)],
):
    negotiation = negotiation_for_actor(request.actor, negotiation_id)
    return {"target": target, "probability": probability_of(negotiation, target)}


@router.post(
    "/negotiations/{uuid:negotiation_id}/proposals",
    response={201: ProposalOut},
    summary="Put a number forward",
)
@requires(NEGOTIATE_GOAL)
def add_proposal(request: HttpRequest, negotiation_id: UUID, body: ProposalIn):
    given = body.capacity
    offer = Offer(body.target, body.reason, given.model if given else "", given.inputs if given else {})
    return 201, propose_target(actor=request.actor, negotiation_id=negotiation_id, offer=offer)


@router.post(
    "/negotiations/{uuid:negotiation_id}/accept",
    response=NegotiationOut,
    summary="Sign the other side's number",
)
@requires(NEGOTIATE_GOAL)
def accept(request: HttpRequest, negotiation_id: UUID):
    accept_target(actor=request.actor, negotiation_id=negotiation_id)
    return negotiation_for_actor(request.actor, negotiation_id)


@router.post(
    "/negotiations/{uuid:negotiation_id}/impose",
    response=NegotiationOut,
    summary="Impose the company's number",
)
@requires(NEGOTIATE_GOAL)
def impose(request: HttpRequest, negotiation_id: UUID, body: ClosingIn):
    impose_target(actor=request.actor, negotiation_id=negotiation_id, reason=body.reason)
    return negotiation_for_actor(request.actor, negotiation_id)


@router.post(
    "/negotiations/{uuid:negotiation_id}/cancel", response=NegotiationOut, summary="End without a target"
)
@requires(NEGOTIATE_GOAL)
def cancel(request: HttpRequest, negotiation_id: UUID, body: ClosingIn):
    cancel_negotiation(actor=request.actor, negotiation_id=negotiation_id, reason=body.reason)
    return negotiation_for_actor(request.actor, negotiation_id)
