"""The gateway as it runs: processes of its own, ended without a word in the middle of a morning's punches."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.test import override_settings
from tests.factories import make_legal_entity, make_org_unit, make_tenant
from tests.factories.performance import make_worker
from tests.factories.terminals import GATEWAY, make_terminal

from zhiheng.attendance.models import Punch
from zhiheng.config.processes import gateway_command
from zhiheng.tenancy.context import tenant_context

FIRST = dt.datetime(2026, 7, 1, 8, 0)
SERIALS = ("KILL1", "KILL2", "KILL3")
EACH, BATCH = 600, 20


class Gateway:
    """The gateway's processes on a port of their own."""

    def __init__(self, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        source = str(Path(__file__).parents[2] / "src")
        self.environ = {**os.environ, "ZHIHENG_DATABASE": database, "ZHIHENG_POOL": "1", "PYTHONPATH": source}
        self.start()

    def start(self) -> None:
        command = gateway_command("127.0.0.1", self.port, 2)
        self.process = subprocess.Popen(command, env=self.environ, start_new_session=True)
        for _ in range(600):
            try:
                if self.call("GET", "/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def call(self, method: str, path: str, body: object = None, **more: object):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, **more)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()


@pytest.fixture(scope="module")
def gateway(module_db):
    running = Gateway(module_db)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def tenant(module_db):
    made = make_tenant()
    entity = make_legal_entity(made)
    make_worker(make_org_unit(entity), "安安", "1001")
    with override_settings(**GATEWAY):
        for serial in SERIALS:
            make_terminal(made, entity, serial)
    return made


def lines(serial: str, start: int) -> list[str]:
    return [
        f"1001\t{FIRST + dt.timedelta(minutes=each):%Y-%m-%d %H:%M:%S}\t0\t1"
        for each in range(start, start + BATCH)
    ]


def send(gateway: Gateway, serial: str, acknowledged: set[str]) -> None:
    """Upload in batches as a terminal does: the same again until it is acknowledged."""
    for start in range(0, EACH, BATCH):
        batch = lines(serial, start)
        while True:
            try:
                status, body, _ = gateway.call(
                    "POST", f"/iclock/cdata?SN={serial}&table=ATTLOG&Stamp={start}", "\n".join(batch)
                )
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if (status, body) == (200, f"OK: {BATCH}".encode()):
                acknowledged |= {f"{serial}:1001:{each.split(chr(9))[1]}" for each in batch}
                break


def test_what_was_acknowledged_survives_the_end_of_all_processes(tenant, gateway):
    acknowledged: dict[str, set[str]] = {serial: set() for serial in SERIALS}
    senders = [
        threading.Thread(target=send, args=(gateway, serial, acknowledged[serial])) for serial in SERIALS
    ]
    for each in senders:
        each.start()
    while not all(len(each) >= 40 for each in acknowledged.values()):
        time.sleep(0.01)
    gateway.kill()
    so_far = set().union(*acknowledged.values())
    assert len(so_far) < EACH * len(SERIALS)
    assert so_far <= stored(tenant)
    gateway.start()
    for each in senders:
        each.join()
    assert stored(tenant) == set().union(*acknowledged.values())
    assert len(stored(tenant)) == EACH * len(SERIALS)


def stored(tenant) -> set[str]:
    with tenant_context(tenant.id):
        return set(Punch.objects.values_list("client_id", flat=True))


def test_over_the_wire(tenant, gateway):
    status, body, headers = gateway.call("GET", "/iclock/cdata.aspx?SN=KILL1&options=all&pushver=2.4.1")
    assert (status, body[:22]) == (200, b"GET OPTION FROM: KILL1")
    # A terminal sets its clock by this.
    assert abs(parsedate_to_datetime(headers["Date"]) - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=30)
    assert len(headers.get_all("Date")) == 1
    assert "Set-Cookie" not in headers
    assert "Location" not in headers
    # A body in chunks, which Django alone would take for an empty one.
    content = "\n".join(lines("KILL1", 0)).encode()
    chunks = (content[start : start + 100] for start in range(0, len(content), 100))
    answer = gateway.call(
        "POST", "/iclock/cdata?SN=KILL1&table=ATTLOG", chunks, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )  # fmt: skip
    assert answer[:2] == (200, b"OK: 20")
    assert gateway.call("POST", "/iclock/cdata?SN=NOBODY&table=ATTLOG", content)[:2] == (401, b"UNAUTHORIZED")
    assert gateway.call("GET", "/")[0] == 404
    assert gateway.call("GET", "/people/")[0] == 404
