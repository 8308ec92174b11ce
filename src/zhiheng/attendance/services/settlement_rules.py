"""The company's rules of settlement."""

from __future__ import annotations

from collections.abc import Mapping

from zhiheng.access.actor import Actor
from zhiheng.attendance.models import SettlementRules
from zhiheng.attendance.policies import CONFIGURE_SETTLEMENT
from zhiheng.audit.public import record

FIELDS = (
    "free_late_count", "free_late_minutes", "absent_after_days", "silent_hours", "cap_hours", "is_statutory_capped",
    "is_statutory_irregular", "comp_months",
)  # fmt: skip


def set_settlement_rules(*, actor: Actor, values: Mapping[str, object]) -> None:
    """Set the rules; they hold for days settled from now on."""
    actor.scope(CONFIGURE_SETTLEMENT)
    row = SettlementRules.objects.select_for_update().first() or SettlementRules()
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        setattr(row, name, values[name])
    row.save()
    changed = {name: values[name] for name in FIELDS if before[name] != values[name]}
    record(
        actor, "attendance.settlement_rules.set", subject=("attendance.settlement_rules", row.id),
        payload={"before": before, "after": changed},
    )  # fmt: skip
