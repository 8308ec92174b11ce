"""Two variables move the product to a server of one's own, with roles of any name; unsafe roles are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from zhiheng.config import provision
from zhiheng.config.environment import environment
from zhiheng.config.provision import _admin, start_database

NAME, PASSWORD = "external_hr", "p@ss/word"
SET_UP = """
CREATE ROLE hr_tables LOGIN NOSUPERUSER CREATEDB BYPASSRLS PASSWORD 'p@ss/word';
CREATE ROLE hr_web LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'p@ss/word';
"""
GRANTS = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT ALL ON SCHEMA public TO hr_tables;
GRANT USAGE ON SCHEMA public TO hr_web;
ALTER DEFAULT PRIVILEGES FOR ROLE hr_tables IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hr_web;
ALTER DEFAULT PRIVILEGES FOR ROLE hr_tables IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO hr_web;
"""


def url(role: str) -> str:
    host = quote(environment().app_database.host, safe="")
    return f"postgresql://{role}:{quote(PASSWORD, safe='')}@{host}:5432/{NAME}"


@pytest.fixture
def server(tmp_path) -> Iterator[dict[str, str]]:
    """Prepare a server as docs/operations.md says; yield the environment that names it."""
    start_database({"fsync": "off"})
    with _admin(environment(), "postgres") as admin:
        try:
            admin.execute(SET_UP)
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER hr_tables").format(sql.Identifier(NAME)))
            with _admin(environment(), NAME) as inside:
                inside.execute(GRANTS)
            yield {
                **os.environ, "ZHIHENG_HOME": str(tmp_path), "DATABASE_URL": url("hr_web"),
                "DATABASE_OWNER_URL": url("hr_tables"), "DJANGO_SETTINGS_MODULE": "zhiheng.config.settings",
            }  # fmt: skip
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
            admin.execute("DROP ROLE IF EXISTS hr_tables, hr_web")


def migrate(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from zhiheng.cli import app; app()", "migrate"]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)


def test_migrations_isolate_tenants_on_a_server_of_ones_own(server):
    done = migrate(server)
    assert done.returncode == 0, done.stdout + done.stderr
    host = environment().app_database.host
    with psycopg.connect(host=host, user="hr_web", password=PASSWORD, dbname=NAME) as web:
        tables = web.execute(
            "SELECT count(*) FILTER (WHERE relforcerowsecurity), bool_or(pg_has_role(relowner, 'USAGE')) "
            "FROM pg_class WHERE relname LIKE 'people%' AND relkind = 'r'"
        ).fetchone()
        assert tables[0] >= 5
        assert tables[1] is False
        assert web.execute("SELECT has_table_privilege('reviews_score', 'UPDATE')").fetchone() == (False,)
        assert web.execute("SELECT has_table_privilege('reviews_score', 'INSERT')").fetchone() == (True,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("ALTER ROLE hr_web BYPASSRLS", "hr_web must be NOSUPERUSER NOBYPASSRLS"),
        ("ALTER ROLE hr_tables NOBYPASSRLS", "hr_tables must have BYPASSRLS"),
    ],
)
def test_roles_that_would_undo_the_separation_are_refused(server, change, message):
    with provision._admin(environment(), "postgres") as admin:
        admin.execute(change)
    done = migrate(server)
    assert done.returncode == 1
    assert message in done.stdout.replace("\n", " ")
