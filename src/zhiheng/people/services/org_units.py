"""Org units: create, rename, move, close."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.models import Assignment
from zhiheng.people.policies import WRITE_ORG_UNIT
from zhiheng.people.services.locks import lock_org_tree
from zhiheng.people.services.refusals import refuse
from zhiheng.tenancy.choices import OrgUnitKind
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit

_REWRITE_PATHS = """
UPDATE tenancy_orgunit SET path = %(above)s::uuid[] || path[array_position(path, %(unit)s::uuid):]
WHERE tenant_id = %(tenant)s AND path @> ARRAY[%(unit)s::uuid]
"""


def _locked(actor: Actor, unit_id: UUID) -> OrgUnit:
    actor.scope(WRITE_ORG_UNIT)
    lock_org_tree(actor)
    found = OrgUnit.objects.select_for_update().filter(id=unit_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def create_org_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    legal_entity_id: UUID,
    from_on: date,
    parent_id: UUID | None = None,
    kind: str = OrgUnitKind.DEPARTMENT,
    position: int = 0,
) -> OrgUnit:
    """Make an org unit below ``parent_id`` (``None``: a root) that exists from a day on."""
    actor.scope(WRITE_ORG_UNIT)
    lock_org_tree(actor)
    parent = OrgUnit.objects.filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise refuse("parent", _("没有找到上级组织。"))
    if parent and from_on not in parent.valid:
        message = _("上级组织“%(unit)s”在 %(day)s 不存在。")
        raise refuse("parent", message % {"unit": parent.name, "day": from_on})
    if actor.legal_entity_ids is not None and legal_entity_id not in actor.legal_entity_ids:
        raise refuse("legal_entity", _("该法人实体不在您的管理范围内。"))
    code, name = code.strip(), name.strip()
    if not code:
        raise refuse("code", _("请填写编码。"))
    if not name:
        raise refuse("name", _("请填写名称。"))
    unit = OrgUnit(
        legal_entity_id=legal_entity_id, parent=parent, code=code, name=name, kind=kind, position=position,
        valid=DateRange(from_on, None),
    )  # fmt: skip
    unit.path = [*(parent.path if parent else []), unit.id]
    _insert(unit)
    record(
        actor,
        "people.org_unit.create",
        subject=("tenancy.orgunit", unit.id),
        payload={"code": code, "name": name},
    )
    return unit


def _insert(unit: OrgUnit) -> None:
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "org_unit_code":
            raise
        name = OrgUnit.objects.filter(code=unit.code).values_list("name", flat=True).first()
        message = _("编码 %(code)s 已被“%(unit)s”使用，请换一个编码。")
        raise refuse("code", message % {"code": unit.code, "unit": name or "?"}, "duplicate") from error


@transaction.atomic
def rename_org_unit(
    *, actor: Actor, unit_id: UUID, name: str, kind: str | None = None, position: int | None = None
) -> OrgUnit:
    """Change what a unit is called, its kind or its place among its siblings."""
    unit = _locked(actor, unit_id)
    if not name.strip():
        raise refuse("name", _("请填写名称。"))
    before = unit.name
    unit.name, unit.kind = name.strip(), kind or unit.kind
    unit.position = unit.position if position is None else position
    unit.save()
    payload = {"from": before, "to": unit.name, "kind": unit.kind}
    record(actor, "people.org_unit.rename", subject=("tenancy.orgunit", unit.id), payload=payload)
    return unit


@transaction.atomic
def move_org_unit(*, actor: Actor, unit_id: UUID, parent_id: UUID | None) -> OrgUnit:
    """Put a unit, with all below it, under another one; refused below itself."""
    unit = _locked(actor, unit_id)
    parent = OrgUnit.objects.filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise refuse("parent", _("没有找到上级组织。"))
    if parent and unit.id in parent.path:
        message = _("“%(parent)s”是“%(unit)s”本身或其下级，不能作为它的上级。")
        raise refuse("parent", message % {"parent": parent.name, "unit": unit.name}, "cycle")
    if (
        parent
        and parent.valid.upper is not None
        and (unit.valid.upper is None or unit.valid.upper > parent.valid.upper)
    ):
        message = _("上级组织“%(unit)s”自 %(day)s 起停用。")
        raise refuse("parent", message % {"unit": parent.name, "day": parent.valid.upper})
    _check_nothing_hidden(actor, unit)
    before = unit.parent.name if unit.parent else ""
    unit.parent = parent
    unit.save(update_fields=["parent"])
    with connection.cursor() as cursor:
        cursor.execute(
            _REWRITE_PATHS,
            {"above": list(parent.path) if parent else [], "unit": unit.id, "tenant": actor.tenant_id},
        )
    unit.refresh_from_db()
    payload = {"name": unit.name, "from": before, "to": parent.name if parent else ""}
    record(actor, "people.org_unit.move", subject=("tenancy.orgunit", unit.id), payload=payload)
    return unit


def _check_nothing_hidden(actor: Actor, unit: OrgUnit) -> None:
    """Refuse when units of subsidiaries that the actor does not see hang below: their paths must move too."""
    if actor.legal_entity_ids is None:
        return
    seen = OrgUnit.objects.filter(path__contains=[unit.id]).count()
    with tenant_context(actor.tenant_id):
        there = OrgUnit.objects.filter(path__contains=[unit.id]).count()
    if there != seen:
        message = _("“%(unit)s”下有其他法人实体的组织，您无权移动。")
        raise refuse("parent", message % {"unit": unit.name})


@transaction.atomic
def close_org_unit(*, actor: Actor, unit_id: UUID, last_on: date) -> OrgUnit:
    """End a unit after its last day; refused while people or units are in it on a later day."""
    unit = _locked(actor, unit_id)
    upper = last_on + timedelta(days=1)
    if upper <= unit.valid.lower:
        raise refuse("last_on", _("停用日期不能早于启用日期 %(day)s。") % {"day": unit.valid.lower})
    later = Q(valid__endswith__gt=upper) | Q(valid__endswith__isnull=True)
    with tenant_context(actor.tenant_id):
        people = Assignment.objects.filter(later, org_unit=unit).values("person").distinct().count()
        below = list(
            OrgUnit.objects.filter(later, parent=unit).order_by("code").values_list("name", flat=True)
        )
    if people:
        message = _("“%(unit)s”在 %(day)s 之后仍有 %(count)s 人，请先调动或办理离职。")
        raise refuse("last_on", message % {"unit": unit.name, "day": last_on, "count": people}, "has-people")
    if below:
        message = _("“%(unit)s”仍有下级组织（%(names)s），请先停用或移动。")
        raise refuse("last_on", message % {"unit": unit.name, "names": "、".join(below[:3])}, "has-units")
    unit.valid = DateRange(unit.valid.lower, upper)
    unit.save(update_fields=["valid"])
    payload = {"name": unit.name, "last_on": str(last_on)}
    record(actor, "people.org_unit.close", subject=("tenancy.orgunit", unit.id), payload=payload)
    return unit
