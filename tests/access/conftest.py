"""What the tests of access share."""

from __future__ import annotations

import pytest
from tests.factories import make_tenant

from zhiheng.access import services
from zhiheng.access.models import Membership, User
from zhiheng.access.queries import actor_for
from zhiheng.tenancy.context import tenant_context

GOOD = "correct-horse-battery-9"


@pytest.fixture
def company(db):
    """A company as sign-up makes it."""
    return services.sign_up_company(
        company_name="恒信贸易", name="王芳", email="owner@hengxin.example", password=GOOD
    )


@pytest.fixture
def owner(company):
    """Its owner, as an actor."""
    return actor_for(User.objects.get(email="owner@hengxin.example"), company.id)


@pytest.fixture
def inside(company):
    """Run the test as work of the company."""
    with tenant_context(company.id):
        yield company


@pytest.fixture
def other_company(db):
    """Another company, where the first one's people have no business."""
    return make_tenant("别家公司")


@pytest.fixture
def membership_of(company):
    """Find the membership of a user in the company."""

    def find(user: User) -> Membership:
        with tenant_context(company.id):
            return Membership.objects.select_related("user", "person").get(user=user)

    return find
