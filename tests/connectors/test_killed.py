"""A loading process that is killed without a word, several times: nothing is lost and nothing comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection as database
from tests.factories import make_tenant
from tests.factories.connectors import make_connection

from zhiheng.connectors.models import Connection, Feed, RawRevision, RawRow
from zhiheng.tenancy.context import tenant_context

ROWS = 200_000
KILLED_AT = (1, 40_000, 90_000, 91_000, 150_000)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def source(module_db: str) -> Connection:
    return make_connection(make_tenant())


def start(source: Connection, name: str) -> subprocess.Popen:
    environ = {**os.environ, "ZHIHENG_DATABASE": name, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    arguments = [str(source.tenant_id), str(source.id), str(ROWS)]
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests/connectors/loading.py"), *arguments], env=environ
    )


def stored(source: Connection) -> int:
    with tenant_context(source.tenant_id):
        return RawRow.objects.count()


def test_nothing_is_lost_and_nothing_comes_twice(source: Connection, module_db: str):
    for at in KILLED_AT:
        process = start(source, module_db)
        while process.poll() is None and stored(source) < at:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert stored(source) < ROWS
    assert start(source, module_db).wait() == 0
    with tenant_context(source.tenant_id), database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT key), max(revision), sum((payload->>'金额')::numeric) FROM connectors_rawrow"
        )
        assert cursor.fetchone() == (ROWS, ROWS, 1, ROWS * (ROWS - 1) // 2 * 0.25)
        assert not RawRevision.objects.exists()
        assert Feed.objects.get().row_count == ROWS
        source.refresh_from_db()
        assert source.state == {"next": ROWS}
