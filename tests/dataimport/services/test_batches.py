"""From upload to commit and back, with everything that stops it."""

import datetime as dt
import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import translation
from tests.dataimport.conftest import importer
from tests.dataimport.targets import GOOD_ROWS, HEADERS
from tests.dataimport.workbooks import SHEETS, encrypted_ole, workbook, xls_with_password
from tests.factories import actor_for, make_member, make_tenant

from zhiheng.access.errors import Forbidden
from zhiheng.dataimport import services
from zhiheng.dataimport.calc.target import CommitResult, UndoResult
from zhiheng.dataimport.models import ImportBatch, ImportFix, ImportMapping
from zhiheng.dataimport.queries.batches import batch_for_actor, earlier_batch_with
from zhiheng.dataimport.queries.reports import field_labels, issue_text, issues_from_report
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.usefixtures("target")
GOOD = workbook([HEADERS, *GOOD_ROWS])
BAD = workbook(
    [
        HEADERS,
        ["E1", "张 三", "男", "2026-02-30", None, "13800138001", "销售部", "2013年2月28日", 8000],
        ["E1", "<b>李四", "女", "1991-05-01", None, "13900139002", "火星部", dt.date(2021, 7, 1), "一万"],
        ["E3", "王五", "男", "1992-06-06", None, None, "研发部", dt.date(2021, 7, 1), 7000],
    ]
)


def upload(actor, content=GOOD, name="员工.xlsx"):
    return services.upload_file(actor=actor, target_code="test.person", name=name, content=content)


def checked(actor, content=GOOD):
    batch_id = upload(actor, content)
    services.map_columns(actor=actor, batch_id=batch_id, mapping=ImportBatch.objects.get(id=batch_id).mapping)
    services.check_batch(actor=actor, batch_id=batch_id)
    return batch_id


def refused(call, **arguments) -> str:
    with pytest.raises(ValidationError) as caught:
        call(**arguments)
    return caught.value.messages[0]


def sentences(batch, target) -> list[str]:
    return [issue_text(issue, field_labels(target)) for issue in issues_from_report(batch.report)]


def test_upload_reads_header_columns_and_samples(actor):
    batch = ImportBatch.objects.get(id=upload(actor))
    assert (batch.state, batch.header_first, batch.row_count) == ("uploaded", 1, 2)
    assert batch.columns[0] == {
        "position": 0, "header": "工号", "required": False, "score": 100, "samples": ["E1", "E2"],
    }  # fmt: skip
    assert batch.mapping["入职日期"] == "joined_on"
    assert batch.report["preview"][0] == HEADERS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "这是 PDF 文件，不是表格。请上传 .xlsx、.xls 或 .csv 文件。"),
        (b"", "文件是空的，请选择有内容的表格。"),
        (encrypted_ole(), "工作簿设了密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。"),
        (xls_with_password(), "工作簿设了密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。"),
        (GOOD[: len(GOOD) // 2], "文件不完整，可能没有下载或上传完。请重新获取文件后再上传。"),
        (b"a,b\n\xff\xff\n", "第 2 行的编码无法识别。请把文件另存为 UTF-8 或 GBK 编码后再上传。"),
    ],
)
def test_files_that_cannot_be_read_leave_nothing_behind(actor, content, message):
    assert refused(upload, actor=actor, content=content) == message
    assert not ImportBatch.objects.exists()


class _Huge(io.BytesIO):
    size = 1 << 30

    def read(self, *_args):
        raise AssertionError("must not be read")


def test_a_gigabyte_is_refused_unread(actor, tmp_path):
    message = "文件有 1024 MB，超过 64 MB 的上限。请拆分后分批导入。"
    assert refused(upload, actor=actor, content=_Huge()) == message
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert refused(upload, actor=actor, content=path) == message


def test_content_may_be_a_path_or_a_stream(actor, tmp_path):
    path = tmp_path / "员工.xlsx"
    path.write_bytes(GOOD)
    assert upload(actor, path)
    assert upload(actor, io.BytesIO(GOOD))


def test_report_names_every_cell(actor, target):
    batch = ImportBatch.objects.get(id=checked(actor, BAD))
    assert (batch.state, batch.row_count) == ("checked", 3)
    assert (batch.error_count, batch.error_row_count, batch.warning_count, batch.repair_count) == (3, 2, 1, 3)
    assert sentences(batch, target) == [
        "D2（出生日期）：2026 年 2 月没有 30 日（该月共 28 天）",
        "A3（工号）：与 A2 重复",
        "G3（部门）：没有名为「火星部」的部门",
        "B2（姓名）：姓名中间有空格",
        "H2（入职日期）：日期写法不统一",
        "I3（基本工资）：数字带有单位或分隔符",
        "B3（姓名）：姓名里有特殊字符 < >，将按普通文字保存",
    ]


