"""Targets, issues and the workbooks made for users."""

import io

import openpyxl
import pytest
from tests.dataimport.targets import GOOD_ROWS, HEADERS, PersonTarget
from tests.dataimport.workbooks import workbook

from zhiheng.dataimport.calc.issue import Issue, cell_address, column_letter, issue_frame, issues_of
from zhiheng.dataimport.calc.marked import MarkedIssue, marked_workbook, template
from zhiheng.dataimport.calc.target import Choice, Field, ImportReport, ImportTarget
from zhiheng.dataimport.calc.workbook import read_sheet


def test_addresses():
    assert [column_letter(number) for number in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert (cell_address(17, 2), cell_address(0, 2), cell_address(1, None), cell_address(1, -1)) == (
        "C17",
        "",
        "",
        "",
    )


def test_issues_survive_the_frame():
    issues = [
        Issue(17, "name", "error", "required", 2, {"a": 1}, "x", "y"),
        Issue(0, code="file", message="整个文件"),
    ]
    assert issues_of(issue_frame(issues)) == issues


def test_target_base():
    target = PersonTarget()
    assert target.field("name").person_meaning == "name"
    assert target.field("level").person_meaning == ""
    assert ImportTarget().check(None, None) == []
    with pytest.raises(NotImplementedError):
        ImportTarget().commit(None, None, "", None)
    with pytest.raises(NotImplementedError):
        ImportTarget().undo(None, "")
    assert ImportReport("t", "n", state="committed").is_committed


def test_template_has_a_column_for_each_field():
    fields = (
        Field("no", "工号", required=True, help="唯一编号", example="E001"),
        Field("sex", "性别", "choice", choices=(Choice("male", "男"), Choice("female", "女"))),
        Field("day", "日期", "date"),
        Field(
            "kind",
            "类型",
            "choice",
            choices=tuple(Choice(str(n), "很长的选项" * 10 + str(n)) for n in range(9)),
        ),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(template(fields, "员工/导入[模板]"))).active
    assert sheet.title == "员工 导入 模板"
    assert [cell.value for cell in sheet[1]] == ["工号*", "性别", "日期", "类型"]
    assert sheet["A1"].comment.text == "唯一编号\nE001"
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"男,女"']


def test_template_is_read_back_by_the_guess():
    target = PersonTarget()
    sheet = read_sheet(template(target.fields, target.label))[1]
    assert sheet.texts.row(0)[:3] == ("工号*", "姓名*", "性别")


def test_marked_workbook_colours_cells_and_lists_issues():
    sheet = read_sheet(workbook([HEADERS, *GOOD_ROWS, ["E3"]]))[1]
    issues = [
        MarkedIssue(Issue(2, "name", "repair", "name_spaces", 1, {}, "张 三", "张三"), "姓名中间有空格"),
        MarkedIssue(Issue(2, "name", "error", "required", 1, {}, "张 三"), "=1+1"),
        MarkedIssue(Issue(3, "id_card", "warning", "x", 4, {}), "空格子"),
        MarkedIssue(Issue(0, "", "error", "column_missing"), "缺列"),
    ]
    content = marked_workbook(
        sheet, issues, {(3, 0): "E22"}, ["", "问题", "单元格", "级别", "原内容", "建议", "说明"]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    data, found = book.worksheets
    assert (data.title, found.title) == ("Sheet", "问题")
    assert data["B2"].fill.start_color.rgb == "FFFFC7CE"
    assert data["B2"].comment.text == "姓名中间有空格 → 张三\n=1+1"
    assert data["E3"].fill.start_color.rgb == "FFFFEB9C"
    assert (data["A2"].value, data["A3"].value) == ("E1", "E22")
    assert [[cell.value or None for cell in row] for row in found.iter_rows()] == [
        ["单元格", "级别", "原内容", "建议", "说明"],
        ["B2", "repair", "张 三", "张三", "姓名中间有空格"],
        ["B2", "error", "张 三", None, "=1+1"],
        ["E3", "warning", None, None, "空格子"],
        [None, "error", None, None, "缺列"],
    ]
