"""Positions."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.models import Position
from zhiheng.people.policies import WRITE_ORG_UNIT
from zhiheng.people.services.refusals import refuse


@transaction.atomic
def save_position(
    *, actor: Actor, code: str, name: str, is_active: bool = True, position_id: UUID | None = None
) -> Position:
    """Make a position, or change one. Refuses a code that another one has."""
    actor.scope(WRITE_ORG_UNIT)
    found = Position.objects.select_for_update().filter(id=position_id).first() if position_id else Position()
    if found is None:
        raise Http404
    code, name = code.strip(), name.strip()
    if not code:
        raise refuse("code", _("请填写编码。"))
    if not name:
        raise refuse("name", _("请填写名称。"))
    taken = Position.objects.filter(code=code).exclude(id=found.id).first()
    if taken:
        message = _("编码 %(code)s 已被职位“%(name)s”使用，请换一个编码。")
        raise refuse("code", message % {"code": code, "name": taken.name}, "duplicate")
    found.code, found.name, found.is_active = code, name, is_active
    found.save()
    verb = "people.position.update" if position_id else "people.position.create"
    record(actor, verb, subject=("people.position", found.id), payload={"code": code, "name": name})
    return found
