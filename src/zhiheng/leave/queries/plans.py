"""The planned days that leave is reckoned by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiheng.leave.calc.cost import PlannedDay
from zhiheng.rosters.public import planned_days

ONE_DAY = dt.timedelta(days=1)
STATUTORY = "STATUTORY_HOLIDAY"


@dataclass(frozen=True)
class PersonPlan:
    """Somebody's planned days, and the zone of each."""

    days: tuple[PlannedDay, ...]
    zones: dict[dt.date, str]

    def instant(self, on: dt.date, minute: int) -> dt.datetime:
        """Return the instant of a minute of a day's wall clock."""
        wall = dt.datetime.combine(on, dt.time()) + dt.timedelta(minutes=minute)
        return wall.replace(tzinfo=ZoneInfo(self.zones[on])).astimezone(dt.UTC)


def plan_of(person_id: UUID, first: dt.date, last: dt.date) -> PersonPlan:
    """Return what somebody is to work, from the day before ``first``, whose night may run into it, to ``last``."""
    plan = planned_days([person_id], first - ONE_DAY, last)
    rows = list(plan.frame.iter_rows(named=True))
    days = tuple(
        PlannedDay(row["on"], plan.templates[row["template"]].shift, row["day_type"] == STATUTORY)
        for row in rows
    )
    return PersonPlan(days, {row["on"]: row["zone"] for row in rows})
