"""The tenant boundary is in the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count
from tests.factories import make_legal_entity, make_org_unit, make_tenant

from zhiheng.tenancy.context import NoTenant, tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha():
    return make_tenant("甲公司")


@pytest.fixture
def beta():
    return make_tenant("乙公司")


def raw(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_without_a_tenant_the_manager_refuses():
    with pytest.raises(NoTenant):
        LegalEntity.objects.all()


def test_without_a_tenant_raw_sql_sees_nothing(alpha):
    make_legal_entity(alpha)
    assert raw("SELECT count(*) FROM tenancy_legalentity") == [(0,)]


def test_each_tenant_sees_its_own_rows(alpha, beta):
    ours, theirs = make_legal_entity(alpha, "甲一"), make_legal_entity(beta, "乙一")
    with tenant_context(alpha.id):
        assert list(LegalEntity.objects.all()) == [ours]
        assert raw("SELECT name FROM tenancy_legalentity") == [("甲一",)]
    with tenant_context(beta.id):
        assert list(LegalEntity.objects.all()) == [theirs]


def test_another_tenants_row_cannot_be_changed_or_deleted(alpha, beta):
    theirs = make_legal_entity(beta)
    with tenant_context(alpha.id):
        assert LegalEntity.objects.filter(id=theirs.id).update(name="x") == 0
        assert LegalEntity.objects.filter(id=theirs.id).delete() == (0, {})


def test_a_row_cannot_be_put_into_another_tenant(alpha, beta):
    with (
        tenant_context(alpha.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        LegalEntity.objects.create(tenant_id=beta.id, code="X", name="X")


def test_a_row_cannot_point_to_another_tenants_row(alpha, beta):
    theirs = make_legal_entity(beta)
    with tenant_context(alpha.id), pytest.raises(IntegrityError), transaction.atomic():
        OrgUnit.objects.create(
            legal_entity_id=theirs.id, name="x", code="x", path=[], valid=("2020-01-01", None)
        )


def test_the_application_cannot_switch_row_security_off(alpha):
    make_legal_entity(alpha)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        raw("SET LOCAL row_security = off; SELECT * FROM tenancy_legalentity")


def test_contexts_nest_and_restore(alpha, beta):
    make_legal_entity(alpha), make_legal_entity(beta), make_legal_entity(beta)
    with tenant_context(alpha.id):
        with tenant_context(beta.id):
            assert LegalEntity.objects.count() == 2
        assert LegalEntity.objects.count() == 1
        with pytest.raises(ZeroDivisionError), tenant_context(beta.id):
            raise ZeroDivisionError
        assert LegalEntity.objects.count() == 1
    assert raw("SELECT count(*) FROM tenancy_legalentity") == [(0,)]


def test_a_subsidiary_is_hidden_from_another(alpha):
    north, south = make_legal_entity(alpha, "北方"), make_legal_entity(alpha, "南方")
    make_org_unit(north, "北方销售"), make_org_unit(south, "南方销售")
    with tenant_context(alpha.id, frozenset({north.id})):
        assert [unit.name for unit in OrgUnit.objects.all()] == ["北方销售"]
        assert raw("SELECT name FROM tenancy_orgunit") == [("北方销售",)]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            OrgUnit.objects.create(
                legal_entity=south, name="x", code="x", path=[], valid=("2020-01-01", None)
            )
    with tenant_context(alpha.id, frozenset()):
        assert OrgUnit.objects.count() == 0


def test_joins_compare_the_tenant(alpha):
    with tenant_context(alpha.id):
        sql = str(OrgUnit.objects.filter(legal_entity__name="北方").query)
    assert '"tenancy_legalentity"."tenant_id" = ("tenancy_orgunit"."tenant_id")' in sql


def test_rows_are_counted_by_the_rows_they_belong_to(alpha):
    north = make_legal_entity(alpha, "北方")
    root = make_org_unit(north, "公司")
    make_org_unit(north, "一部", root), make_org_unit(north, "二部", root)
    with tenant_context(alpha.id):
        counted = OrgUnit.objects.annotate(count=Count("children")).order_by("-count", "code")
        assert [(unit.name, unit.count) for unit in counted] == [("公司", 2), ("一部", 0), ("二部", 0)]
