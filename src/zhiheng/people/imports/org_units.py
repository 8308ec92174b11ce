"""Import of org units: a tree by codes, in any order of rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.dataimport.public import (
    ROW,
    Choice,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    UndoResult,
)
from zhiheng.people.calc.pinyin import plain
from zhiheng.people.imports.lookups import Entities, Miss, nearest, refuse_errors
from zhiheng.people.imports.traces import has_later_batch, traces_of, write_traces
from zhiheng.people.models import ImportTrace
from zhiheng.people.policies import WRITE_ORG_UNIT
from zhiheng.people.services.locks import lock_org_tree
from zhiheng.tenancy.choices import OrgUnitKind
from zhiheng.tenancy.models import OrgUnit

SINCE_EVER = date(1900, 1, 1)
_SYNONYMS = {
    "company": ("集团", "总部"),
    "division": ("条线", "中心", "事业群"),
    "department": ("科室", "处", "dept"),
    "team": ("班组", "组", "group"),
    "line": ("生产线", "车间", "工段"),
}
_STATE = ("name", "kind", "parent_id", "legal_entity_id", "path")


class OrgUnitTarget(ImportTarget):
    """Org units by code; the parent is in the file or in the tenant already."""

    code = "people.org_unit"
    label = gettext_lazy("组织单元")
    permission = WRITE_ORG_UNIT
    fields = (
        Field(
            "code", gettext_lazy("部门编码"), required=True, unique=True, max_length=40,
            synonyms=("编码", "组织编码", "部门代码", "代码", "department_id", "org_unit_code", "dept_code"),
            example="SALES",
        ),
        Field(
            "name", gettext_lazy("部门名称"), required=True, max_length=120,
            synonyms=("名称", "组织名称", "部门", "department_name", "org_unit_name", "dept_name"), example="销售部",
        ),
        Field(
            "parent", gettext_lazy("上级部门"), max_length=120,
            synonyms=("上级部门编码", "上级编码", "上级组织", "上级组织编码", "parent_code", "parent_id"),
            help=gettext_lazy("填编码或名称；最上级的组织留空。"), example="HQ",
        ),
        Field(
            "kind", gettext_lazy("组织类型"), "choice",
            synonyms=("类型", "type", "org_type", "部门类型"),
            choices=tuple(Choice(each.value, each.label, _SYNONYMS[each.value]) for each in OrgUnitKind),
            default=OrgUnitKind.DEPARTMENT.value,
        ),
        Field(
            "legal_entity", gettext_lazy("法人实体"), max_length=120,
            synonyms=("公司", "所属公司", "法人", "法人公司", "company", "subsidiary"),
            help=gettext_lazy("填编码或名称；留空则与上级相同。"),
        ),
        Field(
            "from_on", gettext_lazy("启用日期"), "date", synonyms=("生效日期", "成立日期", "start_date", "valid_from")
        ),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find unknown parents and legal entities, and circles."""
        plan = _Plan(actor, frame)
        return plan.issues

    @transaction.atomic
    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Write parents before children; known codes are renamed and moved."""
        lock_org_tree(actor)
        plan = _Plan(actor, frame)
        refuse_errors(plan.issues)
        created, before, unchanged = [], {}, 0
        for row in plan.in_tree_order():
            unit, old = plan.written(row)
            if old is None:
                created.append(unit.id)
            elif old == _state(unit):
                unchanged += 1
            else:
                before[unit.id] = {"old": old, "new": _state(unit)}
        write_traces(batch_id, self.code, [*created, *before], timezone.now(), before)
        progress(frame.height, frame.height, "")
        return CommitResult(len(created), len(before), unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Remove the units that were made, put back the others; refused once people or units use them."""
        actor.scope(WRITE_ORG_UNIT)
        lock_org_tree(actor)
        traces = traces_of(batch_id, self.code)
        if has_later_batch(traces):
            return UndoResult(refused_because=_("之后的导入又修改了这批数据，请先撤销之后的导入。"))
        changed = {trace.object_id: trace.before for trace in traces if trace.before}
        for unit in OrgUnit.objects.filter(id__in=changed):
            if _state(unit) != changed[unit.id]["new"]:
                return UndoResult(
                    refused_because=_("“%(unit)s”之后又被修改，不能撤销。") % {"unit": unit.name}
                )
        created = [trace.object_id for trace in traces if not trace.before]
        try:
            with transaction.atomic():
                for each, state in changed.items():
                    OrgUnit.objects.filter(id=each).update(**state["old"])
                    _rewrite_below(OrgUnit.objects.get(id=each))
                rows = OrgUnit.objects.filter(id__in=created)
                deleted = rows._raw_delete(rows.db)
                ImportTrace.objects.filter(id__in=[trace.id for trace in traces]).delete()
        except IntegrityError:
            return UndoResult(refused_because=_("这批部门下已有员工、下级部门或其他数据，不能撤销。"))
        return UndoResult(deleted=deleted, restored=len(changed))


def _state(unit: OrgUnit) -> dict[str, object]:
    """Return what an import can change of a unit, as JSON."""
    return {
        "name": unit.name,
        "kind": str(unit.kind),
        "parent_id": unit.parent_id and str(unit.parent_id),
        "legal_entity_id": str(unit.legal_entity_id),
        "path": [str(each) for each in unit.path],
    }


