"""Projects and their activities that an actor may see or log hours on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.people.public import PersonRef
from zhiheng.worklog.models import Project, ProjectActivity, ProjectMember, TimesheetEntry
from zhiheng.worklog.policies import READ_ENTRY, READ_PROJECT
from zhiheng.worklog.queries.scopes import rows_of_people


def projects_for_actor(actor: Actor, permission: Permission = READ_PROJECT) -> QuerySet[Project]:
    """Return the projects of org units in scope, and those with a member or an owner of an activity in scope."""
    scope = actor.scope(permission)
    members = ProjectMember.objects.filter(rows_of_people(actor, permission), project_id=OuterRef("id"))
    owners = ProjectActivity.objects.filter(
        rows_of_people(actor, permission, "owner"), project_id=OuterRef("id")
    )
    of_units = Q(org_unit_id__in=scope.org_unit_ids) | Q(legal_entity_id__in=scope.legal_entity_ids)
    everything = ~Q(pk__in=[]) if scope.is_tenant else Q(pk__in=[])
    return Project.objects.filter(everything | of_units | Exists(members) | Exists(owners))


def project_for_actor(actor: Actor, project_id: UUID, permission: Permission = READ_PROJECT) -> Project:
    """Return a project; 404 when it is not there or not the actor's to see."""
    found = projects_for_actor(actor, permission).select_related("org_unit").filter(id=project_id).first()
    if found is None:
        raise Http404
    return found


def activities_to_log(person: PersonRef) -> list[ProjectActivity]:
    """Return the activities somebody may log hours on: of their projects, and of those open to all."""
    mine = ProjectMember.objects.filter(person_id=person.id, project_id=OuterRef("project_id"))
    rows = ProjectActivity.objects.filter(
        Q(Exists(mine)) | Q(project__is_open=True) | Q(owner_id=person.id),
        is_active=True,
        project__is_active=True,
        project__legal_entity_id=person.legal_entity_id,
    )
    return list(rows.select_related("project").order_by("project__code", "position", "name"))


@dataclass(frozen=True)
class ActivityHours:
    """An activity with the minutes logged on it; ``share`` is logged ÷ planned where a plan is known."""

    activity: ProjectActivity
    minutes: int

    @property
    def planned_minutes(self) -> int | None:
        """Return the plan in minutes, of workdays of eight hours."""
        return int(self.activity.planned_days * 480) if self.activity.planned_days else None

    @property
    def share(self) -> float | None:
        """Return logged ÷ planned."""
        return self.minutes / self.planned_minutes if self.planned_minutes else None


def activities_with_hours(project: Project) -> list[ActivityHours]:
    """Return the activities of a project the actor may already see, with all minutes logged."""
    rows = project.activities.select_related("owner").annotate(logged=Sum("entries__minutes"))
    return [ActivityHours(each, each.logged or 0) for each in rows.order_by("position", "name")]


def hours_report(
    actor: Actor, first: dt.date, last: dt.date, project_id: UUID | None = None
) -> list[dict[str, object]]:
    """Return minutes by project, activity and person over a period, of the people the actor may see."""
    rows = TimesheetEntry.objects.filter(rows_of_people(actor, READ_ENTRY), on__gte=first, on__lte=last)
    if project_id:
        rows = rows.filter(activity__project_id=project_id)
    names = (
        "activity__project_id", "activity__project__code", "activity__project__name", "activity__name",
        "person_id", "person__name", "person__employee_number", "person__org_unit__name",
    )  # fmt: skip
    grouped = rows.values(*names).annotate(minutes=Sum("minutes"))
    return list(grouped.order_by("activity__project__code", "activity__name", "person__employee_number"))


def members_of(project: Project) -> list[Any]:
    """Return the members of a project the actor may already see, by number."""
    rows = project.members.select_related("person__org_unit")
    return sorted((each.person for each in rows), key=lambda each: each.employee_number)


def activities_by_code() -> dict[tuple[UUID, str, str], UUID]:
    """Return every activity by subsidiary, code of the project and name. Checks no permission: callers do."""
    names = ("project__legal_entity_id", "project__code", "name", "id")
    return {
        (entity, code, name): key for entity, code, name, key in ProjectActivity.objects.values_list(*names)
    }
