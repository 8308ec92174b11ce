"""API of leave."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from zhiheng.access.http import requires
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.policies import (
    ADJUST_BALANCE,
    CANCEL_LEAVE,
    READ_BALANCE,
    READ_LEAVE,
    READ_TYPE,
    REQUEST_LEAVE,
)
from zhiheng.leave.queries.balances import account_for_actor, accounts_for_actor, ledger_of, with_sums
from zhiheng.leave.queries.quotes import quote_leave
from zhiheng.leave.queries.requests import person_to_request_for, request_for_actor, requests_for_actor
from zhiheng.leave.queries.types import type_for_actor, types_for_actor
from zhiheng.leave.schemas import (
    LeaveAdjustIn,
    LeaveBalanceOut,
    LeaveCancelIn,
    LeaveEntryOut,
    LeaveQuoteOut,
    LeaveRequestIn,
    LeaveRequestOut,
    LeaveSpanIn,
    LeaveTypeOut,
)
from zhiheng.leave.services.ledger import adjust_balance
from zhiheng.leave.services.requests import cancel_leave, request_leave
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Leave"])


@router.get("/leave/types", response=list[LeaveTypeOut], summary="List types of leave")
@requires(READ_TYPE)
def list_leave_types(request: HttpRequest):
    return list(types_for_actor(request.actor))


@router.get("/leave/balances", response=CursorPage[LeaveBalanceOut], summary="List balances of leave")
@requires(READ_BALANCE)
def list_balances(
    request: HttpRequest, page: Paging, person_id: UUID | None = None, on: dt.date | None = None
):
    rows = accounts_for_actor(request.actor)
    if person_id:
        rows = rows.filter(person_id=person_id)
    return cursor_page(with_sums(rows, on or timezone.localdate()), page)


@router.get(
    "/leave/balances/{uuid:account_id}/entries", response=list[LeaveEntryOut], summary="Ledger of a balance"
)
@requires(READ_BALANCE)
def list_entries(request: HttpRequest, account_id: UUID):
    return ledger_of(account_for_actor(request.actor, account_id))


@router.post("/leave/balances/{uuid:account_id}/adjust", response=LeaveBalanceOut, summary="Adjust a balance")
@requires(ADJUST_BALANCE)
def adjust_leave_balance(request: HttpRequest, account_id: UUID, body: LeaveAdjustIn):
    adjust_balance(actor=request.actor, account_id=account_id, **body.dict())
    return account_for_actor(request.actor, account_id)


@router.get("/leave/requests", response=CursorPage[LeaveRequestOut], summary="List requests for leave")
@requires(READ_LEAVE)
def list_leave_requests(
    request: HttpRequest,
    page: Paging,
    person_id: UUID | None = None,
    state: str = Query("", max_length=12),
    since: dt.date | None = None,
):
    wanted = {"person_id": person_id, "state": state, "to_on__gte": since}
    rows = requests_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.post("/leave/requests", response={201: LeaveRequestOut}, summary="Ask for leave")
@requires(REQUEST_LEAVE)
def add_leave_request(request: HttpRequest, body: LeaveRequestIn):
    request_id = request_leave(
        actor=request.actor, person_id=body.person_id, type_id=body.leave_type_id, span=_span(body),
        reason=body.reason,
    )  # fmt: skip
    return 201, request_for_actor(request.actor, request_id)


@router.get(
    "/leave/requests/{uuid:leave_request_id}", response=LeaveRequestOut, summary="Get a request for leave"
)
@requires(READ_LEAVE)
def get_leave_request(request: HttpRequest, leave_request_id: UUID):
    return request_for_actor(request.actor, leave_request_id)


@router.post(
    "/leave/requests/{uuid:leave_request_id}/cancel", response=LeaveRequestOut, summary="Take leave back"
)
@requires(CANCEL_LEAVE)
def cancel_leave_request(request: HttpRequest, leave_request_id: UUID, body: LeaveCancelIn):
    cancel_leave(actor=request.actor, request_id=leave_request_id, **body.dict())
    return request_for_actor(request.actor, leave_request_id)


@router.post("/leave/quote", response=LeaveQuoteOut, summary="What a leave would cost")
@requires(REQUEST_LEAVE)
def get_quote(request: HttpRequest, body: LeaveRequestIn):
    person = person_to_request_for(request.actor, body.person_id)
    kind = type_for_actor(request.actor, body.leave_type_id)
    quote = quote_leave(person.id, kind, _span(body), has_attachment=True)
    return {
        "amount": quote.amount, "minutes": quote.minutes, "left_before": quote.left_before,
        "left_after": quote.left_after, "problems": [each.text for each in quote.problems],
    }  # fmt: skip


def _span(body: LeaveSpanIn) -> LeaveSpan:
    return LeaveSpan(body.from_on, body.to_on, body.from_half, body.to_half, body.from_minute, body.to_minute)
