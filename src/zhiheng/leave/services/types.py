"""Defining types of leave, their rules, and the places of subsidiaries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.leave.choices import WITH_BALANCE, Basis, Grade, LeaveUnit, Region
from zhiheng.leave.models import LeaveAccount, LeavePlace, LeaveRule, LeaveType
from zhiheng.leave.policies import MANAGE_TYPE
from zhiheng.leave.queries.types import entity_for_actor, type_for_actor


def save_leave_type(*, actor: Actor, type_id: UUID | None = None, **fields: Any) -> UUID:
    """Add a type, or change one; returns its id. ValidationError for what cannot hold together."""
    actor.scope(MANAGE_TYPE)
    if type_id is None:
        kind, before = LeaveType(is_own=True), {}
    else:
        kind = type_for_actor(actor, type_id)
        before = {name: getattr(kind, name) for name in fields}
    _check_change(kind, fields)
    for name, value in fields.items():
        setattr(kind, name, value)
    kind.full_clean(exclude=["tenant_id"])
    kind.save()
    verb = "update" if type_id else "create"
    after = {name: str(getattr(kind, name)) for name in fields}
    payload = {"before": {name: str(value) for name, value in before.items()}, "after": after}
    record(actor, f"leave.leavetype.{verb}", subject=("leave.leavetype", kind.id), payload=payload)
    return kind.id


def _check_change(kind: LeaveType, fields: dict[str, Any]) -> None:
    """Refuse what would make figures that were written mean something else."""
    unit, basis = fields.get("unit", kind.unit), fields.get("basis", kind.basis)
    has_lines = LeaveAccount.objects.filter(leave_type_id=kind.id, entries__isnull=False).exists()
    is_hourly = unit == LeaveUnit.HOUR
    if has_lines and (is_hourly != kind.is_hourly or basis not in WITH_BALANCE):
        raise ValidationError(
            {"unit": _("该类型已有余额流水，不能再改单位或取消余额。请新建一个类型。")}, code="has_lines"
        )
    if basis == Basis.COMP and not is_hourly:
        raise ValidationError({"unit": _("调休由加班分钟转入，请假单位须为小时。")}, code="comp_hours")


def save_leave_rule(*, actor: Actor, type_id: UUID, **fields: Any) -> UUID:
    """Add a rule of the company to a type: from which day, for which place, how much; returns its id."""
    actor.scope(MANAGE_TYPE)
    rule = LeaveRule(leave_type=type_for_actor(actor, type_id), grade=Grade.OWN, **fields)
    rule.full_clean(exclude=["tenant_id"])
    rule.save()
    payload = {name: str(value) for name, value in fields.items()}
    record(actor, "leave.leaverule.create", subject=("leave.leaverule", rule.id), payload=payload)
    return rule.id


def delete_leave_rule(*, actor: Actor, type_id: UUID, rule_id: UUID) -> None:
    """Take away a rule of the company's own; those of the law stay."""
    actor.scope(MANAGE_TYPE)
    rule = LeaveRule.objects.filter(id=rule_id, leave_type_id=type_id).first()
    if rule is None:
        raise Http404
    if rule.grade != Grade.OWN:
        raise ValidationError(_("法规规则不能删除；请添加一条本企业规则，它会优先生效。"), code="not_own")
    payload = {"region": rule.region, "amount": rule.amount, "effective_from": rule.effective_from}
    rule.delete()
    record(actor, "leave.leaverule.delete", subject=("leave.leaverule", rule_id), payload=payload)


def set_leave_place(*, actor: Actor, legal_entity_id: UUID, region: str) -> None:
    """Say which place's rules a subsidiary follows; 404 for one the actor does not work with."""
    actor.scope(MANAGE_TYPE)
    entity = entity_for_actor(actor, legal_entity_id)
    place, _is_new = LeavePlace.objects.update_or_create(
        legal_entity_id=entity.id, defaults={"region": Region(region)}
    )
    record(actor, "leave.leaveplace.set", subject=("leave.leaveplace", place.id), payload={"region": region})
