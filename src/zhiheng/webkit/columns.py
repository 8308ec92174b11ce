"""The columns and filters of a list page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import BaseExpression, OrderBy
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from zhiheng.webkit.templatetags import ui

NOTHING = "–"
FORMATS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "money": ui.money,
    "number": ui.number,
    "percent": ui.percent,
    "date": ui.localdate,
    "month": lambda value: ui.localdate(value, "month"),
    "time": lambda value: ui.localdate(value, "time"),
}
NUMERIC_KINDS = frozenset({"money", "number", "percent"})


def printable(text: str) -> str:
    """Return what somebody typed without control characters, which the database would refuse."""
    return "".join(char for char in text if char.isprintable()).strip()


def resolve(row: object, path: str) -> object:
    """Follow a dotted path through attributes and mapping keys; ``None`` where it breaks off."""
    value: object = row
    for name in path.split("."):
        if value is None:
            return None
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value


@dataclass(frozen=True)
class Column:
    """One column of a list.

    ``value``: dotted path or function of the row; the column's key when left out. It is what is exported.
    ``sort``: field name or expression, or several; without it the column cannot be sorted.
    ``kind``: how the value is written: text, money, number, percent, date, month, time.
    ``tags``: value -> (tag kind, label) draws a dot tag instead, and exports the label.
    ``url``: function of the row: the value becomes a link.
    ``template``: draws the cell from ``row`` and ``value`` instead of all that.
    ``is_default``: shown before the reader chooses; ``is_fixed``: cannot be hidden.
    """

    key: str
    label: str
    value: str | Callable[[Any], object] | None = None
    sort: str | BaseExpression | Sequence[str | BaseExpression] = ()
    kind: str = "text"
    tags: Mapping[Any, tuple[str, str]] | None = None
    url: Callable[[Any], str | None] | None = None
    template: str = ""
    is_default: bool = True
    is_fixed: bool = False

    @property
    def is_numeric(self) -> bool:
        """Tell whether the column is aligned to the right."""
        return self.kind in NUMERIC_KINDS

    @property
    def is_sortable(self) -> bool:
        """Tell whether the head is a link that sorts."""
        return bool(self.sort) or isinstance(self.sort, BaseExpression)

    def get(self, row: object) -> object:
        """Return the raw value of a row."""
        return self.value(row) if callable(self.value) else resolve(row, self.value or self.key)

    def exported(self, row: object) -> object:
        """Return the value that a file holds."""
        found = self.get(row)
        return str(self.tags[found][1]) if self.tags and found in self.tags else found

    def cell(self, row: object) -> SafeString:
        """Return the cell's content."""
        found = self.get(row)
        if self.template:
            return SafeString(render_to_string(self.template, {"row": row, "value": found}))
        if found is None or found == "":
            return SafeString(NOTHING)
        if self.tags is not None:
            kind, label = self.tags.get(found, ("", found))
            return format_html('<span class="hr-tag dot {}">{}</span>', kind, label)
        text = conditional_escape(FORMATS[self.kind](found) if self.kind != "text" else found)
        url = self.url(row) if self.url else None
        return format_html('<a href="{}">{}</a>', url, text) if url else SafeString(text)

    def ordering(self, model: type[Model], *, is_descending: bool) -> list[OrderBy]:
        """Return the ORM ordering; rows without a value come last in both directions."""
        parts = self.sort if isinstance(self.sort, (list, tuple)) else [self.sort]
        return [_ordered(model, part, is_descending=is_descending) for part in parts]


def _ordered(model: type[Model], part: str | BaseExpression, *, is_descending: bool) -> OrderBy:
    # NULLS LAST bars the use of an index, so it is said only of what can be null.
    nulls_last = True if not isinstance(part, str) or _may_be_null(model, part) else None
    expression = F(part) if isinstance(part, str) else part
    return expression.desc(nulls_last=nulls_last) if is_descending else expression.asc(nulls_last=nulls_last)


def _may_be_null(model: type[Model], path: str) -> bool:
    """Tell whether a field, or a relation on the way to it, may be empty; an annotation may."""
    for name in path.split("__"):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if found.null:
            return True
        model = found.related_model or model
    return False


Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """A filter of a list; ``name`` is its key in the query string, ``apply`` replaces the comparison."""

    name: str
    label: str
    field: str = ""
    apply: Callable[[QuerySet, Any], QuerySet] | None = None

    widget = "text"

    def clean(self, text: str) -> object | None:
        """Return the value of the query string, ``None`` if there is none that makes sense."""
        return printable(text) or None

    def shown(self, value: object) -> str:
        """Return how the value is named to the reader."""
        return str(value)

    def narrow(self, rows: QuerySet, value: object) -> QuerySet:
        """Return the rows that pass."""
        if self.apply:
            return self.apply(rows, value)
        return rows.filter(**{self.field or self.name: value})

    def bind(self, page: object) -> Filter:
        """Return the filter for one request."""
        return self


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One of several values: a select, or a row of buttons with ``is_segmented``.

    ``choices``: (value, label) pairs, or a function of the list page that returns them.
    """

    choices: Choices | Callable[[Any], Choices] = ()
    is_segmented: bool = False
    bound: Choices = field(default=(), compare=False)

    @property
    def widget(self) -> str:  # type: ignore[override]
        """Return how the toolbar draws it."""
        return "segments" if self.is_segmented else "select"

    def clean(self, text: str) -> object | None:
        return text if any(str(value) == text for value, _ in self.bound) else None

    def shown(self, value: object) -> str:
        return next((str(label) for each, label in self.bound if str(each) == str(value)), str(value))

    def bind(self, page: object) -> Filter:
        choices = self.choices(page) if callable(self.choices) else self.choices
        return ChoiceFilter(
            self.name, self.label, self.field, self.apply, choices, self.is_segmented,
            [(str(value), str(label)) for value, label in choices],
        )  # fmt: skip


@dataclass(frozen=True)
class DateFilter(Filter):
    """A day; compare with ``field="hired_on__gte"`` or ``apply``."""

    widget = "date"

    def clean(self, text: str) -> object | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return None

    def shown(self, value: object) -> str:
        return f"{value:%Y-%m-%d}"
