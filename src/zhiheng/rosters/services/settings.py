"""From when the board warns."""

from __future__ import annotations

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.rosters.models import RosterSetting
from zhiheng.rosters.policies import MANAGE_SHIFT


def save_setting(*, actor: Actor, min_rest_minutes: int, max_run_days: int, week_minutes: int) -> None:
    """Set from when the board warns. Raises ValidationError for values out of range."""
    actor.scope(MANAGE_SHIFT)
    row = RosterSetting.objects.select_for_update().first() or RosterSetting()
    row.min_rest_minutes, row.max_run_days, row.week_minutes = min_rest_minutes, max_run_days, week_minutes
    row.full_clean()
    row.save()
    payload = {
        "min_rest_minutes": min_rest_minutes,
        "max_run_days": max_run_days,
        "week_minutes": week_minutes,
    }
    record(actor, "rosters.roster_setting.set", subject=("rosters.rostersetting", row.id), payload=payload)