def test_commit_writes_all_rows_once(actor, target):
    batch_id = checked(actor)
    assert services.commit_batch(actor=actor, batch_id=batch_id) == CommitResult(created=2)
    assert [row["employee_no"] for row in target.committed[str(batch_id)]] == ["E1", "E2"]
    target.committed.clear()
    assert services.commit_batch(actor=actor, batch_id=batch_id) == CommitResult(created=2)
    assert target.committed == {}
    batch = ImportBatch.objects.get(id=batch_id)
    assert (batch.state, batch.created_count, batch.skipped_count) == ("committed", 2, 0)
    assert (batch.report, batch.columns[0]["samples"]) == ({"counts": []}, [])
    again = ImportBatch.objects.get(id=upload(actor))
    assert earlier_batch_with(actor, again) == batch


def test_errors_block_the_commit_until_fixed(actor, target):
    batch_id = checked(actor, BAD)
    commit = {"call": services.commit_batch, "actor": actor, "batch_id": batch_id}
    assert refused(**commit) == "还有 3 处错误，改正后才能导入。"
    for row, column, text in ((2, 3, "2026-02-28"), (3, 0, "E2"), (3, 6, "销售部")):
        services.fix_cell(actor=actor, batch_id=batch_id, row=row, column=column, text=text)
    assert refused(**commit) == "请先检查，再导入。"
    services.check_batch(actor=actor, batch_id=batch_id)
    assert refused(**commit) == "还有 3 处修正建议没有确认。"
    services.accept_repairs(actor=actor, batch_id=batch_id)
    assert services.commit_batch(actor=actor, batch_id=batch_id) == CommitResult(created=3)
    rows = target.committed[str(batch_id)]
    assert [row["name"] for row in rows] == ["张三", "<b>李四", "王五"]
    assert rows[0]["joined_on"] == dt.date(2013, 2, 28)


def test_rows_with_errors_can_be_left_out(actor, target):
    batch_id = checked(actor, BAD)
    services.accept_repairs(actor=actor, batch_id=batch_id)
    result = services.commit_batch(actor=actor, batch_id=batch_id, skip_error_rows=True)
    assert result == CommitResult(created=1)
    assert ImportBatch.objects.get(id=batch_id).skipped_count == 2
    assert [row["employee_no"] for row in target.committed[str(batch_id)]] == ["E3"]


def test_nothing_is_half_written_when_the_domain_fails(actor, target):
    batch_id = checked(actor)
    target.fail = True
    with pytest.raises(RuntimeError):
        services.commit_batch(actor=actor, batch_id=batch_id)
    assert ImportBatch.objects.get(id=batch_id).state == "checked"


def test_all_rows_wrong_or_no_rows(actor):
    only_bad = checked(actor, workbook([["工号", "姓名", "部门"], ["E1", "张三", "火星部"]]))
    commit = {"call": services.commit_batch, "actor": actor, "batch_id": only_bad, "skip_error_rows": True}
    assert refused(**commit) == "每一行都有错误，没有可以导入的数据。"
    none = checked(actor, workbook([["工号", "姓名"]]))
    assert refused(services.commit_batch, actor=actor, batch_id=none) == "表头下面没有数据行。"


def test_undo(actor, target):
    batch_id = checked(actor)
    assert refused(services.undo_batch, actor=actor, batch_id=batch_id) == "这批数据没有导入，无需撤销。"
    services.commit_batch(actor=actor, batch_id=batch_id)
    target.refuse_undo = "E1 之后又修改过，请先撤销那次修改。"
    assert refused(services.undo_batch, actor=actor, batch_id=batch_id) == target.refuse_undo
    assert ImportBatch.objects.get(id=batch_id).state == "committed"
    target.refuse_undo = ""
    assert services.undo_batch(actor=actor, batch_id=batch_id) == UndoResult(deleted=2)
    assert services.undo_batch(actor=actor, batch_id=batch_id) == UndoResult()
    assert target.committed == {}
    assert (
        refused(services.accept_repairs, actor=actor, batch_id=batch_id) == "这批数据已经处理完，不能再修改。"
    )


def test_mapping_is_checked_and_remembered(actor):
    batch_id = upload(actor, workbook([["编码", "名字", "其他"], ["E1", "张三", "x"]]))
    call = {"call": services.map_columns, "actor": actor, "batch_id": batch_id}
    assert refused(**call, mapping={"编码": "employee_no"}) == "必填的列还没有对应：姓名"
    twice = {"编码": "employee_no", "名字": "name", "其他": "name"}
    assert refused(**call, mapping=twice) == "「姓名」对应了不止一列，请只留一列。"
    assert refused(**call, mapping={"编码": "nothing"}) == "没有「nothing」这个字段。"
    services.map_columns(actor=actor, batch_id=batch_id, mapping={"编码": "employee_no", "名字": "name"})
    assert ImportMapping.objects.get().mapping == {"编码": "employee_no", "名字": "name", "其他": ""}
    later = ImportBatch.objects.get(
        id=upload(actor, workbook([["编码", "名字", "其他"], ["E2", "李四", "y"]]))
    )
    assert later.mapping == {"编码": "employee_no", "名字": "name", "其他": ""}


