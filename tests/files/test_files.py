"""Stored files."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import DatabaseError, transaction
from django.http import Http404
from tests.factories import actor_for, make_legal_entity, make_member, make_tenant, system_actor

from zhiheng.files import policies
from zhiheng.files.models import StoredFile
from zhiheng.files.public import allow_download, delete_file, download_response, read_file, save_file
from zhiheng.files.queries import file_for_actor
from zhiheng.files.services import MAX_BYTES, clean_name
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant():
    return make_tenant()


@pytest.fixture
def hr(tenant):
    return actor_for(make_member(tenant, "hr"), tenant)


@pytest.fixture
def employee(tenant):
    return actor_for(make_member(tenant, "employee"), tenant)


def save(actor, name="员工.xlsx", content=b"abc", **fields) -> UUID:
    with tenant_context(actor.tenant_id):
        return save_file(actor, name=name, content=content, kind="test.upload", **fields)


@pytest.mark.parametrize("content", [b"abc", ContentFile(b"abc"), File(BytesIO(b"abc"), name="x")])
def test_what_is_saved_is_read_back(hr, content):
    if isinstance(content, File):
        content.size = 3
    file_id = save(hr, content=content)
    with tenant_context(hr.tenant_id):
        stored = read_file(hr, file_id)
    assert (stored.id, stored.name, stored.content, stored.size) == (file_id, "员工.xlsx", b"abc", 3)
    assert stored.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_an_empty_file_is_refused(hr):
    with tenant_context(hr.tenant_id), pytest.raises(ValidationError) as error:
        save_file(hr, name="空.csv", content=b"", kind="test.upload")
    assert error.value.messages == ["文件“空.csv”是空的，请检查后重新上传。"]


def test_a_file_beyond_the_limit_is_refused_with_its_size(hr):
    with tenant_context(hr.tenant_id), pytest.raises(ValidationError) as error:
        save_file(hr, name="大.xlsx", content=bytes(MAX_BYTES + 1), kind="test.upload")
    assert error.value.messages == ["文件“大.xlsx”有 64.1 MB，超过 64 MB 的上限。请拆分后再上传。"]
    with tenant_context(hr.tenant_id):
        assert StoredFile.objects.count() == 0


def test_a_file_that_lies_about_its_size_is_read_no_further_than_the_limit(hr):
    liar = ContentFile(bytes(MAX_BYTES + 5))
    liar.size = 3
    with tenant_context(hr.tenant_id), pytest.raises(ValidationError, match="超过 64 MB"):
        save_file(hr, name="x.csv", content=liar, kind="test.upload")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\工资.xlsx", "工资.xlsx"),
        ("a\x00b\r\n.csv", "ab.csv"),
        ("invoice\u202excod.exe", "invoicexcod.exe"),
        (" .. ", "file"),
        ("", "file"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
        ("x" * 300, "x" * 200),
        ("y" * 5 + "." + "z" * 300, "y" * 5 + "." + "z" * 194),
    ],
)
def test_names_lose_folders_and_invisible_characters(given, kept):
    assert clean_name(given) == kept


def test_only_the_uploader_downloads_by_the_general_address(hr, employee, tenant):
    file_id = save(hr)
    with tenant_context(tenant.id):
        assert file_for_actor(hr, file_id).id == file_id
        for other in (employee, system_actor(tenant)):
            with pytest.raises(Http404):
                file_for_actor(other, file_id)
        with pytest.raises(Http404):
            file_for_actor(hr, UUID(int=1))


def test_the_owning_domain_can_let_others_download(hr, employee, tenant, monkeypatch):
    monkeypatch.setattr(policies, "_rules", {})
    file_id, other_id = save(hr), save(hr)
    allow_download("test.upload", lambda actor, asked: actor == employee and asked == file_id)
    with tenant_context(tenant.id):
        assert file_for_actor(employee, file_id).id == file_id
        with pytest.raises(Http404):
            file_for_actor(employee, other_id)


def test_another_tenants_file_is_not_there(hr):
    file_id, there = save(hr), make_tenant("乙公司")
    with tenant_context(there.id), pytest.raises(Http404):
        read_file(system_actor(there), file_id)


def test_a_subsidiarys_file_is_hidden_from_the_other_and_the_tenants_is_not(hr, tenant):
    ours, theirs = make_legal_entity(tenant, "甲"), make_legal_entity(tenant, "乙")
    shared, private = save(hr), save(hr, legal_entity_id=theirs.id)
    with tenant_context(tenant.id, frozenset({ours.id})):
        assert read_file(hr, shared).content == b"abc"
        with pytest.raises(Http404):
            read_file(hr, private)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            save_file(hr, name="x", content=b"x", kind="test.upload", legal_entity_id=theirs.id)
    with tenant_context(tenant.id):
        assert read_file(hr, private).content == b"abc"


def test_a_deleted_file_is_gone(hr):
    file_id = save(hr)
    with tenant_context(hr.tenant_id):
        delete_file(file_id)
        with pytest.raises(Http404):
            read_file(hr, file_id)


def test_a_download_is_never_shown_or_sniffed(hr):
    file_id = save(hr, name="报表 <b>.html", content=b"<script>alert(1)</script>")
    with tenant_context(hr.tenant_id):
        response = download_response(read_file(hr, file_id))
    assert response.content == b"<script>alert(1)</script>"
    assert dict(response.headers) == {
        "Content-Type": "text/html",
        "Content-Disposition": "attachment; filename*=utf-8''%E6%8A%A5%E8%A1%A8%20%3Cb%3E.html",
        "Content-Length": "25",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{hashlib.sha256(b"<script>alert(1)</script>").hexdigest()}"',
    }


def test_listing_files_does_not_load_their_bytes(hr):
    file_id = save(hr)
    with tenant_context(hr.tenant_id):
        assert "content" in file_for_actor(hr, file_id).get_deferred_fields()
