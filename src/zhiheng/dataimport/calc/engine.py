"""The dry run: a sheet, a header, a mapping and corrections in; a typed frame and all issues out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from zhiheng.dataimport.calc.convert import convert
from zhiheng.dataimport.calc.crosscheck import cross_check, repeated_keys, similar_persons
from zhiheng.dataimport.calc.header import Header
from zhiheng.dataimport.calc.issue import SCHEMA, Issue, issue_frame
from zhiheng.dataimport.calc.sheet import TEXT, Sheet, fill_merges
from zhiheng.dataimport.calc.target import ROW, Field, ImportTarget, Progress

_TOTAL_ROW = (
    r"^\s*(?:合\s*计|总\s*计|小\s*计|制\s*表\s*人?|审\s*核\s*人?|备\s*注|说\s*明|注"
    r"|total|subtotal|grand total)\s*(?:[:：].*)?$"
)


@dataclass(frozen=True)
class Table:
    """The data rows under the header: row numbers, texts and kinds side by side."""

    rows: pl.Series
    texts: pl.DataFrame
    kinds: pl.DataFrame
    skipped: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class DryRun:
    """Outcome of a check. ``frame`` has a row for every data row; rows with errors have nulls in them."""

    frame: pl.DataFrame
    issues: pl.DataFrame
    columns: Mapping[str, int] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        """Number of issues of one severity."""
        return self.issues.filter(pl.col("severity") == severity).height

    def rows_with_errors(self) -> pl.Series:
        """Row numbers that hold at least one error."""
        return self.issues.filter(pl.col("severity") == "error")["row"].unique().sort()


def cut_table(sheet: Sheet, header: Header) -> Table:
    """Data rows below the header: merged cells filled, empty rows, repeated headers and totals left out."""
    filled = fill_merges(sheet, header.last)
    positions = [str(column.position) for column in header.columns]
    texts = filled.texts.select(positions).slice(header.last)
    kinds = filled.kinds.select(positions).slice(header.last)
    rows = pl.Series(ROW, range(header.last + 1, header.last + 1 + texts.height), dtype=pl.UInt32)
    used = ~texts.select(pl.all_horizontal(pl.all().is_null())).to_series()
    title = _repeated_header(sheet, header, texts)
    total = _total_rows(texts)
    skipped = [
        *(Issue(row, "", "warning", "repeated_header") for row in rows.filter(used & title).to_list()),
        *(Issue(row, "", "warning", "total_row") for row in rows.filter(used & total & ~title).to_list()),
    ]
    keep = used & ~title & ~total
    return Table(rows.filter(keep), texts.filter(keep), kinds.filter(keep), tuple(skipped))


def _repeated_header(sheet: Sheet, header: Header, texts: pl.DataFrame) -> pl.Series:
    """True for rows equal to the last header row, as on the top of every printed page."""
    labels = sheet.texts.row(header.last - 1, named=True)
    same = [pl.col(name).eq_missing(pl.lit(labels[name], pl.String)) for name in texts.columns]
    return texts.select(pl.all_horizontal(same)).to_series()


def _total_rows(texts: pl.DataFrame) -> pl.Series:
    """True for rows that begin with 合计, 制表人: and the like and leave most cells empty."""
    first = pl.coalesce(pl.all()).str.to_lowercase().str.contains(_TOTAL_ROW)
    gaps = pl.sum_horizontal(pl.all().is_null())
    return texts.select(first & (gaps * 2 >= texts.width)).to_series()


def apply_fixes(table: Table, header: Header, fixes: Mapping[tuple[int, int], str]) -> Table:
    """Put corrected texts into cells, given by row (from 1) and column position (from 0)."""
    index_of_row = {row: index for index, row in enumerate(table.rows.to_list())} if fixes else {}
    texts, kinds = table.texts, table.kinds
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in fixes.items():
        if row in index_of_row and str(column) in texts.columns:
            by_column.setdefault(column, {})[index_of_row[row]] = text
    for column, changes in by_column.items():
        values = pl.Series([text or None for text in changes.values()], dtype=pl.String)
        texts = texts.with_columns(texts[str(column)].clone().scatter(list(changes), values))
        kinds = kinds.with_columns(kinds[str(column)].clone().scatter(list(changes), TEXT))
    return Table(table.rows, texts, kinds, table.skipped)


def dry_run(
    sheet: Sheet,
    header: Header,
    mapping: Mapping[str, str],
    target: ImportTarget,
    fields: Sequence[Field],
    *,
    fixes: Mapping[tuple[int, int], str] | None = None,
    progress: Progress | None = None,
) -> DryRun:
    """Convert and check everything but the domain's own rules.

    ``mapping`` gives the field of each mapped header. ``fields`` are those of the target, perhaps with labels
    of more languages.
    """
    table = apply_fixes(cut_table(sheet, header), header, fixes or {})
    positions = {column.header: column.position for column in header.columns}
    columns = {name: positions[head] for head, name in mapping.items() if name and head in positions}
    frame, issues = _convert_all(table, fields, columns, progress)
    issues += [
        _formula_errors(sheet, table, fields, columns),
        cross_check(frame, fields, columns),
        repeated_keys(frame, fields, target.keys, columns),
        issue_frame(table.skipped),
        issue_frame(_missing_columns(fields, columns)),
    ]
    if target.check_similar_persons:
        issues.append(similar_persons(frame, fields, columns))
    return DryRun(frame, pl.concat(issues).sort("row", "column", maintain_order=True), columns)


def _convert_all(
    table: Table, fields: Sequence[Field], columns: Mapping[str, int], progress: Progress | None
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    values: list[pl.Series] = [table.rows]
    issues = [pl.DataFrame(schema=SCHEMA)]
    for number, item in enumerate(fields, start=1):
        if item.name not in columns:
            values.append(_absent(item, len(table.rows)))
            continue
        name = str(columns[item.name])
        converted = convert(table.rows, table.texts[name], table.kinds[name], item, columns[item.name])
        values.append(converted.values)
        issues.append(converted.issues)
        if progress is not None:
            progress(number, len(fields), str(item.label))
    return pl.DataFrame(values), issues


def _absent(item: Field, height: int) -> pl.Series:
    """The column of a field that the file does not have: its default, or nulls of the type Null."""
    if item.default is None:
        return pl.Series(item.name, [None] * height, dtype=pl.Null)
    return pl.select(pl.repeat(pl.lit(item.default), height)).to_series().alias(item.name)


def _missing_columns(fields: Sequence[Field], columns: Mapping[str, int]) -> list[Issue]:
    """One error for each required field without a column."""
    return [
        Issue(0, item.name, "error", "column_missing", params={"field": str(item.label)})
        for item in fields
        if item.required and item.default is None and item.name not in columns
    ]


def _formula_errors(
    sheet: Sheet, table: Table, fields: Sequence[Field], columns: Mapping[str, int]
) -> pl.DataFrame:
    """Errors for cells whose formula failed; the reader shows them as empty."""
    names = {position: name for name, position in columns.items()}
    rows = set(table.rows.to_list()) if sheet.formula_errors else set()
    return issue_frame(
        Issue(row, names[column - 1], "error", "formula_error", column - 1)
        for row, column in sheet.formula_errors
        if column - 1 in names and row in rows
    )


def with_domain_issues(run: DryRun, found: Sequence[Issue], texts: Callable[[int, int], str]) -> DryRun:
    """Add the issues of the domain, with cell and original text; ``texts`` reads a cell by row and column.

    Errors of the domain on a cell that could not be converted anyway are left out: they only say that it is
    empty.
    """
    wrong = run.issues.filter(pl.col("severity") == "error").select("row", "field")
    unread = set(wrong.iter_rows())
    completed = []
    for item in found:
        if item.severity == "error" and (item.row, item.field) in unread:
            continue
        column = run.columns.get(item.field, item.column)
        original = (
            texts(item.row, column)
            if column is not None and item.row and not item.original
            else item.original
        )
        completed.append(
            Issue(
                item.row,
                item.field,
                item.severity,
                item.code,
                column,
                item.params,
                original,
                item.proposed,
                item.message,
            )
        )
    issues = pl.concat([run.issues, issue_frame(completed)]).sort("row", "column", maintain_order=True)
    return DryRun(run.frame, issues, run.columns)
