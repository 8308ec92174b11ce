"""Files for the importer, made in the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl
import pytest

from zhiheng.dataimport.public import ROW, CommitResult, Issue, UndoResult, target_by_code

BATCH = "0198f000-0000-7000-8000-00000000000{}"


class Sheet:
    """Rows of one target, as the engine hands them over after reading the file."""

    def __init__(self, actor, code: str, rows: Sequence[dict]) -> None:
        self.actor, self.target = actor, target_by_code(code)
        kinds = {"date": pl.Date}
        self.frame = pl.DataFrame(
            {
                ROW: pl.Series([index + 2 for index in range(len(rows))], dtype=pl.UInt32),
                **{
                    field.name: pl.Series(
                        [_value(row.get(field.name)) or field.default for row in rows],
                        dtype=kinds.get(field.kind, pl.String) if any(row.get(field.name) for row in rows)
                        or field.default else pl.Null,
                    )
                    for field in self.target.fields
                },
            }
        )  # fmt: skip

    def issues(self) -> list[tuple]:
        """Return row, field, severity and sentence of each issue."""
        return [(each.row, each.field, each.severity, each.message) for each in self.check()]

    def check(self) -> list[Issue]:
        return self.target.check(self.actor, self.frame)

    def commit(self, number: int = 1) -> CommitResult:
        return self.target.commit(self.actor, self.frame, BATCH.format(number), lambda *_: None)

    def undo(self, number: int = 1) -> UndoResult:
        return self.target.undo(self.actor, BATCH.format(number))


def _value(value: object) -> object:
    return (
        date.fromisoformat(value)
        if isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-"
        else value
    )


@pytest.fixture
def sheet(inside) -> Callable[..., Sheet]:
    """Return a maker of sheets: target code, then one mapping a row."""
    return lambda code, *rows, actor=None: Sheet(actor or inside.hr, code, rows)
