"""The embedded server starts, stops, survives its killing, and lets several processes call at once."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from zhiheng.config import embedded_postgres

PASSWORD = "a-password-of-the-test"


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    embedded_postgres.remove(tmp_path)


def connect(home: Path, password: str = PASSWORD) -> psycopg.Connection:
    return psycopg.connect(
        host=str(embedded_postgres.socket_dir(home)), port=embedded_postgres.PORT, dbname="postgres",
        user=embedded_postgres.SUPERUSER, password=password, autocommit=True,
    )  # fmt: skip


def postmaster_pid(home: Path) -> int:
    return int((embedded_postgres.data_dir(home) / "postmaster.pid").read_text().split()[0])


def test_starts_once_and_stops(home):
    assert embedded_postgres.start(home, PASSWORD) is True
    assert embedded_postgres.start(home, PASSWORD) is False
    embedded_postgres.stop(home)
    assert embedded_postgres.is_running(home) is False
    embedded_postgres.stop(home)


def test_several_callers_at_once_start_one_server(home):
    with ThreadPoolExecutor(6) as pool:
        started = list(pool.map(lambda _: embedded_postgres.start(home, PASSWORD), range(6)))
    assert sorted(started) == [False] * 5 + [True]


def test_a_wrong_password_is_refused_and_no_tcp_port_is_open(home):
    embedded_postgres.start(home, PASSWORD)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(home, "guess")
    with connect(home) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("listen_addresses", "password_encryption", "data_checksums")
        }
        locale = connection.execute(
            "SELECT datlocprovider::text, datlocale FROM pg_database LIMIT 1"
        ).fetchone()
    assert shown == {"listen_addresses": "", "password_encryption": "scram-sha-256", "data_checksums": "on"}
    assert locale == ("b", "C.UTF-8")


def test_acknowledged_commits_survive_a_killed_server(home):
    embedded_postgres.start(home, PASSWORD)
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 100)")
    os.kill(postmaster_pid(home), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while embedded_postgres.is_running(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert embedded_postgres.start(home, PASSWORD) is True
    with connect(home) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (100,)


def test_a_bad_setting_is_reported_in_the_servers_own_words(home):
    with pytest.raises(embedded_postgres.EmbeddedPostgresError, match="shared_buffers"):
        embedded_postgres.start(home, PASSWORD, {"shared_buffers": "nonsense"})
