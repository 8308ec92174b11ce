"""What connectors share: arguments, messages, and HTTP that waits, repeats and never loses a digit."""

from __future__ import annotations

import argparse
import datetime as dt
import email.utils
import gzip
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from typing import Any

ATTEMPTS = 6
LONGEST_WAIT = 120
OVERLAP = dt.timedelta(minutes=10)
REPEATED = (408, 425, 429, 500, 502, 503, 504)


class Failure(Exception):
    """Ends the program; the argument tells people what is wrong."""


class Expired(Exception):
    """The token is not valid any more: fetch another and ask again."""


class Number(str):
    """A decimal as it was written; it goes out again digit by digit."""


def run(main: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Call ``main(config, state)`` with the files of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--state", required=True)
    given = parser.parse_args()
    with open(given.config, encoding="utf-8") as config, open(given.state, encoding="utf-8") as state:
        try:
            main(json.load(config), json.load(state) or {})
        except Failure as error:
            sys.stdout.flush()
            print(error, file=sys.stderr)
            sys.exit(1)
    sys.stdout.flush()


# --- Messages ---------------------------------------------------------------------------------------------------


def _dumps(message: object) -> str:
    text = json.dumps(_marked(message), ensure_ascii=False, separators=(",", ":"))
    return text.replace('"\ue000', "").replace('\ue001"', "")


def _marked(value: object) -> object:
    if isinstance(value, Number):
        return f"\ue000{value}\ue001"
    if isinstance(value, dict):
        return {str(name): _marked(each) for name, each in value.items()}
    return [_marked(each) for each in value] if isinstance(value, list) else value


def emit(**message: object) -> None:
    """Print a message."""
    sys.stdout.write(_dumps(message) + "\n")


def schema(
    stream: str, key: Iterable[str], *, is_complete: bool = False, properties: Mapping[str, Any] | None = None
) -> None:
    """Declare a stream."""
    emit(
        type="SCHEMA", stream=stream, key_properties=list(key), schema={"properties": dict(properties or {})},
        is_complete=is_complete,
    )  # fmt: skip


def record(stream: str, row: Mapping[str, Any]) -> None:
    """Print a row."""
    emit(type="RECORD", stream=stream, record=row)


def state(value: Mapping[str, Any]) -> None:
    """Say how far this has read."""
    emit(type="STATE", value=value)
    sys.stdout.flush()


def complete(stream: str) -> None:
    """Say that all rows of a stream were printed."""
    emit(type="COMPLETE", stream=stream)


def deleted(stream: str, key: object) -> None:
    """Say that a row is gone."""
    emit(type="DELETED", stream=stream, key=str(key))


# --- HTTP -------------------------------------------------------------------------------------------------------


class Answer:
    """What a system answered: status, headers, and the body as JSON on demand."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        """Return the body; decimals are `Number`."""
        try:
            return json.loads(self.body, parse_float=Number)
        except ValueError:
            text = self.body[:200].decode("utf-8", "replace")
            raise Failure(f"系统的回答不是 JSON：{text} · the answer is not JSON") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect to a sign-in page is no answer; and credentials must not follow it elsewhere."""

    def redirect_request(self, *_args: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def call(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: object = None,
    timeout: float = 60,
) -> Answer:
    """Ask, again after a while where that may help; `Expired` for 401, `Failure` for what stays wrong."""
    data = body if isinstance(body, bytes) or body is None else _dumps(body).encode()
    sent = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": "Zhiheng",
        **(headers or {}),
    }
    if data is not None:
        sent.setdefault("Content-Type", "application/json")
    for attempt in range(1, ATTEMPTS + 1):
        wait: float = min(2**attempt, LONGEST_WAIT)
        try:
            request = urllib.request.Request(url, data, sent, method=method)  # noqa: S310
            with _OPENER.open(request, timeout=timeout) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            content = error.read()
            if error.code == 401:
                raise Expired(content[:200].decode("utf-8", "replace")) from None
            if error.code not in REPEATED or attempt == ATTEMPTS:
                text = _answer(error.code, error.headers, content).body[:300].decode("utf-8", "replace")
                raise Failure(f"{_without_query(url)} 回答 {error.code}：{text}") from None
            wait = _asked_wait(error.headers.get("Retry-After"), wait)
        except (OSError, EOFError) as error:
            if attempt == ATTEMPTS:
                raise Failure(f"连接不上 {_without_query(url)}：{error} · cannot be reached") from None
        print(f"attempt {attempt} of {_without_query(url)} failed, again in {wait:g} s", file=sys.stderr)
        time.sleep(wait)
    raise AssertionError


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    if (headers.get("Content-Encoding") or "").lower() == "gzip":
        body = gzip.decompress(body)
    return Answer(status, headers, body)


def _asked_wait(text: str | None, otherwise: float) -> float:
    """Return the seconds of a Retry-After header (RFC 9110 section 10.2.3)."""
    if not text:
        return otherwise
    if text.strip().isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return otherwise
    return min(max((at - dt.datetime.now(dt.UTC)).total_seconds(), 0), LONGEST_WAIT)


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def with_query(url: str, params: Mapping[str, object]) -> str:
    """Return an address with parameters added."""
    query = urllib.parse.urlencode(
        {name: value for name, value in params.items() if value not in (None, "")}, doseq=True
    )
    return url if not query else f"{url}{'&' if '?' in url else '?'}{query}"


def at_path(value: Any, path: str) -> Any:
    """Return what stands at a dotted path, ``None`` where there is nothing; "" is the value itself."""
    for part in filter(None, path.split(".")):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def since(bookmark: str | None) -> str | None:
    """Return from when to ask: a little before the bookmark, since clocks differ and transactions take time."""
    if not bookmark:
        return None
    try:
        at = dt.datetime.fromisoformat(bookmark)
    except ValueError:
        return bookmark
    text = (at - OVERLAP).isoformat()
    return text.replace("+00:00", "Z") if bookmark.endswith("Z") else text