def _rewrite_below(unit: OrgUnit) -> list[tuple[str, list[UUID]]]:
    """Bring the paths below a moved unit in line with its own; returns them by key."""
    found = []
    for below in OrgUnit.objects.filter(path__contains=[unit.id]).exclude(id=unit.id):
        path = [*unit.path, *below.path[below.path.index(unit.id) + 1 :]]
        OrgUnit.objects.filter(id=below.id).update(path=path)
        found.append((plain(below.code), path))
    return found


class _Plan:
    """The rows of a file and what they refer to."""

    def __init__(self, actor: Any, frame: pl.DataFrame) -> None:
        actor.scope(WRITE_ORG_UNIT)
        self.entities = Entities(actor)
        self.known = {plain(unit.code): unit for unit in OrgUnit.objects.order_by("valid")}
        self.issues: list[Issue] = []
        rows = [row for row in frame.iter_rows(named=True) if row["code"]]
        self.rows = {plain(row["code"]): row for row in rows}
        self._codes_by_name: dict[str, list[str]] = {}
        for key, name in [
            *((key, row["name"] or "") for key, row in self.rows.items()),
            *((key, unit.name) for key, unit in self.known.items() if key not in self.rows),
        ]:
            self._codes_by_name.setdefault(plain(name), []).append(key)
        self.parents: dict[str, str | None] = {key: self._parent(key, row) for key, row in self.rows.items()}
        self._find_circles()
        self._entity_ids = {key: self._entity(key, row) for key, row in self.rows.items()}

    def _miss(
        self, row: dict, name: str, message: str, proposed: str | None = None, code: str = "unknown"
    ) -> None:
        self.issues.append(
            ImportTarget.issue(
                row[ROW], name, message, code=code, original=str(row[name] or ""), proposed=proposed
            )
        )

    def _parent(self, key: str, row: dict) -> str | None:
        if not row["parent"]:
            return None
        wanted = plain(row["parent"])
        if wanted in self.rows or wanted in self.known:
            return wanted
        named = self._codes_by_name.get(wanted, [])
        if len(named) == 1:
            return named[0]
        if named:
            message = _("有多个部门叫“%(text)s”，请改填编码。") % {"text": row["parent"]}
            self._miss(row, "parent", message, code="ambiguous")
            return None
        near = nearest(row["parent"], [each["name"] or "" for each in self.rows.values()])
        message = _("没有上级部门“%(text)s”。") % {"text": row["parent"]}
        if near:
            message += _("您是否要填：%(names)s？") % {"names": "、".join(near)}
        self._miss(row, "parent", message, near[0] if near else None)
        return None

    def _find_circles(self) -> None:
        for key, row in self.rows.items():
            seen, above = {key}, self.parents[key]
            while above is not None and above not in seen:
                seen.add(above)
                above = self._above(above)
            if above == key:
                self._miss(row, "parent", _("上级部门绕成了一个圈。"), code="cycle")
                self.parents[key] = None

    def _above(self, key: str) -> str | None:
        if key in self.rows:
            return self.parents[key]
        unit = self.known[key]
        return plain(unit.parent.code) if unit.parent_id else None

    def _entity(self, key: str, row: dict) -> UUID | None:
        """Return the legal entity of a row: its own, that of the units above, the only one of the tenant."""
        at: str | None = key
        while at is not None:
            own = self.rows.get(at, {}).get("legal_entity")
            if own:
                found = self.entities.find(own)
                if isinstance(found, Miss):
                    if at == key:
                        self._miss(row, "legal_entity", found.message, found.proposed)
                    return None
                return found.id
            if at in self.known:
                return self.known[at].legal_entity_id
            at = self._above(at)
        only = self.entities.only()
        if only is None and not (row["parent"] and self.parents[key] is None):
            message = _("请填写法人实体：该组织没有上级，企业有多个法人实体。")
            self._miss(row, "legal_entity", message, code="required")
        return only and only.id

    def in_tree_order(self) -> list[str]:
        """Return the keys, each after its parent."""
        ordered: dict[str, None] = {}
        for key in self.rows:
            chain = []
            at: str | None = key
            while at in self.rows and at not in ordered:
                chain.append(at)
                at = self.parents[at]
            ordered.update(dict.fromkeys(reversed(chain)))
        return list(ordered)

    def written(self, key: str) -> tuple[OrgUnit, dict | None]:
        """Write one row; returns the unit and its state before, ``None`` for a new one."""
        row, unit = self.rows[key], self.known.get(key)
        above = self.parents[key]
        parent = self.known[above] if above else None
        old = _state(unit) if unit else None
        if unit is None:
            since = DateRange(row["from_on"] or SINCE_EVER, None)
            unit = OrgUnit(code=row["code"], valid=since)
        elif not row["parent"]:
            parent = unit.parent
        unit.name, unit.kind, unit.parent = row["name"], row["kind"] or OrgUnitKind.DEPARTMENT, parent
        unit.legal_entity_id = self._entity_ids[key]
        unit.path = [*(parent.path if parent else []), unit.id]
        if old != _state(unit):
            unit.save()
            if old and old["path"] != [str(each) for each in unit.path]:
                for below_key, path in _rewrite_below(unit):
                    if below_key in self.known:
                        self.known[below_key].path = path
        self.known[key] = unit
        return unit, old
