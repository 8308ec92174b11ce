"""Import of assignments: the history of where people worked, laid over what is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.audit.public import record
from zhiheng.dataimport.public import (
    ROW,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    UndoResult,
    copy_rows,
)
from zhiheng.people.calc.timeline import Piece, Span, merge_equal, overlay, piece_on
from zhiheng.people.imports.lookups import Miss, Numbers, Positions, Spell, Units, refuse_errors
from zhiheng.people.imports.traces import (
    mark_changed,
    person_states,
    traces_of,
    undo_persons,
    write_traces,
)
from zhiheng.people.models import Assignment, Position
from zhiheng.people.policies import IMPORT_PERSON, WRITE_PERSON
from zhiheng.people.services.employments import Place, period_of, span_of
from zhiheng.people.services.refusals import shown_period
from zhiheng.people.services.snapshots import refresh_person_snapshots
from zhiheng.tenancy.models import OrgUnit

ONE_DAY = timedelta(days=1)


class AssignmentTarget(ImportTarget):
    """Where people worked from when to when; the last day is included, empty means until further notice."""

    code = "people.assignment"
    label = gettext_lazy("任职记录")
    permission = IMPORT_PERSON
    keys = (("employee_number", "from_on"),)
    fields = (
        Field(
            "employee_number", gettext_lazy("工号"), required=True, max_length=40, example="A0001",
            synonyms=("员工编号", "员工工号", "人员编号", "employee_id", "employee_no", "staff_id"),
        ),
        Field(
            "org_unit", gettext_lazy("部门"), required=True, max_length=120, example="销售部",
            synonyms=("部门编码", "部门名称", "所在部门", "org_unit_code", "department", "department_id", "dept"),
        ),
        Field(
            "position", gettext_lazy("职位"), max_length=80,
            synonyms=("岗位", "职务", "job_title", "title"),
            help=gettext_lazy("留空则沿用当时的职位。"),
        ),
        Field(
            "manager_number", gettext_lazy("直接上级工号"), max_length=40,
            synonyms=("直接上级", "上级工号", "汇报对象工号", "manager_id", "reports_to"),
            help=gettext_lazy("留空则沿用当时的上级。"),
        ),
        Field(
            "shift", gettext_lazy("班次"), max_length=40,
            synonyms=("班次编码", "班次名称", "shift_id", "shift_name", "倒班"),
        ),
        Field(
            "from_on", gettext_lazy("开始日期"), "date", required=True, example="2024-03-01",
            synonyms=("起始日期", "生效日期", "任职开始日期", "开始时间", "start_date", "valid_from"),
        ),
        Field(
            "last_on", gettext_lazy("结束日期"), "date",
            synonyms=("截止日期", "终止日期", "任职结束日期", "结束时间", "end_date", "valid_to"),
            help=gettext_lazy("最后一天（含）；留空表示至今。"),
        ),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find unknown people and departments, days outside the employment, overlaps within the file."""
        return _Plan(actor, frame).issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Lay the rows over the timelines of their people."""
        actor.scope(WRITE_PERSON)
        plan, stamp = _Plan(actor, frame), timezone.now()
        refuse_errors(plan.issues)
        plan.make_positions()
        by_spell = plan.by_spell()
        before = person_states({spell.person_id for spell in by_spell})
        existing: dict[UUID, list[Assignment]] = defaultdict(list)
        for row in Assignment.objects.filter(
            employment_id__in=[spell.id for spell in by_spell], is_primary=True
        ):
            existing[row.employment_id].append(row)
        gone, made, touched, unchanged = [], [], set(), 0
        for spell, rows in by_spell.items():
            old = [_piece(row) for row in sorted(existing[spell.id], key=lambda row: row.valid.lower)]
            new = plan.laid_over(old, rows)
            if new == merge_equal(old):
                unchanged += len(rows)
                continue
            touched.add(spell.person_id)
            gone += [row.id for row in existing[spell.id]]
            made += [_row(spell, piece) for piece in new]
        stale = Assignment.objects.filter(id__in=gone)
        stale._raw_delete(stale.db)
        copy_rows(made)
        refresh_person_snapshots(tenant_id=actor.tenant_id, person_ids=touched)
        mark_changed(touched, stamp)
        write_traces(batch_id, self.code, touched, stamp, before)
        progress(frame.height, frame.height, "")
        payload = {"rows": frame.height, "persons": len(touched)}
        record(actor, "people.assignment.import", subject=("dataimport.batch", batch_id), payload=payload)
        return CommitResult(created=frame.height - unchanged, unchanged=unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Put the timelines back, unless somebody changed them since."""
        actor.scope(WRITE_PERSON)
        return undo_persons(actor.tenant_id, traces_of(batch_id, self.code))


def _piece(row: Assignment) -> Piece[Place]:
    return Piece(span_of(row.valid), Place(row.org_unit_id, row.position_id, row.manager_id, row.shift_name))


def _row(spell: Spell, piece: Piece[Place]) -> Assignment:
    place = piece.value
    return Assignment(
        legal_entity_id=spell.legal_entity_id, employment_id=spell.id, person_id=spell.person_id,
        org_unit_id=place.org_unit_id, position_id=place.position_id, manager_id=place.manager_id,
        shift_name=place.shift_name, valid=period_of(piece.span),
    )  # fmt: skip


@dataclass(frozen=True)
class _Stay:
    """A row with what it refers to."""

    row: dict[str, Any]
    spell: Spell
    unit: OrgUnit
    span: Span
    manager_id: UUID | None


