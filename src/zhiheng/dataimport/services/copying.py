"""Many rows at once: COPY into a temporary table, then one INSERT; COPY alone is barred by row policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

from zhiheng.dataimport.calc.target import Progress

_PLAIN = (BooleanField, CharField, DateField, IntegerField, TextField, UUIDField)

CHUNK = 20_000
"""Rows between two reports of progress."""


def copy_rows(rows: Sequence[Model], *, progress: Progress | None = None) -> None:
    """Insert rows of one model, with their ids, several times faster than ``bulk_create``.

    Row policies, constraints and triggers hold as for any INSERT; signals are not sent. Call it in a
    transaction.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    empty = f"SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608
    insert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM import_rows"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE import_rows ON COMMIT DROP AS {empty}")
        with cursor.copy(f"COPY import_rows ({columns}) FROM STDIN") as copy:
            for number, values in enumerate(_values(rows, fields), start=1):
                copy.write_row(values)
                if progress is not None and number % CHUNK == 0:
                    progress(number, len(rows), "")
        cursor.execute(insert)
        cursor.execute("DROP TABLE import_rows")


def _values(rows: Iterable[Model], fields: Sequence[Field]) -> Iterator[list]:
    """The rows' values as the database takes them; what needs no conversion is read in one go."""
    read = attrgetter(*(field.attname for field in fields))
    converted = [(place, field) for place, field in enumerate(fields) if not _is_plain(field)]
    database = connections[DEFAULT_DB_ALIAS]
    for row in rows:
        values = list(read(row))
        for place, field in converted:
            values[place] = field.get_db_prep_save(field.pre_save(row, add=True), database)
        yield values


def _is_plain(field: Field) -> bool:
    """True when the database takes the field's values as they are in Python."""
    kind = type(field.target_field if isinstance(field, ForeignKey) else field)
    is_stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return issubclass(kind, _PLAIN) and not issubclass(kind, DateTimeField) and not is_stamped
