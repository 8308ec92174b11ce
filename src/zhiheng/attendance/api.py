"""API of attendance."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.attendance.explain import explained
from zhiheng.attendance.policies import (
    CREATE_PUNCH,
    CREATE_REQUEST,
    MANAGE_SITE,
    READ_DAY,
    READ_PUNCH,
    READ_REQUEST,
    REVIEW_PUNCH,
)
from zhiheng.attendance.queries.days import day_for_actor, days_for_actor, explain_day
from zhiheng.attendance.queries.months import totals_for_actor
from zhiheng.attendance.queries.punches import punch_for_actor, punches_for_actor
from zhiheng.attendance.queries.requests import requests_for_actor, time_request_for_actor
from zhiheng.attendance.queries.sites import sites_for_actor
from zhiheng.attendance.schemas.days import DayOut, TotalsOut, TraceOut
from zhiheng.attendance.schemas.punches import PunchIn, PunchOut, ReviewIn, SiteOut, TakenOut
from zhiheng.attendance.schemas.requests import CancelIn, TimeRequestIn, TimeRequestOut
from zhiheng.attendance.services.requests import NewRequest, cancel_request, create_request
from zhiheng.attendance.services.reviews import review_punches
from zhiheng.attendance.services.taking import GivenPlace, PhonePunch, take_punch
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Attendance"])


# --- Requests ---------------------------------------------------------------------------------------------------


@router.get("/attendance/requests", response=CursorPage[TimeRequestOut], summary="List attendance requests")
@requires(READ_REQUEST)
def list_time_requests(
    request: HttpRequest,
    page: Paging,
    kind: Literal["overtime", "correction", "outing", "trip", "swap"] | None = None,
    state: str | None = None,
    person_id: UUID | None = None,
    from_on: dt.date | None = None,
    to_on: dt.date | None = None,
):
    wanted = {
        "kind": kind, "state": state, "person_id": person_id, "to_on__gte": from_on, "from_on__lte": to_on,
    }  # fmt: skip
    rows = requests_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.post("/attendance/requests", response={201: TimeRequestOut}, summary="Make an attendance request")
@requires(CREATE_REQUEST)
def add_time_request(request: HttpRequest, body: TimeRequestIn):
    given = body.dict(exclude={"is_confirmed"})
    given["to_on"] = given["to_on"] or given["from_on"]
    _check_whole(given)
    made = create_request(actor=request.actor, new=NewRequest(**given), is_confirmed=body.is_confirmed)
    return 201, time_request_for_actor(request.actor, made)


def _check_whole(given: dict[str, object]) -> None:
    """Refuse a request that lacks what its kind needs, and instants that do not say their zone."""
    needed = {
        "overtime": ["minutes", "compensation"], "correction": ["from_at", "end"], "outing": ["from_at", "to_at"],
    }  # fmt: skip
    errors = {
        name: [_("这种申请需要填写 {name}。").format(name=name)]
        for name in needed.get(str(given["kind"]), [])
        if not given[name]
    }
    for name in ("from_at", "to_at"):
        at = given[name]
        if isinstance(at, dt.datetime) and at.tzinfo is None:
            errors[name] = [_("时间要带时区，例如 2026-11-25T18:00:00+08:00。")]
    if errors:
        raise ValidationError(errors)


@router.get("/attendance/requests/{uuid:time_request_id}", response=TimeRequestOut, summary="Get a request")
@requires(READ_REQUEST)
def get_time_request(request: HttpRequest, time_request_id: UUID):
    return time_request_for_actor(request.actor, time_request_id)


@router.post(
    "/attendance/requests/{uuid:time_request_id}/cancel",
    response=TimeRequestOut,
    summary="Take a request back",
)
@requires(CREATE_REQUEST)
def cancel_time_request(request: HttpRequest, time_request_id: UUID, body: CancelIn):
    cancel_request(actor=request.actor, time_request_id=time_request_id, reason=body.reason)
    return time_request_for_actor(request.actor, time_request_id)


# --- Punches ----------------------------------------------------------------------------------------------------


@router.get("/attendance/punches", response=CursorPage[PunchOut], summary="List punches")
@requires(READ_PUNCH)
def list_punches(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
):
    wanted = {"person_id": person_id, "punched_at__gte": since, "punched_at__lt": until}
    rows = punches_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.post("/attendance/punches", response=TakenOut, summary="Punch")
@requires(CREATE_PUNCH)
def add_punch(request: HttpRequest, body: PunchIn):
    """Punch for oneself; the server's clock stamps it."""
    given = body.dict(exclude={"place", "door"})
    if any(each and each.tzinfo is None for each in (body.device_at, body.device_now)):
        raise ValidationError({"device_at": _("时间格式无法识别。")})
    place = body.place and GivenPlace(
        body.place.lat, body.place.lon, body.place.datum, body.place.accuracy, body.place.fix_age
    )
    address = request.META.get("REMOTE_ADDR", "")
    punch = PhonePunch(**given, place=place, door_code=body.door, address=address)
    return take_punch(actor=request.actor, punch=punch)


