"""The whole import in one call."""

import pytest
from django.core.exceptions import ValidationError
from tests.dataimport.conftest import importer
from tests.dataimport.services.test_batches import BAD, GOOD
from tests.dataimport.workbooks import workbook

from zhiheng.dataimport.calc.target import CommitResult
from zhiheng.dataimport.models import ImportBatch
from zhiheng.dataimport.public import import_file
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def loader(tenant, target):
    return importer(tenant)


def run(loader, content=GOOD, **options):
    return import_file(loader, "test.person", name="员工.xlsx", content=content, **options)


def batches(tenant) -> int:
    with tenant_context(tenant.id):
        return ImportBatch.objects.count()


def test_import(loader, tenant, target):
    steps = []
    report = run(loader, progress=lambda *step: steps.append(step))
    assert (report.rows, report.errors, report.state) == (2, 0, "committed")
    assert report.is_committed
    assert report.result == CommitResult(created=2)
    assert report.mapping["姓名"] == "name"
    assert list(target.committed) == [report.batch_id]
    assert steps[-1] == (2, 2, "rows")
    assert batches(tenant) == 1


def test_dry_run_stores_nothing(loader, tenant, target):
    report = run(loader, commit=False)
    assert (report.rows, report.state, report.batch_id) == (2, "checked", None)
    assert (target.committed, batches(tenant)) == ({}, 0)


def test_errors_stop_it_and_are_all_counted(loader, tenant, target):
    report = run(loader, BAD)
    assert (report.errors, report.repairs, report.warnings, report.state) == (3, 3, 1, "checked")
    assert report.issues[0].cell == "D2"
    assert (target.committed, batches(tenant)) == ({}, 0)


def test_options(loader, tenant):
    assert run(loader, BAD, skip_error_rows=True).result == CommitResult(created=1)
    content = workbook([["工号", "姓名", "入职日期"], ["E1", "张三", "2013.2.28"]])
    assert run(loader, content, accept_repairs=False).state == "checked"
    assert run(loader, content).state == "committed"


def test_given_mapping(loader):
    content = workbook([["甲", "乙"], ["E1", "张三"]])
    assert run(loader, content, mapping={"甲": "employee_no", "乙": "name"}, commit=False).errors == 0
    with pytest.raises(ValidationError, match="文件里没有名为「丙」的列。"):
        run(loader, content, mapping={"丙": "name"})
    with pytest.raises(ValidationError, match="没有「nothing」这个字段。"):
        run(loader, content, mapping={"甲": "nothing"})


def test_sheet_and_header_rows(loader):
    content = workbook([["说明", "x"], ["工号", "姓名"], ["E1", "张三"]], name="花名册")
    report = run(loader, content, sheet="花名册", header_rows=(2, 2), commit=False)
    assert (report.rows, report.errors) == (1, 0)
    with pytest.raises(ValidationError, match="工作簿里没有名为「别的」的工作表。"):
        run(loader, content, sheet="别的")


def test_a_failing_domain_leaves_nothing(loader, tenant, target):
    target.fail = True
    with pytest.raises(RuntimeError):
        run(loader)
    assert batches(tenant) == 0
