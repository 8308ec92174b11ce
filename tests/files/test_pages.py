"""The general address of a file, as page and API."""

from __future__ import annotations

import pytest
from tests.factories import actor_for, make_member, make_tenant

from zhiheng.audit.models import AuditEntry
from zhiheng.files.public import save_file
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant():
    return make_tenant()


@pytest.fixture
def user(tenant):
    return make_member(tenant, "hr")


@pytest.fixture
def file_id(tenant, user):
    with tenant_context(tenant.id):
        return save_file(actor_for(user, tenant), name="员工.csv", content=b"a,b", kind="test.upload")


def test_the_uploader_downloads_it_and_that_is_recorded(client, tenant, user, file_id):
    client.force_login(user)
    for address in (f"/files/{file_id}/", f"/api/v1/files/{file_id}/content"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (200, b"a,b")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
    with tenant_context(tenant.id):
        assert (
            list(AuditEntry.objects.values_list("verb", "subject_id"))
            == [("files.file.download", str(file_id))] * 2
        )


def test_the_api_describes_it_without_its_bytes(client, user, file_id):
    client.force_login(user)
    told = client.get(f"/api/v1/files/{file_id}").json()
    assert (told["name"], told["size"], told["kind"]) == ("员工.csv", 3, "test.upload")
    assert "content" not in told


@pytest.mark.parametrize("address", ["/files/{}/", "/api/v1/files/{}", "/api/v1/files/{}/content"])
def test_to_everybody_else_it_is_not_there(client, tenant, file_id, address):
    for other in (make_member(tenant, "owner"), make_member(make_tenant("乙公司"), "hr")):
        client.force_login(other)
        assert client.get(address.format(file_id)).status_code == 404
