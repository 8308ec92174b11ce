"""PostgreSQL connection that starts every transaction with the tenant scope in force."""

from django.db.backends.postgresql import base, features

from zhiheng.tenancy.backend.schema import DatabaseSchemaEditor
from zhiheng.tenancy.fields import tenant_field


class DatabaseFeatures(features.DatabaseFeatures):
    """PostgreSQL's features, minus one that composite keys take away."""

    def allows_group_by_selected_pks_on_model(self, model):
        """Group tenant tables by all columns: the id alone is not their primary key to the database."""
        return super().allows_group_by_selected_pks_on_model(model) and tenant_field(model) is None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, tenant aware."""

    SchemaEditorClass = DatabaseSchemaEditor
    features_class = DatabaseFeatures

    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        """Turn autocommit on or off; off begins a transaction, which gets the tenant scope first."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and self.alias == "default":
            from zhiheng.tenancy.context import has_scope, scope_sql  # models need apps to be ready

            if has_scope():
                with self.connection.cursor() as cursor:
                    cursor.execute(scope_sql())
