"""The company's rules for settlement."""

from __future__ import annotations

from zhiheng.attendance.models import SettlementRules


def settlement_rules() -> SettlementRules:
    """Return the company's rules; the usual ones, not stored, where it has not set any."""
    return SettlementRules.objects.first() or SettlementRules()
