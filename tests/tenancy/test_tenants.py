"""Work for every tenant in turn."""

from __future__ import annotations

import pytest
from tests.factories.tenancy import make_tenant

from zhiheng.tenancy.context import current_tenant_id, has_tenant
from zhiheng.tenancy.models import LegalEntity, Tenant
from zhiheng.tenancy.tenants import SomeTenantsFailed, for_each_tenant

pytestmark = pytest.mark.django_db


def add_entity(tenant: Tenant) -> int:
    LegalEntity.objects.create(code="X", name=tenant.name)
    return 1


def test_each_tenant_gets_its_own_context():
    tenants = {make_tenant("甲").id, make_tenant("乙").id}
    seen = set()
    assert for_each_tenant(lambda tenant: seen.add((tenant.id, current_tenant_id())) or 2) == 4
    assert seen == {(each, each) for each in tenants}


def test_one_tenant_s_failure_leaves_nothing_of_its_own_and_all_of_the_others(caplog):
    first, broken, last = make_tenant("甲"), make_tenant("乙"), make_tenant("丙")

    def work(tenant: Tenant) -> int:
        add_entity(tenant)
        if tenant.id == broken.id:
            raise ZeroDivisionError
        return 1

    with pytest.raises(SomeTenantsFailed, match=f"^{broken.id}$"):
        for_each_tenant(work)
    counts = {}
    for_each_tenant(
        lambda tenant: counts.update({tenant.id: LegalEntity.objects.filter(code="X").count()}) or 0
    )
    assert counts == {first.id: 1, broken.id: 0, last.id: 1}
    assert f"work for tenant {broken.id} failed" in caplog.text


def test_work_may_open_its_own_transactions():
    make_tenant("甲")
    assert for_each_tenant(lambda _tenant: int(has_tenant()), in_one_transaction=False) == 0
