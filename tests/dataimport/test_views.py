"""The wizard as a browser sees it, and the API beside it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.dataimport.services.test_batches import BAD, GOOD
from tests.dataimport.workbooks import SHEETS
from tests.factories import make_member

from zhiheng.dataimport import tasks
from zhiheng.dataimport.models import ImportBatch
from zhiheng.dataimport.policies import MANAGE_BATCH
from zhiheng.jobs.models import JobRun
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def client(tenant, target):
    target.permission = MANAGE_BATCH
    made = Client()
    made.force_login(make_member(tenant, role="hr"))
    return made


def post_file(client, content=GOOD, name="员工.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/new/", {"target": "test.person", "file": file})


def the_batch(tenant) -> ImportBatch:
    with tenant_context(tenant.id):
        return ImportBatch.objects.latest("created_at")


def with_all_columns(tenant) -> dict[str, str]:
    found = the_batch(tenant)
    return {f"field-{column['position']}": found.mapping[column["header"]] for column in found.columns}


def checked(client, tenant, content=GOOD) -> str:
    post_file(client, content)
    url = f"/imports/{the_batch(tenant).id}"
    assert client.post(f"{url}/columns/", with_all_columns(tenant)).url == f"{url}/check/"
    return url


def test_history_is_empty_then_lists(client, tenant):
    assert "还没有导入过数据" in client.get("/imports/").content.decode()
    post_file(client)
    page = client.get("/imports/").content.decode()
    assert "员工.xlsx" in page
    assert "测试员工" in page


def test_first_step_shows_fields_and_template(client):
    page = client.get("/imports/new/?target=test.person").content.decode()
    assert "工号" in page
    template = client.get("/imports/template/test.person/")
    assert template["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert template.content.startswith(b"PK")


def test_bad_files_are_refused_with_a_sentence(client):
    answer = post_file(client, b"%PDF-1.7", "员工.pdf")
    assert answer.status_code == 422
    assert "这是 PDF 文件，不是表格。请上传 .xlsx、.xls 或 .csv 文件。" in answer.content.decode()
    none = client.post("/imports/new/", {"target": "test.person"})
    assert "请选择一个文件。" in none.content.decode()


def test_columns_page_guesses_and_insists_on_required_ones(client, tenant):
    answer = post_file(client)
    page = client.get(answer.url).content.decode()
    assert '<option value="employee_no" selected>' in page
    wrong = client.post(answer.url, {"field-0": "employee_no"})
    assert wrong.status_code == 422
    assert "必填的列还没有对应：姓名" in wrong.content.decode()


def test_header_can_be_chosen(client, tenant):
    post_file(client, (SHEETS / "zkteco_kq803_campus-a.xls").read_bytes(), "考勤.xls")
    url = f"/imports/{the_batch(tenant).id}"
    assert "没有找到表头行" in client.get(f"{url}/columns/").content.decode()
    assert client.post(f"{url}/header/", {"sheet": "Sheet1", "first": ""}).status_code == 422
    assert client.post(f"{url}/header/", {"sheet": "Sheet1", "first": 99}).status_code == 422
    assert client.post(f"{url}/header/", {"sheet": "Sheet1", "first": 4}).url == f"{url}/columns/"
    assert the_batch(tenant).header_first == 4


def test_fix_accept_commit_undo(client, tenant, target):
    url = checked(client, tenant, BAD)
    page = client.get(f"{url}/check/").content.decode()
    assert "2026 年 2 月没有 30 日" in page
    assert "&lt;b&gt;李四" in page
    assert "<b>李四" not in page
    csv_pages = client.get(f"{url}/check/?page=99").content.decode()
    assert "共 7 处" in csv_pages
    only = client.get(f"{url}/check/?severity=repair").content.decode()
    assert "姓名中间有空格" in only
    assert "2026 年 2 月没有 30 日" not in only
    assert client.post(f"{url}/commit/").status_code == 422
    assert target.committed == {}
    fixes = {
        "cell-2-3": "2026-02-28", "was-2-3": "2026-02-30", "cell-3-0": "E2", "was-3-0": "E1",
        "cell-3-6": "销售部", "was-3-6": "火星部", "cell-4-0": "E3", "was-4-0": "E3", "cell-x": "1",
    }  # fmt: skip
    assert client.post(f"{url}/fix/", fixes).url == f"{url}/check/"
    assert the_batch(tenant).error_count == 0
    assert client.post(f"{url}/commit/", {"accept_repairs": "on"}).url == f"{url}/done/"
    assert len(next(iter(target.committed.values()))) == 3
    assert client.get(f"{url}/").url == f"{url}/done/"
    assert client.get(f"{url}/check/").url == f"{url}/done/"
    assert client.get(f"{url}/columns/").url == f"{url}/done/"
    assert "撤销导入" in client.get(f"{url}/done/").content.decode()
    target.refuse_undo = "之后有改动"
    assert "之后有改动" in client.post(f"{url}/undo/").content.decode()
    target.refuse_undo = ""
    assert client.post(f"{url}/undo/").url == f"{url}/done/"
    assert target.committed == {}
    late = client.post(f"{url}/fix/", {"cell-2-0": "x"})
    assert "已经处理完" in late.content.decode()


def test_steps_lead_to_each_other(client, tenant):
    post_file(client)
    url = f"/imports/{the_batch(tenant).id}"
    assert client.get(f"{url}/").url == f"{url}/columns/"
    assert client.get(f"{url}/check/").url == f"{url}/columns/"
    assert client.get(f"{url}/done/").url == f"{url}/"
    checked_url = checked(client, tenant)
    assert client.get(f"{checked_url}/").url == f"{checked_url}/check/"
    assert "没有发现错误，可以导入。" in client.get(f"{checked_url}/check/").content.decode()


def test_marked_file_is_handed_out(client, tenant):
    url = checked(client, tenant, BAD)
    answer = client.get(f"{url}/marked/")
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]


def test_large_files_go_through_jobs(client, tenant, monkeypatch):
    monkeypatch.setattr(tasks, "INLINE_BYTES", 0)
    url = checked(client, tenant)
    found = the_batch(tenant)
    with tenant_context(tenant.id):
        run = JobRun.objects.get(id=found.job_id)
    assert (run.kind, run.detail) == ("dataimport.check", "员工.xlsx")
    assert "已排队，马上开始" in client.get(f"{url}/check/").content.decode()
    assert "已排队，马上开始" in client.get(f"{url}/progress/").content.decode()
    with tenant_context(tenant.id):
        assert tasks.check_import.link(run.params, None) == f"{url}/"
        JobRun.objects.filter(id=run.id).update(state="failed", error="磁盘满了")
    assert "磁盘满了" in client.get(f"{url}/progress/").content.decode()
    assert "磁盘满了" in client.get(f"{url}/check/").content.decode()


def test_finished_jobs_lead_to_the_result(client, tenant, target):
    url = checked(client, tenant)
    client.post(f"{url}/commit/")
    found = the_batch(tenant)
    assert "处理完成。" in client.get(f"{url}/progress/").content.decode()
    assert str(found) == "员工.xlsx"
    large = tasks.INLINE_BYTES
    tasks.INLINE_BYTES = 0
    try:
        assert client.post(f"{url}/undo/").url == f"{url}/done/"
    finally:
        tasks.INLINE_BYTES = large
    assert "已排队，马上开始" in client.get(f"{url}/done/").content.decode()


def test_rights(tenant, client):
    checked_url = checked(client, tenant)
    employee = Client()
    employee.force_login(make_member(tenant, role="employee"))
    assert employee.get("/imports/").status_code == 403
    assert employee.get(f"{checked_url}/check/").status_code == 403
    auditor = Client()
    auditor.force_login(make_member(tenant, role="auditor"))
    assert auditor.get("/imports/new/").status_code == 403
    assert auditor.get(f"{checked_url}/check/").status_code == 404


def test_a_list_costs_few_queries(client, tenant):
    for _number in range(3):
        post_file(client)
    client.get("/imports/")
    with CaptureQueriesContext(connection) as context:
        client.get("/imports/")
    reads = [query for query in context.captured_queries if query["sql"].startswith("SELECT")]
    assert len(reads) <= 15


class Api:
    """Calls of the API with the session of a browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def call(self, method: str, path: str, body=None):
        answer = getattr(self.client, method)(
            f"/api/v1/imports{path}", json.dumps(body or {}), content_type="application/json"
        )
        return answer.status_code, answer.json()


