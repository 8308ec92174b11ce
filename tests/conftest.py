"""What all tests share: a real PostgreSQL, one migrated template of a database, a copy of it a worker."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_PREFIX = "zhiheng_template_"
# Nothing of a test database needs to survive a crash.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _migrations_digest() -> str:
    """Digest all that shapes the schema: a change of it makes a new template."""
    files = sorted((ROOT / "src").rglob("migrations/*.py")) + sorted((ROOT / "src").rglob("backend/*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _admin() -> psycopg.Connection:
    from zhiheng.config import provision
    from zhiheng.config.environment import environment

    return provision._admin(environment(), "postgres")


def _use_database(name: str) -> None:
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _make_template(admin: psycopg.Connection) -> str:
    """Return the name of the migrated template, making it when the migrations changed."""
    from django.core.management import call_command
    from django.db import connections

    from zhiheng.config import provision

    name = TEMPLATE_PREFIX + _migrations_digest()
    known = [row[0] for row in admin.execute("SELECT datname FROM pg_database")]
    if name in known:
        return name
    for old in known:
        if old.startswith(TEMPLATE_PREFIX):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    draft = f"{name}_draft"
    provision.make_database(admin, draft)
    _use_database(draft)
    call_command("migrate", database="owner", verbosity=0)
    for alias in ("default", "owner"):
        connections[alias].close()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )
    return name


@contextmanager
def _copy_of_template(name: str) -> Iterator[str]:
    """Make a database like the template, and drop it afterwards."""
    with _admin() as admin:
        with (Path(os.environ["ZHIHENG_HOME"]) / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a template is copied by one at a time
            template = _make_template(admin)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER zhiheng_owner").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        _use_database(name)
        yield name
        from django.db import connections

        for alias in ("default", "owner"):
            connections[alias].close()
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """Give this test process a migrated database of its own."""
    from zhiheng.config.provision import start_database

    name = f"zhiheng_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        start_database(THROW_AWAY)
        with _copy_of_template(name):
            yield


@contextmanager
def _committing(blocker: object, kind: str) -> Iterator[str]:
    from django.db import connection

    with blocker.unblock():
        usual = connection.settings_dict["NAME"]
        with _copy_of_template(f"zhiheng_{kind}_{os.getpid()}") as name:
            yield name
        _use_database(usual)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Give one test a database whose transactions really commit; yields its name."""
    with _committing(django_db_blocker, "commit") as name:
        yield name


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Give the tests of one module a database whose transactions really commit; yields its name."""
    with _committing(django_db_blocker, "module") as name:
        yield name
