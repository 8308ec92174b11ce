"""Starts a connector in a box; run by path as a program of its own, with nothing but the standard library.

``python -I box.py SPEC COMMAND...`` where SPEC is a JSON file: ``read`` and ``write`` are paths the connector may read
and write, ``proxy`` the Unix socket of the egress proxy, ``port`` where the proxy appears inside the box, ``limits``
the resource limits, ``report`` a file that is told which protections are in force, ``needed`` those without which
nothing is started. What the kernel offers is used: user, network, process and IPC namespaces (user_namespaces(7)),
Landlock (landlock(7), Linux 5.13) for files and, without a network namespace, for TCP ports; resource limits and no new
privileges always.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading

CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x20000000, 0x08000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 1, 38, 24
SYS_LANDLOCK = (
    444,
    445,
    446,
)  # create_ruleset, add_rule, restrict_self: the same number on all architectures
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
READ, WRITE = 0b1101, 0b11111111101111  # execute, read file, read directory; and all that writing needs
NET_RULES = 0b11
NEEDED_ABI_NET = 4

libc = ctypes.CDLL(None, use_errno=True)


def main(spec_path: str, command: list[str]) -> int:
    """Start the command in the box; return its exit code."""
    with open(spec_path, encoding="utf-8") as file:
        spec = json.load(file)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    protections = {"limits"}
    if _unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC):
        _loopback_up()
        _serve_proxy(spec["proxy"], spec["port"])
        protections.add("network")
        if libc.unshare(CLONE_NEWPID) == 0:
            protections.add("processes")
    child = os.fork()
    if child == 0:
        _become(spec, command, protections)
    _watch(child)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _unshare(flags: int) -> bool:
    """Leave the machine's network behind, as an ordinary user may in a user namespace of its own."""
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(flags) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    return True


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(probe, SIOCGIFFLAGS, request)[:18])[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


def _serve_proxy(path: str, port: int) -> None:
    """Pass what comes to a port inside the box on to the proxy outside, in a process beside the connector's."""
    listener = socket.create_server(("127.0.0.1", port), backlog=64)
    if os.fork() != 0:
        listener.close()
        return
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    for stream in (0, 1, 2):
        os.dup2(
            os.open(os.devnull, os.O_RDWR), stream
        )  # else whoever reads the connector's output never sees its end
    while True:
        inner, _address = listener.accept()
        outer = socket.socket(socket.AF_UNIX)
        try:
            outer.connect(path)
        except OSError:
            inner.close()
            continue
        for pair in ((inner, outer), (outer, inner)):
            threading.Thread(target=_pump, args=pair, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            sink.sendall(block)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _watch(child: int) -> None:
    """End the connector when this process is told to end."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: os.kill(child, signal.SIGKILL))


def _become(spec: dict, command: list[str], protections: set[str]) -> None:
    """In the child: shut the doors and turn into the connector."""
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.closerange(3, 65536)
        own = (
            {"RLIMIT_NPROC": spec["processes"]} if "processes" in protections else {}
        )  # else it counts the user's
        for name, limit in (spec["limits"] | own).items():
            resource.setrlimit(getattr(resource, name), (limit, limit))
        for capability in range(41):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        protections |= _landlock(spec, has_network="network" in protections)
        with open(spec["report"], "w", encoding="utf-8") as file:
            json.dump(sorted(protections), file)
        if not protections >= set(spec["needed"]):
            os._exit(126)
        os.chdir(spec["write"][0])
        os.execve(command[0], command, spec["environment"])  # noqa: S606
    except BaseException as error:  # nothing of the parent may go on here
        os.write(2, f"box: {error}\n".encode())
    os._exit(127)


def _landlock(spec: dict, *, has_network: bool) -> set[str]:
    """Close the file system but for the given paths; without a network namespace also all ports but the proxy's."""
    abi = libc.syscall(SYS_LANDLOCK[0], None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if abi < 1:
        return set()
    files = (1 << min(13 + (abi >= 2) + (abi >= 3), 15)) - 1
    is_net = abi >= NEEDED_ABI_NET and not has_network
    attributes = struct.pack("QQ", files, NET_RULES if is_net else 0)
    size = len(attributes) if abi >= NEEDED_ABI_NET else 8
    ruleset = libc.syscall(SYS_LANDLOCK[0], attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return set()
    report = [os.path.dirname(spec["report"])]
    for access, paths in ((READ & files, spec["read"]), (files, [*spec["write"], *report, "/dev/null"])):
        for path in paths:
            _allow(ruleset, path, access)
    if is_net:
        rule = struct.pack("QQ", 0b10, spec["tcp_port"])
        libc.syscall(SYS_LANDLOCK[1], ruleset, ctypes.c_int(2), rule, ctypes.c_uint32(0))
    if libc.syscall(SYS_LANDLOCK[2], ruleset, ctypes.c_uint32(0)) != 0:
        return set()
    return {"files", "ports"} if is_net else {"files"}


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= 0b100000000000111  # what there is to do with a file alone: execute, write, read, truncate
    rule = struct.pack("=Qi", access, handle)
    libc.syscall(SYS_LANDLOCK[1], ruleset, ctypes.c_int(1), rule, ctypes.c_uint32(0))
    os.close(handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
