"""One request, one transaction: undone when it fails."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from tests.factories import actor_for, make_member, make_tenant

from zhiheng.access.errors import NotSignedIn
from zhiheng.access.models import Role
from zhiheng.tenancy.context import has_tenant, tenant_context
from zhiheng.web.middleware import ActorMiddleware, TenantMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of():
    """Make a request of an owner of a company."""

    def make(path: str = "/"):
        tenant = make_tenant()
        request = RequestFactory().get(path)
        request.actor = actor_for(make_member(tenant, "owner"), tenant)
        return request

    return make


def write(status: int = 200, error: Exception | None = None):
    """Return a view's stand-in that writes a role, and then answers, or raises as Django reports it."""

    def answer(request):
        Role.objects.create(code="written", name="written")
        if error is not None:
            middleware.process_exception(request, error)
        return HttpResponse(status=status)

    middleware = TenantMiddleware(answer)
    return middleware


def written(request) -> bool:
    with tenant_context(request.actor.tenant_id):
        return Role.objects.filter(code="written").exists()


@pytest.mark.parametrize(
    ("status", "error", "is_kept"),
    [
        (200, None, True),
        (302, None, True),
        (400, None, False),
        (404, None, False),
        (422, None, False),
        (500, None, False),
        (302, ValueError(), False),
    ],
)
def test_a_failed_request_writes_nothing(request_of, status, error, is_kept):
    request = request_of()
    assert write(status, error)(request).status_code == status
    assert written(request) is is_kept
    assert not has_tenant()


def test_without_an_actor_there_is_no_tenant(rf):
    seen = []
    request = rf.get("/")
    request.actor = None
    TenantMiddleware(lambda _request: seen.append(has_tenant()))(request)
    assert seen == [False]


def test_other_errors_are_left_to_others(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    middleware = ActorMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(request, ValueError()) is None
    assert middleware.process_exception(request, NotSignedIn()).status_code == 302
