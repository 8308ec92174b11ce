"""Rotation patterns."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.rosters.models import RotationPattern, RotationSlot, Shift, ShiftAssignment
from zhiheng.rosters.policies import MANAGE_SHIFT

MOST_DAYS = 98


def save_rotation(
    *,
    actor: Actor,
    code: str,
    name: str,
    slots: Sequence[UUID | None],
    name_en: str = "",
    follows_calendar: bool = False,
    is_active: bool = True,
    rotation_id: UUID | None = None,
) -> UUID:
    """Make a rotation pattern, or change one; ``slots`` are the shifts of the cycle's days, ``None`` for rest.

    The days of a pattern that people already follow stay: make a new pattern and assign that from a date on.
    """
    actor.scope(MANAGE_SHIFT)
    if not 1 <= len(slots) <= MOST_DAYS or not any(slots):
        message = _("一个循环为 1 到 {most} 天，其中至少有一天上班。").format(most=MOST_DAYS)
        raise ValidationError(message, code="slots")
    wanted = {each for each in slots if each}
    if Shift.objects.filter(id__in=wanted).count() != len(wanted):
        raise ValidationError(_("没有这个班次，或班次已停用。"), code="unknown_shift")
    rotation = RotationPattern() if rotation_id is None else _locked(rotation_id)
    known = list(rotation.slots.order_by("day").values_list("shift_id", flat=True)) if rotation_id else []
    is_other = known != list(slots) or rotation.follows_calendar != follows_calendar
    if rotation_id and is_other and ShiftAssignment.objects.filter(rotation=rotation).exists():
        message = _("已有员工或部门按此规律轮班，不能再改循环；请新建规律并从某天起改用。")
        raise ValidationError(message, code="in_use")
    values = {
        "code": code, "name": name, "name_en": name_en, "follows_calendar": follows_calendar,
        "is_active": is_active,
    }  # fmt: skip
    for key, value in values.items():
        setattr(rotation, key, value)
    rotation.full_clean()
    rotation.save()
    if known != list(slots):
        RotationSlot.objects.filter(rotation=rotation).delete()
        RotationSlot.objects.bulk_create(
            [RotationSlot(rotation=rotation, day=day, shift_id=shift) for day, shift in enumerate(slots)]
        )
    verb = "rosters.rotation_pattern.update" if rotation_id else "rosters.rotation_pattern.create"
    payload = {**values, "slots": [each and str(each) for each in slots]}
    record(actor, verb, subject=("rosters.rotationpattern", rotation.id), payload=payload)
    return rotation.id


def _locked(rotation_id: UUID) -> RotationPattern:
    found = RotationPattern.objects.select_for_update().filter(id=rotation_id).first()
    if found is None:
        raise Http404
    return found