class _Plan:
    """The rows of a history, resolved, and the issues found on the way."""

    def __init__(self, actor: Any, frame: pl.DataFrame) -> None:
        self.issues: list[Issue] = []
        self._units, self._numbers, self._positions = Units(actor), Numbers.load(), Positions()
        self._found: dict[tuple, OrgUnit | Miss] = {}
        rows = [row for row in frame.iter_rows(named=True) if row["employee_number"] and row["from_on"]]
        self.stays = [stay for stay in map(self._stay, rows) if stay]
        self._check_overlaps()

    def _say(self, row: dict, name: str, message: str, code: str, proposed: str | None = None) -> None:
        original = str(row.get(name) or "")
        self.issues.append(
            ImportTarget.issue(row[ROW], name, message, code=code, original=original, proposed=proposed)
        )

    def _stay(self, row: dict) -> _Stay | None:
        if row["last_on"] and row["last_on"] < row["from_on"]:
            self._say(row, "last_on", _("结束日期不能早于开始日期。"), "order")
            return None
        spells = self._numbers.spells(row["employee_number"])
        if not spells:
            message = _("没有工号为 %(number)s 的员工。") % {"number": row["employee_number"]}
            self._say(row, "employee_number", message, "unknown")
            return None
        span = Span(row["from_on"], row["last_on"] and row["last_on"] + ONE_DAY)
        spell = self._spell(row, spells, span)
        unit = self._unit(row, spell) if spell else None
        if spell is None or unit is None:
            return None
        return _Stay(row, spell, unit, self._within(span, spell), self._manager_id(row, spell))

    @staticmethod
    def _within(span: Span, spell: Spell) -> Span:
        """An open row ends with the employment."""
        return Span(span.from_on, span.to_on or spell.upper)

    def _spell(self, row: dict, spells: list[Spell], span: Span) -> Spell | None:
        for spell in spells:
            if Span(spell.lower, spell.upper).covers(self._within_or(span, spell)):
                return spell
        shown = "、".join(shown_period(spell.lower, spell.upper) for spell in spells)
        message = _("不在 %(name)s 的任职期间（%(period)s）之内。")
        self._say(row, "from_on", message % {"name": spells[-1].name, "period": shown}, "outside")
        return None

    @staticmethod
    def _within_or(span: Span, spell: Spell) -> Span:
        is_open = span.to_on is None and (spell.upper is None or span.from_on < spell.upper)
        return Span(span.from_on, spell.upper) if is_open else span

    def _unit(self, row: dict, spell: Spell) -> OrgUnit | None:
        text = row["org_unit"]
        if not text:
            return None
        key = (text, None)
        if key not in self._found:
            self._found[key] = self._units.find(text)
        found = self._found[key]
        if isinstance(found, Miss):
            self._say(row, "org_unit", found.message, "unknown", found.proposed)
            return None
        if found.legal_entity_id != spell.legal_entity_id:
            message = _("部门“%(unit)s”属于另一法人实体，变更法人实体请使用调动。")
            self._say(row, "org_unit", message % {"unit": found.name}, "other-entity")
            return None
        if row["from_on"] not in found.valid:
            message = _("部门“%(unit)s”在 %(day)s 不存在。")
            self._say(row, "org_unit", message % {"unit": found.name, "day": row["from_on"]}, "not-there")
            return None
        return found

    def _manager_id(self, row: dict, spell: Spell) -> UUID | None:
        number = row["manager_number"]
        if not number:
            return None
        found = self._numbers.person_id(number, spell.legal_entity_id)
        if found == spell.person_id:
            self._say(row, "manager_number", _("直接上级不能是本人。"), "cycle")
        elif found is None:
            message = _("没有工号为 %(number)s 的员工，不能作为直接上级。") % {"number": number}
            self._say(row, "manager_number", message, "unknown")
        return found

    def _check_overlaps(self) -> None:
        for rows in self.by_spell().values():
            for one, other in pairwise(rows):
                if one.span.overlaps(other.span):
                    message = _("%(name)s 的期间与第 %(row)s 行重叠。")
                    shown = {"name": one.spell.name, "row": one.row[ROW]}
                    self._say(other.row, "from_on", message % shown, "overlap")

    def by_spell(self) -> dict[Spell, list[_Stay]]:
        """Return the rows of each employment in order of time."""
        found: dict[Spell, list[_Stay]] = defaultdict(list)
        for stay in sorted(self.stays, key=lambda stay: stay.span.from_on):
            found[stay.spell].append(stay)
        return found

    def make_positions(self) -> None:
        """Make the positions that are missing."""
        names = dict.fromkeys(stay.row["position"] for stay in self.stays if stay.row["position"])
        made = [self._positions.make(name) for name in names if self._positions.get(name) is None]
        Position.objects.bulk_create(made)

    def laid_over(self, old: list[Piece[Place]], stays: list[_Stay]) -> list[Piece[Place]]:
        """Return the timeline with the rows put over it; what a row leaves open stays as it was that day."""
        pieces = old
        for stay in stays:
            held = piece_on(old, stay.span.from_on)
            place = replace(held.value if held else Place(stay.unit.id), org_unit_id=stay.unit.id)
            position = self._positions.get(stay.row["position"])
            if position:
                place = replace(place, position_id=position.id)
            if stay.manager_id:
                place = replace(place, manager_id=stay.manager_id)
            if stay.row["shift"]:
                place = replace(place, shift_name=stay.row["shift"])
            pieces = overlay(pieces, Piece(stay.span, place))
        return merge_equal(pieces)
