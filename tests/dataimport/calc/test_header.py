"""Where the table begins."""

from tests.dataimport.workbooks import workbook

from zhiheng.dataimport.calc import header
from zhiheng.dataimport.calc.header import Column, Header
from zhiheng.dataimport.calc.sheet import Merge, build_sheet
from zhiheng.dataimport.calc.workbook import read_sheet


def test_two_row_header_is_flattened():
    rows = [
        ["", "", "", "", "", ""],
        ["", "", "", "", "", ""],
        ["", "姓 名", "性别", "出生日期", "手机", "邮箱"],
        ["E1", "张三", "男", "1990-1-1", "13800138000", "a@b.cn"],
    ]
    merges = [("A1:F1", "花名册"), ("A2:A3", "工号*"), ("B2:D2", "基本信息"), ("E2:F2", "联系\n方式")]
    sheet = read_sheet(workbook(rows, merges))[1]
    assert header.find_header(sheet) == Header(
        2,
        3,
        (
            Column(0, "工号", True),
            Column(1, "基本信息/姓名"),
            Column(2, "基本信息/性别"),
            Column(3, "基本信息/出生日期"),
            Column(4, "联系方式/手机"),
            Column(5, "联系方式/邮箱"),
        ),
    )


def test_header_merged_downwards_starts_the_data_below():
    sheet = build_sheet(
        "s",
        [["工号", "姓名", "部门"], [None, None, None], ["E1", "张三", "20"]],
        merges=[Merge(0, 0, 1, 0), Merge(0, 1, 1, 1), Merge(0, 2, 1, 2)],
    )
    found = header.find_header(sheet)
    assert (found.first, found.last) == (1, 2)
    assert [column.header for column in found.columns] == ["工号", "姓名", "部门"]


def test_tall_merge_beyond_the_header_is_not_followed():
    rows = [["工号", "姓名"], *[[str(number), "x"] for number in range(9)]]
    sheet = build_sheet("s", rows, merges=[Merge(0, 0, 7, 0)])
    assert (header.find_header(sheet).first, header.find_header(sheet).last) == (1, 1)


def test_known_headers_win_over_fuller_rows():
    sheet = build_sheet(
        "s", [["甲", "乙", "丙", "丁"], ["工号", "姓名", None, None], ["E1", "张三", None, None]]
    )
    assert header.find_header(sheet, ["工号", "姓名"]).first == 2


def test_repeated_names_are_numbered():
    sheet = build_sheet("s", [["姓名", "电话", "电话", None, "备注"], ["张三", "1", "2", None, "3"]])
    assert [column.header for column in header.find_header(sheet).columns] == [
        "姓名",
        "电话",
        "电话 (2)",
        "备注",
    ]


def test_labels_beside_values_are_no_header():
    rows = [
        ["姓名:", "张三", "部门:", "销售"],
        ["工号", "E1", "职位", "经理"],
        ["工号", "E2", "职位", "员工"],
    ]
    assert header.find_header(build_sheet("s", rows)) is None


def test_one_column_and_number_rows():
    assert header.find_header(build_sheet("s", [["姓名"], ["张三"]])).columns == (Column(0, "姓名"),)
    assert header.find_header(build_sheet("s", [["说明"], [1, 2], [3, 4]])) is None
    assert header.find_header(build_sheet("s", [[1.0, 2.0], [3.0, 4.0]])) is None
    assert header.find_header(build_sheet("s", [["x" * 50, "y" * 50]])) is None


def test_chosen_rows():
    sheet = build_sheet("s", [["基本", "基本"], ["姓名", "性别（必填）"], ["张三", "男"]])
    assert header.header_at(sheet, 2) == Header(2, 2, (Column(0, "姓名"), Column(1, "性别（必填）", True)))
    assert [column.header for column in header.header_at(sheet, 1, 2).columns] == [
        "基本/姓名",
        "基本/性别（必填）",
    ]
