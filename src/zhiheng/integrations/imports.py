"""Every stream of a tenant can be imported from files: target ``integrations.record:<stream code>``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import gettext as _

from zhiheng.dataimport.public import (
    ROW,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    TargetFamily,
    UndoResult,
    is_provided,
    register_family,
)
from zhiheng.integrations.calc.payload import canonical_payload, record_key
from zhiheng.integrations.policies import IMPORT_RECORD
from zhiheng.integrations.queries.employees import PLACE, place_employees
from zhiheng.integrations.queries.streams import StreamInfo, all_streams, stream_by_code
from zhiheng.integrations.services.records import ChangedSince, NewRecord, add_records, withdraw_batch

PREFIX = "integrations.record"


class RecordTarget(ImportTarget):
    """Rows of one stream; a changed row becomes a new revision, an unchanged one is left alone."""

    permission = IMPORT_RECORD

    def __init__(self, stream: StreamInfo) -> None:
        self.stream = stream
        self.code = f"{PREFIX}:{stream.code}"
        self.label = stream.label
        self.keys = (stream.key_fields,) if len(stream.key_fields) > 1 else ()
        self.fields = tuple(self._field(each) for each in stream.fields)

    def _field(self, declared: Any) -> Field:
        stream = self.stream
        needed = {*stream.key_fields, stream.occurred_field, stream.subject_field}
        return Field(
            declared.name,
            declared.shown,
            "text" if declared.name == stream.subject_field else declared.kind,
            required=declared.name in needed,
            unique=stream.key_fields == (declared.name,),
            synonyms=tuple({declared.label, declared.label_en} - {"", declared.shown}),
            places=declared.places,
            max_length=1000,
        )

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find the rows whose employee number nobody has."""
        name = self.stream.subject_field
        if not name or not is_provided(frame, name):
            return []
        placed = place_employees(
            frame.select(ROW, name, self.stream.occurred_field), name, self.stream.occurred_field
        )
        lost = placed.filter(
            pl.col("person_id").is_null()
            & pl.col(name).is_not_null()
            & pl.col(self.stream.occurred_field).is_not_null()
        )
        return [
            self.issue(
                row, name, _("没有工号为「{number}」的员工。").format(number=number), code="unknown_employee"
            )
            for row, number in lost.select(ROW, name).iter_rows()
        ]

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Add the rows as records."""
        rows = [self._record(row) for row in self._placed(frame).iter_rows(named=True)]
        added = add_records(
            stream_id=self.stream.id,
            rows=rows,
            batch_id=UUID(batch_id),
            progress=lambda done, total: progress(done, total, _("写入记录")),
        )
        return CommitResult(added.created, added.updated, added.unchanged)

    def _placed(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.stream.subject_field:
            return place_employees(frame, self.stream.subject_field, self.stream.occurred_field)
        entity = str(self.stream.legal_entity_id)
        nobody = pl.lit(None, pl.String)
        return frame.with_columns(person_id=nobody, legal_entity_id=pl.lit(entity), org_unit_id=nobody)

    def _record(self, row: dict[str, Any]) -> NewRecord:
        values = {each.name: row[each.name] for each in self.stream.fields}
        person, entity, unit = (UUID(row[name]) if row[name] else None for name in PLACE)
        if entity is None:
            raise LookupError(row[self.stream.subject_field])  # the check lets no such row through
        key = record_key(row, self.stream.key_fields)
        day = row[self.stream.occurred_field]
        return NewRecord(key, day, canonical_payload(values), entity, person, unit, row[ROW])

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Withdraw the batch, unless a later one changed its rows."""
        try:
            withdrawn, restored = withdraw_batch(batch_id=UUID(batch_id))
        except ChangedSince as error:
            reason = _("记录「{key}」之后又有改动，请先撤销后来的导入。").format(key=error.args[0])
            return UndoResult(refused_because=reason)
        return UndoResult(deleted=withdrawn, restored=restored)


def _make(name: str) -> RecordTarget:
    try:
        return RecordTarget(stream_by_code(name))
    except LookupError:
        raise KeyError(name) from None


def _make_all() -> list[RecordTarget]:
    return [RecordTarget(stream) for stream in all_streams()]


register_family(
    TargetFamily(PREFIX, _make, lambda: [each.code for each in all_streams()], IMPORT_RECORD, _make_all)
)
