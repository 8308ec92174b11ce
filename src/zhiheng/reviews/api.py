"""API of reviews."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.jobs.public import start_job
from zhiheng.reviews.models import Scorecard, ScorecardVersion
from zhiheng.reviews.policies import (
    CLOSE_CYCLE,
    MANAGE_SCORECARD,
    OPEN_CYCLE,
    READ_SCORE,
    READ_SCORECARD,
    VERIFY_CYCLE,
)
from zhiheng.reviews.queries.reports import cycle_for_actor, cycles_for_actor, score_view, score_views
from zhiheng.reviews.queries.scorecards import (
    current_version,
    current_versions,
    scorecard_for_actor,
    scorecards_for_actor,
)
from zhiheng.reviews.schemas import (
    ClosingOut,
    CycleIn,
    CycleOut,
    RecomputedOut,
    ScorecardIn,
    ScorecardOut,
    ScoreDetailOut,
    ScoreOut,
)
from zhiheng.reviews.services.cycles import open_cycle, recompute_cycle
from zhiheng.reviews.services.scorecards import create_scorecard
from zhiheng.reviews.tasks import close_cycle_job
from zhiheng.webkit.api import CursorPage, Paging, Slice, cursor_page

router = Router(tags=["Reviews"])


def _shown(scorecard: Scorecard, version: ScorecardVersion | None = None) -> ScorecardOut:
    version = version or current_version(scorecard)
    return ScorecardOut(
        id=scorecard.id, code=scorecard.code, name=scorecard.name, name_en=scorecard.name_en,
        version=version.version, formula=version.formula, places=version.places, inputs=version.inputs,
        derived=version.derived,
    )  # fmt: skip


@router.get("/scorecards", response=CursorPage[ScorecardOut], summary="List scorecards")
@requires(READ_SCORECARD)
def list_scorecards(request: HttpRequest, page: Paging):
    found = cursor_page(scorecards_for_actor(request.actor), page)
    versions = current_versions(found.items)
    return Slice([_shown(each, versions[each.id]) for each in found.items], found.next_cursor)


@router.post("/scorecards", response={201: ScorecardOut}, summary="Create a scorecard")
@requires(MANAGE_SCORECARD)
def add_scorecard(request: HttpRequest, body: ScorecardIn):
    """A formula that cannot be read is answered by 422, with the place in the message."""
    scorecard_id = create_scorecard(actor=request.actor, **body.dict())
    return 201, _shown(scorecard_for_actor(request.actor, scorecard_id))


@router.get("/scorecards/{uuid:scorecard_id}", response=ScorecardOut, summary="Get a scorecard")
@requires(READ_SCORECARD)
def get_scorecard(request: HttpRequest, scorecard_id: UUID):
    return _shown(scorecard_for_actor(request.actor, scorecard_id))


@router.get("/review-cycles", response=CursorPage[CycleOut], summary="List review cycles")
@requires(READ_SCORE)
def list_cycles(request: HttpRequest, page: Paging):
    return cursor_page(cycles_for_actor(request.actor), page)


@router.post("/review-cycles", response={201: CycleOut}, summary="Open a review cycle")
@requires(OPEN_CYCLE)
def add_cycle(request: HttpRequest, body: CycleIn):
    cycle_id = open_cycle(actor=request.actor, **body.dict())
    return 201, cycle_for_actor(request.actor, cycle_id)


@router.get("/review-cycles/{uuid:cycle_id}", response=CycleOut, summary="Get a review cycle")
@requires(READ_SCORE)
def get_cycle(request: HttpRequest, cycle_id: UUID):
    return cycle_for_actor(request.actor, cycle_id)


@router.post(
    "/review-cycles/{uuid:cycle_id}/close", response={202: ClosingOut}, summary="Close a review cycle"
)
@requires(CLOSE_CYCLE)
def close_cycle(request: HttpRequest, cycle_id: UUID):
    """Closing is a job; closing a closed cycle changes nothing."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    job_id = start_job(
        request.actor, close_cycle_job, detail=str(cycle), unique_key=str(cycle.id), cycle_id=str(cycle.id)
    )
    return 202, {"job_id": job_id}


@router.post(
    "/review-cycles/{uuid:cycle_id}/recompute", response=RecomputedOut, summary="Prove a closed cycle"
)
@requires(VERIFY_CYCLE)
def prove_cycle(request: HttpRequest, cycle_id: UUID):
    """Compute it again from raw records and the definitions of its closing, and compare."""
    return recompute_cycle(actor=request.actor, cycle_id=cycle_id)


@router.get("/review-cycles/{uuid:cycle_id}/scores", response=list[ScoreOut], summary="Scores of a cycle")
@requires(READ_SCORE)
def list_scores(request: HttpRequest, cycle_id: UUID):
    """Best first; of an open cycle as they stand now."""
    return score_views(request.actor, cycle_for_actor(request.actor, cycle_id))


@router.get(
    "/review-cycles/{uuid:cycle_id}/scores/{uuid:person_id}",
    response=ScoreDetailOut,
    summary="A score with its trace",
)
@requires(READ_SCORE)
def get_score(request: HttpRequest, cycle_id: UUID, person_id: UUID):
    return score_view(request.actor, cycle_for_actor(request.actor, cycle_id), person_id)
