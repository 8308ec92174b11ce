"""The company's rules for requests."""

from __future__ import annotations

from collections.abc import Mapping

from zhiheng.access.actor import Actor
from zhiheng.attendance.models import RequestRules
from zhiheng.attendance.policies import CONFIGURE_REQUEST
from zhiheng.audit.public import record

FIELDS = (
    "correction_quota", "correction_days", "overtime_days", "outing_days", "trip_days", "overtime_day_minutes",
    "overtime_month_minutes", "longest_overtime_minutes", "longest_outing_minutes", "longest_trip_days",
    "is_weekday_time_off", "who",
)  # fmt: skip


def set_rules(*, actor: Actor, values: Mapping[str, object]) -> None:
    """Set the rules; they hold for requests made from now on."""
    actor.scope(CONFIGURE_REQUEST)
    row = RequestRules.objects.select_for_update().first() or RequestRules()
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save()
    changed = {name: values[name] for name in FIELDS if before[name] != values[name]}
    subject = ("attendance.request_rules", row.id)
    record(
        actor, "attendance.request_rules.set", subject=subject, payload={"before": before, "after": changed}
    )
