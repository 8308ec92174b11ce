"""Keeping projects, their activities and members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.people.public import org_units, persons_by_id
from zhiheng.worklog.models import Project, ProjectActivity, ProjectMember
from zhiheng.worklog.policies import MANAGE_PROJECT
from zhiheng.worklog.queries.projects import project_for_actor


@dataclass(frozen=True)
class ProjectData:
    """What is kept about a project."""

    code: str
    name: str
    org_unit_id: UUID
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    is_open: bool = False
    is_active: bool = True


def save_project(*, actor: Actor, data: ProjectData, project_id: UUID | None = None) -> UUID:
    """Add a project or change one; returns the id. `Forbidden` for an org unit outside the scope."""
    scope = actor.scope(MANAGE_PROJECT)
    unit = next((each for each in org_units() if each.id == data.org_unit_id), None)
    if unit is None:
        raise ValidationError({"org_unit": _("没有这个部门。")}, code="no_unit")
    if not scope.has(person_id=None, org_unit_id=unit.id, legal_entity_id=unit.legal_entity_id):
        raise Forbidden(MANAGE_PROJECT)
    if data.starts_on and data.ends_on and data.ends_on < data.starts_on:
        raise ValidationError({"ends_on": _("结束日期不能早于开始日期。")}, code="bad_dates")
    project = project_for_actor(actor, project_id, MANAGE_PROJECT) if project_id else Project()
    project.code, project.name = data.code, data.name
    project.org_unit_id, project.legal_entity_id = unit.id, unit.legal_entity_id
    project.starts_on, project.ends_on = data.starts_on, data.ends_on
    project.is_open, project.is_active = data.is_open, data.is_active
    project.full_clean()
    project.save()
    verb = "worklog.project.update" if project_id else "worklog.project.create"
    record(
        actor, verb, subject=("worklog.project", project.id), payload={"code": data.code, "name": data.name}
    )
    return project.id


def add_activity(*, actor: Actor, project_id: UUID, name: str, planned_days: Decimal | None = None) -> UUID:
    """Add an activity, such as development or test; ValidationError for a name in use."""
    project = project_for_actor(actor, project_id, MANAGE_PROJECT)
    last = project.activities.aggregate(last=Max("position"))["last"]
    activity = ProjectActivity(
        project=project, legal_entity_id=project.legal_entity_id, name=name.strip(),
        planned_days=planned_days, position=(last or 0) + 1,
    )  # fmt: skip
    activity.full_clean()
    activity.save(force_insert=True)
    payload = {"project": project.code, "name": activity.name}
    record(actor, "worklog.activity.create", subject=("worklog.activity", activity.id), payload=payload)
    return activity.id


def set_members(*, actor: Actor, project_id: UUID, person_ids: Sequence[UUID]) -> int:
    """Say who may log hours on a project; returns how many. People of other subsidiaries are refused."""
    project = project_for_actor(actor, project_id, MANAGE_PROJECT)
    people = persons_by_id(person_ids)
    strangers = [each for each in people.values() if each.legal_entity_id != project.legal_entity_id]
    if strangers or len(people) < len(set(person_ids)):
        raise ValidationError({"members": _("项目成员必须是同一法人实体的员工。")}, code="strangers")
    known = set(project.members.values_list("person_id", flat=True))
    project.members.exclude(person_id__in=people).delete()
    ProjectMember.objects.bulk_create(
        ProjectMember(project=project, person_id=each, legal_entity_id=project.legal_entity_id)
        for each in people
        if each not in known
    )
    payload = {"project": project.code, "members": len(people)}
    record(actor, "worklog.project.assign", subject=("worklog.project", project.id), payload=payload)
    return len(people)
