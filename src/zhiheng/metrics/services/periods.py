"""Periods."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.metrics.models import Period
from zhiheng.metrics.policies import MANAGE_METRIC


def create_period(
    *,
    actor: Actor,
    code: str,
    name: str,
    period_from: dt.date,
    period_to: dt.date,
    name_en: str = "",
    calendar: str = "",
) -> UUID:
    """Add a period, ``period_to`` being the day after its last; ValidationError for a bad one."""
    actor.scope(MANAGE_METRIC)
    period = Period(
        code=code, name=name, name_en=name_en, calendar=calendar, period_from=period_from, period_to=period_to
    )
    period.full_clean()
    period.save(force_insert=True)
    payload = {"code": code, "from": period_from, "to": period_to}
    record(actor, "metrics.period.create", subject=("metrics.period", period.id), payload=payload)
    return period.id
