"""Legal entities: the subsidiaries of a tenant."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.policies import WRITE_ORG_UNIT
from zhiheng.people.services.refusals import refuse
from zhiheng.tenancy.models import LegalEntity


@transaction.atomic
def save_legal_entity(
    *,
    actor: Actor,
    code: str,
    name: str,
    country: str = "CN",
    currency: str = "CNY",
    is_active: bool = True,
    legal_entity_id: UUID | None = None,
) -> LegalEntity:
    """Make a subsidiary, or change one; somebody confined to subsidiaries can only change theirs."""
    actor.scope(WRITE_ORG_UNIT)
    is_confined = actor.legal_entity_ids is not None
    if legal_entity_id is None and is_confined:
        raise refuse("", _("您的权限限于部分法人实体，不能新建法人实体。"))
    if is_confined and legal_entity_id not in actor.legal_entity_ids:
        raise Http404
    rows = LegalEntity.objects.select_for_update()
    found = rows.filter(id=legal_entity_id).first() if legal_entity_id else LegalEntity()
    if found is None:
        raise Http404
    code, name = code.strip(), name.strip()
    if not code:
        raise refuse("code", _("请填写编码。"))
    if not name:
        raise refuse("name", _("请填写名称。"))
    taken = LegalEntity.objects.filter(code=code).exclude(id=found.id).first()
    if taken:
        message = _("编码 %(code)s 已被“%(name)s”使用，请换一个编码。")
        raise refuse("code", message % {"code": code, "name": taken.name}, "duplicate")
    found.code, found.name, found.is_active = code, name, is_active
    found.country, found.currency = country.upper(), currency.upper()
    found.save()
    verb = "people.legal_entity.update" if legal_entity_id else "people.legal_entity.create"
    record(actor, verb, subject=("tenancy.legalentity", found.id), payload={"code": code, "name": name})
    return found
