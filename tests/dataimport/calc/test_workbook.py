"""Reading of real and broken workbooks."""

import datetime as dt

import pytest
import python_calamine
import xlsxwriter
from tests.dataimport.workbooks import (
    SHEET_PART,
    SHEETS,
    ole,
    sheet_xml,
    with_part,
    workbook,
    xls_with_password,
)

from zhiheng.dataimport.calc import header
from zhiheng.dataimport.calc import sheet as sheets
from zhiheng.dataimport.calc import workbook as reader
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.sheet import Merge


def read(name: str, sheet: str | None = None) -> sheets.Sheet:
    return reader.read_sheet((SHEETS / name).read_bytes(), sheet)[1]


def refusal(content: bytes, sheet: str | None = None) -> tuple[str, dict]:
    with pytest.raises(FileRefused) as caught:
        reader.read_sheet(content, sheet)
    return caught.value.code, caught.value.params


def test_title_above_starred_headers():
    sheet = read("easyexcel_t01.xls")
    found = header.find_header(sheet)
    assert (sheet.name, sheet.height, sheet.width) == ("产品数据", 3, 18)
    assert (found.first, found.last) == (2, 2)
    assert [column.header for column in found.columns if column.is_marked_required] == [
        "材质", "标准号", "规格", "品名", "表面处理", "计量单位",
    ]  # fmt: skip
    assert sheet.texts.row(2)[:13] == (
        "Q235(碳钢)", "HV200", "DIN9021", "M6", "加大平垫圈", "达克罗", "千支", "5.5千克", "半牙",
        "通润春（TRC）", "WT8", "箱", "200",
    )  # fmt: skip


def test_line_breaks_in_headers():
    sheet = read("easyexcel_t02.xlsx")
    found = header.find_header(sheet)
    assert (found.first, found.last) == (2, 2)
    assert [column.header for column in found.columns] == [
        "序号", "原料编号", "厂定名称", "标准中文名", "INCI名", "原料含量（%）", "原料中成分含量（%）",
        "配方中成分含量（%）", "使用目的", "配方中原料使用目的", "使用部位/纳米级/色淀类型", "备案用CAS",
        "成分序列号", "备案用商品名称", "备案用生产制造商", "原料报送码", "是否新原料", "注册号/备案号",
    ]  # fmt: skip
    assert sheet.texts.row(2)[:6] == ("1", "01502200", "1，2-戊二醇", "1,2-戊二醇", "PENTYLENE GLYCOL", "100")


def test_date_and_number_formats():
    sheet = read("easyexcel_dataformat.xlsx")
    assert header.find_header(sheet).columns[0].header == "date"
    assert sheet.texts.row(1) == (
        "2020-01-01 01:01:01", "2020-1-1 1:01", None, "2020-1-1 1:01", "1.1111", "1.1111", "1.1111",
    )  # fmt: skip
    assert sheet.kinds.row(1) == (4, 1, 0, 1, 2, 1, 1)


def test_merged_block_in_the_data():
    sheet = read("easyexcel_extra.xlsx")
    assert sheet.merges == (Merge(5, 0, 6, 1),)
    filled = sheets.fill_merges(sheet, 1)
    assert filled.texts.row(5) == ("合并单元格", "合并单元格")
    assert filled.kinds.row(5) == (1, 1)


def test_vertical_merge_fills_down():
    filled = sheets.fill_merges(read("hutool_merge_test.xlsx"), 1)
    assert filled.texts["2"].to_list() == ["年龄", "11", "11", "13"]


@pytest.mark.parametrize("name", ["easyexcel_no_bom.csv", "easyexcel_office_bom.csv"])
def test_csv_with_and_without_mark(name):
    sheet = read(name)
    assert (sheet.height, sheet.width) == (11, 2)
    assert sheet.texts.row(0) == ("姓名", "年纪")
    assert sheet.texts.row(10) == ("姓名9", "20")


def test_several_sheets():
    content = (SHEETS / "hutool_aaa.xlsx").read_bytes()
    book, first = reader.read_sheet(content)
    assert book.sheet_names == ("Sheet1", "Sheet2", "12")
    assert first.texts.rows() == [
        ("姓名", "性别", "年龄", "鞋码"), ("张三", "男", "11", "41.5"), ("李四", "女", "22", None),
        (None, "女", None, "43.22"),
    ]  # fmt: skip
    assert reader.read_sheet(content, "12")[1].texts.row(2) == ("李四", "女", "22", "1")
    assert refusal(content, "13") == ("no_such_sheet", {"sheet": "13"})


def test_blanks_and_dates_without_a_header():
    sheet = read("hutool_blankAndDateTest.xlsx")
    assert (sheet.height, sheet.width) == (22, 6)
    assert sheet.texts.row(0) == ("1", "测试1", "1234.567", "2017-12-16 03:04:05", "1111", "2017-12-16")
    assert sheet.texts.row(1) == ("2", None, "1235.567", None, "1112", "2017-12-17")
    assert header.find_header(sheet) is None


def test_hidden_sheets_are_left_out():
    book, sheet = reader.read_sheet((SHEETS / "hutool_readBySax.xls").read_bytes())
    assert book == reader.Workbook("xls", ("sheet",))
    assert [column.header for column in header.find_header(sheet).columns] == [
        "设备设施名称", "入库数量", "品牌", "生产厂家", "设备设施来源",
    ]  # fmt: skip
    assert sheet.texts.row(1) == ("啤酒盖", "1", "123", "123", "自有设备")