def test_api_goes_the_same_way(client, tenant, target):
    api = Api(client)
    assert client.get("/api/v1/imports/targets").json()[-1]["code"] == "test.person"
    file = SimpleUploadedFile("员工.xlsx", BAD)
    made = client.post("/api/v1/imports/batches", {"target": "test.person", "file": file})
    assert made.status_code == 201
    path = f"/batches/{made.json()['id']}"
    assert api.call("post", f"{path}/commit")[0] == 422
    status, found = api.call("put", f"{path}/mapping", {"mapping": made.json()["mapping"]})
    assert (status, found["state"], found["error_count"]) == (200, "checked", 3)
    issues = client.get(f"/api/v1/imports{path}/issues").json()
    assert (issues[0]["cell"], issues[0]["code"]) == ("D2", "no_such_day")
    assert issues[0]["message"] == "D2：2026 年 2 月没有 30 日（该月共 28 天）"
    fixes = [
        {"row": 2, "column": 3, "text": "2026-02-28"}, {"row": 3, "column": 0, "text": "E2"},
        {"row": 3, "column": 6, "text": "销售部"},
    ]  # fmt: skip
    assert api.call("post", f"{path}/fixes", fixes)[1]["error_count"] == 0
    status, found = api.call("post", f"{path}/commit", {"accept_repairs": True})
    assert (status, found["state"], found["created_count"]) == (200, "committed", 3)
    assert api.call("post", f"{path}/commit", {"accept_repairs": True})[1]["created_count"] == 3
    assert client.get("/api/v1/imports/batches").json()["items"][0]["id"] == found["id"]
    assert client.get(f"/api/v1/imports{path}").json()["state"] == "committed"
    assert api.call("post", f"{path}/undo")[1]["state"] == "undone"
