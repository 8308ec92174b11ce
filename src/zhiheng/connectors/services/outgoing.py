"""Sending to an address that somebody typed: resolved once, looked at, and never followed elsewhere."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from zhiheng.connectors.services.egress import Refused, check_address

TIMEOUT = 10
PORTS = {"https": 443, "http": 80}


class CannotSend(Exception):
    """The message did not arrive; the argument says why."""


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name resolves to a moment later."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._is_secure = address, is_secure

    def connect(self) -> None:
        """Connect to the address; with TLS the certificate has to be the name's."""
        self.sock = socket.create_connection((self._address, self.port), timeout=TIMEOUT)
        if self._is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, is_on_premise: bool) -> int:
    """Send a body and return the status of the answer, redirects too: none is followed; `CannotSend` for no answer.

    Addresses inside a network, and plain HTTP, only for receivers that are said to be on premise.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or (parts.scheme == "http" and not is_on_premise):
        raise CannotSend(f"not an address to send to: {url[:200]}")
    port = parts.port or PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        address = str(socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)[0][4][0])
        check_address(address, is_on_premise=is_on_premise)
        connection = _Pinned(parts.hostname, port, address, is_secure=parts.scheme == "https")
        try:
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()
    except (Refused, OSError, http.client.HTTPException) as error:
        raise CannotSend(str(error) or type(error).__name__) from None