def test_attendance_layout_has_no_header_and_empty_sheets_are_passed():
    sheet = read("zkteco_kq803_campus-a.xls")
    assert (sheet.name, sheet.height, sheet.width) == ("Sheet1", 10, 21)
    assert header.find_header(sheet) is None
    chosen = header.header_at(sheet, 4)
    assert [column.header for column in chosen.columns] == ["1", "2", "3", "4", "5", "6", "7"]
    assert sheet.texts.row(7)[:7] == (
        "08:4520:07",
        "08:4618:54",
        "08:2018:18",
        "08:51",
        "08:50",
        None,
        "11:5420:44",
    )


def test_sheet_that_claims_all_columns():
    rows = (
        '<row r="1" spans="1:16384"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="XFD1" s="0"/></row>'
    )
    content = with_part(workbook([["x"]]), SHEET_PART, sheet_xml(rows))
    assert reader.read_sheet(content)[1].texts.rows() == [("姓名",)]


def test_sheet_with_too_many_filled_columns():
    assert refusal(workbook([["x"] * 501])) == ("too_many_columns", {"columns": 501, "limit": 500})


def test_table_that_begins_in_the_middle():
    sheet = reader.read_sheet(workbook([[], [], [None, None, "a", "b"], [None, None, 1, 2]]))[1]
    assert sheet.texts.rows() == [(None,) * 4, (None,) * 4, (None, None, "a", "b"), (None, None, "1", "2")]


def test_all_kinds_of_cells():
    output = __import__("io").BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_boolean(0, 0, True)
        sheet.write_datetime(0, 1, dt.datetime(2026, 1, 1, 12), book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(0, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_number(0, 3, 3.3000000000000003)
        sheet.write_number(0, 4, 0.5, book.add_format({"num_format": "hh:mm"}))
        sheet.write_string(0, 5, "   ")
        sheet.write_string(0, 6, "x")
    read_back = reader.read_sheet(output.getvalue())[1]
    assert read_back.texts.row(0) == ("TRUE", "2026-01-01 12:00:00", "36:00:00", "3.3", "12:00:00", None, "x")
    assert read_back.kinds.row(0) == (5, 4, 6, 2, 6, 0, 1)


def test_ragged_csv_and_separator_line():
    sheet = reader.read_sheet("sep=;\n姓名;年纪;\n张三;20\n李四;30;x;y\n".encode())[1]
    assert sheet.texts.rows() == [
        (None,) * 4, ("姓名", "年纪", None, None), ("张三", "20", None, None), ("李四", "30", "x", "y"),
    ]  # fmt: skip
    assert sheet.notes == {"encoding": "utf-8", "delimiter": ";"}


def test_csv_in_gbk_and_utf16():
    for encoding in ("gbk", "utf-16"):
        sheet = reader.read_sheet("工号\t姓名\nE1\t张三\n".encode(encoding))[1]
        assert sheet.texts.rows() == [("工号", "姓名"), ("E1", "张三")]


def test_formula_errors_are_found_by_cell():
    rows = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="A2"><v>1</v></c></row>'
    assert reader.read_sheet(with_part(workbook([["x"]]), SHEET_PART, sheet_xml(rows)))[1].formula_errors == (
        (2, 2),
    )


def test_password_protected():
    assert refusal(xls_with_password()) == ("password", {})


def test_truncated_and_damaged():
    real = (SHEETS / "easyexcel_t02.xlsx").read_bytes()
    assert refusal(real[: len(real) // 2]) == ("truncated", {})
    old = (SHEETS / "easyexcel_t01.xls").read_bytes()
    assert refusal(old[:9000])[0] in {"damaged", "truncated"}
    assert refusal(ole("Workbook")) == ("damaged", {})
    assert refusal(with_part(workbook([["x"]]), "xl/workbook.xml", b"<workbook"))[0] in {
        "damaged",
        "no_sheet",
    }


def test_empty_files():
    assert refusal(workbook([])) == ("empty_sheet", {})
    assert refusal(b"\n\n") == ("empty_sheet", {})


def test_workbook_without_visible_sheet():
    output = __import__("io").BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        book.add_chartsheet()
    assert refusal(output.getvalue()) == ("no_sheet", {})


def test_row_limits(monkeypatch):
    monkeypatch.setattr(reader, "MAX_ROWS", 3)
    assert refusal(b"a,b\n" * 4) == ("too_many_rows", {"limit": 3})
    assert refusal(workbook([["a"]] * 4)) == ("too_many_rows", {"limit": 3})


def test_panics_of_the_reader_are_refusals(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(*_args):
        raise PanicException

    monkeypatch.setattr(reader, "_visible_sheets", panic)
    assert refusal(workbook([["a"]])) == ("damaged", {})


def test_interrupts_pass_through(monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(reader, "_visible_sheets", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reader.read_sheet(workbook([["a"]]))


def test_calamine_password_error(monkeypatch):
    def locked(*_args):
        raise python_calamine.PasswordError

    monkeypatch.setattr(reader, "_visible_sheets", locked)
    assert refusal(workbook([["a"]])) == ("password", {})


def test_large_merges_are_not_filled(monkeypatch):
    monkeypatch.setattr(sheets, "_MAX_FILLED", 3)
    sheet = sheets.build_sheet("s", [["h", "h"], ["x", None], [None, "z"]], merges=[Merge(1, 0, 2, 1)])
    assert sheets.fill_merges(sheet, 1).texts.rows() == [("h", "h"), ("x", None), (None, "z")]


def test_large_numbers_keep_their_shape():
    assert sheets.number_text(1.1010119900307e17) == "110101199003070000"
    assert sheets.number_text(1e20) == "1e+20"
    assert sheets.number_text(-12.5) == "-12.5"