def test_attendance_layout_asks_for_the_header_row(actor):
    batch_id = upload(actor, SHEETS / "zkteco_kq803_campus-a.xls", "考勤.xls")
    batch = ImportBatch.objects.get(id=batch_id)
    assert (batch.columns, batch.header_first) == ([], 0)
    assert batch.report["preview"][0][0] == "考 勤 记 录 表"
    assert refused(services.check_batch, actor=actor, batch_id=batch_id) == (
        "没有找到表头行。请确认表格有一行列名，或在页面上指定表头所在的行。"
    )
    choose = {"call": services.choose_header, "actor": actor, "batch_id": batch_id}
    assert refused(**choose, first=99) == "表头行应在第 1 行到第 10 行之间，最多 5 行。"
    services.choose_header(actor=actor, batch_id=batch_id, sheet="Sheet1", first=4)
    batch.refresh_from_db()
    assert [column["header"] for column in batch.columns] == ["1", "2", "3", "4", "5", "6", "7"]


def test_an_empty_row_is_no_header(actor):
    batch_id = upload(actor, workbook([["工号", "姓名"], [], ["E1", "张三"]]))
    choose = {"call": services.choose_header, "actor": actor, "batch_id": batch_id}
    assert refused(**choose, first=2) == "第 2 行是空的，不能作为表头。"


def test_another_sheet_forgets_the_fixes(actor):
    batch_id = upload(actor, SHEETS / "hutool_aaa.xlsx")
    services.fix_cell(actor=actor, batch_id=batch_id, row=2, column=0, text="x")
    services.choose_header(actor=actor, batch_id=batch_id, sheet="12")
    assert ImportBatch.objects.get(id=batch_id).sheet == "12"
    assert not ImportFix.objects.exists()


def test_only_data_cells_can_be_fixed(actor):
    batch_id = upload(actor)
    call = {"call": services.fix_cell, "actor": actor, "batch_id": batch_id}
    assert refused(**call, row=1, column=0, text="x") == "只能修改表头以下的单元格。"
    assert refused(**call, row=2, column=500, text="x") == "只能修改表头以下的单元格。"
    assert refused(**call, row=2, column=0, text="x" * 2001) == "内容太长，最多 2000 个字符。"


def test_rights_tenants_and_subsidiaries(actor, tenant, target):
    batch_id = upload(actor)
    plain = actor_for(make_member(tenant, role="hr"), tenant)
    with pytest.raises(Forbidden):
        upload(plain)
    with pytest.raises(Http404):
        batch_for_actor(plain, batch_id)
    with pytest.raises(Http404):
        services.commit_batch(actor=plain, batch_id=batch_id)
    with pytest.raises(Forbidden):
        upload(actor_for(make_member(tenant, role="employee"), tenant))
    with pytest.raises(Http404):
        services.upload_file(actor=actor, target_code="nothing", name="x", content=GOOD)
    assert batch_for_actor(importer(tenant), batch_id).id == batch_id
    import dataclasses

    narrow = dataclasses.replace(importer(tenant), legal_entity_ids=frozenset({uuid4()}))
    with pytest.raises(Http404):
        batch_for_actor(narrow, batch_id)
    other = make_tenant("别家公司")
    stranger = importer(other)
    with tenant_context(other.id), pytest.raises(Http404):
        batch_for_actor(stranger, batch_id)


def test_job_is_noted(actor):
    batch_id, job_id = upload(actor), uuid4()
    services.note_job(actor=actor, batch_id=batch_id, job_id=job_id)
    assert ImportBatch.objects.get(id=batch_id).job_id == job_id


def test_template_and_marked_file(actor):
    name, content = services.template_file(actor=actor, target_code="test.person")
    assert name == "测试员工导入模板.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A1"].value == "工号*"
    batch_id = checked(actor, BAD)
    services.fix_cell(actor=actor, batch_id=batch_id, row=3, column=0, text="E2")
    name, content = services.marked_file(actor=actor, batch_id=batch_id)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert name == "员工-检查结果.xlsx"
    assert book.worksheets[0]["A3"].value == "E2"
    assert book.worksheets[0]["D2"].comment.text == "D2（出生日期）：2026 年 2 月没有 30 日（该月共 28 天）"


def test_labels_of_every_language_are_understood(actor, target):
    with translation.override("en"):
        batch = ImportBatch.objects.get(id=checked(actor))
    assert batch.error_count == 0


def test_long_reports_are_counted_in_full_and_kept_in_part(actor, monkeypatch):
    rows = [[f"E{number}", "张三", "火星部"] for number in range(1200)]
    batch = ImportBatch.objects.get(id=checked(actor, workbook([["工号", "姓名", "部门"], *rows])))
    assert batch.error_count == 1200
    assert len(batch.report["issues"]) == 1000
    assert batch.report["counts"][0]["count"] == 1200
