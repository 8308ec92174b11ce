"""API of rosters."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from zhiheng.access.http import requires
from zhiheng.access.permissions import Permission
from zhiheng.rosters.calc.conflicts import minutes_of
from zhiheng.rosters.calc.shift import shift_from_data
from zhiheng.rosters.policies import (
    MANAGE_ASSIGNMENT,
    MANAGE_ROSTER,
    MANAGE_SHIFT,
    PUBLISH_ROSTER,
    READ_ROSTER,
    READ_SHIFT,
)
from zhiheng.rosters.queries.board import people_for_actor
from zhiheng.rosters.queries.calendars import day_types
from zhiheng.rosters.queries.definitions import (
    assignment_for_actor,
    assignments_for_actor,
    entries_for_actor,
    rotations_for_actor,
    rule_sets_for_actor,
    shift_for_actor,
    shifts_for_actor,
)
from zhiheng.rosters.queries.plan import planned_days_for_actor
from zhiheng.rosters.schemas import (
    CountOut,
    DayTypeOut,
    EndIn,
    EntriesIn,
    PlannedDayOut,
    RosterEntryOut,
    RotationOut,
    RuleSetOut,
    ShiftAssignmentIn,
    ShiftAssignmentOut,
    ShiftIn,
    ShiftOut,
    SpanIn,
)
from zhiheng.rosters.services.assignments import Subject, assign_shift, end_assignment
from zhiheng.rosters.services.roster import NewEntry, discard_drafts, publish_roster, set_entries
from zhiheng.rosters.services.shifts import ShiftLook, save_shift
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Rosters"])
PEOPLE = Query([], max_length=200)
MOST_DAYS = 366
MOST_PERSON_DAYS = 50_000


def _span(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    """Return the span asked for; the week that contains its first day, or today, without an end."""
    begin = first or (last or timezone.localdate()) - dt.timedelta(days=6 if last else 0)
    if first is None and last is None:
        begin -= dt.timedelta(days=begin.weekday())
    end = last or begin + dt.timedelta(days=6)
    if not 0 <= (end - begin).days < MOST_DAYS:
        message = _("结束日期不能早于开始日期，一次最多 {most} 天。").format(most=MOST_DAYS)
        raise ValidationError({"last": message})
    return begin, end


@router.get("/shifts", response=CursorPage[ShiftOut], summary="List shifts")
@requires(READ_SHIFT)
def list_shifts(request: HttpRequest, page: Paging):
    return cursor_page(shifts_for_actor(request.actor), page)


@router.post("/shifts", response={201: ShiftOut}, summary="Make a shift")
@requires(MANAGE_SHIFT)
def add_shift(request: HttpRequest, body: ShiftIn):
    return 201, _saved(request, body, None)


@router.get("/shifts/{uuid:shift_id}", response=ShiftOut, summary="Get a shift")
@requires(READ_SHIFT)
def get_shift(request: HttpRequest, shift_id: UUID):
    return shift_for_actor(request.actor, shift_id)


@router.put("/shifts/{uuid:shift_id}", response=ShiftOut, summary="Change a shift")
@requires(MANAGE_SHIFT)
def change_shift(request: HttpRequest, shift_id: UUID, body: ShiftIn):
    return _saved(request, body, shift_id)


def _saved(request: HttpRequest, body: ShiftIn, shift_id: UUID | None):
    look = ShiftLook(body.code, body.name, body.name_en, body.colour, body.is_active)
    saved = save_shift(
        actor=request.actor, look=look, kind=body.kind, times=shift_from_data(body.times.dict()),
        rule_set_id=body.rule_set_id, shift_id=shift_id, valid_from=body.valid_from,
    )  # fmt: skip
    return shift_for_actor(request.actor, saved)


@router.get("/attendance-rules", response=CursorPage[RuleSetOut], summary="List attendance rules")
@requires(READ_SHIFT)
def list_rule_sets(request: HttpRequest, page: Paging):
    return cursor_page(rule_sets_for_actor(request.actor), page)


@router.get("/rotations", response=CursorPage[RotationOut], summary="List rotation patterns")
@requires(READ_SHIFT)
def list_rotations(request: HttpRequest, page: Paging):
    return cursor_page(rotations_for_actor(request.actor), page)


@router.get("/day-types", response=list[DayTypeOut], summary="What each day of a calendar is")
@requires(READ_SHIFT)
def list_day_types(
    request: HttpRequest, first: dt.date | None = None, last: dt.date | None = None, calendar: str = "CN"
):
    try:
        found = day_types(*_span(first, last), calendar)
    except LookupError:
        raise Http404 from None
    return [{"on": on, "day_type": kind} for on, kind in found.items()]


@router.get("/shift-assignments", response=CursorPage[ShiftAssignmentOut], summary="List shift assignments")
@requires(READ_ROSTER)
def list_assignments(request: HttpRequest, page: Paging):
    return cursor_page(assignments_for_actor(request.actor), page)


@router.post("/shift-assignments", response={201: ShiftAssignmentOut}, summary="Assign a shift or rotation")
@requires(MANAGE_ASSIGNMENT)
def add_assignment(request: HttpRequest, body: ShiftAssignmentIn):
    subject = Subject(body.valid_from, body.person_id, body.org_unit_id, body.valid_to)
    made = assign_shift(
        actor=request.actor, subject=subject, shift_id=body.shift_id, rotation_id=body.rotation_id,
        follows_calendar=body.follows_calendar, anchor_on=body.anchor_on,
    )  # fmt: skip
    return 201, assignment_for_actor(request.actor, made)


@router.post(
    "/shift-assignments/{uuid:assignment_id}/end", response={204: None}, summary="End a shift assignment"
)
@requires(MANAGE_ASSIGNMENT)
def end_shift_assignment(request: HttpRequest, assignment_id: UUID, body: EndIn):
    end_assignment(actor=request.actor, assignment_id=assignment_id, valid_to=body.valid_to)
    return 204, None


@router.get("/roster-entries", response=CursorPage[RosterEntryOut], summary="List days of the roster")
@requires(READ_ROSTER)
def list_entries(
    request: HttpRequest,
    page: Paging,
    first: dt.date | None = None,
    last: dt.date | None = None,
    person_id: UUID | None = None,
):
    return cursor_page(entries_for_actor(request.actor, *_span(first, last), person_id), page)


@router.put("/roster-entries", response=CountOut, summary="Plan days as drafts")
@requires(MANAGE_ROSTER)
def put_entries(request: HttpRequest, body: EntriesIn):
    entries = [NewEntry(each.person_id, each.on, each.shift_id, each.is_removed) for each in body.entries]
    return {"days": set_entries(actor=request.actor, entries=entries)}


@router.post("/roster/publish", response=CountOut, summary="Publish drafts")
@requires(PUBLISH_ROSTER)
def publish(request: HttpRequest, body: SpanIn):
    _check_people(request, body, PUBLISH_ROSTER)
    return {"days": publish_roster(actor=request.actor, **body.dict())}


@router.post("/roster/discard", response=CountOut, summary="Throw drafts away")
@requires(MANAGE_ROSTER)
def discard(request: HttpRequest, body: SpanIn):
    _check_people(request, body, MANAGE_ROSTER)
    return {"days": discard_drafts(actor=request.actor, **body.dict())}


def _check_people(request: HttpRequest, body: SpanIn, permission: Permission) -> None:
    """Refuse people who are not there, or not in scope, instead of passing over them."""
    _span(body.first, body.last)
    mine = people_for_actor(request.actor, body.first, body.last, permission=permission)
    if not set(body.person_ids or ()) <= set(mine):
        raise Http404


@router.get("/planned-days", response=list[PlannedDayOut], summary="What people work")
@requires(READ_ROSTER)
def list_planned_days(
    request: HttpRequest,
    first: dt.date | None = None,
    last: dt.date | None = None,
    person_id: list[UUID] = PEOPLE,
):
    """Published days of some people, or of everybody in scope; at most 50,000 person-days, this week without days."""
    found = planned_days_for_actor(request.actor, person_id or None, *_span(first, last))
    if found.frame.height > MOST_PERSON_DAYS:
        message = _("一次最多 {most} 人天，请缩短日期或指定员工。").format(most=MOST_PERSON_DAYS)
        raise ValidationError({"last": message})
    columns = found.frame.select("person_id", "on", "template", "day_type", "source")
    return [
        {
            "person_id": person, "on": on, "shift_id": each.shift_id, "code": each.code, "name": each.name,
            "is_rest": each.is_rest, "segments": each.shift.segments, "minutes": minutes_of(each.shift),
            "system": each.system, "day_type": kind, "source": source,
        }
        for person, on, template, kind, source in columns.iter_rows()
        for each in (found.templates[template],)
    ]  # fmt: skip
