"""What the API operations of every domain share: keyset pages with opaque cursors, and the problem schema."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
Item = TypeVar("Item")

_TYPES: dict[str, tuple[type, Callable[[str], Any]]] = {
    # datetime before date: every datetime is a date too.
    "t": (dt.datetime, dt.datetime.fromisoformat),
    "d": (dt.date, dt.date.fromisoformat),
    "u": (UUID, UUID),
    "n": (Decimal, Decimal),
    "i": (int, int),
    "s": (str, str),
}


class Problem(Schema):
    """An error answer (RFC 9457, ``application/problem+json``). ``code`` is the stable name for programs."""

    type: str = Field(examples=["urn:zhiheng:problem:not-found"])
    title: str
    status: int
    code: str
    detail: str | None = None


class CursorPage(Schema, Generic[Item]):
    """A page of items; ask with ``cursor=next_cursor`` for the following one, ``null`` is the end."""

    items: list[Item]
    next_cursor: str | None = None


class CursorQuery(Schema):
    """The query parameters of a paged operation: ``page: Paging``."""

    cursor: str | None = Field(None, max_length=1000, description="next_cursor of the previous page")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="rows a page")


Paging = Query[CursorQuery]


@dataclass(frozen=True)
class Slice:
    """Rows of a page and the cursor of the next one; what an operation with ``CursorPage`` returns."""

    items: list[Any]
    next_cursor: str | None


def encode_cursor(order: Sequence[str], values: Sequence[object]) -> str:
    """Return the cursor behind a row with ``values`` in the columns of ``order``."""
    parts = [_packed(value) for value in values]
    text = json.dumps([",".join(order), *parts], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _packed(value: object) -> str:
    for mark, (kind, _parse) in _TYPES.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            return mark + (value.isoformat() if isinstance(value, dt.date) else str(value))
    raise TypeError(f"cannot page by {type(value).__name__}; order by columns that are never null")


def decode_cursor(order: Sequence[str], cursor: str) -> list[Any]:
    """Return the values of a cursor; raise `ValidationError` for one that is not ours or of another order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, *parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if made_for != ",".join(order) or len(parts) != len(order):
            raise ValueError
        return [_TYPES[part[0]][1](part[1:]) for part in parts]
    except (ValueError, ArithmeticError, KeyError, IndexError, TypeError, binascii.Error) as error:
        raise ValidationError({"cursor": _("游标无效或已过期，请从第一页重新开始。")}) from error


def after(order: Sequence[str], values: Sequence[object]) -> Q:
    """Return the filter of the rows behind ``values``: lexicographic, each column in its own direction."""
    found = Q(pk__in=[])
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        comparison = "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    return found


def _value(row: object, path: str) -> object:
    for name in path.removeprefix("-").split("__"):
        row = getattr(row, name)
    return row


def cursor_page(rows: QuerySet, paging: CursorQuery, *, order: Sequence[str] = ("id",)) -> Slice:
    """Return a page of ``rows`` in ``order`` by keyset: as fast on page 1,000 as on the first.

    ``order`` names columns that are never null, the last of them unique; ``-`` turns one round. Ids are
    UUIDv7, so the default is the order of creation. Raises `ValidationError` for a bad cursor.

        @router.get("/persons", response=CursorPage[PersonOut])
        @requires(READ_PERSON)
        def list_persons(request, page: Paging):
            return cursor_page(persons_for_actor(request.actor), page)
    """
    rows = rows.order_by(*order)
    if paging.cursor:
        rows = rows.filter(after(order, decode_cursor(order, paging.cursor)))
    found = list(rows[: paging.limit + 1])
    items = found[: paging.limit]
    if len(found) <= paging.limit:
        return Slice(items, None)
    return Slice(items, encode_cursor(order, [_value(items[-1], name) for name in order]))
