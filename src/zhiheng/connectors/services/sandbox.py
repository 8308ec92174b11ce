"""Running a connector in its box, from outside: its files, its way out, its output, its end."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from zhiheng.connectors import box
from zhiheng.connectors.calc.messages import LINE_LIMIT
from zhiheng.connectors.services.egress import egress

PROXY_PORT = 3128
IDLE_SECONDS, MOST_SECONDS = 600, 6 * 3600
LOG_LINES, LOG_LINE = 200, 500
LIMITS = {
    "RLIMIT_AS": 2 << 30, "RLIMIT_CPU": 3 * 3600, "RLIMIT_NOFILE": 256, "RLIMIT_FSIZE": 512 << 20, "RLIMIT_CORE": 0,
}  # fmt: skip
MOST_PROCESSES = 64
ALL = frozenset({"limits", "files", "network", "processes"})
READABLE = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/localtime", "/dev/urandom",
    "/dev/random", "/etc/ld.so.cache", "/etc/mime.types", "/etc/hosts", "/etc/nsswitch.conf",
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A connector to run: its command, the paths it needs to read, and to which ``host:port`` it may go."""

    command: Sequence[str]
    readable: Sequence[str] = ()
    hosts: frozenset[str] = frozenset()
    is_on_premise: bool = False
    needed: frozenset[str] = frozenset({"limits"})


@dataclass
class Ended:
    """How a run ended; ``reason`` is "" when the connector ended by itself with ``code``."""

    code: int = 0
    reason: str = ""
    log: deque[str] = field(default_factory=lambda: deque(maxlen=LOG_LINES))
    refused: list[str] = field(default_factory=list)
    protections: frozenset[str] = frozenset()


@contextlib.contextmanager
def running(
    program: Program,
    files: Mapping[str, str],
    ended: Ended,
    *,
    idle: float = IDLE_SECONDS,
    most: float = MOST_SECONDS,
) -> Iterator[Iterator[bytes]]:
    """Run a program with ``files`` (name to content) in its folder; yields its output by lines.

    Arguments such as ``{config}`` in the command are replaced by the path of the file of that name. However the block
    ends, the program and all that it started are gone after it, and ``ended`` says how.
    """
    with tempfile.TemporaryDirectory(prefix="zhiheng-box-") as name:
        home = Path(name)
        work = home / "work"
        work.mkdir()
        for file_name, content in files.items():
            (work / file_name).write_text(content, encoding="utf-8")
        with egress(home / "proxy", program.hosts, is_on_premise=program.is_on_premise) as refused:
            ended.refused = refused
            process = _start(program, home, work, files)
            try:
                yield _lines(process, ended, idle, most)
            finally:
                _end(process)
                report = home / "report" / "protections"
                known = report.read_text() if report.exists() else ""
                ended.protections = frozenset(json.loads(known or "[]"))


def _start(program: Program, home: Path, work: Path, files: Mapping[str, str]) -> subprocess.Popen:
    (home / "report").mkdir()
    proxy = f"http://127.0.0.1:{PROXY_PORT}"
    spec = {
        "read": [*READABLE, sys.prefix, sys.base_prefix, *program.readable],
        "write": [str(work)],
        "proxy": str(home / "proxy"),
        "port": PROXY_PORT,
        "tcp_port": PROXY_PORT,
        "limits": LIMITS,
        "processes": MOST_PROCESSES,
        "report": str(home / "report" / "protections"),
        "needed": sorted(program.needed),
        "environment": {
            "PATH": "/usr/bin:/bin", "HOME": str(work), "TMPDIR": str(work), "LANG": "C.UTF-8", "PYTHONUTF8": "1",
            "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy,
        },
    }  # fmt: skip
    (home / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    paths = {file_name: str(work / file_name) for file_name in files}
    command = [part.format_map(paths) for part in program.command]
    return subprocess.Popen(  # noqa: S603 - the commands are the registry's
        [sys.executable, "-I", box.__file__, str(home / "spec.json"), *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env={"LANG": "C.UTF-8"}, cwd=work,
    )  # fmt: skip


def _lines(process: subprocess.Popen, ended: Ended, idle: float, most: float) -> Iterator[bytes]:
    """Yield lines of the output, too long ones cut just beyond the limit; the log is kept meanwhile."""
    output, log = _Splitter(LINE_LIMIT), _Splitter(LOG_LINE)
    begun = heard = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for stream, splitter in ((process.stdout, output), (process.stderr, log)):
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ, splitter)
        while selector.get_map():
            for key, _mask in selector.select(timeout=min(idle, 1.0)):
                block = key.fileobj.read(1 << 18)
                if not block:
                    selector.unregister(key.fileobj)
                heard = time.monotonic()
                for line in key.data.split(block or b""):
                    if key.data is output:
                        yield line
                    else:
                        ended.log.append(line.decode("utf-8", "replace"))
            now = time.monotonic()
            if now - heard > idle or now - begun > most:
                ended.reason = "idle" if now - heard > idle else "too_long"
                return
    ended.code = process.wait()


class _Splitter:
    """Splits blocks into lines, keeping no more than ``limit`` bytes of one."""

    def __init__(self, limit: int) -> None:
        self.limit, self.rest = limit, b""

    def split(self, block: bytes) -> list[bytes]:
        """Return the lines that are complete now; an empty block ends the last one."""
        *lines, rest = (self.rest + block).split(b"\n")
        self.rest = rest[: self.limit + 1]
        if not block and rest:
            lines.append(self.rest)
            self.rest = b""
        return [line[: self.limit + 1] for line in lines]


def _end(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


@cache
def protections() -> frozenset[str]:
    """Return which protections this machine can give: see `box`."""
    ended = Ended()
    with running(Program([sys.executable, "-I", "-c", "pass"]), {}, ended, idle=20) as lines:
        for _line in lines:
            pass
    return ended.protections
