"""Targets can be imported from files: target ``goals.goal:<metric code>``."""

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
    TargetFamily,
    UndoResult,
    register_family,
)
from zhiheng.goals.policies import IMPORT_GOAL
from zhiheng.goals.services.goals import NewGoal, SetSince, set_goals, withdraw_batch
from zhiheng.integrations.public import place_employees
from zhiheng.metrics.public import MetricInfo, PeriodInfo, all_metrics, periods

PREFIX = "goals.goal"


class GoalTarget(ImportTarget):
    """Targets of one metric: whose, of which period, how much."""

    permission = IMPORT_GOAL
    keys = (("employee_id", "period_from"),)
    fields = (
        Field(
            "employee_id",
            gettext_lazy("工号"),
            required=True,
            max_length=40,
            synonyms=("employee_number", "employee no", "员工编号", "员工工号", "worker_no", "seller_no"),
        ),
        Field(
            "period_from",
            gettext_lazy("期间开始日期"),
            "date",
            required=True,
            synonyms=("quota_date", "period", "开始日期", "期间", "目标期间", "月份", "起始日期"),
            help=gettext_lazy("必须是某个期间的第一天。"),
        ),
        Field(
            "target",
            gettext_lazy("目标值"),
            "decimal",
            required=True,
            synonyms=("sales_quota", "quota", "目标", "配额", "指标值", "目标金额"),
            places=4,
            minimum=0,
        ),
    )

    def __init__(self, metric: MetricInfo) -> None:
        self.metric = metric
        self.code = f"{PREFIX}:{metric.code}"
        self.label = _("目标：{metric}").format(metric=metric.label)

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find rows of nobody, and rows whose day begins no period."""
        known = _periods_by_start()
        issues = []
        for row in self._placed(frame, known).iter_rows(named=True):
            if row["employee_id"] and row["person_id"] is None and row["_last"]:
                text = _("没有工号为「{number}」的员工。").format(number=row["employee_id"])
                issues.append(self.issue(row[ROW], "employee_id", text, code="unknown_employee"))
            if row["period_from"] and row["period_from"] not in known:
                text = _("没有从 {day} 开始的期间。").format(day=row["period_from"])
                issues.append(self.issue(row[ROW], "period_from", text, code="unknown_period"))
        return issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Set the targets."""
        known = _periods_by_start()
        rows = [
            NewGoal(
                UUID(row["person_id"]), UUID(row["legal_entity_id"]), UUID(row["org_unit_id"]),
                known[row["period_from"]].id, row["target"], row_number=row[ROW],
            )
            for row in self._placed(frame, known).iter_rows(named=True)
        ]  # fmt: skip
        done = set_goals(actor=actor, metric_code=self.metric.code, rows=rows, batch_id=UUID(batch_id))
        progress(len(rows), len(rows), _("写入目标"))
        return CommitResult(done.created, done.updated, done.unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take the targets back, unless one was set again later."""
        try:
            withdrawn, restored = withdraw_batch(actor=actor, batch_id=UUID(batch_id))
        except SetSince:
            return UndoResult(refused_because=_("有目标在导入之后又被修改，不能撤销。"))
        return UndoResult(deleted=withdrawn, restored=restored)

    def _placed(self, frame: pl.DataFrame, known: dict[dt.date, PeriodInfo]) -> pl.DataFrame:
        """Add person, legal entity and the org unit of the period's last day."""
        last = {start: period.last_on for start, period in known.items()}
        days = [last.get(day) for day in frame["period_from"].to_list()]
        return place_employees(frame.with_columns(pl.Series("_last", days, pl.Date)), "employee_id", "_last")


def _periods_by_start() -> dict[dt.date, PeriodInfo]:
    """Return periods by their first day; where several begin, the shortest."""
    longest_first = sorted(periods(), key=lambda each: each.period_to, reverse=True)
    return {each.period_from: each for each in longest_first}


def _make(name: str) -> GoalTarget:
    return GoalTarget(all_metrics()[name])


def _make_all() -> list[GoalTarget]:
    return [GoalTarget(metric) for metric in all_metrics().values()]


register_family(TargetFamily(PREFIX, _make, lambda: list(all_metrics()), IMPORT_GOAL, _make_all))
