"""Writing the roster: drafts first, which become binding when they are published."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor, DataScope
from zhiheng.access.errors import Forbidden
from zhiheng.access.permissions import Permission
from zhiheng.audit.public import record
from zhiheng.people.public import assignment_frame
from zhiheng.rosters.calc.plan import DayTemplate, Plan, Rule, plan
from zhiheng.rosters.choices import EntryState
from zhiheng.rosters.models import RosterEntry, Shift
from zhiheng.rosters.policies import MANAGE_ROSTER, PUBLISH_ROSTER
from zhiheng.rosters.queries.plan import plan_data, planned_days
from zhiheng.rosters.queries.scopes import in_scope
from zhiheng.rosters.services.changes import tell

Cell = tuple[UUID, dt.date]
"""Person and date."""
MOST_ENTRIES = 50_000
MOST_NOTED = 200
"""So many changes are written out in the audit log; the rest are counted."""


@dataclass(frozen=True)
class NewEntry:
    """A day to plan: a shift, rest without one, or ``is_removed``: what the person's assignment says again."""

    person_id: UUID
    on: dt.date
    shift_id: UUID | None = None
    is_removed: bool = False

    @property
    def cell(self) -> Cell:
        """Return person and date."""
        return self.person_id, self.on


def set_entries(*, actor: Actor, entries: Sequence[NewEntry], batch_id: UUID | None = None) -> int:
    """Write drafts; returns how many days are other than before. What equals the published roster needs no draft.

    `Forbidden` for people outside the actor's scope on the day; ValidationError for days on which somebody is not
    employed, for a shift out of use, and for more than 50,000 days at once.
    """
    _check_shifts({entry.shift_id for entry in entries if entry.shift_id})
    places = _places(actor, [entry.cell for entry in entries], MANAGE_ROSTER)
    now = timezone.now()
    known = _known(list(places))
    gone, rows = [], []
    for entry in {entry.cell: entry for entry in entries}.values():
        draft, published = (
            known.get((*entry.cell, state)) for state in (EntryState.DRAFT, EntryState.PUBLISHED)
        )
        if _says(entry, published):
            gone += [draft.id] if draft else []
        elif not draft or not _says(entry, draft):
            rows.append(
                RosterEntry(
                    person_id=entry.person_id, on=entry.on, state=EntryState.DRAFT, shift_id=entry.shift_id,
                    is_removed=entry.is_removed, legal_entity_id=places[entry.cell], batch_id=batch_id,
                    changed_by=actor.name, changed_at=now,
                )
            )  # fmt: skip
    RosterEntry.objects.filter(id__in=gone).delete()
    _upsert(rows)
    changed = len(rows) + len(gone)
    if changed:
        payload = {"days": changed, "batch": batch_id, "changes": _noted(rows)}
        record(
            actor, "rosters.roster_entry.set", subject=("tenancy.tenant", actor.tenant_id), payload=payload
        )
    return changed


def _says(entry: NewEntry, row: RosterEntry | None) -> bool:
    """Tell whether a row of the roster, or its absence, already says what the entry does."""
    if row is None:
        return entry.is_removed
    return not entry.is_removed and not row.is_removed and row.shift_id == entry.shift_id


def _known(cells: Collection[Cell]) -> dict[tuple[UUID, dt.date, str], RosterEntry]:
    days = [on for _person, on in cells]
    rows = RosterEntry.objects.select_for_update().filter(
        person_id__in={person for person, _on in cells}, on__range=(min(days), max(days))
    )
    return {(row.person_id, row.on, row.state): row for row in rows.order_by("person_id", "on")}


def _upsert(rows: Sequence[RosterEntry]) -> None:
    RosterEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant_id", "person", "on", "state"],
        update_fields=["shift", "is_removed", "legal_entity", "batch_id", "changed_by", "changed_at"],
        batch_size=2000,
    )


def _noted(rows: Sequence[RosterEntry]) -> list[dict[str, object]]:
    return [
        {"person": row.person_id, "on": row.on, "shift": row.shift_id, "removed": row.is_removed}
        for row in rows[:MOST_NOTED]
    ]


def _check_shifts(shift_ids: set[UUID]) -> None:
    active = set(Shift.objects.filter(id__in=shift_ids, is_active=True).values_list("id", flat=True))
    if shift_ids - active:
        raise ValidationError(_("没有这个班次，或班次已停用。"), code="unknown_shift")


def _places(actor: Actor, cells: Sequence[Cell], permission: Permission) -> dict[Cell, UUID]:
    """Return the legal entity of each cell, all of them employed and in the actor's scope."""
    scope = actor.scope(permission)
    if not 1 <= len(cells) <= MOST_ENTRIES:
        raise ValidationError(
            _("请选择要排班的员工和日期，一次最多 {most} 天。").format(most=MOST_ENTRIES), code="count"
        )
    spells: dict[str, list[dict]] = {}
    people = {str(person) for person, _on in cells}
    for row in assignment_frame().filter(pl.col("person_id").is_in(list(people))).iter_rows(named=True):
        spells.setdefault(row["person_id"], []).append(row)
    return {cell: _place(cell, spells.get(str(cell[0]), []), scope, permission) for cell in cells}


