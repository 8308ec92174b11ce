"""The dry run over whole tables."""

import datetime as dt
from decimal import Decimal

import polars as pl
from tests.dataimport.targets import GOOD_ROWS, HEADERS, PERSON_FIELDS, PersonTarget
from tests.dataimport.workbooks import SHEET_PART, sheet_xml, with_part, workbook

from zhiheng.dataimport.calc import engine
from zhiheng.dataimport.calc.header import find_header
from zhiheng.dataimport.calc.issue import Issue, issues_of
from zhiheng.dataimport.calc.mapping import guess_mapping
from zhiheng.dataimport.calc.sheet import Merge, build_sheet
from zhiheng.dataimport.calc.target import Field, ImportTarget, is_provided
from zhiheng.dataimport.calc.workbook import read_sheet


def dry(rows, fields=PERSON_FIELDS, target=None, fixes=None, merges=(), progress=None, mapping=None):
    sheet = build_sheet("s", rows, merges=merges)
    return dry_sheet(sheet, fields, target, fixes, progress, mapping)


def dry_sheet(sheet, fields=PERSON_FIELDS, target=None, fixes=None, progress=None, mapping=None):
    header = find_header(sheet, [field.label for field in fields])
    chosen = mapping or {guess.header: guess.field for guess in guess_mapping(header.columns, fields)}
    return engine.dry_run(
        sheet, header, chosen, target or PersonTarget(), fields, fixes=fixes, progress=progress
    )


def brief(run) -> list[tuple]:
    return [(issue.cell or issue.row, issue.severity, issue.code) for issue in issues_of(run.issues)]


def test_a_clean_file_becomes_typed_columns():
    run = dry_sheet(read_sheet(workbook([HEADERS, *GOOD_ROWS]))[1])
    assert brief(run) == []
    assert run.frame.schema == {
        "_row": pl.UInt32,
        "employee_no": pl.String,
        "name": pl.String,
        "sex": pl.String,
        "born_on": pl.Date,
        "id_card": pl.String,
        "phone": pl.String,
        "email": pl.Null,
        "department": pl.String,
        "position": pl.Null,
        "joined_on": pl.Date,
        "salary": pl.Decimal(38, 2),
        "level": pl.Null,
        "is_active": pl.Boolean,
    }
    assert run.frame.row(1, named=True) == {
        "_row": 3,
        "employee_no": "E2",
        "name": "李四",
        "sex": "female",
        "born_on": dt.date(1991, 5, 1),
        "id_card": None,
        "phone": "+8613900139002",
        "email": None,
        "department": "研发部",
        "position": None,
        "joined_on": dt.date(2021, 7, 1),
        "salary": Decimal("9500.50"),
        "level": None,
        "is_active": True,
    }
    assert is_provided(run.frame, "phone")
    assert not is_provided(run.frame, "email")


def test_each_fault_names_its_cell():
    rows = [
        [
            "工号",
            "姓名",
            "性别",
            "出生日期",
            "身份证号",
            "手机",
            "部门",
            "入职日期",
            "基本工资",
            "级别",
            "在职",
        ],
        [
            "E1",
            "张 三",
            "男",
            "2026-02-30",
            "110105194912310021",
            "1380013800",
            "x",
            "2013年2月28日",
            "1.2万",
            "3",
            "是",
        ],
        [None, "李四", "中", "1990-1-1", None, None, None, None, "-5", "21", ""],
        ["E1", "", "女", "1990-1-1", None, None, None, None, "5", "x", None],
    ]
    assert brief(dry(rows)) == [
        ("B2", "repair", "name_spaces"),
        ("D2", "error", "no_such_day"),
        ("E2", "error", "id_card_checksum"),
        ("F2", "error", "phone_length"),
        ("H2", "repair", "date_format"),
        ("I2", "repair", "number_format"),
        ("A3", "error", "required"),
        ("C3", "error", "not_a_choice"),
        ("I3", "error", "below_minimum"),
        ("J3", "error", "above_maximum"),
        ("A4", "error", "repeated"),
        ("B4", "error", "required"),
        ("J4", "error", "not_a_number"),
    ]


