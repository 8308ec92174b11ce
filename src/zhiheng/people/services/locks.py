"""Rows that services lock, always persons before org units, each in order of id."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.people.policies import WRITE_PERSON
from zhiheng.people.services.refusals import refuse
from zhiheng.tenancy.models import OrgUnit


def lock_person(actor: Actor, person_id: UUID) -> Person:
    """Return a person the actor may change, locked until the transaction ends; else `Http404`."""
    scope = actor.scope(WRITE_PERSON).q(person="id")
    found = Person.objects.select_for_update().filter(scope, id=person_id).first()
    if found is None:
        raise Http404
    return found


def lock_org_tree(actor: Actor) -> None:
    """Let one change of the tenant's tree happen at a time, so that two moves cannot make a cycle."""
    key = int.from_bytes(actor.tenant_id.bytes[-7:], "big")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def unit_for_placement(actor: Actor, unit_id: UUID, from_on: date) -> OrgUnit:
    """Return the unit people may be put into from a day on, held against being closed meanwhile.

    Refuses units that are not there on that day, and those outside the actor's scope of writing.
    """
    unit = OrgUnit.objects.select_for_update(no_key=True).filter(id=unit_id).first()
    if unit is None:
        raise refuse("org_unit", _("没有找到该部门，或您无权在此法人实体中操作。"))
    if from_on not in unit.valid:
        raise refuse("org_unit", _("部门“%(unit)s”在 %(day)s 不存在。") % {"unit": unit.name, "day": from_on})
    scope = actor.scope(WRITE_PERSON)
    if not scope.has(person_id=None, org_unit_id=unit.id, legal_entity_id=unit.legal_entity_id):
        raise refuse("org_unit", _("部门“%(unit)s”不在您的管理范围内。") % {"unit": unit.name})
    return unit
