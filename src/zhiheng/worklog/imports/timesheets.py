"""Import of hours on projects."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import polars as pl
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
from zhiheng.worklog.calc.weeks import monday_of
from zhiheng.worklog.choices import WeekState
from zhiheng.worklog.imports.changes import Changes, undo_changes
from zhiheng.worklog.imports.people import people_by_number
from zhiheng.worklog.models import ImportChange, TimesheetEntry, TimesheetWeek
from zhiheng.worklog.policies import IMPORT_ENTRY
from zhiheng.worklog.queries.projects import activities_by_code
from zhiheng.worklog.services.work_time import refresh_days

NAMES = ("minutes", "activity_id")


class TimesheetTarget(ImportTarget):
    """Hours of people by day, project and activity; a row replaces what is there."""

    code = "worklog.timesheet"
    label = gettext_lazy("项目工时")
    permission = IMPORT_ENTRY
    keys = (("employee_no", "on", "project_code", "activity"),)
    fields = (
        Field(
            "employee_no", gettext_lazy("工号"), required=True, max_length=40,
            synonyms=("员工编号", "员工工号", "employee_number", "employee no"),
        ),
        Field("on", gettext_lazy("日期"), "date", required=True, synonyms=("工作日期", "date", "worked_on")),
        Field(
            "project_code", gettext_lazy("项目编号"), required=True, max_length=40,
            synonyms=("项目编码", "项目", "project", "project_code"),
        ),
        Field(
            "activity", gettext_lazy("活动"), required=True, max_length=60,
            synonyms=("阶段", "任务", "activity", "stage", "task"),
        ),
        Field(
            "hours", gettext_lazy("小时"), "decimal", required=True, places=2, minimum=0, maximum=24,
            synonyms=("工时", "工时（小时）", "小时数", "hours"), example="2",
        ),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find people and activities nobody knows, and weeks that are locked."""
        people, activities = people_by_number(frame, "employee_no"), activities_by_code()
        locked = _closed_weeks()
        issues = []
        for row in frame.iter_rows(named=True):
            person = people.get(row["employee_no"] or "")
            if row["employee_no"] and person is None:
                text = _("没有工号为「{number}」的员工。").format(number=row["employee_no"])
                issues.append(self.issue(row[ROW], "employee_no", text, code="unknown_employee"))
            if person and (person.legal_entity_id, row["project_code"], row["activity"]) not in activities:
                text = _("项目「{project}」没有活动「{activity}」。").format(
                    project=row["project_code"], activity=row["activity"]
                )
                issues.append(self.issue(row[ROW], "activity", text, code="unknown_activity"))
            if person and row["on"] and (person.id, monday_of(row["on"])) in locked:
                text = _("这一周的工时已提交或锁定。")
                issues.append(self.issue(row[ROW], "on", text, code="week_not_open"))
        return [*issues, *self._long_days(frame)]

    def _long_days(self, frame: pl.DataFrame) -> list[Issue]:
        sums = frame.group_by("employee_no", "on").agg(pl.col("hours").sum(), pl.col(ROW).max())
        long = sums.filter(pl.col("hours") > 24)
        return [
            self.issue(
                row[ROW], "hours", _("{day} 的工时超过 24 小时。").format(day=row["on"]), code="long_day"
            )
            for row in long.iter_rows(named=True)
        ]

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Set the hours; a row replaces what is there."""
        people, activities = people_by_number(frame, "employee_no"), activities_by_code()
        known = {
            (row.person_id, row.activity_id, row.on): row
            for row in TimesheetEntry.objects.select_for_update().filter(
                person_id__in=[each.id for each in people.values()], on__in=frame["on"].unique().to_list()
            )
        }
        changes = Changes(UUID(batch_id))
        for row in frame.filter(pl.col("hours") > 0).iter_rows(named=True):
            person = people[row["employee_no"]]
            key = (
                person.id,
                activities[person.legal_entity_id, row["project_code"], row["activity"]],
                row["on"],
            )
            entry = known.get(key) or TimesheetEntry(
                person_id=person.id, legal_entity_id=person.legal_entity_id, activity_id=key[1], on=key[2],
                batch_id=UUID(batch_id),
            )  # fmt: skip
            changes.save(entry, {"minutes": int(row["hours"] * 60)}, NAMES)
        changes.write()
        refresh_days(
            {(people[number].id, on) for number, on in frame.select("employee_no", "on").iter_rows()}
        )
        progress(frame.height, frame.height, _("写入工时"))
        return CommitResult(changes.created, changes.updated, changes.unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take the hours back, unless one was changed or its week locked since."""
        noted = ImportChange.objects.filter(batch_id=UUID(batch_id)).values_list("object_id", flat=True)
        rows = TimesheetEntry.objects.filter(id__in=list(noted))
        days = set(rows.values_list("person_id", "on"))
        if any((person, monday_of(on)) in _closed_weeks() for person, on in days):
            return UndoResult(refused_because=_("有工时所在的周已提交或锁定，不能撤销。"))
        done = undo_changes(UUID(batch_id), TimesheetEntry, NAMES, "")
        refresh_days(days)
        return done


def _closed_weeks() -> set[tuple[UUID, dt.date]]:
    weeks = TimesheetWeek.objects.exclude(state=WeekState.OPEN)
    return set(weeks.values_list("person_id", "starts_on"))
