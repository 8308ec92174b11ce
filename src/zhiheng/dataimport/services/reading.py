"""What every step shares: reading the file, finding the header, checking."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.dataimport.calc import engine, header, mapping, sniff, workbook
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.sheet import Sheet
from zhiheng.dataimport.calc.target import Choice, Field, ImportTarget, Progress
from zhiheng.dataimport.choices import REFUSALS, sentence
from zhiheng.dataimport.queries.batches import remembered_mapping

Content = bytes | Path | BinaryIO


@dataclass(frozen=True)
class Reading:
    """A sheet with its header (None when there is no flat table) and the guessed mapping."""

    sheet_names: tuple[str, ...]
    sheet: Sheet
    header: header.Header | None
    guesses: tuple[mapping.Guess, ...]
    fingerprint: str


def refused(error: FileRefused) -> ValidationError:
    """The refusal of a file as a finished sentence."""
    return ValidationError(sentence(REFUSALS, error.code, error.params), code=error.code)


def content_bytes(content: Content) -> bytes:
    """The bytes of a file; a file above the limit is refused by its size before it is read."""
    if isinstance(content, bytes):
        return content
    try:
        if isinstance(content, Path):
            sniff.check_size(content.stat().st_size)
            return content.read_bytes()
        sniff.check_size(_size(content))
        return content.read()
    except FileRefused as error:
        raise refused(error) from error


def _size(stream: BinaryIO) -> int:
    size = getattr(stream, "size", None)
    if size is None:
        size = stream.seek(0, 2)
        stream.seek(0)
    return size


def read_table(
    content: bytes,
    target: ImportTarget,
    *,
    sheet_name: str | None = None,
    header_rows: tuple[int, int] | None = None,
) -> Reading:
    """Read one sheet, find its header (or take the given rows, from 1) and guess the mapping."""
    try:
        book, sheet = workbook.read_sheet(content, sheet_name)
    except FileRefused as error:
        raise refused(error) from error
    fields = fields_in_all_languages(target)
    if header_rows is None:
        names = [name for item in fields for name in (item.name, str(item.label), *item.synonyms)]
        found = header.find_header(sheet, names)
    else:
        found = _chosen_header(sheet, header_rows)
    columns = found.columns if found else ()
    mark = mapping.fingerprint(columns)
    guesses = mapping.guess_mapping(columns, fields, remembered_mapping(target.code, mark))
    return Reading(book.sheet_names, sheet, found, tuple(guesses), mark)


def _chosen_header(sheet: Sheet, rows: tuple[int, int]) -> header.Header:
    first, last = rows
    if not 1 <= first <= last <= sheet.height or last - first > 4:
        raise ValidationError(_("表头行应在第 1 行到第 {last} 行之间，最多 5 行。").format(last=sheet.height))
    found = header.header_at(sheet, first, last)
    if not found.columns:
        raise ValidationError(_("第 {row} 行是空的，不能作为表头。").format(row=last))
    return found


def fields_in_all_languages(target: ImportTarget) -> list[Field]:
    """The target's fields, with the labels of all languages among the synonyms.

    A file exported in Chinese is then understood by somebody who works in English, and the other way round.
    """
    labels: dict[str, list[str]] = {}
    choices: dict[tuple[str, str], list[str]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for item in target.fields:
                labels.setdefault(item.name, []).append(str(item.label))
                for choice in item.choices:
                    choices.setdefault((item.name, choice.value), []).append(str(choice.label))
    return [
        dataclasses.replace(
            item,
            synonyms=tuple(dict.fromkeys([*item.synonyms, *labels[item.name]])),
            choices=tuple(
                _with_synonyms(choice, choices[item.name, choice.value]) for choice in item.choices
            ),
        )
        for item in target.fields
    ]


def _with_synonyms(choice: Choice, labels: list[str]) -> Choice:
    return dataclasses.replace(choice, synonyms=tuple(dict.fromkeys([*choice.synonyms, *labels])))


def checked_run(
    actor: Actor,
    target: ImportTarget,
    reading: Reading,
    columns: Mapping[str, str],
    *,
    fixes: Mapping[tuple[int, int], str] | None = None,
    progress: Progress | None = None,
) -> engine.DryRun:
    """The dry run with the domain's own checks; ``columns`` maps headers to fields."""
    if reading.header is None:
        raise ValidationError(
            _("没有找到表头行。请确认表格有一行列名，或在页面上指定表头所在的行。"), code="no_header"
        )
    fields = fields_in_all_languages(target)
    run = engine.dry_run(
        reading.sheet, reading.header, columns, target, fields, fixes=fixes, progress=progress
    )
    found = target.check(actor, run.frame) if run.frame.height else []
    return engine.with_domain_issues(run, found, lambda row, column: _cell(reading.sheet, row, column, fixes))


def _cell(sheet: Sheet, row: int, column: int, fixes: Mapping[tuple[int, int], Any] | None) -> str:
    fixed = (fixes or {}).get((row, column))
    return fixed if fixed is not None else sheet.texts[row - 1, column] or ""