def test_issue_carries_original_proposal_and_parameters():
    run = dry([["工号", "姓名", "入职日期"], ["E1", "张三", "2013年2月28日"], ["E1", "李四", "2026-02-30"]])
    assert issues_of(run.issues) == [
        Issue(2, "joined_on", "repair", "date_format", 2, {}, "2013年2月28日", "2013-02-28"),
        Issue(3, "employee_no", "error", "repeated", 0, {"says": "A2"}, "E1"),
        Issue(
            3, "joined_on", "error", "no_such_day", 2, {"year": 2026, "month": 2, "day": 30, "days": 28},
            "2026-02-30",
        ),
    ]  # fmt: skip
    assert (run.count("error"), run.count("repair"), run.count("warning")) == (2, 1, 0)
    assert run.rows_with_errors().to_list() == [3]


def test_missing_required_column_is_an_error_of_the_file():
    run = dry([["姓名", "部门"], ["张三", "销售部"]])
    assert issues_of(run.issues) == [
        Issue(0, "employee_no", "error", "column_missing", None, {"field": "工号"}, "", None)
    ]


def test_fixes_replace_cells():
    rows = [["工号", "姓名", "入职日期"], ["E1", "张三", "2026-02-30"], ["E2", "李四", "x"]]
    run = dry(rows, fixes={(2, 2): "2026-02-28", (3, 2): "", (99, 2): "x", (2, 77): "x"})
    assert brief(run) == []
    assert run.frame["joined_on"].to_list() == [dt.date(2026, 2, 28), None]


def test_merged_cells_repeated_headers_blank_and_total_rows():
    rows = [
        ["工号", "姓名", "部门", "级别"],
        ["E1", "张三", "销售部", "1"],
        ["E2", "李四", None, "2"],
        [None, None, None, None],
        ["工号", "姓名", "部门", "级别"],
        ["E3", "王五", "研发部", "3"],
        ["合 计", None, None, "6"],
        ["制表人：赵六", None, None, None],
    ]
    run = dry(rows, merges=[Merge(1, 2, 2, 2)])
    assert run.frame.select("_row", "department").rows() == [(2, "销售部"), (3, "销售部"), (6, "研发部")]
    assert brief(run) == [
        (5, "warning", "repeated_header"), (7, "warning", "total_row"), (8, "warning", "total_row"),
    ]  # fmt: skip


def test_formula_errors_are_reported():
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>工号</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>姓名</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>无关</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>E1</t></is></c><c r="B2" t="e"><v>#N/A</v></c>'
        '<c r="C2" t="e"><v>#N/A</v></c></row>'
    )
    run = dry_sheet(read_sheet(with_part(workbook([["x"]]), SHEET_PART, sheet_xml(rows)))[1])
    assert brief(run) == [("B2", "error", "required"), ("B2", "error", "formula_error")]
    texts = dry([["工号", "姓名"], ["E1", "#REF!"]])
    assert brief(texts) == [("B2", "error", "formula_error")]


def test_lost_digits_long_texts_and_bounds():
    fields = (
        Field("code", "编码", required=True),
        Field("day", "日期", "date", minimum=dt.date(2000, 1, 1)),
        Field("at", "时间", "datetime", maximum=dt.date(2030, 1, 1)),
        Field("rate", "比率", "decimal", default="0.5"),
    )
    rows = [
        ["编码", "日期", "时间", "比率"],
        [1.2345678901234567e16, "1999-12-31", "2031-01-01 08:00", None],
        ["ok", "9" * 101, "2026-01-01 08:00", "80%"],
    ]
    run = dry(rows, fields, ImportTarget())
    assert brief(run) == [
        ("A2", "error", "digits_lost"),
        ("B2", "error", "below_minimum"),
        ("C2", "error", "above_maximum"),
        ("B3", "error", "too_long"),
        ("D3", "repair", "percent"),
    ]
    assert run.frame["rate"].to_list() == [Decimal("0.5000"), Decimal("0.8000")]


