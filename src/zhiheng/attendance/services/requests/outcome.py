"""What follows when a request is approved, rejected or taken back; called by the approval, in its transaction."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import PunchSource, RequestKind, ReviewOutcome, ShiftEnd, TimeRequestState
from zhiheng.attendance.models import Punch, PunchReview, TimeRequest
from zhiheng.attendance.services.days import mark_days
from zhiheng.attendance.services.punches import NewPunch, record_punches
from zhiheng.attendance.services.requests.shared import SUBJECT
from zhiheng.audit.public import record
from zhiheng.rosters.public import swap_shifts

DIRECTIONS = {ShiftEnd.IN: 0, ShiftEnd.OUT: 1}


def approve_request(actor: Actor, time_request_id: UUID) -> None:
    """Let an approved request take effect."""
    request = _locked(time_request_id)
    _set_state(actor, request, TimeRequestState.APPROVED, "approve")
    if request.kind == RequestKind.CORRECTION:
        record_punches([_punch(request)])
    if request.kind == RequestKind.SWAP:
        _swap(actor, request)
    _mark(request)


def reject_request(actor: Actor, time_request_id: UUID) -> None:
    """Note that a request was rejected; nothing else has changed."""
    _set_state(actor, _locked(time_request_id), TimeRequestState.REJECTED, "reject")


def withdraw_request(actor: Actor, time_request_id: UUID) -> None:
    """Take back a request; one that was approved loses its effect. A swap that was made stays in the roster."""
    request = _locked(time_request_id)
    if request.state != TimeRequestState.APPROVED:
        _set_state(actor, request, TimeRequestState.WITHDRAWN, "withdraw")
        return
    _set_state(actor, request, TimeRequestState.CANCELLED, "cancel")
    if request.kind == RequestKind.CORRECTION:
        _disregard_punch(actor, request)
    _mark(request)


def _locked(time_request_id: UUID) -> TimeRequest:
    request = TimeRequest.objects.select_for_update().filter(id=time_request_id).first()
    if request is None:
        raise Http404
    return request


def _set_state(actor: Actor, request: TimeRequest, state: TimeRequestState, verb: str) -> None:
    request.state = state
    request.save(update_fields=["state", "changed_at"])
    payload = {
        "person": request.person_id,
        "kind": request.kind,
        "from": request.from_on,
        "to": request.to_on,
    }
    record(actor, f"{SUBJECT}.{verb}", subject=(SUBJECT, request.id), payload=payload)


def _swap(actor: Actor, request: TimeRequest) -> None:
    """Exchange what both work on each of the two days: one gives a shift away and works the other's instead."""
    for day in sorted({request.from_on, request.other_on}):
        swap_shifts(actor=actor, one=(request.person_id, day), other=(request.other_person_id, day))
        mark_days([(request.other_person_id, request.legal_entity_id, day)])
    mark_days([(request.person_id, request.legal_entity_id, request.other_on)])


def _client_id(request: TimeRequest) -> str:
    return f"request:{request.id}"


def _punch(request: TimeRequest) -> NewPunch:
    """Return the punch that was missing; it is added, and nothing that was recorded is changed."""
    return NewPunch(
        person_id=request.person_id, legal_entity_id=request.legal_entity_id, punched_at=request.from_at,
        source=PunchSource.CORRECTION, client_id=_client_id(request), zone=request.zone,
        direction=DIRECTIONS[ShiftEnd(request.end)], note=request.reason[:200],
    )  # fmt: skip


def _disregard_punch(actor: Actor, request: TimeRequest) -> None:
    """Say that the punch of a correction does not count any more: punches are never deleted."""
    punch = Punch.objects.filter(source=PunchSource.CORRECTION, client_id=_client_id(request)).first()
    if punch is None:
        return
    PunchReview.objects.create(
        punch=punch, person_id=request.person_id, legal_entity_id=request.legal_entity_id,
        outcome=ReviewOutcome.REJECTED, reason=request.end_reason[:200], reviewed_by=actor.name,
        reviewed_at=timezone.now(),
    )  # fmt: skip


def _mark(request: TimeRequest) -> None:
    """Have the days of a request settled again; a night's work reaches into the next day."""
    count = (request.to_on - request.from_on).days
    days = [request.from_on + dt.timedelta(days=number) for number in range(-1, count + 2)]
    mark_days((request.person_id, request.legal_entity_id, day) for day in days)
