"""Schema editor: what makes every table of a tenant isolated, with no line in any model.

For a model that has a `TenantField` it writes: the primary key (tenant_id, id); foreign keys over
(tenant_id, x_id), checked at once; unique constraints and indexes led by tenant_id; a reference to the tenant;
forced row-level security. A model with a ``legal_entity`` gets a second, restrictive policy. Django's own state
knows nothing of it, so ``makemigrations --check`` stays clean and migrations run backwards too.
"""

from __future__ import annotations

from django.db.backends.ddl_references import Columns, Statement
from django.db.backends.postgresql import schema
from django.db.models import Field, Model

from zhiheng.tenancy.fields import tenant_field

TENANT_TABLE = "tenancy_tenant"
TENANT_POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"
# Sub-selects run once a statement, not once a row; a parallel plan runs both whatever the first says, so that "*" must
# not fail as a list of ids.
LEGAL_ENTITY_POLICY = (
    "(SELECT current_setting('app.legal_entity_ids', true) = '*') OR {column} = ANY "
    "((SELECT string_to_array(nullif(nullif(current_setting('app.legal_entity_ids', true), ''), '*'), ',')::uuid[])"
    "::uuid[])"
)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """PostgreSQL schema editor that isolates tenants."""

    # Inline references would be single-column and deferrable.
    sql_create_column_inline_fk = None

    def table_sql(self, model: type[Model]) -> tuple[str, list]:
        sql, params = super().table_sql(model)
        if tenant_field(model):
            key = f"CONSTRAINT {self._name(model, 'pkey')} PRIMARY KEY (tenant_id, {model._meta.pk.column})"
            sql = f"{sql[:-1]}, {key})"
        return sql, params

    def create_model(self, model: type[Model]) -> None:
        super().create_model(model)
        if not tenant_field(model):
            return
        table = self.quote_name(model._meta.db_table)
        for field in model._meta.local_fields:
            self._add_unique(model, field)
        self.deferred_sql.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {self._name(model, 'tenant_fk')} "
            f"FOREIGN KEY (tenant_id) REFERENCES {TENANT_TABLE} (id)"
        )
        self.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        self.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        self.execute(f"CREATE POLICY tenant ON {table} USING ({TENANT_POLICY}) WITH CHECK ({TENANT_POLICY})")
        if any(field.name == "legal_entity" for field in model._meta.local_fields):
            self._add_legal_entity_policy(model, "legal_entity_id")

    def add_field(self, model: type[Model], field: Field) -> None:
        super().add_field(model, field)
        if tenant_field(model):
            self._add_unique(model, field)
            if field.name == "legal_entity":
                self._add_legal_entity_policy(model, field.column)

    def remove_field(self, model: type[Model], field: Field) -> None:
        if tenant_field(model) and field.name == "legal_entity":
            self.execute(f"DROP POLICY legal_entity ON {self.quote_name(model._meta.db_table)}")
        super().remove_field(model, field)

    def _add_legal_entity_policy(self, model: type[Model], column: str) -> None:
        rule = LEGAL_ENTITY_POLICY.format(column=self.quote_name(column))
        self.execute(
            f"CREATE POLICY legal_entity ON {self.quote_name(model._meta.db_table)} AS RESTRICTIVE "
            f"USING ({rule}) WITH CHECK ({rule})"
        )

    def _add_unique(self, model: type[Model], field: Field) -> None:
        if field.unique and not field.primary_key:
            self.deferred_sql.append(self._create_unique_sql(model, [field]))

    def _name(self, model: type[Model], suffix: str) -> str:
        return self.quote_name(f"{model._meta.db_table}_{suffix}")

    def _iter_column_sql(self, column_db_type, params, model, field, field_db_params, include_default):
        parts = super()._iter_column_sql(
            column_db_type, params, model, field, field_db_params, include_default
        )
        for part in parts:
            if not (tenant_field(model) and part in ("PRIMARY KEY", "UNIQUE")):
                yield part

    def _create_fk_sql(self, model: type[Model], field: Field, suffix: str) -> Statement:
        statement = super()._create_fk_sql(model, field, suffix)
        statement.parts["deferrable"] = ""
        target = field.remote_field.model
        if tenant_field(model) and tenant_field(target):
            statement.parts["column"] = self._tenant_columns(model, [field.column])
            statement.parts["to_column"] = self._tenant_columns(target, [field.target_field.column])
        return statement

    def _tenant_columns(self, model: type[Model], columns: list[str]) -> Columns:
        return Columns(model._meta.db_table, ["tenant_id", *columns], self.quote_name)

    def _create_unique_sql(self, model, fields, name=None, **options):
        return super()._create_unique_sql(model, self._led_by_tenant(model, fields, name), name, **options)

    def _create_index_sql(self, model, *, fields=None, name=None, **options):
        fields = self._led_by_tenant(model, fields or [], name)
        return super()._create_index_sql(model, fields=fields, name=name, **options)

    def _create_like_index_sql(self, model, field):
        return None if tenant_field(model) else super()._create_like_index_sql(model, field)

    def _led_by_tenant(self, model: type[Model], fields: list[Field], name: str | None) -> list[Field]:
        """Put the tenant before the fields of a constraint or index that Django itself thought of."""
        tenant = tenant_field(model)
        return [tenant, *fields] if tenant and fields and name is None and tenant not in fields else fields

    def _constraint_names(self, model, column_names=None, **conditions):
        names = super()._constraint_names(model, column_names, **conditions)
        if tenant_field(model) and column_names:
            names += super()._constraint_names(model, ["tenant_id", *column_names], **conditions)
        return names
