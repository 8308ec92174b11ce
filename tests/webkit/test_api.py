"""Keyset pages."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from zhiheng.webkit.api import CursorPage, CursorQuery, cursor_page, decode_cursor, encode_cursor

ORDER = ("app_label", "-model", "id")


@pytest.fixture
def kinds(db):
    pairs = [("one", "a"), ("one", "b"), ("one", "c"), ("two", "a"), ("two", "b")]
    for label, model in pairs:
        ContentType.objects.create(app_label=label, model=model)
    return ContentType.objects.filter(app_label__in=["one", "two"])


def walk(rows, limit, order=ORDER):
    cursor, found, pages = None, [], 0
    while True:
        page = cursor_page(rows, CursorQuery(cursor=cursor, limit=limit), order=order)
        found += [(row.app_label, row.model) for row in page.items]
        pages += 1
        cursor = page.next_cursor
        if cursor is None:
            return found, pages


@pytest.mark.parametrize(("limit", "pages"), [(1, 5), (2, 3), (4, 2), (5, 1), (200, 1)])
def test_pages_join_without_gap_or_overlap(kinds, limit, pages):
    expected = [("one", "c"), ("one", "b"), ("one", "a"), ("two", "b"), ("two", "a")]
    assert walk(kinds, limit) == (expected, pages)


def test_a_row_that_comes_in_before_the_cursor_does_not_shift_the_rest(kinds):
    first = cursor_page(kinds, CursorQuery(limit=2), order=ORDER)
    ContentType.objects.create(app_label="one", model="z")
    second = cursor_page(kinds, CursorQuery(limit=2, cursor=first.next_cursor), order=ORDER)
    assert [row.model for row in second.items] == ["a", "b"]


def test_a_page_is_one_query(kinds, django_assert_num_queries):
    first = cursor_page(kinds, CursorQuery(limit=2), order=ORDER)
    with django_assert_num_queries(1):
        cursor_page(kinds, CursorQuery(limit=2, cursor=first.next_cursor), order=ORDER)


@pytest.mark.parametrize(
    "value",
    [
        UUID(int=7), 7, "中文 ' \" %", Decimal("-1.50"), dt.date(2026, 11, 23),
        dt.datetime(2026, 11, 23, 6, 0, 0, 123456, tzinfo=dt.UTC),
    ],
)  # fmt: skip
def test_a_cursor_keeps_values_exactly(value):
    (kept,) = decode_cursor(("x",), encode_cursor(("x",), [value]))
    assert (type(kept), kept) == (type(value), value)


@pytest.mark.parametrize("value", [None, True, 1.5])
def test_values_that_cannot_be_paged_by_are_refused(value):
    with pytest.raises(TypeError, match="cannot page by"):
        encode_cursor(("x",), [value])


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!",
        "W10",
        "bnVsbA",
        "é",
        encode_cursor(("y",), [1]),
        encode_cursor(("x", "y"), [1, 2]),
        "WyJ4Iiwid3giXQ",
    ],
)
def test_cursors_that_are_not_ours_are_refused(cursor):
    with pytest.raises(ValidationError):
        decode_cursor(("x",), cursor)


def test_the_schema_names_its_items():
    schema = CursorPage[int].model_json_schema()
    assert sorted(schema["properties"]) == ["items", "next_cursor"]
