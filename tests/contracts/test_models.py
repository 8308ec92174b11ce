"""Every table is either isolated by tenant or on the short list of tables that all tenants share."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connections, models

from zhiheng.tenancy.fields import TenantForeignKey, TenantOneToOneField, tenant_field

# What all tenants share, and why it holds no data of one.
SHARED_TABLES = {
    "tenancy_tenant": "the register of tenants",
    "access_user": "people sign in before they choose a tenant",
    "account_emailaddress": "allauth: belongs to the user",
    "account_emailconfirmation": "allauth: belongs to the user",
    "mfa_authenticator": "allauth: belongs to the user",
    "django_session": "signed in or not",
    "access_cache": "rate limits of sign-in",
    "django_migrations": "schema",
    "django_content_type": "schema",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "auth_permission": "Django's own, unused",
    "procrastinate_events": "job ids and times",
    "procrastinate_jobs": "job ids; arguments are ids",
    "procrastinate_periodic_defers": "schedules",
    "procrastinate_workers": "heartbeats",
    "terminals_terminalclaim": "which tenant a serial number belongs to; a policy of its own shows a tenant its own only",
    "terminals_terminalknock": "serial numbers that belong to no tenant",
}
TENANT_MODELS = [model for model in apps.get_models() if tenant_field(model)]


def by_table(model: type[models.Model]) -> str:
    return model._meta.db_table


def rows(sql: str, parameters: tuple = ()) -> list[tuple]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@pytest.mark.django_db
def test_every_other_table_is_on_the_list_of_shared_ones():
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - {by_table(model) for model in TENANT_MODELS} - set(SHARED_TABLES) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=by_table)
def test_the_database_isolates_the_table(model):
    table = by_table(model)
    assert rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", (table,)) == [
        (True, True)
    ]
    policies = dict(rows("SELECT policyname, permissive FROM pg_policies WHERE tablename = %s", (table,)))
    assert policies["tenant"] == "PERMISSIVE"
    has_legal_entity = any(field.name == "legal_entity" for field in model._meta.local_fields)
    assert policies.get("legal_entity") == ("RESTRICTIVE" if has_legal_entity else None)


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=by_table)
def test_every_key_starts_with_the_tenant(model):
    keys = rows(
        "SELECT c.conname, c.contype::text, a.attname, c.condeferrable FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
        "LEFT JOIN pg_class target ON target.oid = c.confrelid "
        "WHERE c.conrelid = %s::regclass AND c.contype IN ('p', 'u', 'f') "
        "AND coalesce(target.relname, '') NOT IN ('access_user')",
        (by_table(model),),
    )
    assert [key for key in keys if key[2] != "tenant_id" or key[3]] == []
    assert "p" in {key[1] for key in keys}


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=by_table)
def test_every_exclusion_is_within_the_tenant(model):
    """GiST splits by its first column, so the tenant need not lead here."""
    definitions = rows(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'",
        (by_table(model),),
    )
    assert [text for (text,) in definitions if "tenant_id WITH =" not in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=by_table)
def test_every_index_of_rows_starts_with_the_tenant(model):
    indexes = rows(
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_am m ON m.oid = i.relam LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] "
        "WHERE x.indrelid = %s::regclass AND m.amname = 'btree' AND a.attname IS DISTINCT FROM 'tenant_id'",
        (by_table(model),),
    )
    # The lookup of one's own memberships before a tenant is chosen goes by user.
    assert [name for (name,) in indexes if not name.startswith("membership_own")] == []


@pytest.mark.parametrize("model", TENANT_MODELS, ids=by_table)
def test_relations_inside_a_tenant_carry_the_tenant(model):
    wrong = [
        field.name
        for field in model._meta.local_fields
        if field.remote_field
        and tenant_field(field.remote_field.model)
        and not isinstance(field, TenantForeignKey | TenantOneToOneField)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_the_application_role_is_not_above_the_rules():
    (row,) = rows("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert row == (False, False, False)
    owned = rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    assert owned == [(0,)]
