"""API schemas of rosters."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class FlexIn(Schema):
    """A flexible day, in minutes."""

    earliest: int = Field(ge=0, lt=1440)
    latest: int = Field(ge=0, lt=1440)
    required: int = Field(gt=0, le=1440)
    core: list[tuple[int, int]] = []


class TimesIn(Schema):
    """When a shift is worked, in minutes from 00:00 of its date; above 1440 is the next day."""

    segments: list[tuple[int, int]] = Field([], max_length=12, examples=[[[540, 720], [780, 1080]]])
    flex: FlexIn | None = None
    breaks: list[tuple[int, int]] = Field([], max_length=12)
    free_mode: Literal["", "standard", "strict"] = ""
    day_start: int = Field(0, ge=0, lt=1440)


class ShiftIn(Schema):
    """A shift; a change of its times or rules holds from ``valid_from`` on."""

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=120)
    name_en: str = Field("", max_length=120)
    colour: Literal["blue", "green", "amber", "violet", "cyan", "rose"] = "blue"
    kind: Literal["fixed", "split", "flexible", "free"] = "fixed"
    times: TimesIn
    rule_set_id: UUID | None = None
    is_active: bool = True
    valid_from: dt.date | None = None


class ShiftOut(Schema):
    """A shift in its latest version."""

    id: UUID
    code: str
    name: str
    name_en: str
    colour: str
    kind: str
    times: dict[str, Any]
    rule_set_id: UUID | None
    since: dt.date
    is_active: bool


class RuleSetOut(Schema):
    """Attendance rules in their latest version."""

    id: UUID
    code: str
    name: str
    name_en: str
    rules: dict[str, Any]
    since: dt.date
    is_default: bool
    is_active: bool


class RotationOut(Schema):
    """A rotation pattern; ``slots`` are the shifts of its days, null for rest."""

    id: UUID
    code: str
    name: str
    name_en: str
    follows_calendar: bool
    is_active: bool
    slots: list[UUID | None]

    @staticmethod
    def resolve_slots(row: Any) -> list[UUID | None]:
        """Return the shifts by day."""
        return [slot.shift_id for slot in sorted(row.slots.all(), key=lambda slot: slot.day)]


class ShiftAssignmentIn(Schema):
    """A shift or a rotation for a person or an org unit, from a day to before another one."""

    person_id: UUID | None = None
    org_unit_id: UUID | None = None
    shift_id: UUID | None = None
    rotation_id: UUID | None = None
    follows_calendar: bool = True
    anchor_on: dt.date | None = Field(None, description="a first day of the rotation's cycle")
    valid_from: dt.date
    valid_to: dt.date | None = Field(None, description="the day after the last")


class ShiftAssignmentOut(Schema):
    """A shift assignment."""

    id: UUID
    person_id: UUID | None
    org_unit_id: UUID | None
    shift_id: UUID | None
    rotation_id: UUID | None
    follows_calendar: bool
    anchor_on: dt.date | None
    valid_from: dt.date
    valid_to: dt.date | None

    @staticmethod
    def resolve_valid_from(row: Any) -> dt.date:
        """Return the first day."""
        return row.valid.lower

    @staticmethod
    def resolve_valid_to(row: Any) -> dt.date | None:
        """Return the day after the last."""
        return row.valid.upper


class EndIn(Schema):
    """The day after the last."""

    valid_to: dt.date


class RosterEntryIn(Schema):
    """A day of the roster: a shift, rest without one, or ``is_removed`` for what the assignment says."""

    person_id: UUID
    on: dt.date
    shift_id: UUID | None = None
    is_removed: bool = False


class EntriesIn(Schema):
    """Days to plan as drafts."""

    entries: list[RosterEntryIn] = Field(min_length=1, max_length=5000)


class RosterEntryOut(Schema):
    """A day of the roster."""

    id: UUID
    person_id: UUID
    on: dt.date
    state: str
    shift_id: UUID | None
    is_removed: bool
    changed_by: str
    changed_at: dt.datetime


class SpanIn(Schema):
    """Days, both ends included; ``person_ids`` null: everybody in scope."""

    first: dt.date
    last: dt.date
    person_ids: list[UUID] | None = Field(None, max_length=5000)


class CountOut(Schema):
    """How many days were changed."""

    days: int


class PlannedDayOut(Schema):
    """What somebody works on a day. ``shift_id`` is null on rest days and on the default week."""

    person_id: UUID
    on: dt.date
    shift_id: UUID | None
    code: str
    name: str
    is_rest: bool
    segments: list[tuple[int, int]]
    minutes: int
    system: str
    day_type: str
    source: str


class DayTypeOut(Schema):
    """What a date is."""

    on: dt.date
    day_type: str