@router.get("/attendance/punches/{uuid:punch_id}", response=PunchOut, summary="Get a punch")
@requires(READ_PUNCH)
def get_punch(request: HttpRequest, punch_id: UUID):
    return punch_for_actor(request.actor, punch_id)


@router.post("/attendance/punches/{uuid:punch_id}/reviews", response=PunchOut, summary="Decide about a punch")
@requires(REVIEW_PUNCH)
def add_punch_review(request: HttpRequest, punch_id: UUID, body: ReviewIn):
    """Accept or reject a punch; the latest decision counts."""
    punch_for_actor(request.actor, punch_id, REVIEW_PUNCH)
    review_punches(actor=request.actor, punch_ids=[punch_id], outcome=body.outcome, reason=body.reason)
    return punch_for_actor(request.actor, punch_id, REVIEW_PUNCH)


@router.get("/attendance/sites", response=CursorPage[SiteOut], summary="List sites")
@requires(MANAGE_SITE)
def list_sites(request: HttpRequest, page: Paging):
    return cursor_page(sites_for_actor(request.actor), page)


# --- Days ------------------------------------------------------------------------------------------------------


@router.get("/attendance/days", response=CursorPage[DayOut], summary="List settled days")
@requires(READ_DAY)
def list_days(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    from_on: dt.date | None = None,
    to_on: dt.date | None = None,
    state: Literal["waiting", "judged", "locked"] | None = None,
):
    wanted = {"person_id": person_id, "on__gte": from_on, "on__lte": to_on, "state": state}
    rows = days_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.get("/attendance/days/{uuid:day_id}", response=DayOut, summary="Get a settled day")
@requires(READ_DAY)
def get_day(request: HttpRequest, day_id: UUID):
    return day_for_actor(request.actor, day_id)


@router.get("/attendance/days/{uuid:day_id}/trace", response=TraceOut, summary="Explain a settled day")
@requires(READ_DAY)
def get_day_trace(request: HttpRequest, day_id: UUID):
    row = day_for_actor(request.actor, day_id)
    steps = explain_day(row).result.trace
    return {
        "day": row,
        "shift": row.rule.name,
        "steps": [
            {
                "code": each.code,
                "params": dict(each.params),
                "text": " ".join(line.text for line in explained([each])),
            }
            for each in steps
        ],
    }


@router.get("/attendance/totals", response=list[TotalsOut], summary="Totals of a month by person")
@requires(READ_DAY)
def list_month_totals(request: HttpRequest, month: str = "", person_id: UUID | None = None):
    try:
        first = dt.date.fromisoformat(f"{month}-01") if month else timezone.localdate().replace(day=1)
    except ValueError as error:
        raise ValidationError({"month": _("请填写年月，如 2026-07。")}) from error
    found = totals_for_actor(request.actor, first, person_id)
    return [{"person_id": person, **vars(totals)} for person, totals in sorted(found.items())]
