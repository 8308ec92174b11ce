"""The office of the approvals' tests on Wednesday, 25 November 2026, at noon."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.approvals.conftest import Office, build_office
from tests.factories import system_actor
from tests.factories.rosters import make_shift

from zhiheng.approvals.public import approval_of
from zhiheng.approvals.services.requests import decide_request
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.services.requests import NewRequest, create_request
from zhiheng.rosters.services.roster import NewEntry, publish_roster, set_entries
from zhiheng.tenancy.context import tenant_context

ZONE = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=ZONE)


def day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def at(clock: str, number: int = 25) -> dt.datetime:
    hour, minute = clock.split(":")
    return dt.datetime(2026, 11, number, int(hour), int(minute), tzinfo=ZONE)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON.astimezone(dt.UTC))


@pytest.fixture
def office(db) -> Office:
    return build_office()


def roster(office: Office) -> None:
    """Let Ann work the early shift on the 26th and Bob the late one on the 27th, and rest on the other day."""
    actor = system_actor(office.tenant)
    early, late = (
        make_shift(actor, "早班", (480, 960), code="E"),
        make_shift(actor, "中班", (960, 1440), code="L"),
    )
    rows = [(office.ann, 26, early), (office.ann, 27, None), (office.bob, 26, None), (office.bob, 27, late)]
    set_entries(actor=actor, entries=[NewEntry(person.id, day(on), shift) for person, on, shift in rows])
    publish_roster(actor=actor, first=day(26), last=day(27))


@pytest.fixture
def inside(office):
    with tenant_context(office.tenant.id):
        yield office


def new(kind: str, person, **more) -> NewRequest:
    """A request of a kind for a person, with what the kind needs."""
    usual = {
        "overtime": {"from_on": day(25), "from_at": at("18:00"), "to_at": at("20:00"), "minutes": 120, "compensation": "pay"},
        "correction": {"from_on": day(24), "from_at": at("18:05", 24), "end": "out"},
        "outing": {"from_on": day(25), "from_at": at("14:00"), "to_at": at("16:00"), "place": "客户处"},
        "trip": {"from_on": day(26), "to_on": day(27), "place": "苏州"},
        "swap": {"from_on": day(26), "other_on": day(27)},
    }[kind]  # fmt: skip
    given = {"reason": "有事", **usual, **more}
    return NewRequest(kind=kind, person_id=person.id, **{"to_on": given["from_on"], **given})


def make(actor, kind: str, person, is_confirmed: bool = False, **more) -> TimeRequest:
    made = create_request(actor=actor, new=new(kind, person, **more), is_confirmed=is_confirmed)
    return TimeRequest.objects.get(id=made)


def decide(
    actor, request: TimeRequest | UUID, verdict: str = "approve", comment: str = "因为"
) -> TimeRequest:
    info = approval_of(request.id)
    decide_request(
        actor=actor,
        approval_id=info.id,
        step_id=info.open_step.id,
        is_approved=verdict == "approve",
        comment=comment,
    )
    request.refresh_from_db()
    return request


def approve(office: Office, request: TimeRequest) -> TimeRequest:
    """Let head and HR agree."""
    decide(office.head_actor, request)
    return decide(office.hana_actor, request)
