"""Files of tables, and formulas that must not come alive in them."""

import csv
import datetime as dt
import io
from decimal import Decimal
from uuid import UUID

import openpyxl
import pytest

from zhiheng.webkit.export import csv_cell, csv_response, escape_formula, plain, xlsx_response

ROWS = [
    ["=1+1", Decimal("-5.50"), dt.date(2026, 11, 23), True],
    ["@SUM(A1)", None, dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC), False],
    ["+86 138", 3, None, None],
]
HEAD = ["名称", "金额", "时间", "是否"]


def content(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_text_like_a_formula_is_escaped(text):
    assert escape_formula(text) == "'" + text


def test_other_text_is_left_alone():
    assert escape_formula("胡志强 = 1") == "胡志强 = 1"


def test_csv():
    response = csv_response("员工", HEAD, ROWS)
    text = content(response).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        HEAD,
        ["'=1+1", "-5.50", "2026-11-23", "是"],
        ["'@SUM(A1)", "", "2026-11-24 00:30:00", "否"],
        ["'+86 138", "3", "", ""],
    ]
    assert "%E5%91%98%E5%B7%A5.csv" in response.headers["Content-Disposition"]


def test_xlsx():
    book = openpyxl.load_workbook(io.BytesIO(content(xlsx_response("员工", HEAD, ROWS))))
    sheet = book.active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        HEAD,
        ["=1+1", -5.5, dt.datetime(2026, 11, 23), "是"],
        ["@SUM(A1)", None, dt.datetime(2026, 11, 24, 0, 30), "否"],
        ["+86 138", 3, None, None],
    ]
    assert sheet["A2"].data_type == "s" or sheet["A2"].quotePrefix is False
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"


def test_xlsx_holds_formulas_as_shared_strings_only():
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content(xlsx_response("x", ["a"], [["=1+1"]])))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_xlsx_without_rows_has_its_head():
    book = openpyxl.load_workbook(io.BytesIO(content(xlsx_response("x", HEAD, []))))
    assert [cell.value for cell in book.active[1]] == HEAD


def test_numbers_with_more_digits_than_a_sheet_keeps_become_text():
    book = openpyxl.load_workbook(io.BytesIO(content(xlsx_response("x", ["a"], [[10**17 + 1]]))))
    assert book.active["A2"].value == "100000000000000001"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (["a", "b"], "a、b"),
        (None, None),
        (dt.datetime(2026, 1, 1, 8), dt.datetime(2026, 1, 1, 8)),
        (Exception("x"), "x"),
    ],
)
def test_plain(value, text):
    assert plain(value) == text


def test_csv_cell_of_a_negative_number_is_a_number():
    assert csv_cell(-3) == "-3"
    assert csv_cell("-3") == "'-3"
