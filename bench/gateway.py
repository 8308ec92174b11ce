"""The gateway of terminals under load: real processes, real HTTP on this machine, punches into the database.

``python -m bench.gateway --punches 60000 --batch 50`` prints one JSON line. Several terminals upload at once; a part of
the uploads is sent twice, and each batch is shuffled, so that duplicates and disorder are in the figure. The count in
the database is checked at the end. ``--kill`` ends the gateway's processes by SIGKILL every few seconds meanwhile.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bench._database import HOME, scratch_database
from bench._measure import report

if TYPE_CHECKING:
    from zhiheng.people.models import Person
    from zhiheng.terminals.models import Terminal

PEOPLE = 5_000
TERMINALS = 8
RESENT = 0.1
KILLED_EVERY = 5  # seconds of service
FIRST = dt.datetime(2026, 7, 1, 6, 0)  # noqa: DTZ001 - wall time of the terminals


@dataclass
class Load:
    """What was sent and what was acknowledged."""

    punches: int
    batch: int
    acknowledged: set[str] = field(default_factory=set)
    requests: int = 0
    failures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--punches", type=int, default=60_000)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", action="store_true")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    with scratch_database():
        tenant_id = _fill()
        load = Load(chosen.punches, chosen.batch)
        port = _free_port()
        with gateway(port, chosen.workers) as running:
            _wait_until_up(port)
            cpu, database = _gateway_cpu(running[0]), _database_cpu()
            seconds = _send_all(load, port, running if chosen.kill else None, chosen.workers)
            cpu, database = _gateway_cpu(running[-1]) - cpu, _database_cpu() - database
        stored = _stored(tenant_id)
        missing = load.acknowledged - stored
        report(
            "gateway", punches=len(stored), batch=chosen.batch, terminals=TERMINALS, requests=load.requests,
            failed_requests=load.failures, seconds=round(seconds, 2), punches_per_s=round(len(stored) / seconds),
            gateway_cpu_s=round(cpu, 2), database_cpu_s=round(database, 2),
            punches_per_cpu_s=round(len(stored) / (cpu + database)), load_1m=round(os.getloadavg()[0], 1),
            lost=len(missing), ok=not missing and (chosen.kill or len(stored) / seconds >= 2_000),
        )  # fmt: skip
        sys.exit(1 if missing else 0)


def _fill() -> UUID:
    """Make a company, its people, and terminals that are approved."""
    from zhiheng.access.actor import system_actor
    from zhiheng.people.models import Employment, Person
    from zhiheng.tenancy.context import tenant_context
    from zhiheng.tenancy.models import LegalEntity, Tenant
    from zhiheng.terminals.models import Terminal
    from zhiheng.terminals.services.register import save_claim
    from zhiheng.terminals.services.terminals import open_pairing

    tenant = Tenant.objects.create(name="Bench", slug="bench")
    with tenant_context(tenant.id):
        entity = LegalEntity.objects.create(code="A", name="A")
        people = [
            Person(
                name=f"P{number}", search_text="", status="active", employee_number=f"{10_000 + number}",
                legal_entity=entity,
            )
            for number in range(PEOPLE)
        ]  # fmt: skip
        Person.objects.bulk_create(people, batch_size=2_000)
        Employment.objects.bulk_create(
            [
                Employment(
                    person=each, employee_number=each.employee_number, legal_entity=entity,
                    valid=(dt.date(2020, 1, 1), None),
                )
                for each in people
            ],
            batch_size=2_000,
        )  # fmt: skip
        actor = system_actor(tenant.id)
        for number in range(TERMINALS):
            serial = f"BENCH{number:04}"
            open_pairing(actor=actor, serial_number=serial, name=serial, legal_entity_id=entity.id)
            Terminal.objects.filter(serial_number=serial).update(state="waiting")
            _approve(actor, serial)
            save_claim(serial_number=serial, until=None, key_hash="")
            _put_on(Terminal.objects.get(serial_number=serial), people)
    return tenant.id


def _put_on(terminal: Terminal, people: list[Person]) -> None:
    """Let the terminal's PINs be known, as they are once people were sent to it or punched there."""
    from zhiheng.terminals.models import TerminalUser

    TerminalUser.objects.bulk_create(
        [
            TerminalUser(
                terminal=terminal, legal_entity_id=terminal.legal_entity_id, pin=each.employee_number, person=each,
                origin="number",
            )
            for each in people
        ],
        batch_size=2_000,
    )  # fmt: skip


