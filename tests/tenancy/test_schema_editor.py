"""Migrations of tenant tables run forward and back, and leave the same schema behind."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState

from zhiheng.tenancy.fields import TenantField, TenantForeignKey, TenantOneToOneField
from zhiheng.tenancy.keys import uuid7
from zhiheng.tenancy.migration_operations import AppendOnly


def tenant_columns() -> list[tuple[str, models.Field]]:
    return [("tenant_id", TenantField()), ("id", models.UUIDField(primary_key=True, default=uuid7))]


BASE = [
    migrations.CreateModel("Team", [*tenant_columns(), ("name", models.CharField(max_length=20, db_index=True))]),
    migrations.CreateModel(
        "Player",
        [*tenant_columns(), ("team", TenantForeignKey("scratch.Team", on_delete=models.CASCADE)),
         ("number", models.IntegerField(unique=True))],
    ),
]  # fmt: skip
STEPS = {
    "add a foreign key": migrations.AddField(
        "Player", "second", TenantForeignKey("scratch.Team", null=True, on_delete=models.PROTECT, related_name="+")
    ),
    "remove a foreign key": migrations.RemoveField("Player", "team"),
    "one-to-one": migrations.AlterField("Player", "team", TenantOneToOneField("scratch.Team", on_delete=models.CASCADE)),
    "rename a foreign key": migrations.RenameField("Player", "team", "club"),
    "rename a table": migrations.RenameModel("Team", "Club"),
    "unique goes": migrations.AlterField("Player", "number", models.IntegerField()),
    "index goes": migrations.AlterField("Team", "name", models.CharField(max_length=20)),
    "another type": migrations.AlterField("Player", "number", models.BigIntegerField(unique=True)),
    "constraint": migrations.AddConstraint(
        "Team", models.UniqueConstraint(fields=["tenant_id", "name"], name="scratch_team_name")
    ),
    "new table": migrations.CreateModel("Coach", tenant_columns()),
    "table goes": migrations.DeleteModel("Player"),
    "subsidiary": migrations.AddField(
        "Team", "legal_entity", TenantForeignKey("tenancy.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+")
    ),
    "append only": AppendOnly("Team"),
    "concurrent index": AddIndexConcurrently("Team", models.Index(fields=["tenant_id", "name"], name="scratch_name")),
}  # fmt: skip


def schema() -> list[tuple]:
    """Describe everything of the scratch tables: columns, constraints, indexes, policies, privileges."""
    queries = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name LIKE 'scratch%'",
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'scratch%'",
        "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+', '') FROM pg_indexes WHERE tablename LIKE 'scratch%'",
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE tablename LIKE 'scratch%'",
        "SELECT relname, relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class WHERE relname LIKE 'scratch%' AND relkind = 'r'",
    )
    found: list[tuple] = []
    with connections["owner"].cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            found += [(query[7:20], *row) for row in cursor.fetchall()]
    return sorted(map(repr, found))


def apply(state: ProjectState, operation, *, backwards: bool = False) -> ProjectState:
    """Run one operation on the owner's connection; return the state after it."""
    after = state.clone()
    operation.state_forwards("scratch", after)
    with connections["owner"].schema_editor(atomic=operation.atomic is not False) as editor:
        if backwards:
            operation.database_backwards("scratch", editor, after, state)
        else:
            operation.database_forwards("scratch", editor, state, after)
    return after


@pytest.fixture
def base(committed_db) -> ProjectState:
    from django.db.migrations.loader import MigrationLoader

    state = MigrationLoader(connections["owner"]).project_state()
    for operation in BASE:
        state = apply(state, operation)
    return state


@pytest.mark.parametrize("operation", STEPS.values(), ids=STEPS.keys())
def test_forward_and_back_leaves_the_same_schema(base, operation):
    before = schema()
    apply(base, operation)
    assert schema() != before
    apply(base, operation, backwards=True)
    assert schema() == before


def test_a_foreign_key_holds_the_tenant_and_is_checked_at_once(base):
    keys = [line for line in schema() if "FOREIGN KEY" in line and "team_id" in line]
    assert keys == [
        repr(
            ("conrelid::reg", "scratch_player",
             "FOREIGN KEY (tenant_id, team_id) REFERENCES scratch_team(tenant_id, id)")
        )
    ]  # fmt: skip
