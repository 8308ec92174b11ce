"""Make the roles and the database that the product signs in with (embedded, or any server by an admin)."""

from __future__ import annotations

import psycopg
from psycopg import sql

from zhiheng.config import embedded_postgres
from zhiheng.config.environment import APP_ROLE, OWNER_ROLE, Database, Environment, _secrets, environment

EXTENSIONS = ("btree_gist", "pg_trgm")


def _admin(env: Environment, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=env.owner_database.host,
        port=env.owner_database.port,
        user=embedded_postgres.SUPERUSER,
        password=_secrets(env.home)["admin_password"],
        dbname=database,
        autocommit=True,
    )


def start_database(settings: dict[str, str] | None = None) -> bool:
    """Start the embedded server and make its roles and database; return whether this call started it.

    Does nothing when an external server is set. Safe to call again and by several processes.
    """
    env = environment()
    if not env.is_embedded:
        return False
    started = embedded_postgres.start(env.home, _secrets(env.home)["admin_password"], settings)
    with embedded_postgres._lock(env.home), _admin(env, "postgres") as connection:
        _make_roles(connection, env)
        make_database(connection, env.app_database.name)
    return started


def _make_roles(connection: psycopg.Connection, env: Environment) -> None:
    """Make the owner (runs migrations, sees all rows) and the application's role (row security applies)."""
    wanted = (
        (OWNER_ROLE, env.owner_database.password, "LOGIN NOSUPERUSER CREATEDB BYPASSRLS"),
        (APP_ROLE, env.app_database.password, "LOGIN NOSUPERUSER NOCREATEDB NOBYPASSRLS"),
    )
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for name, password, attributes in wanted:
        verb = "ALTER" if name in known else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(name), sql.SQL(attributes), sql.Literal(password)
            )
        )


def make_database(connection: psycopg.Connection, name: str) -> None:
    """Make the database ``name``, owned by the owner role, unless it is there."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER_ROLE))
    )
    with _admin(environment(), name) as inside:
        for extension in EXTENSIONS:
            inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        inside.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(OWNER_ROLE)))
        for statement in grants():
            inside.execute(statement)


def grants() -> list[sql.Composed]:
    """Return the statements that let the application's role use, and never alter, what the owner makes."""
    owner, app = sql.Identifier(OWNER_ROLE), sql.Identifier(APP_ROLE)
    return [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
        ).format(owner, app),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}"
        ).format(owner, app),
    ]


class UnsafeRole(RuntimeError):
    """A database role has rights that would undo, or lacks those that need, the separation of tenants."""


def check_roles() -> None:
    """Refuse to run when the application's role is above row security, or the owner's below it.

    Raises `UnsafeRole`, which says what to change; see docs/operations.md.
    """
    env = environment()
    if _attributes(env.app_database) != (False, False):
        raise UnsafeRole(
            f"{env.app_database.user} must be NOSUPERUSER NOBYPASSRLS: else it sees the rows of all tenants"
        )
    if True not in _attributes(env.owner_database):
        raise UnsafeRole(f"{env.owner_database.user} must have BYPASSRLS: else migrations skip rows silently")


def _attributes(database: Database) -> tuple[bool, bool]:
    with psycopg.connect(
        host=database.host,
        port=database.port,
        user=database.user,
        password=database.password,
        dbname=database.name,
    ) as connection:
        query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ((is_superuser, bypasses_rls),) = connection.execute(query)
        return is_superuser, bypasses_rls