def _approve(actor: object, serial: str) -> None:
    from zhiheng.terminals.models import Terminal
    from zhiheng.terminals.services.terminals import approve_terminal

    approve_terminal(actor=actor, terminal_id=Terminal.objects.get(serial_number=serial).id)


# --- The gateway's processes --------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int, workers: int) -> subprocess.Popen:
    """Start the gateway as the product does."""
    from zhiheng.config.processes import gateway_command

    environ = {
        **os.environ, "ZHIHENG_HOME": str(HOME), "ZHIHENG_POOL": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent / "src"),
    }  # fmt: skip
    return subprocess.Popen(gateway_command("127.0.0.1", port, workers), env=environ, start_new_session=True)


@contextmanager
def gateway(port: int, workers: int) -> Iterator[list[subprocess.Popen]]:
    """Run the gateway; the list holds its process, also after it was started again."""
    running = [start(port, workers)]
    try:
        yield running
    finally:
        running[-1].terminate()
        running[-1].wait(30)


def kill(running: list[subprocess.Popen], port: int, workers: int) -> None:
    """End all processes of the gateway at once, without a word, and start it again."""
    os.killpg(running[-1].pid, signal.SIGKILL)
    running[-1].wait()
    running.append(start(port, workers))
    _wait_until_up(port)


def _wait_until_up(port: int) -> None:
    for _ in range(150):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


# --- The terminals ------------------------------------------------------------------------------------------------


def _send_all(load: Load, port: int, running: list[subprocess.Popen] | None, workers: int) -> float:
    started = time.monotonic()
    senders = [
        threading.Thread(target=_send, args=(load, port, number), daemon=True) for number in range(TERMINALS)
    ]
    for each in senders:
        each.start()
    while running is not None and any(each.is_alive() for each in senders):
        time.sleep(KILLED_EVERY)
        if any(each.is_alive() for each in senders):
            kill(running, port, workers)
    for each in senders:
        each.join()
    return time.monotonic() - started


def _send(load: Load, port: int, number: int) -> None:
    """Upload one terminal's share, batch by batch; one that fails is sent again until it is acknowledged."""
    serial, chance = f"BENCH{number:04}", random.Random(number)
    share = load.punches // TERMINALS
    for start_at in range(0, share, load.batch):
        lines = [_line(number, each) for each in range(start_at, min(start_at + load.batch, share))]
        chance.shuffle(lines)
        for _ in range(2 if chance.random() < RESENT else 1):
            while not _post(load, port, serial, lines):
                time.sleep(0.05)


def _line(terminal: int, index: int) -> tuple[str, str]:
    pin = 10_000 + (index * TERMINALS + terminal) % PEOPLE
    at = FIRST + dt.timedelta(seconds=(index * TERMINALS + terminal) // PEOPLE * 3_600 + index % 1_800)
    return str(pin), f"{at:%Y-%m-%d %H:%M:%S}"


def _post(load: Load, port: int, serial: str, lines: list[tuple[str, str]]) -> bool:
    body = "".join(f"{pin}\t{at}\t0\t1\t0\t0\t0\n" for pin, at in lines).encode()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", f"/iclock/cdata?SN={serial}&table=ATTLOG&Stamp=9999", body)
        answer = connection.getresponse()
        is_taken = answer.status == 200 and answer.read() == f"OK: {len(lines)}".encode()
        connection.close()
    except (OSError, http.client.HTTPException):
        is_taken = False
    with load.lock:
        load.requests += 1
        load.failures += not is_taken
        if is_taken:
            load.acknowledged |= {f"{serial}:{pin}:{at}" for pin, at in lines}
    return is_taken


def _stored(tenant_id: UUID) -> set[str]:
    from zhiheng.attendance.models import Punch
    from zhiheng.tenancy.context import tenant_context

    with tenant_context(tenant_id):
        return set(Punch.objects.values_list("client_id", flat=True))


def _database_cpu() -> float:
    """Return the processor time of the database server and its processes, living and ended."""
    from zhiheng.config.embedded_postgres import data_dir

    return _cpu_of_family(int((data_dir(HOME) / "postmaster.pid").read_text().split()[0]))


def _gateway_cpu(process: subprocess.Popen) -> float:
    """Return the processor time of the gateway; after ``--kill`` only of the latest start."""
    return _cpu_of_family(process.pid)


def _cpu_of_family(parent: int) -> float:
    """Return the processor seconds of a process, its living children and its ended ones."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(path.parent.name) == parent:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
