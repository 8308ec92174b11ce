"""API of goals."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.goals.policies import MANAGE_GOAL, READ_GOAL
from zhiheng.goals.queries.goals import goal_for_actor, goals_for_actor, judged_on, progress_of_goals
from zhiheng.goals.schemas import GoalIn, GoalOut, ProgressOut
from zhiheng.goals.services.goals import set_target
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

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
