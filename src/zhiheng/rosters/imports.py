"""Rosters can be imported from files, a row a person and day: target ``rosters.entry``."""

from __future__ import annotations

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
    register_target,
)
from zhiheng.people.public import assignment_frame
from zhiheng.rosters.policies import IMPORT_ROSTER
from zhiheng.rosters.queries.board import shifts_in_use
from zhiheng.rosters.services.roster import NewEntry, PublishedSince, set_entries, withdraw_batch

REST_WORDS = frozenset({"", "休", "休息", "REST", "OFF", "-", "–", "X"})
CHUNK = 10_000


class RosterTarget(ImportTarget):
    """Who works which shift on which day; what is imported is a draft until it is published."""

    code = "rosters.entry"
    label = gettext_lazy("班表")
    permission = IMPORT_ROSTER
    keys = (("employee_id", "on"),)
    fields = (
        Field(
            "employee_id", gettext_lazy("工号"), required=True, max_length=40,
            synonyms=("employee_number", "employee no", "员工编号", "员工工号"),
        ),
        Field("on", gettext_lazy("日期"), "date", required=True, synonyms=("date", "排班日期", "上班日期", "day")),
        Field(
            "shift", gettext_lazy("班次编码"), max_length=120, synonyms=("shift", "班次", "班别", "shift code"),
            help=gettext_lazy("班次的编码或名称；空白或“休”表示休息。导入后是草稿，请在排班板发布。"),
        ),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find rows of nobody, of somebody not employed that day, and of unknown shifts."""
        known = _shifts()
        placed = _placed(frame)
        issues = []
        for row in placed.iter_rows(named=True):
            if row["employee_id"] and not row["_known"]:
                text = _("没有工号为「{number}」的员工。").format(number=row["employee_id"])
                issues.append(self.issue(row[ROW], "employee_id", text, code="unknown_employee"))
            elif row["employee_id"] and row["on"] and row["person_id"] is None:
                text = _("工号 {number} 在 {day} 没有任职，不能排班。")
                text = text.format(number=row["employee_id"], day=row["on"])
                issues.append(self.issue(row[ROW], "on", text, code="not_employed"))
            if not _is_rest(row["shift"]) and _key(row["shift"]) not in known:
                text = _("没有编码或名称为「{shift}」的班次。").format(shift=row["shift"])
                issues.append(self.issue(row[ROW], "shift", text, code="unknown_shift"))
        return issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Write the rows as drafts."""
        known = _shifts()
        entries = [
            NewEntry(
                UUID(row["person_id"]),
                row["on"],
                None if _is_rest(row["shift"]) else known[_key(row["shift"])],
            )
            for row in _placed(frame).iter_rows(named=True)
        ]
        changed = 0
        for start in range(0, len(entries), CHUNK):
            part = entries[start : start + CHUNK]
            changed += set_entries(actor=actor, entries=part, batch_id=UUID(batch_id))
            progress(start + len(part), len(entries), _("写入班表"))
        return CommitResult(changed, 0, len(entries) - changed)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Throw the drafts away, unless some were published."""
        try:
            gone = withdraw_batch(actor=actor, batch_id=UUID(batch_id))
        except PublishedSince:
            return UndoResult(refused_because=_("导入的班表已经发布，不能撤销；请在排班板上修改。"))
        return UndoResult(deleted=gone)


def _shifts() -> dict[str, UUID]:
    """Return shifts by code, and by name where only one has it."""
    rows = shifts_in_use()
    names: dict[str, set[UUID]] = {}
    for row in rows:
        for name in filter(None, (row.name, row.name_en)):
            names.setdefault(_key(name), set()).add(row.id)
    found = {name: next(iter(ids)) for name, ids in names.items() if len(ids) == 1}
    return found | {_key(row.code): row.id for row in rows}


def _key(text: str | None) -> str:
    return (text or "").strip().upper()


def _is_rest(text: str | None) -> bool:
    return _key(text) in REST_WORDS


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``person_id`` of whoever has the number and is employed on the day, and whether anybody has the number."""
    spells = assignment_frame().select(
        pl.col("employee_number").str.to_uppercase().alias("_number"), "person_id", "valid_from", "valid_to"
    )
    numbers = spells.select("_number").unique().with_columns(_known=pl.lit(True))
    key = pl.col("employee_id").cast(pl.String).str.strip_chars().str.to_uppercase()
    rows = frame.with_columns(key.alias("_number"))
    holds = (pl.col("valid_from") <= pl.col("on")) & (
        pl.col("valid_to").is_null() | (pl.col("on") < pl.col("valid_to"))
    )
    here = rows.join(spells, on="_number").filter(holds).select(ROW, "person_id").unique(ROW, keep="none")
    found = rows.join(numbers, on="_number", how="left", maintain_order="left")
    return found.join(here, on=ROW, how="left", maintain_order="left").with_columns(
        pl.col("_known").fill_null(False)
    )


register_target(RosterTarget())
