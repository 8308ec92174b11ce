"""API of the work log."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.webkit.api import CursorPage, Paging, cursor_page
from zhiheng.worklog import schemas
from zhiheng.worklog.policies import (
    MANAGE_CUSTOMER,
    READ_CUSTOMER,
    READ_ENTRY,
    READ_PROJECT,
    READ_VISIT,
    WRITE_ENTRY,
    WRITE_VISIT,
)
from zhiheng.worklog.queries.content import person_for_actor
from zhiheng.worklog.queries.customers import customer_for_actor, customers_for_actor
from zhiheng.worklog.queries.entries import work_entries_for_actor, work_entry_for_actor
from zhiheng.worklog.queries.overview import overview_for_actor, time_of_person
from zhiheng.worklog.queries.projects import project_for_actor, projects_for_actor
from zhiheng.worklog.queries.timesheets import entries_for_actor
from zhiheng.worklog.queries.visits import visit_for_actor, visits_for_actor
from zhiheng.worklog.services.customers import CustomerData, save_customer
from zhiheng.worklog.services.entries import add_entry, delete_entry
from zhiheng.worklog.services.timesheets import save_hours
from zhiheng.worklog.services.visits import Fix, Notes, check_in, check_out, plan_visit

router = Router(tags=["Worklog"])
MOST_DAYS = 366


def _narrowed(rows, **wanted: object):
    return rows.filter(**{key: value for key, value in wanted.items() if value})


def _fix(place: schemas.VisitPlaceIn | None) -> Fix | None:
    return Fix(**place.dict()) if place else None


def _span(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    """Return the days asked for: without an end up to today, without a beginning from the first of its month."""
    last = last or timezone.localdate()
    first = first or last.replace(day=1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValidationError({"last": _("期间必须在 366 天以内，且结束不早于开始。")})
    return first, last


def _share(time) -> float | None:
    return None if time.share is None else round(float(time.share), 6)


@router.get("/customers", response=CursorPage[schemas.CustomerOut], summary="List customers")
@requires(READ_CUSTOMER)
def list_customers(request: HttpRequest, page: Paging, owner_id: UUID | None = None):
    return cursor_page(_narrowed(customers_for_actor(request.actor), owner_id=owner_id), page)


@router.post("/customers", response={201: schemas.CustomerOut}, summary="Add a customer")
@requires(MANAGE_CUSTOMER)
def add_customer(request: HttpRequest, body: schemas.CustomerIn):
    values = body.dict()
    owner_id = values.pop("owner_id")
    customer_id = save_customer(actor=request.actor, data=CustomerData(**values), owner_id=owner_id)
    return 201, customer_for_actor(request.actor, customer_id)


@router.get("/customers/{uuid:customer_id}", response=schemas.CustomerOut, summary="Get a customer")
@requires(READ_CUSTOMER)
def get_customer(request: HttpRequest, customer_id: UUID):
    return customer_for_actor(request.actor, customer_id)


@router.get("/visits", response=CursorPage[schemas.VisitOut], summary="List customer visits")
@requires(READ_VISIT)
def list_visits(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    customer_id: UUID | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
):
    rows = _narrowed(
        visits_for_actor(request.actor),
        person_id=person_id,
        customer_id=customer_id,
        on__gte=first,
        on__lte=last,
    )
    return cursor_page(rows, page)


@router.get("/visits/{uuid:visit_id}", response=schemas.VisitOut, summary="Get a visit")
@requires(READ_VISIT)
def get_visit(request: HttpRequest, visit_id: UUID):
    return visit_for_actor(request.actor, visit_id)


@router.post("/visits", response={201: schemas.VisitOut}, summary="Plan a visit")
@requires(WRITE_VISIT)
def add_visit(request: HttpRequest, body: schemas.PlanIn):
    visit_id = plan_visit(actor=request.actor, **body.dict())
    return 201, visit_for_actor(request.actor, visit_id)


@router.post("/visits/check-in", response={201: schemas.VisitOut}, summary="Begin a visit")
@requires(WRITE_VISIT)
def begin_visit(request: HttpRequest, body: schemas.CheckInIn):
    values = body.dict(exclude={"place"})
    visit_id = check_in(actor=request.actor, fix=_fix(body.place), **values)
    return 201, visit_for_actor(request.actor, visit_id)


@router.post("/visits/{uuid:visit_id}/check-out", response=schemas.VisitOut, summary="End a visit")
@requires(WRITE_VISIT)
def end_visit(request: HttpRequest, visit_id: UUID, body: schemas.CheckOutIn):
    notes = Notes(body.contact, body.summary, body.next_step, body.next_on)
    check_out(
        actor=request.actor, visit_id=visit_id, notes=notes, fix=_fix(body.place), ended_at=body.ended_at
    )
    return visit_for_actor(request.actor, visit_id)


@router.get("/work-entries", response=CursorPage[schemas.WorkEntryOut], summary="List work done")
@requires(READ_ENTRY)
def list_work_entries(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
):
    rows = work_entries_for_actor(request.actor)
    return cursor_page(_narrowed(rows, person_id=person_id, on__gte=first, on__lte=last), page)


@router.post("/work-entries", response={201: schemas.WorkEntryOut}, summary="Write down work done")
@requires(WRITE_ENTRY)
def add_work_entry(request: HttpRequest, body: schemas.WorkEntryIn):
    entry_id = add_entry(actor=request.actor, **body.dict())
    return 201, work_entry_for_actor(request.actor, entry_id)


@router.delete("/work-entries/{uuid:work_entry_id}", response={204: None}, summary="Take work done away")
@requires(WRITE_ENTRY)
def delete_work_entry(request: HttpRequest, work_entry_id: UUID):
    delete_entry(actor=request.actor, entry_id=work_entry_id)
    return 204, None


@router.get("/projects", response=CursorPage[schemas.ProjectOut], summary="List projects")
@requires(READ_PROJECT)
def list_projects(request: HttpRequest, page: Paging):
    return cursor_page(projects_for_actor(request.actor), page)


@router.get(
    "/projects/{uuid:project_id}",
    response=schemas.ProjectDetailOut,
    summary="Get a project with its activities",
)
@requires(READ_PROJECT)
def get_project(request: HttpRequest, project_id: UUID):
    return project_for_actor(request.actor, project_id)


@router.get("/timesheets", response=CursorPage[schemas.TimesheetEntryOut], summary="List project hours")
@requires(READ_ENTRY)
def list_timesheets(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    activity_id: UUID | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
):
    rows = _narrowed(
        entries_for_actor(request.actor),
        person_id=person_id,
        activity_id=activity_id,
        on__gte=first,
        on__lte=last,
    )
    return cursor_page(rows, page)


@router.put("/timesheets", response=schemas.ChangedOut, summary="Set project hours")
@requires(WRITE_ENTRY)
def set_timesheets(request: HttpRequest, body: schemas.TimesheetIn):
    cells = {(each.activity_id, each.on): each.minutes for each in body.hours}
    return {"changed": save_hours(actor=request.actor, cells=cells, person_id=body.person_id)}


@router.get(
    "/effective-time", response=list[schemas.PersonTimeOut], summary="Effective working time by person"
)
@requires(READ_ENTRY)
def list_effective_time(request: HttpRequest, first: dt.date | None = None, last: dt.date | None = None):
    found = overview_for_actor(request.actor, *_span(first, last))
    return [
        {
            "person_id": each.person.id, "present": each.time.present, "effective": each.time.effective,
            "share": _share(each.time), "visits": each.visits,
        }
        for each in found.people
    ]  # fmt: skip


@router.get(
    "/persons/{uuid:person_id}/effective-time",
    response=list[schemas.DayTimeOut],
    summary="Effective working time of a person by day",
)
@requires(READ_ENTRY)
def get_effective_time(
    request: HttpRequest, person_id: UUID, first: dt.date | None = None, last: dt.date | None = None
):
    person_for_actor(request.actor, person_id)
    days, _whole = time_of_person(request.actor, person_id, *_span(first, last))
    return [
        {
            "on": each.on, "present": each.time.present, "effective": each.time.effective,
            "logged": each.time.logged, "excess": each.time.excess, "share": _share(each.time),
            "by_category": each.time.by_category, "visits": each.visits, "basis": each.basis,
            "sources": list(each.sources),
        }
        for each in days
    ]  # fmt: skip
