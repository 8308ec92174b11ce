"""PostgreSQL connection that starts every transaction with the tenant scope in force."""

from django.db.backends.postgresql import base

from zhiheng.tenancy.backend.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, tenant aware."""

    SchemaEditorClass = DatabaseSchemaEditor

    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        """Turn autocommit on or off; off begins a transaction, which gets the tenant scope first."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and self.alias == "default":
            from zhiheng.tenancy.context import has_scope, scope_sql  # models need apps to be ready

            if has_scope():
                with self.connection.cursor() as cursor:
                    cursor.execute(scope_sql())
