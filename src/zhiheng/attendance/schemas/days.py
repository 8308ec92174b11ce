"""API schemas of settled days."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Schema


class DayOut(Schema):
    """A person's day; figures in minutes. Only judged and locked days are final."""

    id: UUID
    person_id: UUID
    legal_entity_id: UUID
    on: dt.date
    state: str
    day_type: str
    scheduled: int
    present: int
    worked: int
    late: int
    early: int
    absent: int
    leave: int
    outing: int
    unresolved: int
    ot_requested: int
    ot_punched: int
    ot_150: int
    ot_200: int
    ot_300: int
    ot_comp: int
    unapproved: int
    flags: list[str]
    first_in_at: dt.datetime | None
    last_out_at: dt.datetime | None
    revision: int
    settled_at: dt.datetime


class TraceStepOut(Schema):
    """A step of the judgement: a code with its figures (minutes of the date), and the same in words."""

    code: str
    params: dict[str, Any]
    text: str


class TraceOut(Schema):
    """Why a day is what it is."""

    day: DayOut
    shift: str
    steps: list[TraceStepOut]


class TotalsOut(Schema):
    """A person's month; ``adjusted`` is the part of ``minutes`` that adjustments of locked months brought."""

    person_id: UUID
    minutes: dict[str, int]
    adjusted: dict[str, int]
    worked_days: int
    scheduled_days: int
    late_times: int
    early_times: int
    absent_times: int
    over_cap: int
    open_days: int
