"""The types of leave that the law knows, as data of the package, brought into a company."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.leave.models import LeaveRule, LeaveType
from zhiheng.leave.policies import MANAGE_TYPE
from zhiheng.tenancy.context import current_tenant_id


@cache
def catalogue() -> tuple[dict[str, Any], ...]:
    """Return the types of the package, each with its rules."""
    text = (resources.files("zhiheng.leave") / "data" / "leave_types.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["types"])


def load_leave_types(*, actor: Actor) -> tuple[int, int]:
    """Bring types and rules of the package that are not there yet; returns how many of both were new.

    What the company changed or added stays as it is.
    """
    actor.scope(MANAGE_TYPE)
    known = {each.code: each for each in LeaveType.objects.all()}
    new = [
        _type(data, position)
        for position, data in enumerate(catalogue(), start=1)
        if data["code"] not in known
    ]
    LeaveType.objects.bulk_create(new)
    known |= {each.code: each for each in new}
    there = set(LeaveRule.objects.values_list("leave_type_id", "region", "effective_from", "grade"))
    rules = [
        rule
        for data in catalogue()
        for rule in map(lambda each, kind=known[data["code"]]: _rule(kind, each), data["rules"])
        if (rule.leave_type_id, rule.region, rule.effective_from, rule.grade) not in there
    ]
    LeaveRule.objects.bulk_create(rules)
    if new or rules:
        payload = {"types": [each.code for each in new], "rules": len(rules)}
        record(
            actor, "leave.leavetype.import", subject=("tenancy.tenant", current_tenant_id()), payload=payload
        )
    return len(new), len(rules)


def _type(data: dict[str, Any], position: int) -> LeaveType:
    plain = (
        "code", "name", "name_en", "basis", "unit", "counts", "needs_attachment", "carry_months",
    )  # fmt: skip
    numbers = ("paid_share", "step", "maximum", "payout_multiple")
    return LeaveType(
        **{name: data[name] for name in plain},
        **{name: Decimal(data[name]) for name in numbers if data[name] is not None},
        for_gender=data["gender"], position=position * 10, is_own=False,
    )  # fmt: skip


def _rule(leave_type: LeaveType, data: dict[str, Any]) -> LeaveRule:
    plain = ("region", "grade", "source", "source_url", "note", "note_en")
    return LeaveRule(
        leave_type=leave_type,
        amount=Decimal(data["amount"]) if data["amount"] else None,
        effective_from=dt.date.fromisoformat(data["effective_from"]),
        published_on=dt.date.fromisoformat(data["published_on"]),
        **{name: data[name] for name in plain},
    )
