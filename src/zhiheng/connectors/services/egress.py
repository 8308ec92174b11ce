"""The only way out of the box: a proxy that knows to which hosts a connection may go.

It speaks HTTP as proxies do (RFC 9110 section 9.3.6 CONNECT, and absolute addresses for plain HTTP). A name is resolved
here, once, and the address is looked at before anything is sent: private and link-local ones are refused unless the
connection says that its system stands in the company's own network.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT = 30
HEAD_LIMIT = 65_536


class Refused(Exception):
    """A request that may not leave; the argument says why."""


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    allowed: frozenset[str]
    is_on_premise: bool
    refused: list[str]


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer one request and pass bytes on until either side is done."""
        self.request.settimeout(TIMEOUT)
        with contextlib.suppress(OSError):
            head, rest = _read_head(self.request)
            try:
                outer, first = self._open(head, rest)
            except Refused as error:
                self.server.refused.append(str(error))
                self._answer("403 Forbidden", str(error))
                return
            except OSError as error:
                self._answer("502 Bad Gateway", f"cannot reach it: {error}")
                return
            with outer:
                outer.sendall(first)
                _both_ways(self.request, outer)

    def _answer(self, status: str, text: str) -> None:
        body = text.encode()
        head = [
            f"HTTP/1.1 {status}",
            "Content-Type: text/plain",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        self.request.sendall("\r\n".join([*head, "", ""]).encode() + body)

    def _open(self, head: bytes, rest: bytes) -> tuple[socket.socket, bytes]:
        """Connect to where the request wants; return the connection and what to send there first."""
        line, _crlf, fields = head.partition(b"\r\n")
        method, target, version = [*line.decode("latin-1").split(" "), "", ""][:3]
        if method == "CONNECT":
            host, _colon, port = target.rpartition(":")
            outer = self._connect(host.strip("[]"), int(port) if port.isdigit() else 0)
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return outer, rest
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            raise Refused(f"not a proxy request: {target[:200]}")
        outer = self._connect(parts.hostname, parts.port or 80)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [
            field
            for field in fields.split(b"\r\n")
            if field and not field.lower().startswith((b"proxy-", b"connection:"))
        ]
        lines = [f"{method} {path} {version}".encode("latin-1"), *kept, b"Connection: close", b"", b""]
        return outer, b"\r\n".join(lines) + rest

    def _connect(self, host: str, port: int) -> socket.socket:
        if f"{host}:{port}".lower() not in self.server.allowed:
            raise Refused(f"{host}:{port} is not among the addresses of this connection")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        address = found[0][4]
        check_address(address[0], is_on_premise=self.server.is_on_premise)
        return socket.create_connection(address[:2], timeout=TIMEOUT)


def check_address(text: str, *, is_on_premise: bool) -> None:
    """Raise `Refused` for an address that a system outside cannot have; 169.254.0.0/16 is nobody's system anywhere."""
    address = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        raise Refused(f"{text} is not an address of a system")
    if not address.is_global and not is_on_premise:
        raise Refused(
            f"{text} is inside a network; the connection does not say that its system is on premise"
        )


def _read_head(stream: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        block = stream.recv(8192)
        if not block or len(data) > HEAD_LIMIT:
            raise OSError("no request")
        data += block
    head, _end, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    thread = threading.Thread(target=_pump, args=(other, one), daemon=True)
    thread.start()
    _pump(one, other)
    thread.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    source.settimeout(None)
    with contextlib.suppress(OSError):
        while block := source.recv(65_536):
            sink.sendall(block)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def egress(path: Path, allowed: frozenset[str], *, is_on_premise: bool) -> Iterator[list[str]]:
    """Serve the proxy on a Unix socket while the block runs; yields what was refused, as it happens.

    ``allowed`` holds ``host:port`` in lower case.
    """
    with _Server(str(path), _Handler) as server:
        server.allowed, server.is_on_premise, server.refused = allowed, is_on_premise, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield server.refused
        finally:
            server.shutdown()
            thread.join()
