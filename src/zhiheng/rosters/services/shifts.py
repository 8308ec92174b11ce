"""Shifts and rule sets: new ones, and new versions from a date on."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.rosters.calc.checks import policy_fault, shift_fault
from zhiheng.rosters.calc.shift import Policy, stored
from zhiheng.rosters.calc.shift import Shift as Times
from zhiheng.rosters.choices import Colour, ShiftKind
from zhiheng.rosters.models import RuleSet, RuleVersion, Shift, ShiftVersion
from zhiheng.rosters.policies import MANAGE_SHIFT
from zhiheng.rosters.services.changes import tell_of_all, tell_of_shift
from zhiheng.rosters.services.wording import RULE_LABELS, SHIFT_FAULTS

EVER = dt.date(2000, 1, 1)
"""The first version of a shift or rule set holds from long ago on: there is nothing before it."""


@dataclass(frozen=True)
class ShiftLook:
    """How a shift is called and shown."""

    code: str
    name: str
    name_en: str = ""
    colour: str = Colour.BLUE
    is_active: bool = True


def save_shift(
    *,
    actor: Actor,
    look: ShiftLook,
    kind: str,
    times: Times,
    rule_set_id: UUID | None = None,
    shift_id: UUID | None = None,
    valid_from: dt.date | None = None,
) -> UUID:
    """Make a shift, or change one; other times or rules hold from ``valid_from`` on, earlier days keep theirs.

    Raises ValidationError for times that make no sense, for a code in use, and for a change without a date.
    """
    actor.scope(MANAGE_SHIFT)
    shift = _locked(Shift, shift_id)
    if fault := shift_fault(times, kind):
        raise ValidationError(SHIFT_FAULTS[fault], code=fault)
    if rule_set_id and not RuleSet.objects.filter(id=rule_set_id).exists():
        raise ValidationError({"rule_set_id": _("没有这套考勤规则。")}, code="unknown_rule_set")
    before = _latest(shift.versions) if shift_id else None
    _take(
        shift,
        code=look.code,
        name=look.name,
        name_en=look.name_en,
        colour=look.colour,
        is_active=look.is_active,
    )
    new = {"kind": ShiftKind(kind), "times": _json(times), "rule_set_id": rule_set_id}
    since = _set_version(ShiftVersion, {"shift": shift}, before, new, valid_from)
    payload = {**vars(look), "kind": kind, "times": stored(times), "since": since}
    verb = "rosters.shift.update" if before else "rosters.shift.create"
    record(actor, verb, subject=("rosters.shift", shift.id), payload=payload)
    if before and since:
        tell_of_shift(shift.id, since)
    return shift.id


def save_rule_set(
    *,
    actor: Actor,
    code: str,
    name: str,
    rules: Policy,
    name_en: str = "",
    is_default: bool = False,
    is_active: bool = True,
    rule_set_id: UUID | None = None,
    valid_from: dt.date | None = None,
) -> UUID:
    """Make a rule set, or change one from ``valid_from`` on; a new default set takes the place of the old one.

    Raises ValidationError for rules out of range, for a code in use, and for a change without a date.
    """
    actor.scope(MANAGE_SHIFT)
    rule_set = _locked(RuleSet, rule_set_id)
    if fault := policy_fault(rules):
        raise ValidationError(_("「{rule}」超出允许的范围。").format(rule=RULE_LABELS[fault]), code=fault)
    before = _latest(rule_set.versions) if rule_set_id else None
    was_default = rule_set.is_default
    if is_default:
        RuleSet.objects.filter(is_default=True).exclude(id=rule_set.id).update(is_default=False)
    _take(rule_set, code=code, name=name, name_en=name_en, is_default=is_default, is_active=is_active)
    since = _set_version(RuleVersion, {"rule_set": rule_set}, before, {"rules": _json(rules)}, valid_from)
    payload = {"code": code, "name": name, "rules": stored(rules), "is_default": is_default, "since": since}
    verb = "rosters.rule_set.update" if before else "rosters.rule_set.create"
    record(actor, verb, subject=("rosters.ruleset", rule_set.id), payload=payload)
    if before and since:
        tell_of_all(since)
    elif is_default != was_default:
        tell_of_all(valid_from or EVER)
    return rule_set.id


def _json(value: Times | Policy) -> dict[str, object]:
    """Return the stored form as it comes back from the database: lists for tuples."""
    return json.loads(json.dumps(stored(value)))


def _locked(model: type[models.Model], row_id: UUID | None):
    if row_id is None:
        return model()
    found = model.objects.select_for_update().filter(id=row_id).first()
    if found is None:
        raise Http404
    return found


def _take(row: models.Model, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def _latest(versions) -> models.Model:
    return versions.order_by("-valid_from").first()


def _set_version(
    model: type[models.Model],
    of: dict[str, models.Model],
    before: models.Model | None,
    new: dict[str, object],
    valid_from: dt.date | None,
) -> dt.date | None:
    """Write a version; return since when it holds, or ``None`` when nothing about it is new."""
    if before is None:
        model.objects.create(**of, **new, valid_from=EVER)
        return EVER
    if all(getattr(before, name) == value for name, value in new.items()):
        return None
    if valid_from is None:
        raise ValidationError(_("请填写新版本的生效日期；此前的日子保持原来的规定。"), code="no_date")
    if valid_from < before.valid_from:
        message = _("已有从 {day} 起生效的版本，生效日期不能早于它。").format(day=before.valid_from)
        raise ValidationError(message, code="before_latest")
    model.objects.update_or_create(**of, valid_from=valid_from, defaults=new)
    return valid_from
