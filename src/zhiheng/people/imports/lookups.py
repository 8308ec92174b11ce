"""Names and codes of a file, found in the tenant: org units, legal entities, positions, people by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from zhiheng.access.actor import Actor
from zhiheng.dataimport.public import Issue
from zhiheng.people.calc.pinyin import plain
from zhiheng.people.models import Employment, Position
from zhiheng.people.policies import WRITE_PERSON
from zhiheng.tenancy.models import LegalEntity, OrgUnit

PROPOSAL_FROM = 60
SHOWN_PROPOSALS = 3


@dataclass(frozen=True)
class Miss:
    """A text that was not found, or not clearly: the sentence for the reader and what to write instead."""

    message: str
    proposed: str | None = None


def nearest(text: str, names: Iterable[str]) -> list[str]:
    """Return the names that look most like ``text``, best first."""
    found = process.extract(text, list(names), scorer=fuzz.WRatio, limit=SHOWN_PROPOSALS)
    return [name for name, score, _index in found if score >= PROPOSAL_FROM]


def not_found(message: str, text: str, names: Iterable[str], otherwise: str = "") -> Miss:
    """Return a miss whose sentence ends with the nearest names, or with ``otherwise`` where there are none."""
    near = nearest(text, names)
    if not near:
        return Miss(message + otherwise)
    more = _("您是否要填：%(names)s？") % {"names": "、".join(near)}
    return Miss(message + more, near[0])


def refuse_errors(issues: Iterable[Issue]) -> None:
    """Refuse to commit rows that are wrong by themselves, or became so because others were left out."""
    wrong = [issue for issue in issues if issue.severity == "error"]
    if wrong:
        first = min(wrong, key=lambda issue: issue.row)
        message = _("第 %(row)s 行：%(message)s（共 %(count)s 处错误）")
        raise ValidationError(message % {"row": first.row, "message": first.message, "count": len(wrong)})


class Units:
    """Org units by code or name, within a legal entity if one is given."""

    def __init__(self, actor: Actor) -> None:
        self.rows: dict[UUID, OrgUnit] = {row.id: row for row in OrgUnit.objects.all()}
        self._scope = actor.scope(WRITE_PERSON)
        self._by_key: dict[str, list[OrgUnit]] = defaultdict(list)
        for row in self.rows.values():
            for key in {plain(row.code), plain(row.name)}:
                self._by_key[key].append(row)

    def find(self, text: str, legal_entity_id: UUID | None = None) -> OrgUnit | Miss:
        """Return the unit with this code or name; a code wins over a name."""
        key = plain(text)
        found = [row for row in self._by_key.get(key, ()) if legal_entity_id in (None, row.legal_entity_id)]
        by_code = [row for row in found if plain(row.code) == key]
        found = by_code or found
        if not found:
            message = _("没有部门“%(text)s”。") % {"text": text}
            first = _("请先导入或新建这个部门。")
            return not_found(message, text, (row.name for row in self.rows.values()), first)
        if len(found) > 1:
            codes = "、".join(sorted(row.code for row in found)[:SHOWN_PROPOSALS])
            return Miss(_("有多个部门叫“%(text)s”，请改填编码：%(codes)s。") % {"text": text, "codes": codes})
        return self._allowed(found[0])

    def root(self, legal_entity_id: UUID | None) -> OrgUnit | Miss:
        """Return where people without a department go: the top of their legal entity."""
        tops = [
            row
            for row in self.rows.values()
            if legal_entity_id in (None, row.legal_entity_id)
            and row.valid.upper is None
            and (row.parent_id is None or self.rows[row.parent_id].legal_entity_id != row.legal_entity_id)
        ]
        if len(tops) == 1:
            return self._allowed(tops[0])
        return Miss(_("请填写部门：无法判断该员工属于哪个部门。"))

    def _allowed(self, unit: OrgUnit) -> OrgUnit | Miss:
        has = self._scope.has(person_id=None, org_unit_id=unit.id, legal_entity_id=unit.legal_entity_id)
        return unit if has else Miss(_("部门“%(unit)s”不在您的管理范围内。") % {"unit": unit.name})


class Entities:
    """Legal entities by code or name."""

    def __init__(self, actor: Actor) -> None:
        rows = LegalEntity.objects.all()
        if actor.legal_entity_ids is not None:
            rows = rows.filter(id__in=actor.legal_entity_ids)
        self.rows = {row.id: row for row in rows}
        self._by_key = {plain(row.name): row for row in self.rows.values()}
        self._by_key |= {plain(row.code): row for row in self.rows.values()}

    def find(self, text: str) -> LegalEntity | Miss:
        """Return the legal entity with this code or name."""
        found = self._by_key.get(plain(text))
        if found:
            return found
        message = _("没有法人实体“%(text)s”。") % {"text": text}
        return not_found(message, text, (row.name for row in self.rows.values()))

    def only(self) -> LegalEntity | None:
        """Return the legal entity if there is just one."""
        return next(iter(self.rows.values())) if len(self.rows) == 1 else None


class Positions:
    """Positions by code or name; those that are missing can be made."""

    def __init__(self) -> None:
        rows = list(Position.objects.all())
        self._codes = {row.code for row in rows}
        self._by_key = {plain(row.name): row for row in rows} | {plain(row.code): row for row in rows}

    def get(self, text: str | None) -> Position | None:
        """Return the position with this code or name."""
        return self._by_key.get(plain(text)) if text else None

    def make(self, name: str) -> Position:
        """Return a new position, not saved, with a code of its own."""
        number = len(self._codes) + 1
        while f"P{number:03}" in self._codes:
            number += 1
        made = Position(code=f"P{number:03}", name=name)
        self._codes.add(made.code)
        self._by_key[plain(name)] = made
        return made


@dataclass(frozen=True)
class Spell:
    """An employment as imports need it; ``upper`` is the day after the last."""

    id: UUID
    person_id: UUID
    name: str
    legal_entity_id: UUID
    number: str
    lower: date
    upper: date | None


@dataclass
class Numbers:
    """Employees by number, written in any case."""

    by_number: Mapping[str, list[Spell]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Numbers:
        """Read all employments that the actor's legal entities let through."""
        found: dict[str, list[Spell]] = defaultdict(list)
        rows = Employment.objects.order_by("valid").values_list(
            "id", "person_id", "person__name", "legal_entity_id", "employee_number", "valid"
        )
        for spell_id, person_id, name, entity_id, number, valid in rows:
            spell = Spell(spell_id, person_id, name, entity_id, number, valid.lower, valid.upper)
            found[number.upper()].append(spell)
        return cls(dict(found))

    def spells(self, number: str, legal_entity_id: UUID | None = None) -> list[Spell]:
        """Return the employments under a number, in order of time."""
        found = self.by_number.get(number.upper(), [])
        if legal_entity_id is None:
            return found
        return [spell for spell in found if spell.legal_entity_id == legal_entity_id]

    def person_id(self, number: str, legal_entity_id: UUID | None = None) -> UUID | None:
        """Return whose number it is: in the legal entity, else the only one in the tenant."""
        own = {spell.person_id for spell in self.spells(number, legal_entity_id)}
        found = own or {spell.person_id for spell in self.spells(number)}
        return next(iter(found)) if len(found) == 1 else None
