"""Connectors that misbehave, in the box they run in."""

from __future__ import annotations

import sys
import time

import pytest
from tests.connectors.fakes.server import Answer, serving

from zhiheng.connectors.services.egress import Refused, check_address
from zhiheng.connectors.services.sandbox import Ended, Program, _Splitter, protections, running


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(name not in protections(), reason=f"this machine cannot close off its {name}")


def run(code: str, *, idle: float = 20, most: float = 60, **program: object) -> tuple[list[bytes], Ended]:
    ended = Ended()
    made = Program([sys.executable, "-I", "-c", code], **program)
    with running(made, {"config": "内容"}, ended, idle=idle, most=most) as lines:
        return list(lines), ended


def test_it_reads_its_files_and_knows_nothing_else_of_the_machine():
    output, ended = run(
        "import os; print(open('config', encoding='utf-8').read()); print(sorted(os.environ))"
    )
    assert output[0].decode() == "内容"
    assert "DATABASE" not in output[1].decode()
    assert "ZHIHENG" not in output[1].decode()
    assert (ended.code, ended.reason) == (0, "")
    assert "limits" in ended.protections


@needs("files")
@pytest.mark.parametrize(
    "code",
    ["open('/etc/passwd')", "open('/tmp/outside', 'w')", "__import__('os').listdir('/root')",
     "open('/proc/self/environ')"],
)  # fmt: skip
def test_files_outside_are_closed(code):
    output, ended = run(code)
    assert (output, ended.code) == ([], 1)
    assert "Permission denied" in ended.log[-1]


@needs("network")
def test_there_is_no_network_but_the_proxy():
    _output, ended = run("import socket; socket.create_connection(('10.0.0.1', 80), 2)")
    assert "unreachable" in ended.log[-1]


FETCH = "import urllib.request as u; print(u.urlopen({url!r}, timeout=10).read().decode())"


@needs("network")
def test_the_proxy_goes_where_the_connection_says_and_nowhere_else():
    with serving(lambda request: Answer({"path": request.path})) as system:
        host = system.url.removeprefix("http://")
        output, _ended = run(
            FETCH.format(url=f"{system.url}/x?y=1"), hosts=frozenset({host}), is_on_premise=True
        )
        assert output == [b'{"path": "/x"}']
        _output, ended = run(
            FETCH.format(url=system.url), hosts=frozenset({"erp.example.com:443"}), is_on_premise=True
        )
        assert ended.refused == [f"{host} is not among the addresses of this connection"]
        _output, ended = run(FETCH.format(url=system.url), hosts=frozenset({host}))
        assert "on premise" in ended.refused[0]
        _output, ended = run(FETCH.format(url="https://elsewhere.example/"), hosts=frozenset({host}))
        assert ended.refused == ["elsewhere.example:443 is not among the addresses of this connection"]


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1%eth0", "0.0.0.0", "224.0.0.1", "::ffff:169.254.169.254"]
)
def test_some_addresses_are_nobodys_system(address):
    with pytest.raises(Refused):
        check_address(address, is_on_premise=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.1.5", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_private_addresses_are_for_systems_on_premise(address):
    check_address(address, is_on_premise=True)
    with pytest.raises(Refused):
        check_address(address, is_on_premise=False)


def test_public_addresses_are_open():
    check_address("8.8.8.8", is_on_premise=False)


def test_one_that_hangs_is_ended():
    output, ended = run("import time; print(1, flush=True); time.sleep(99)", idle=1)
    assert (output, ended.reason) == ([b"1"], "idle")


def test_one_that_never_ends_is_ended():
    begun = time.monotonic()
    _output, ended = run("import time\nwhile True:\n print(1, flush=True); time.sleep(.05)", most=1)
    assert ended.reason == "too_long"
    assert time.monotonic() - begun < 10


@needs("processes")
def test_one_that_multiplies_is_ended_with_all_it_started():
    _output, ended = run("import os\nwhile True:\n try: os.fork()\n except OSError: pass", idle=2)
    assert ended.reason == "idle"


def test_one_that_wants_all_the_memory_gets_none():
    _output, ended = run("bytearray(3 << 30)")
    assert (ended.code, ended.log[-1]) == (1, "MemoryError")


def test_an_endless_line_is_cut():
    output, ended = run(
        "import sys\nfor _ in range(12): sys.stdout.write('x' * (1 << 20))\nprint()\nprint('next')"
    )
    assert ended.code == 0
    assert [len(each) for each in output] == [(4 << 20) + 1, 4]


def test_where_a_protection_is_needed_and_missing_nothing_is_started():
    output, ended = run("print(1)", needed=frozenset({"limits", "a moat"}))
    assert (output, ended.code) == ([], 126)


def test_a_last_line_without_an_end_is_a_line():
    splitter = _Splitter(5)
    assert splitter.split(b"ab\ncd") == [b"ab"]
    assert splitter.split(b"efgh") == []
    assert splitter.split(b"") == [b"cdefgh"]
    assert splitter.split(b"") == []
