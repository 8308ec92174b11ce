"""Balances can be imported from files: target ``leave.balance``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone
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
    register_target,
)
from zhiheng.leave.models import LeaveType
from zhiheng.leave.policies import IMPORT_BALANCE
from zhiheng.leave.queries.types import leave_types
from zhiheng.leave.services.opening import UsedSince, open_balance, reopen_batch
from zhiheng.people.public import person_ids_by_number


class BalanceTarget(ImportTarget):
    """What people have left of a type: after the import the balance is what the file says."""

    code = "leave.balance"
    label = gettext_lazy("假期余额")
    permission = IMPORT_BALANCE
    keys = (("employee_id", "leave_type"),)
    fields = (
        Field(
            "employee_id", gettext_lazy("工号"), required=True, max_length=40,
            synonyms=("employee_number", "employee no", "员工编号", "员工工号"),
        ),
        Field(
            "leave_type", gettext_lazy("假期类型"), required=True, max_length=120,
            synonyms=("type", "假期", "假种", "假期名称"), help=gettext_lazy("假期类型的名称或编码。"),
        ),
        Field(
            "balance", gettext_lazy("余额"), "decimal", required=True, places=2, minimum=0, maximum=10_000,
            synonyms=("剩余", "剩余天数", "可用余额", "left", "days"),
            help=gettext_lazy("按小时的类型填小时，其他填天。"),
        ),
        Field("expires_on", gettext_lazy("有效期至"), "date", synonyms=("到期日", "到期日期", "有效期")),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find rows of nobody, and of types without a balance, and what has ended."""
        persons, kinds, today = _persons(frame), _kinds(), timezone.localdate()
        issues = []
        for row in frame.iter_rows(named=True):
            number, name = row["employee_id"], row["leave_type"]
            if number and number not in persons:
                text = _("没有工号为「{number}」的员工。").format(number=number)
                issues.append(self.issue(row[ROW], "employee_id", text, code="unknown_employee"))
            if name and _key(name) not in kinds:
                text = _("没有带余额的假期类型「{name}」。").format(name=name)
                issues.append(self.issue(row[ROW], "leave_type", text, code="unknown_type"))
            if row["expires_on"] and row["expires_on"] < today:
                issues.append(self.issue(row[ROW], "expires_on", _("有效期已过。"), code="ended"))
        return issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Bring each balance to what the file says."""
        persons, kinds = _persons(frame), _kinds()
        today, changed = timezone.localdate(), 0
        for done, row in enumerate(frame.iter_rows(named=True), start=1):
            kind = kinds[_key(row["leave_type"])]
            changed += open_balance(
                actor=actor, person_id=persons[row["employee_id"]], kind=kind, on=today,
                amount=row["balance"] * 60 if kind.is_hourly else row["balance"], expires_on=row["expires_on"],
                batch_id=UUID(batch_id),
            )  # fmt: skip
            if done % 100 == 0:
                progress(done, frame.height, _("写入余额"))
        return CommitResult(created=changed, unchanged=frame.height - changed)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take the lines back by opposite ones, unless what they gave was used since."""
        try:
            return UndoResult(restored=reopen_batch(actor=actor, batch_id=UUID(batch_id)))
        except UsedSince:
            return UndoResult(refused_because=_("有导入的余额已被使用，不能撤销。请在余额流水中逐个调整。"))


def _persons(frame: pl.DataFrame) -> dict[str, UUID]:
    return person_ids_by_number([each for each in frame["employee_id"].to_list() if each])


def _kinds() -> dict[str, LeaveType]:
    kinds = [each for each in leave_types() if each.has_balance]
    names = [(name, kind) for kind in kinds for name in (kind.name, kind.name_en, kind.code) if name]
    return {_key(name): kind for name, kind in names}


def _key(text: str) -> str:
    return text.strip().lower()


register_target(BalanceTarget())
