"""Migration operations that state in the database what services promise."""

from __future__ import annotations

from django.db.migrations.operations.base import Operation


class _Revoke(Operation):
    """Take privileges on a table from everybody but its owner; backwards gives them again."""

    reversible = True
    reduces_to_sql = True
    privileges = ""

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label, state) -> None:
        """Change nothing: privileges are no part of Django's state."""

    def _alter(self, app_label, schema_editor, state, verb: str, preposition: str) -> None:
        table = schema_editor.quote_name(state.apps.get_model(app_label, self.model_name)._meta.db_table)
        # Whoever signs in and can read the table is the application, by whatever name.
        statement = (
            "DO $$ DECLARE grantee name; BEGIN FOR grantee IN SELECT rolname FROM pg_roles "  # noqa: S608 - a table of ours
            "WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user "
            f"AND has_table_privilege(oid, '{table}', 'SELECT') LOOP "
            f"EXECUTE format('{verb} {self.privileges} ON {table} {preposition} %I', grantee); "
            "END LOOP; END $$"
        )
        schema_editor.execute(statement, params=None)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._alter(app_label, schema_editor, to_state, "REVOKE", "FROM")

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._alter(app_label, schema_editor, from_state, "GRANT", "TO")

    def describe(self) -> str:
        return f"{type(self).__name__} {self.model_name}"


class AppendOnly(_Revoke):
    """Let the application add rows of a table and never change or delete them."""

    privileges = "UPDATE, DELETE"


class KeepRows(_Revoke):
    """Let the application add and change rows of a table and never delete them."""

    privileges = "DELETE"
