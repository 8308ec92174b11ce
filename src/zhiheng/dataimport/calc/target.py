"""What an import target is: its fields, and the three verbs that a domain implements.

A domain (people, integrations, …) writes one subclass of :class:`ImportTarget` for each table that can be
imported, in its own ``imports.py``. The engine reads and converts the file; the target sees typed columns.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from zhiheng.dataimport.calc.issue import Issue

Kind = Literal[
    "text",
    "name",
    "integer",
    "decimal",
    "date",
    "datetime",
    "boolean",
    "choice",
    "id_card",
    "phone",
    "email",
    "lookup",
]
Meaning = Literal["", "name", "birth_date", "sex", "phone", "id_card"]
Progress = Callable[[int, int, str], None]

ROW = "_row"
"""Name of the frame column that holds the row number of the sheet, counted from 1 as Excel shows it."""

_MEANING_OF_KIND: dict[str, Meaning] = {"name": "name", "phone": "phone", "id_card": "id_card"}


@dataclass(frozen=True)
class Choice:
    """One allowed value of a ``choice`` field; any of its labels may stand in the file."""

    value: str
    label: Any
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One column that a target understands.

    ``label`` and ``help`` may be lazy translations. ``synonyms`` are other headers seen in real files.
    ``places`` is the number of decimal places kept by ``decimal``; ``minimum`` and ``maximum`` bound numbers
    and dates (both inclusive). ``unique`` forbids the same value twice in the file. ``default`` replaces an
    empty cell. ``meaning`` tells the cross-checks which column is the name, birth date or sex; it follows
    from ``kind`` for names, phones and ID cards.
    """

    name: str
    label: Any
    kind: Kind = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    help: Any = ""
    unique: bool = False
    places: int = 4
    max_length: int = 200
    minimum: int | Decimal | dt.date | None = None
    maximum: int | Decimal | dt.date | None = None
    default: Any = None
    meaning: Meaning = ""
    example: str = ""

    @property
    def person_meaning(self) -> Meaning:
        """Which property of a person the column holds, or an empty string."""
        return self.meaning or _MEANING_OF_KIND.get(self.kind, "")


@dataclass(frozen=True)
class CommitResult:
    """Numbers of rows that a commit created, changed and found equal to what was there."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class UndoResult:
    """Outcome of an undo. When ``refused_because`` is filled, nothing was changed."""

    deleted: int = 0
    restored: int = 0
    refused_because: str = ""


class ImportTarget:
    """Base of all targets. Subclasses set the attributes and implement ``commit`` and ``undo``.

    The frame given to ``check`` and ``commit`` always has the column ``_row`` and one column for every
    field: ``text``, ``name``, ``choice`` (its value), ``id_card``, ``phone`` (E.164), ``email``, ``lookup``
    as String, ``integer`` as Int64, ``decimal`` as Decimal(38, places), ``boolean`` as Boolean, ``date`` as
    Date and ``datetime`` as Datetime("us") without zone. A column that the file does not have is all null
    with the type ``pl.Null``: ask :func:`is_provided` before treating null as "clear the value".
    """

    code: str = ""
    label: Any = ""
    fields: tuple[Field, ...] = ()
    permission: Any = None
    keys: tuple[tuple[str, ...], ...] = ()
    """Combinations of fields that may occur only once in a file, beside the fields marked ``unique``."""
    check_similar_persons: bool = False
    """True where one row is one person, so that two rows may be the same person by mistake."""

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Domain checks over the converted frame; rows with conversion errors are included with nulls.

        Return issues made with :meth:`issue`: they name field and row, the engine adds cell and column.
        """
        return []

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Write all rows. Runs inside one transaction of the engine; raise to leave nothing behind."""
        raise NotImplementedError

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take back what the batch wrote, or refuse with a reason when later changes depend on it."""
        raise NotImplementedError

    def field(self, name: str) -> Field:
        """The field called ``name``; KeyError when there is none."""
        return self.fields_by_name[name]

    @property
    def fields_by_name(self) -> Mapping[str, Field]:
        """Fields by their name, in declared order."""
        return {item.name: item for item in self.fields}

    @staticmethod
    def issue(
        row: int, field: str, message: Any, *, code: str = "domain", severity: str = "error", **more: Any
    ):
        """An issue found by the domain; ``message`` is a finished sentence without the cell's name."""
        return Issue(row=row, field=field, severity=severity, code=code, message=str(message), **more)


def is_provided(frame: pl.DataFrame, name: str) -> bool:
    """True when the imported file has a column for the field."""
    return frame.schema.get(name, pl.Null) != pl.Null


@dataclass(frozen=True)
class ImportReport:
    """What one import found and did. ``issues`` holds at most the first thousand, the counts are complete."""

    target: str
    name: str
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    repairs: int = 0
    issues: tuple[Issue, ...] = ()
    mapping: Mapping[str, str] = dataclasses.field(default_factory=dict)
    batch_id: str | None = None
    state: str = "checked"
    result: CommitResult | None = None

    @property
    def is_committed(self) -> bool:
        """True when the rows are in the database."""
        return self.state == "committed"
