"""What the rows of an employee roster mean: whom they are about, where they go, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from zhiheng.dataimport.public import ROW, ImportTarget, Issue
from zhiheng.people.calc.identifiers import normal_identifier
from zhiheng.people.calc.sealing import fingerprint
from zhiheng.people.choices import IdentifierKind
from zhiheng.people.imports.lookups import Entities, Miss, Numbers, Positions, Spell, Units
from zhiheng.people.models import PersonIdentifier
from zhiheng.people.services.refusals import shown_period
from zhiheng.tenancy.models import OrgUnit

YOUNGEST = 16
HIRE, REHIRE, UPDATE = "hire", "rehire", "update"


@dataclass
class Planned:
    """One row with what it refers to; ``spells`` are the employments under its number so far."""

    row: dict[str, Any]
    unit: OrgUnit | None
    entity_id: UUID | None
    spells: list[Spell]
    verb: str
    manager_key: str | None = None

    @property
    def key(self) -> str:
        """Return the employee number as it is compared."""
        return str(self.row["employee_number"]).upper()

    @property
    def person_id(self) -> UUID | None:
        """Return who has the number already."""
        return self.spells[-1].person_id if self.spells else None


class PersonPlan:
    """The rows of a roster, resolved, and the issues found on the way."""

    def __init__(self, actor: Any, frame: pl.DataFrame) -> None:
        self.issues: list[Issue] = []
        self._tenant_id = actor.tenant_id
        self._units, self._entities = Units(actor), Entities(actor)
        self.numbers, self.positions = Numbers.load(), Positions()
        self._found_entities: dict[str, Any] = {}
        self._found_units: dict[tuple, Any] = {}
        rows = [row for row in frame.iter_rows(named=True) if row["employee_number"]]
        self.planned = [self._plan(row) for row in rows]
        self.by_key = {each.key: each for each in self.planned}
        for each in self.planned:
            self._check_dates(each)
            each.manager_key = self._manager(each)
        self._check_circles()
        self._check_cards()
        self._note_new_positions()

    def _say(self, row: dict, name: str, message: str, code: str, severity: str = "error",
             proposed: str | None = None) -> None:  # fmt: skip
        self.issues.append(
            ImportTarget.issue(
                row[ROW], name, message, code=code, severity=severity,
                original=str(row.get(name) or ""), proposed=proposed,
            )
        )  # fmt: skip

    def _plan(self, row: dict) -> Planned:
        entity_id = self._entity_id(row)
        unit = self._unit(row, entity_id)
        if unit is not None:
            entity_id = unit.legal_entity_id
        spells = self.numbers.spells(row["employee_number"], entity_id)
        if unit is None and not spells and not row["org_unit"]:
            unit = self._root(row, entity_id)
        hired = row["hired_on"]
        is_back = bool(spells and hired and spells[-1].upper is not None and hired >= spells[-1].upper)
        verb = REHIRE if is_back else UPDATE if spells else HIRE
        if is_back and unit is None and not row["org_unit"]:
            unit = self._root(row, entity_id)
        return Planned(row, unit, entity_id, spells, verb)

    def _entity_id(self, row: dict) -> UUID | None:
        text = row["legal_entity"]
        if not text:
            only = self._entities.only()
            return only and only.id
        if text not in self._found_entities:
            self._found_entities[text] = self._entities.find(text)
        found = self._found_entities[text]
        if isinstance(found, Miss):
            self._say(row, "legal_entity", found.message, "unknown", proposed=found.proposed)
            return None
        return found.id

    def _unit(self, row: dict, entity_id: UUID | None) -> OrgUnit | None:
        text = row["org_unit"]
        if not text:
            return None
        key = (text, entity_id if row["legal_entity"] else None)
        if key not in self._found_units:
            self._found_units[key] = self._units.find(*key)
        return self._valid(row, self._found_units[key])

    def _root(self, row: dict, entity_id: UUID | None) -> OrgUnit | None:
        key = ("", entity_id)
        if key not in self._found_units:
            self._found_units[key] = self._units.root(entity_id)
        return self._valid(row, self._found_units[key])

    def _valid(self, row: dict, found: OrgUnit | Miss) -> OrgUnit | None:
        if isinstance(found, Miss):
            self._say(row, "org_unit", found.message, "unknown", proposed=found.proposed)
            return None
        hired = row["hired_on"]
        if hired and found.valid.lower and hired < found.valid.lower:
            message = _("部门“%(unit)s”在 %(day)s 不存在。") % {"unit": found.name, "day": hired}
            self._say(row, "org_unit", message, "not-there")
        return found

    def _check_dates(self, each: Planned) -> None:
        row, hired = each.row, each.row["hired_on"]
        if each.verb == HIRE and hired is None:
            self._say(row, "hired_on", _("新员工必须填写入职日期。"), "required")
        start = hired or (each.spells[-1].lower if each.spells else None)
        if row["left_on"] and start and row["left_on"] < start:
            message = _("离职日期 %(left)s 早于入职日期 %(hired)s。")
            self._say(row, "left_on", message % {"left": row["left_on"], "hired": start}, "order")
        if row["birth_on"] and start:
            self._check_age(row, row["birth_on"], start)
        if row["probation_until"] and start and row["probation_until"] < start:
            self._say(row, "probation_until", _("试用期截止日不能早于入职日期。"), "order")
        if each.verb == UPDATE and hired:
            self._check_known(each, hired)

    def _check_age(self, row: dict, born: date, start: date) -> None:
        if born >= start:
            self._say(row, "birth_on", _("出生日期必须早于入职日期。"), "order")
        elif start.year - born.year - ((start.month, start.day) < (born.month, born.day)) < YOUNGEST:
            self._say(
                row, "birth_on", _("入职时不满 %(age)s 周岁，请核对。") % {"age": YOUNGEST}, "age", "warning"
            )

    def _check_known(self, each: Planned, hired: date) -> None:
        """The number is known: the same hire date goes on, another one clashes with the employment there."""
        if any(spell.lower == hired for spell in each.spells):
            if each.row["name"] and each.row["name"] != each.spells[-1].name:
                message = _("系统中工号 %(number)s 的姓名是“%(name)s”，导入后将改名。")
                shown = {"number": each.row["employee_number"], "name": each.spells[-1].name}
                self._say(each.row, "name", message % shown, "renamed", "warning")
            return
        last = each.spells[-1]
        if each.row["name"] and each.row["name"] != last.name:
            message = _("工号 %(number)s 已属于 %(name)s，工号不能重复使用。")
            self._say(
                each.row, "employee_number",
                message % {"number": each.row["employee_number"], "name": last.name}, "duplicate",
            )  # fmt: skip
            return
        message = _("%(name)s 在 %(period)s 已有任职，与入职日期 %(hired)s 重叠。")
        shown = {"name": last.name, "period": shown_period(last.lower, last.upper), "hired": hired}
        self._say(each.row, "hired_on", message % shown, "overlap")

    def _manager(self, each: Planned) -> str | None:
        number = each.row["manager_number"]
        if not number:
            return None
        key = number.upper()
        if key == each.key:
            self._say(each.row, "manager_number", _("直接上级不能是本人。"), "cycle")
            return None
        if key in self.by_key or self.numbers.person_id(key, each.entity_id):
            return key
        message = _("没有工号为 %(number)s 的员工，不能作为直接上级。")
        self._say(each.row, "manager_number", message % {"number": number}, "unknown")
        return None

    def _check_circles(self) -> None:
        """Follow the managers of the file upwards; everybody is walked over once."""
        is_clear: set[str] = set()
        for each in self.planned:
            path: dict[str, None] = {}
            at: str | None = each.key
            while at in self.by_key and at not in is_clear and at not in path:
                path[at] = None
                at = self.by_key[at].manager_key
            if at in path:
                self._report_circle(list(path)[list(path).index(at) :])
            is_clear.update(path)

    def _report_circle(self, keys: list[str]) -> None:
        chain = " → ".join([*keys, keys[0]])
        for key in keys:
            each = self.by_key[key]
            message = _("上级关系绕成了一个圈：%(chain)s。") % {"chain": chain}
            self._say(each.row, "manager_number", message, "cycle")
            each.manager_key = None

    def _check_cards(self) -> None:
        """Somebody else in the tenant with the same ID card is the same person under another number."""
        marks: dict[str, Planned] = {}
        for each in self.planned:
            mark = self.card_mark(each.row["id_card"])
            if mark:
                marks[mark] = each
        rows = PersonIdentifier.objects.filter(kind=IdentifierKind.ID_CARD, fingerprint__in=list(marks))
        for mark, person_id, name, number in rows.values_list(
            "fingerprint", "person_id", "person__name", "person__employee_number"
        ):
            if marks[mark].person_id != person_id:
                message = _("该身份证号已属于 %(name)s（工号 %(number)s），请核对是否同一人。")
                self._say(marks[mark].row, "id_card", message % {"name": name, "number": number}, "duplicate")

    def card_mark(self, text: str | None) -> str | None:
        """Return the fingerprint of an ID card, ``None`` for nothing or for what cannot be one."""
        if not text:
            return None
        try:
            value = normal_identifier("id_card", text)
        except ValueError:
            return None
        return fingerprint(settings.ENV.field_key, self._tenant_id, "id_card", value)

    def _note_new_positions(self) -> None:
        """Say once for each position that it will be made."""
        seen: set[str] = set()
        for each in self.planned:
            name = each.row["position"]
            if name and name not in seen and self.positions.get(name) is None:
                message = _("职位“%(name)s”还不存在，导入时将新建。") % {"name": name}
                self._say(each.row, "position", message, "new", "warning")
            seen.add(name or "")

    def managers_first(self) -> Iterable[Planned]:
        """Return the rows so that everybody comes after their manager."""
        done: dict[str, Planned] = {}
        for each in self.planned:
            chain = []
            at: str | None = each.key
            while at in self.by_key and at not in done:
                chain.append(self.by_key[at])
                at = self.by_key[at].manager_key
            done.update({item.key: item for item in reversed(chain)})
        return done.values()
