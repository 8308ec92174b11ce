"""The work log through the API, as a phone app or another system would use it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.factories import make_member
from tests.worklog.conftest import MONDAY

from zhiheng.tenancy.context import tenant_context
from zhiheng.worklog.services.projects import ProjectData, add_activity, save_project, set_members

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(company, clock, settled):
    """Return a function that calls the API as Ann, or as HR, and returns status and answer."""
    clients = {}
    with tenant_context(company.tenant.id):
        for who, role, person in (("ann", "employee", company.ann), ("hr", "hr", None)):
            clients[who] = Client()
            clients[who].force_login(make_member(company.tenant, role, person))

    def do(method: str, path: str, body=None, who: str = "ann"):
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        answer = getattr(clients[who], method)(f"/api/v1/{path}", **more)
        return answer.status_code, answer.json() if answer.content else None

    return do


def test_a_visit_from_plan_to_effective_time(company, call, clock, settled):
    settled.minutes = {(str(company.ann.id), MONDAY): 480}
    place = {"latitude": "30.25", "longitude": "120.15", "datum": "wgs84", "accuracy": 15}
    new = {"code": "C1", "name": "湖畔", "owner_id": str(company.ann.id), **place}
    status, customer = call("post", "customers", {k: v for k, v in new.items() if k != "accuracy"}, who="hr")
    assert (status, customer["latitude"]) == (201, "30.250000")
    planned_at = (clock.now + dt.timedelta(hours=1)).isoformat()
    status, visit = call("post", "visits", {"customer_id": customer["id"], "planned_at": planned_at})
    assert (status, visit["state"]) == (201, "planned")
    status, visit = call("post", "visits/check-in", {"visit_id": visit["id"], "place": place})
    assert (status, visit["state"], visit["distance"], visit["risks"]) == (201, "started", 0, ["no_photo"])
    clock.set(MONDAY, "10:00")
    status, visit = call("post", f"visits/{visit['id']}/check-out", {"summary": "续约", "place": place})
    assert (status, visit["state"], visit["summary"]) == (200, "done", "续约")
    assert call("get", f"visits?customer_id={customer['id']}")[1]["items"] == [visit]
    status, entry = call("post", "work-entries", {"category": "follow_up", "on": "2026-11-02", "minutes": 60})
    assert (status, entry["minutes"]) == (201, 60)
    ((day),) = call("get", f"persons/{company.ann.id}/effective-time?first=2026-11-01&last=2026-11-30")[1]
    assert (day["effective"], day["share"], day["by_category"]) == (120, 0.25, {"visit": 60, "follow_up": 60})
    (person,) = call("get", "effective-time", who="hr")[1]
    assert (person["person_id"], person["share"], person["visits"]) == (str(company.ann.id), 0.25, 1)
    assert call("delete", f"work-entries/{entry['id']}")[0] == 204
    assert call("get", "work-entries?first=2026-11-02")[1]["items"] == []
    assert call("get", "effective-time?first=2026-11-30&last=2026-11-01")[0] == 422


def test_hours_on_projects(company, call):
    with tenant_context(company.tenant.id):
        project = save_project(actor=company.actor, data=ProjectData("P1", "星图", company.east.id))
        activity = add_activity(actor=company.actor, project_id=project, name="开发", planned_days=20)
        set_members(actor=company.actor, project_id=project, person_ids=[company.ann.id])
    assert [each["code"] for each in call("get", "projects")[1]["items"]] == ["P1"]
    assert call("get", f"projects/{project}")[1]["activities"][0]["name"] == "开发"
    hours = [{"activity_id": str(activity), "on": "2026-11-02", "minutes": 120}]
    assert call("put", "timesheets", {"hours": hours}) == (200, {"changed": 1})
    (entry,) = call("get", f"timesheets?activity_id={activity}")[1]["items"]
    assert (entry["minutes"], entry["person_id"]) == (120, str(company.ann.id))
