"""Import of projects with their activities or stages, one activity a row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import polars as pl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.dataimport.public import (
    ROW,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    UndoResult,
)
from zhiheng.people.public import UnitRef, org_units
from zhiheng.worklog.imports.changes import Changes, undo_changes
from zhiheng.worklog.imports.people import entity_for_nobody, people_by_number
from zhiheng.worklog.models import Project, ProjectActivity
from zhiheng.worklog.policies import IMPORT_PROJECT

PROJECT_NAMES = ("code", "name", "org_unit_id", "starts_on", "ends_on", "legal_entity_id")
ACTIVITY_NAMES = ("name", "planned_days", "starts_on", "ends_on", "owner_id", "project_id", "legal_entity_id")


class ProjectTarget(ImportTarget):
    """Projects by code, with an activity a row; merged cells count for all rows they span."""

    code = "worklog.project"
    label = gettext_lazy("项目与活动")
    permission = IMPORT_PROJECT
    keys = (("project_code", "activity"),)
    fields = (
        Field(
            "project_code", gettext_lazy("项目编号"), required=True, max_length=40,
            synonyms=("项目编码", "项目代码", "project", "project_code", "project no"), example="P1",
        ),
        Field(
            "project_name", gettext_lazy("项目名称"), required=True, max_length=120,
            synonyms=("项目", "project_name", "project name"), example="星图平台",
        ),
        Field(
            "activity", gettext_lazy("活动"), required=True, max_length=60,
            synonyms=("阶段", "任务", "工作内容", "activity", "stage", "task"), example="开发",
        ),
        Field(
            "planned_days", gettext_lazy("计划工作日"), "decimal", places=2, minimum=0,
            synonyms=("计划天数", "工作日", "planned_days", "days"),
        ),
        Field("starts_on", gettext_lazy("开始日期"), "date", synonyms=("计划开始", "starts_on", "start")),
        Field("ends_on", gettext_lazy("结束日期"), "date", synonyms=("计划结束", "ends_on", "end")),
        Field(
            "owner", gettext_lazy("负责人工号"), max_length=40, synonyms=("工号", "owner", "owner_no", "employee_no")
        ),
        Field("unit", gettext_lazy("部门编码"), max_length=40, synonyms=("负责部门", "部门", "org_unit", "unit")),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find people and units nobody knows, and ends before their beginnings."""
        people = people_by_number(frame, "owner")
        units = _units()
        issues = []
        for row in frame.iter_rows(named=True):
            if row["owner"] and row["owner"] not in people:
                text = _("没有工号为「{number}」的员工。").format(number=row["owner"])
                issues.append(self.issue(row[ROW], "owner", text, code="unknown_employee"))
            if row["unit"] and row["unit"] not in units:
                text = _("没有编码或名称为「{unit}」的部门。").format(unit=row["unit"])
                issues.append(self.issue(row[ROW], "unit", text, code="unknown_unit"))
            if row["starts_on"] and row["ends_on"] and row["ends_on"] < row["starts_on"]:
                issues.append(
                    self.issue(row[ROW], "ends_on", _("结束日期不能早于开始日期。"), code="bad_dates")
                )
        return issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Add new projects and activities and change known ones; a project spans the dates of its activities."""
        people, units = people_by_number(frame, "owner"), _units()
        nobody = entity_for_nobody(actor)
        changes = Changes(UUID(batch_id))
        for rows in frame.partition_by("project_code", maintain_order=True):
            lines = list(rows.iter_rows(named=True))
            project = _save_project(changes, lines, people, units, nobody)
            for position, line in enumerate(lines, start=1):
                _save_activity(changes, project, line, people, position)
        changes.write()
        progress(frame.height, frame.height, _("写入项目"))
        return CommitResult(changes.created, changes.updated, changes.unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take projects and activities back, unless one was changed since or has hours."""
        used = _("已有工时记在这些项目上，不能撤销。")
        activities = undo_changes(UUID(batch_id), ProjectActivity, ACTIVITY_NAMES, used, keep=True)
        if activities.refused_because:
            return activities
        projects = undo_changes(UUID(batch_id), Project, PROJECT_NAMES, used)
        return UndoResult(
            activities.deleted + projects.deleted,
            activities.restored + projects.restored,
            projects.refused_because,
        )


def _units() -> dict[str, UnitRef]:
    """Return the org units by code and by name; a code counts before a name."""
    known = org_units()
    return {unit.name: unit for unit in known} | {unit.code: unit for unit in known}


def _save_project(
    changes: Changes,
    lines: list[dict[str, Any]],
    people: dict,
    units: dict[str, UnitRef],
    nobody: UUID | None,
) -> Project:
    unit = next((units[line["unit"]] for line in lines if line["unit"]), None)
    owner = next((people[line["owner"]] for line in lines if line["owner"]), None)
    entity = unit.legal_entity_id if unit else owner.legal_entity_id if owner else nobody
    if entity is None:
        raise ValidationError(_("有多个法人实体时，每个项目都要填写部门或负责人。"))
    code = lines[0]["project_code"]
    project = (
        Project.objects.select_for_update(of=("self",)).filter(legal_entity_id=entity, code=code).first()
    )
    project = project or Project(code=code, legal_entity_id=entity)
    starts = [line["starts_on"] for line in lines if line["starts_on"]]
    ends = [line["ends_on"] for line in lines if line["ends_on"]]
    values: dict[str, object] = {"name": lines[0]["project_name"]}
    if unit or owner:
        values["org_unit_id"] = unit.id if unit else project.org_unit_id or owner.org_unit_id
    if starts:
        values["starts_on"] = min(starts)
    if ends:
        values["ends_on"] = max(ends)
    changes.save(project, values, PROJECT_NAMES)
    return project


def _save_activity(
    changes: Changes, project: Project, line: dict[str, Any], people: dict, position: int
) -> None:
    activity = ProjectActivity.objects.filter(project=project, name=line["activity"]).first()
    activity = activity or ProjectActivity(
        project=project, name=line["activity"], legal_entity_id=project.legal_entity_id, position=position
    )
    values = {name: line[name] for name in ("planned_days", "starts_on", "ends_on") if line[name] is not None}
    if line["owner"]:
        values["owner_id"] = people[line["owner"]].id
    changes.save(activity, values, ACTIVITY_NAMES)