def test_cross_checks_with_the_id_card():
    rows = [
        ["姓名", "工号", "身份证号", "出生日期", "性别"],
        ["张三", "E1", "110101199003070011", "1990-03-08", "女"],
        ["李四", "E2", "110101199003070011", "1990-03-07", "男"],
    ]
    found = issues_of(dry(rows).issues)
    assert [(item.cell, item.code, item.params, item.proposed) for item in found] == [
        ("D2", "birth_differs", {"says": "1990-03-07"}, "1990-03-07"),
        ("E2", "sex_differs", {"says": "男"}, "男"),
        ("C3", "repeated", {"says": "C2"}, None),
    ]
    only_card = dry([["工号", "姓名", "身份证号"], ["E1", "张三", "110101199003070011"]])
    assert brief(only_card) == []


def test_probably_the_same_person():
    rows = [
        ["工号", "姓名", "出生日期", "手机"],
        ["E1", "张伟", "1990-01-01", "13800138000"],
        ["E2", "章炜", "1990-01-01", None],
        ["E3", "张伟", "1995-05-05", "13800138001"],
        ["E4", "王芳", None, "13800138000"],
        ["E5", "张伟", "1990-01-01", "13811112222"],
    ]
    found = issues_of(dry(rows).issues)
    assert [(item.cell, item.severity, item.code, item.params) for item in found] == [
        ("B3", "warning", "same_sound_and_birth", {"says": "B2"}),
        ("B4", "warning", "same_name_similar_phone", {"says": "B2"}),
        ("B5", "warning", "same_phone", {"says": "B2"}),
        ("B6", "error", "repeated", {"says": "B2"}),
        ("B6", "warning", "same_sound_and_birth", {"says": "B2"}),
    ]


def test_no_names_no_comparison_of_persons():
    assert (
        brief(dry([["工号", "部门"], ["E1", "销售部"]], mapping={"工号": "employee_no"}))[0][2]
        == "column_missing"
    )


def test_progress_is_told_field_by_field():
    steps = []
    dry([["工号", "姓名"], ["E1", "张三"]], progress=lambda *step: steps.append(step))
    assert steps == [(1, 13, "工号"), (2, 13, "姓名")]


def test_domain_issues_get_cell_and_original():
    run = dry([["工号", "姓名", "部门"], ["E1", "张三", "火星部"]])
    target = PersonTarget()
    found = [
        *target.check(None, run.frame),
        target.issue(0, "", "整个文件"),
        target.issue(2, "", "整行", column=1),
    ]
    full = engine.with_domain_issues(run, found, lambda row, column: f"<{row},{column}>")
    assert [(item.cell, item.original, item.message) for item in issues_of(full.issues)] == [
        ("", "", "整个文件"),
        ("B2", "<2,1>", "整行"),
        ("C2", "<2,2>", "没有名为「火星部」的部门"),
    ]


def test_domain_errors_on_unreadable_cells_are_left_out():
    run = dry([["工号", "姓名", "入职日期"], ["E1", "张三", "2026-02-30"]])
    target = PersonTarget()
    found = [
        target.issue(2, "joined_on", "必须填写"),
        target.issue(2, "joined_on", "请留意", severity="warning"),
    ]
    full = engine.with_domain_issues(run, found, lambda row, column: "")
    assert [(item.cell, item.severity, item.code) for item in issues_of(full.issues)] == [
        ("C2", "error", "no_such_day"),
        ("C2", "warning", "domain"),
    ]


def test_every_value_survives_in_a_column_of_blanks():
    fields = (Field("a", "甲"), Field("b", "乙", required=True))
    run = dry([["甲", "乙"], ["1", "\u3000"], ["2", "  "]], fields, ImportTarget())
    assert brief(run) == [("B2", "error", "required"), ("B3", "error", "required")]