def _place(cell: Cell, spells: list[dict], scope: DataScope, permission: Permission) -> UUID:
    person_id, on = cell
    if not spells:
        raise Http404
    here = [
        row for row in spells if row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"])
    ]
    if not here:
        message = _("工号 {number} 在 {day} 没有任职，不能排班。")
        number = spells[0]["employee_number"]
        raise ValidationError(message.format(number=number, day=on), code="not_employed")
    place = here[0]
    entity, unit = UUID(place["legal_entity_id"]), UUID(place["org_unit_id"])
    if not scope.has(person_id=person_id, org_unit_id=unit, legal_entity_id=entity):
        raise Forbidden(permission)
    return entity


# --- Verbs that work out what to write -----------------------------------------------------------------------


def move_shift(*, actor: Actor, source: Cell, target: Cell, is_copy: bool = False) -> int:
    """Exchange what two cells have, or with ``is_copy`` give the target what the source has; as drafts."""
    mine, theirs = _cells_of([source, target], with_drafts=True)
    entries = [_entry(target, mine)]
    if not is_copy:
        entries.append(_entry(source, theirs))
    return set_entries(actor=actor, entries=entries)


def swap_shifts(*, actor: Actor, one: Cell, other: Cell) -> None:
    """Exchange what two person-days have, published at once: an approved request stands behind it.

    Checks no permission. Raises ValidationError when one of them works the default week, which has no shift to give.
    """
    mine, theirs = _cells_of([one, other], with_drafts=False)
    places = {each: _entity_of(each) for each in (one, other)}
    now = timezone.now()
    rows = [
        RosterEntry(
            person_id=entry.person_id, on=entry.on, state=EntryState.PUBLISHED, shift_id=entry.shift_id,
            legal_entity_id=places[entry.cell], changed_by=actor.name, changed_at=now,
        )
        for entry in (_entry(one, theirs), _entry(other, mine))
    ]  # fmt: skip
    cells = {row.person_id for row in rows}
    RosterEntry.objects.filter(
        person_id__in=cells, state=EntryState.DRAFT, on__in=[row.on for row in rows]
    ).delete()
    _upsert(rows)
    payload = {"changes": _noted(rows)}
    record(actor, "rosters.roster_entry.move", subject=("people.person", one[0]), payload=payload)
    tell([(row.person_id, row.legal_entity_id, row.on) for row in rows])


def copy_week(*, actor: Actor, person_ids: Collection[UUID], source: dt.date, target: dt.date) -> int:
    """Copy what people have in the seven days from ``source`` to those from ``target``, as drafts."""
    shift = target - source
    week = dt.timedelta(days=6)
    if not shift:
        raise ValidationError(_("请选择另外一周。"), code="same_week")
    found = _shift_ids(planned_days(person_ids, source, source + week, with_drafts=True))
    already = _shift_ids(planned_days(person_ids, target, target + week, with_drafts=True))
    entries = [
        NewEntry(person, on + shift, shift_id)
        for (person, on), shift_id in found.items()
        if (person, on + shift) in already
        and already[person, on + shift] != shift_id
        and shift_id is not DEFAULT_WEEK
    ]
    return _set_any(actor, entries)


def fill_rotation(
    *,
    actor: Actor,
    person_ids: Collection[UUID],
    rotation_id: UUID,
    anchor_on: dt.date,
    first: dt.date,
    last: dt.date,
) -> int:
    """Fill the days of people, both ends included, by a rotation whose cycle begins on ``anchor_on``; as drafts."""
    data = plan_data(person_ids, first, last)
    if str(rotation_id) not in data.rotations:
        raise Http404
    rules = [
        Rule(str(each), True, first, rotation_id=str(rotation_id), anchor_on=anchor_on) for each in person_ids
    ]
    turned = _shift_ids(plan(dataclasses.replace(data, rules=rules, entries=data.entries.clear())))
    already = _shift_ids(planned_days(person_ids, first, last, with_drafts=True))
    entries = [NewEntry(*cell, shift_id) for cell, shift_id in turned.items() if already[cell] != shift_id]
    return _set_any(actor, entries)


def _set_any(actor: Actor, entries: Sequence[NewEntry]) -> int:
    actor.scope(MANAGE_ROSTER)
    return set_entries(actor=actor, entries=entries) if entries else 0


DEFAULT_WEEK = object()


def _shift_ids(found: Plan) -> dict[Cell, object]:
    """Return shift ids by cell, `None` for rest, `DEFAULT_WEEK` where no shift is assigned at all."""
    ids = [
        DEFAULT_WEEK if each.shift_id is None and not each.is_rest else each.shift_id
        for each in found.templates
    ]
    rows = found.frame.select("person_id", "on", "template").iter_rows()
    return {(UUID(person), on): ids[template] for person, on, template in rows}


