"""What a batch wrote, kept so that it can be taken back; and the taking back of changes to people."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from zhiheng.dataimport.public import UndoResult, copy_rows
from zhiheng.people.models import Assignment, Employment, ImportTrace, Person, PersonIdentifier
from zhiheng.people.services.snapshots import refresh_person_snapshots, refresh_search_texts

CHUNK = 5000
SHOWN_NAMES = 3
_PERSON = ("name", "gender", "birth_on", "email", "legal_entity_id", "changed_at")
_SPELL = (
    "id", "person_id", "legal_entity_id", "employee_number", "kind", "valid", "service_from",
    "probation_until", "leave_reason",
)  # fmt: skip
_STAY = (
    "id", "employment_id", "person_id", "legal_entity_id", "org_unit_id", "position_id", "manager_id",
    "shift_name", "valid", "is_primary",
)  # fmt: skip
_HELD = ("id", "person_id", "legal_entity_id", "kind", "ciphertext", "fingerprint", "masked")
_MODELS = {"spells": (Employment, _SPELL), "stays": (Assignment, _STAY), "held": (PersonIdentifier, _HELD)}
_DATES = ("birth_on", "service_from", "probation_until")


def write_traces(
    batch_id: str,
    target: str,
    object_ids: Iterable[UUID],
    written_at: datetime,
    before: Mapping[UUID, dict] | None = None,
) -> None:
    """Note what a batch wrote; objects without a state ``before`` are new."""
    known = before or {}
    rows = [
        ImportTrace(
            batch_id=UUID(batch_id),
            target=target,
            object_id=each,
            before=known.get(each),
            written_at=written_at,
        )
        for each in object_ids
    ]
    copy_rows(rows)


def traces_of(batch_id: str, target: str) -> list[ImportTrace]:
    """Return what a batch wrote to one kind of object."""
    return list(ImportTrace.objects.filter(batch_id=UUID(batch_id), target=target))


def has_later_batch(traces: Collection[ImportTrace]) -> bool:
    """Tell whether a later batch wrote to any of the same objects."""
    return any(
        ImportTrace.objects.filter(object_id=trace.object_id, written_at__gt=trace.written_at).exists()
        for trace in traces
    )


def _packed(name: str, value: object) -> object:
    if isinstance(value, (UUID, date, datetime)):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if name == "valid":
        return [value.lower.isoformat(), value.upper and value.upper.isoformat()]
    return value


def _unpacked(name: str, value: object) -> object:
    if name == "valid":
        return DateRange(parse_date(value[0]), value[1] and parse_date(value[1]))
    if name == "ciphertext":
        return base64.b64decode(value)
    if name in _DATES:
        return value and parse_date(value)
    return parse_datetime(value) if name == "changed_at" else value


def person_states(person_ids: Collection[UUID]) -> dict[UUID, dict]:
    """Return all that holds of persons, as JSON that `undo_persons` puts back."""
    states: dict[UUID, dict] = {}
    for row in Person.objects.filter(id__in=person_ids).values("id", *_PERSON):
        states[row["id"]] = {
            "person": {name: _packed(name, row[name]) for name in _PERSON},
            **{part: [] for part in _MODELS},
        }
    for part, (model, names) in _MODELS.items():
        for row in model.objects.filter(person_id__in=person_ids).values(*names):
            states[row["person_id"]][part].append({name: _packed(name, row[name]) for name in names})
    return states


def mark_changed(person_ids: Collection[UUID], written_at: datetime) -> None:
    """Give persons the moment of the batch, by which a later change is told."""
    Person.objects.filter(id__in=person_ids).update(changed_at=written_at)


def undo_persons(tenant_id: UUID, traces: Collection[ImportTrace]) -> UndoResult:
    """Remove the persons a batch made and put back those it changed, unless anything happened since."""
    ids = [trace.object_id for trace in traces]
    written = {trace.object_id: trace.written_at for trace in traces}
    now = dict(Person.objects.filter(id__in=ids).values_list("id", "changed_at"))
    later = [each for each in ids if each in now and now[each] != written[each]]
    if later:
        return UndoResult(refused_because=_changed_since(later))
    created = [trace.object_id for trace in traces if trace.before is None and trace.object_id in now]
    changed = [trace for trace in traces if trace.before is not None and trace.object_id in now]
    try:
        with transaction.atomic():
            _delete(created)
            _restore(tenant_id, changed)
            ImportTrace.objects.filter(id__in=[trace.id for trace in traces]).delete()
    except IntegrityError as error:
        return UndoResult(refused_because=_in_use(error))
    return UndoResult(deleted=len(created), restored=len(changed))


def _changed_since(person_ids: list[UUID]) -> str:
    rows = Person.objects.filter(id__in=person_ids[:SHOWN_NAMES])
    names = "、".join(rows.order_by("employee_number").values_list("name", flat=True))
    message = _("%(names)s 等 %(count)s 人在这次导入之后又有变动，不能撤销。请先撤销之后的导入，或逐人更正。")
    return message % {"names": names, "count": len(person_ids)}


def _in_use(error: IntegrityError) -> str:
    """Say which kind of data still points to what the batch made."""
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", "") or ""
    model = next((each for each in apps.get_models() if each._meta.db_table == table), None)
    label = model._meta.verbose_name if model else table
    return _("已有其他数据（%(label)s）引用了这批员工，不能撤销。") % {"label": label}


def _delete(person_ids: list[UUID]) -> None:
    for model in (PersonIdentifier, Assignment, Employment):
        rows = model.objects.filter(person_id__in=person_ids)
        rows._raw_delete(rows.db)
    rows = Person.objects.filter(id__in=person_ids)
    rows.update(manager=None)
    rows._raw_delete(rows.db)


def _restore(tenant_id: UUID, traces: list[ImportTrace]) -> None:
    if not traces:
        return
    ids = [trace.object_id for trace in traces]
    for model in (PersonIdentifier, Assignment, Employment):
        rows = model.objects.filter(person_id__in=ids)
        rows._raw_delete(rows.db)
    old: dict[str, list[dict]] = defaultdict(list)
    for trace in traces:
        for part in _MODELS:
            old[part] += trace.before[part]
    for part, (model, names) in _MODELS.items():
        rows = [model(**{name: _unpacked(name, row[name]) for name in names}) for row in old[part]]
        copy_rows(rows)
    persons = [
        Person(
            id=trace.object_id, **{name: _unpacked(name, trace.before["person"][name]) for name in _PERSON}
        )
        for trace in traces
    ]
    Person.objects.bulk_update(persons, [name for name in _PERSON if name != "changed_at"], batch_size=1000)
    refresh_person_snapshots(tenant_id=tenant_id, person_ids=ids)
    refresh_search_texts(ids)
    Person.objects.bulk_update(persons, ["changed_at"], batch_size=1000)
