"""What an import made or changed, so that it can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from zhiheng.dataimport.public import UndoResult
from zhiheng.worklog.models import ImportChange

Json = str | int | bool | None


def stored(row: models.Model, names: Sequence[str]) -> dict[str, Json]:
    """Return fields of a row as JSON holds them."""
    return {name: _json(getattr(row, name)) for name in names}


def _json(value: object) -> Json:
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


@dataclass
class Changes:
    """The rows that one import makes or changes, on the way."""

    batch_id: UUID
    noted: list[ImportChange] = field(default_factory=list)
    fresh: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    updated: int = 0
    unchanged: int = 0

    @property
    def created(self) -> int:
        """Return how many rows are new."""
        return sum(len(rows) for rows in self.fresh.values())

    def save(self, row: models.Model, values: Mapping[str, object], names: Sequence[str]) -> None:
        """Give a row new values and note what ``names`` were before; equal values change nothing.

        New rows are written all at once by `write`.
        """
        is_new = row._state.adding
        before = None if is_new else stored(row, names)
        for name, value in values.items():
            setattr(row, name, value)
        after = stored(row, names)
        if before == after:
            self.unchanged += 1
            return
        row.clean_fields(exclude=[each.name for each in row._meta.fields if each.is_relation])
        if is_new:
            self.fresh.setdefault(type(row), []).append(row)
        else:
            row.save()
            self.updated += 1
        self.noted.append(
            ImportChange(batch_id=self.batch_id, object_id=row.pk, before=before, after=stored(row, names))
        )

    def write(self) -> None:
        """Write the new rows, and what was noted."""
        for model, rows in self.fresh.items():
            model._default_manager.bulk_create(rows, batch_size=1000)
        ImportChange.objects.bulk_create(self.noted, batch_size=1000)


def undo_changes(
    batch_id: UUID, model: type[Any], names: Sequence[str], used: str, *, keep: bool = False
) -> UndoResult:
    """Take an import of rows of ``model`` back; refused with a reason when one was changed since or is in use.

    ``keep``: what was noted is needed for rows of another model.
    """
    noted = {each.object_id: each for each in ImportChange.objects.filter(batch_id=batch_id)}
    rows = {row.pk: row for row in model.objects.select_for_update(of=("self",)).filter(pk__in=noted)}
    for key, row in rows.items():
        if stored(row, names) != noted[key].after:
            text = _("「{name}」在导入之后又被修改，不能撤销。").format(name=row)
            return UndoResult(refused_because=text)
    made = [key for key in rows if noted[key].before is None]
    try:
        with transaction.atomic():
            deleted = model.objects.filter(pk__in=made).delete()[0] and len(made)
            for key, row in rows.items():
                if noted[key].before is not None:
                    _restore(row, noted[key].before)
    except (IntegrityError, models.ProtectedError):
        return UndoResult(refused_because=used)
    if not keep:
        ImportChange.objects.filter(batch_id=batch_id).delete()
    return UndoResult(deleted=deleted, restored=len(rows) - len(made))


def _restore(row: models.Model, before: Mapping[str, Json]) -> None:
    for name, value in before.items():
        field_ = row._meta.get_field(name.removesuffix("_id"))
        setattr(row, name, field_.to_python(value) if value is not None else None)
    row.save()
