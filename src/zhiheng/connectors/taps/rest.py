"""Any system with a plain REST interface, as a manifest describes it; its form is in ``catalogue/manifest.json``."""

from __future__ import annotations

import base64
import datetime as dt
import re
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import _kit as kit

MOST_PAGES = 100_000


class Session:
    """The signed-in client of a manifest's system."""

    def __init__(self, manifest: dict[str, Any], settings: dict[str, Any]) -> None:
        self.manifest, self.settings = manifest, settings
        self.base = self.filled(manifest["base_url"]).rstrip("/")
        self.token = ""

    def filled(self, text: str, **more: object) -> str:
        """Return a text with ``{name}`` replaced by settings."""
        values = {**self.settings, **more}
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], "")), text)

    def _token(self) -> str:
        auth = self.manifest.get("auth", {})
        form = {"grant_type": "client_credentials", "client_id": self.filled(auth["client_id"]),
                "client_secret": self.filled(auth["client_secret"])}  # fmt: skip
        answer = kit.call(
            self.filled(auth["token_url"]), method="POST", body=urllib.parse.urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ).json()  # fmt: skip
        if not answer.get("access_token"):
            raise kit.Failure(
                "没有取得访问令牌，请检查应用的 ID 和密钥 · no access token, check the client's id and secret"
            )
        return answer["access_token"]

    def _signed(self, url: str) -> tuple[str, dict[str, str]]:
        auth = self.manifest.get("auth", {})
        headers = {name: self.filled(value) for name, value in self.manifest.get("headers", {}).items()}
        kind = auth.get("kind", "none")
        if kind == "bearer":
            headers["Authorization"] = f"Bearer {self.filled(auth['token'])}"
        elif kind == "basic":
            pair = f"{self.filled(auth['username'])}:{self.filled(auth['password'])}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif kind == "header":
            headers[auth["name"]] = self.filled(auth["value"])
        elif kind == "query":
            url = kit.with_query(url, {auth["name"]: self.filled(auth["value"])})
        elif kind == "oauth2":
            self.token = self.token or self._token()
            headers["Authorization"] = f"Bearer {self.token}"
        return url, headers

    def ask(self, url: str, stream: dict[str, Any], body: object = None) -> tuple[Any, Any]:
        """Return what a page says and its headers; an error that hides behind a good status is one."""
        for is_second in (False, True):
            signed, headers = self._signed(url)
            try:
                answer = kit.call(signed, method=stream.get("method", "GET"), headers=headers, body=body)
            except kit.Expired as error:
                if is_second or not self.token:
                    raise kit.Failure(
                        f"系统拒绝了凭证，请在设置中更新：{error} · the system refused the credentials"
                    ) from None
                self.token = ""
                continue
            found = answer.json()
            _check(found, stream.get("error") or self.manifest.get("error"))
            return found, answer.headers
        raise AssertionError


def _check(found: Any, error: dict[str, Any] | None) -> None:
    if not error:
        return
    said = kit.at_path(found, error["path"])
    if "ok" in error and said is not None and str(said) not in [str(each) for each in error["ok"]]:
        raise kit.Failure(f"系统报告错误 {said}：{kit.at_path(found, error.get('message', ''))}")
    if "ok" not in error and said:
        raise kit.Failure(f"系统报告错误：{said}")


def pages(
    session: Session, stream: dict[str, Any], given: dict[str, object]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of each page."""
    paging = stream.get("paging", {"kind": "none"})
    kind, size = paging["kind"], paging.get("size", 100)
    url = session.base + urllib.parse.quote(session.filled(stream["path"]), safe="/:?=&%")
    params = {name: session.filled(str(value), **given) for name, value in stream.get("params", {}).items()}
    place: Any = paging.get("start", 1 if kind == "page" else 0)
    cursor: Any = None
    for _page in range(MOST_PAGES):
        asked = dict(params)
        if paging.get("size_param"):
            asked[paging["size_param"]] = str(size)
        if kind in ("page", "offset"):
            asked[paging["param"]] = str(place)
        elif kind == "cursor" and cursor is not None:
            asked[paging["param"]] = str(cursor)
        in_body = stream.get("method", "GET") == "POST"
        body = {**stream.get("body", {}), **_typed(asked)} if in_body else None
        found, headers = session.ask(url if in_body else kit.with_query(url, asked), stream, body)
        rows = kit.at_path(found, stream.get("records", ""))
        rows = rows if isinstance(rows, list) else [] if rows is None else [rows]
        yield rows
        if kind == "none" or (kind in ("page", "offset") and len(rows) < size):
            return
        place += 1 if kind == "page" else size
        if kind == "cursor":
            before, cursor = cursor, kit.at_path(found, paging["next"])
            if not cursor or cursor == before:
                return
        if kind == "link":
            found_link = re.search(r'<([^>]+)>;\s*rel="?next"?', headers.get("Link") or "")
            if not found_link:
                return
            url, params, paging = urllib.parse.urljoin(url, found_link[1]), {}, {"kind": "link"}
    raise kit.Failure("页数过多，已停止 · too many pages")


def _typed(params: dict[str, str]) -> dict[str, object]:
    return {name: int(value) if value.isdigit() else value for name, value in params.items()}


def read(
    session: Session, stream: dict[str, Any], bookmarks: dict[str, str], window: dict[str, str] | None
) -> None:
    """Print the rows of a stream that are new since its bookmark, or all where it has none."""
    cursor = stream.get("cursor")
    before = None if window else bookmarks.get(stream["code"])
    given: dict[str, object] = {}
    if cursor:
        start = window["from"] if window else kit.since(before) or cursor.get("start", "1970-01-01T00:00:00Z")
        given["since"] = _as(start, cursor.get("format", "iso"))
    kit.schema(stream["code"], stream["key"], is_complete=not cursor, properties=stream.get("properties"))
    newest = before or ""
    for rows in pages(session, stream, given):
        for row in rows:
            kit.record(stream["code"], row)
            if cursor:
                newest = max(newest, str(kit.at_path(row, cursor["field"]) or ""), key=_in_order)
    if not cursor:
        kit.complete(stream["code"])
    elif newest and not window:
        bookmarks[stream["code"]] = newest
    kit.state({"bookmarks": bookmarks})


def _in_order(text: str) -> tuple[int, str]:
    """Order numbers by their value; instants of one form are in order as texts."""
    return (len(text) if text.isdigit() else 0, text)


def _as(text: str, form: str) -> str:
    if form == "iso":
        return text
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text  # a form of the system's own goes back as it came
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    if form == "unix":
        return str(int(at.timestamp()))
    return at.strftime("%Y-%m-%d" if form == "date" else form)


def main(config: dict[str, Any], state: dict[str, Any]) -> None:
    """Read the wanted streams one after the other."""
    session = Session(config["manifest"], config["settings"])
    wanted, bookmarks = config.get("feeds"), dict(state.get("bookmarks", {}))
    for stream in config["manifest"]["streams"]:
        if wanted is None or stream["code"] in wanted:
            read(session, stream, bookmarks, config.get("window"))


if __name__ == "__main__":
    kit.run(main)