def _cells_of(cells: Sequence[Cell], *, with_drafts: bool) -> list[DayTemplate]:
    days = [on for _person, on in cells]
    people = {person for person, _on in cells}
    found = planned_days(people, min(days), max(days), with_drafts=with_drafts)
    rows = found.frame.select("person_id", "on", "template").iter_rows()
    by_cell = {(UUID(person), on): found.templates[template] for person, on, template in rows}
    if any(cell not in by_cell for cell in cells):
        raise ValidationError(_("该员工当天没有任职，不能排班。"), code="not_employed")
    return [by_cell[cell] for cell in cells]


def _entry(cell: Cell, template: DayTemplate) -> NewEntry:
    if template.shift_id is None and not template.is_rest:
        message = _("还没有为该员工设置班次，不能换班；请先在“排班规则”中设置。")
        raise ValidationError(message, code="no_shift")
    return NewEntry(*cell, template.shift_id)


def _entity_of(cell: Cell) -> UUID:
    person_id, on = cell
    frame = planned_days({person_id}, on, on).frame
    return UUID(frame["legal_entity_id"][0])


# --- Publishing ----------------------------------------------------------------------------------------------


def publish_roster(
    *, actor: Actor, first: dt.date, last: dt.date, person_ids: Collection[UUID] | None = None
) -> int:
    """Make the drafts of a span binding, both ends included; returns how many. Only what is in the actor's scope."""
    drafts = _drafts_in_scope(actor, PUBLISH_ROSTER, first, last, person_ids)
    _replace_published(drafts, first, last)
    kept = [row.id for row in drafts if not row.is_removed]
    RosterEntry.objects.filter(id__in=[row.id for row in drafts if row.is_removed]).delete()
    RosterEntry.objects.filter(id__in=kept).update(
        state=EntryState.PUBLISHED, changed_by=actor.name, changed_at=timezone.now()
    )
    if drafts:
        payload = {"from": first, "to": last, "days": len(drafts), "changes": _noted(drafts)}
        record(
            actor,
            "rosters.roster_entry.publish",
            subject=("tenancy.tenant", actor.tenant_id),
            payload=payload,
        )
        tell([(row.person_id, row.legal_entity_id, row.on) for row in drafts])
    return len(drafts)


def discard_drafts(
    *, actor: Actor, first: dt.date, last: dt.date, person_ids: Collection[UUID] | None = None
) -> int:
    """Throw the drafts of a span away, both ends included; returns how many."""
    drafts = _drafts_in_scope(actor, MANAGE_ROSTER, first, last, person_ids)
    RosterEntry.objects.filter(id__in=[row.id for row in drafts]).delete()
    if drafts:
        payload = {"from": first, "to": last, "days": len(drafts), "changes": _noted(drafts)}
        record(
            actor, "rosters.roster_entry.delete", subject=("tenancy.tenant", actor.tenant_id), payload=payload
        )
    return len(drafts)


def _drafts_in_scope(
    actor: Actor, permission: Permission, first: dt.date, last: dt.date, person_ids: Collection[UUID] | None
) -> list[RosterEntry]:
    """Return the drafts that the actor may decide on, locked; who they are of goes by the unit on the day."""
    scope = actor.scope(permission)
    rows = RosterEntry.objects.select_for_update().filter(state=EntryState.DRAFT, on__range=(first, last))
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    drafts = list(rows.order_by("person_id", "on"))
    if scope.is_tenant or not drafts:
        return drafts
    days = planned_days({row.person_id for row in drafts}, first, last).frame.filter(in_scope(scope))
    mine = set(days.select("person_id", "on").iter_rows())
    return [row for row in drafts if (str(row.person_id), row.on) in mine]


def _replace_published(drafts: Sequence[RosterEntry], first: dt.date, last: dt.date) -> None:
    cells = {(row.person_id, row.on) for row in drafts}
    known = RosterEntry.objects.filter(
        state=EntryState.PUBLISHED, on__range=(first, last), person_id__in={row.person_id for row in drafts}
    )
    gone = [
        row_id for row_id, person, on in known.values_list("id", "person_id", "on") if (person, on) in cells
    ]
    RosterEntry.objects.filter(id__in=gone).delete()


# --- Imports -------------------------------------------------------------------------------------------------


class PublishedSince(Exception):
    """Entries of the batch were published."""


def withdraw_batch(*, actor: Actor, batch_id: UUID) -> int:
    """Throw the drafts of an import away; raises `PublishedSince` when some were published."""
    rows = RosterEntry.objects.select_for_update().filter(batch_id=batch_id)
    if any(row.state == EntryState.PUBLISHED for row in rows):
        raise PublishedSince
    count = len(rows)
    rows.delete()
    payload = {"batch": batch_id, "days": count}
    record(actor, "rosters.roster_entry.undo", subject=("dataimport.importbatch", batch_id), payload=payload)
    return count
