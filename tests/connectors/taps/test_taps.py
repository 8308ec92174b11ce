"""What connectors share, and the one for any REST interface, against a server that behaves well and badly."""

from __future__ import annotations

import email.utils
import gzip
import importlib
import json
import sys
import time
from pathlib import Path

import pytest
from tests.connectors.fakes.server import Answer, Request, serving

TAPS = Path(__file__).parents[3] / "src" / "zhiheng" / "connectors" / "taps"


@pytest.fixture(scope="module")
def kit():
    """The module as the programs see it: by the name it has beside them."""
    sys.path.insert(0, str(TAPS))
    yield importlib.import_module("_kit")
    sys.path.remove(str(TAPS))


@pytest.fixture(scope="module")
def rest(kit):
    return importlib.import_module("rest")


@pytest.fixture(autouse=True)
def no_waiting(kit, monkeypatch):
    waited = []
    monkeypatch.setattr(kit.time, "sleep", waited.append)
    return waited


def printed(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_numbers_go_out_as_they_came_in(kit, capsys):
    row = kit.Answer(
        200, {}, '{"金额":1.10,"大":12345678901234567890.5,"列":[{"x":1e3}],"n":null}'.encode()
    ).json()
    kit.record("订单", row)
    assert capsys.readouterr().out == (
        '{"type":"RECORD","stream":"订单","record":{"金额":1.10,"大":12345678901234567890.5,"列":[{"x":1e3}],"n":null}}\n'
    )


def test_an_answer_that_is_no_json_is_a_failure(kit):
    with pytest.raises(kit.Failure, match="不是 JSON"):
        kit.Answer(200, {}, b"<html>").json()


def test_messages(kit, capsys):
    kit.schema("s", ["id"], is_complete=True, properties={"id": {"type": "integer"}})
    kit.state({"a": 1})
    kit.complete("s")
    kit.deleted("s", 7)
    assert [each["type"] for each in printed(capsys)] == ["SCHEMA", "STATE", "COMPLETE", "DELETED"]


def test_it_waits_and_asks_again(kit, no_waiting):
    answers = [Answer("slow down", 429, {"Retry-After": "7"}), Answer("", 503), Answer({"ok": 1})]
    with serving(lambda _request: answers.pop(0)) as system:
        assert kit.call(f"{system.url}/x?secret=1").json() == {"ok": 1}
    assert no_waiting == [7, 4]


def test_an_instant_to_wait_for(kit):
    soon = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert 50 < kit._asked_wait(soon, 3) <= 60
    assert kit._asked_wait("whenever", 3) == 3
    assert kit._asked_wait("99999", 3) == kit.LONGEST_WAIT


def test_what_stays_wrong_is_a_failure_without_the_query(kit):
    with serving(lambda _request: Answer({"message": "no"}, 403)) as system:
        with pytest.raises(kit.Failure, match="回答 403") as failed:
            kit.call(f"{system.url}/x?token=secret")
        assert "secret" not in str(failed.value)
        url = system.url
    with pytest.raises(kit.Failure, match="连接不上"):
        kit.call(f"{url}/x")


def test_a_redirect_is_not_followed_and_gzip_is_read(kit):
    redirect = Answer(b"", 302, {"Location": "http://elsewhere.example/"})
    with serving(lambda _request: redirect) as system, pytest.raises(kit.Failure, match="回答 302"):
        kit.call(system.url)
    body = gzip.compress(b'{"a":1}')
    with serving(lambda _request: Answer(body, 200, {"Content-Encoding": "gzip"})) as system:
        assert kit.call(system.url).json() == {"a": 1}


def test_small_things(kit):
    assert kit.at_path({"a": [{"b": 1}]}, "a.0.b") == 1
    assert kit.at_path({"a": [1]}, "a.5") is None
    assert kit.at_path({"a": 1}, "a.b") is None
    assert kit.with_query("http://x/?a=1", {"b": "", "c": "甲"}) == "http://x/?a=1&c=%E7%94%B2"
    assert kit.with_query("http://x/", {"b": None}) == "http://x/"
    assert kit.since(None) is None
    assert kit.since("not a time") == "not a time"
    assert kit.since("2026-05-01 08:00:00") == "2026-05-01T07:50:00"


def run(kit, rest, tmp_path, manifest, settings, **more) -> None:
    config = {"manifest": manifest, "settings": settings, "feeds": None, "window": None, **more}
    (tmp_path / "config").write_text(json.dumps(config))
    (tmp_path / "state").write_text(json.dumps(more.get("state", {})))
    sys.argv = ["rest.py", "--config", str(tmp_path / "config"), "--state", str(tmp_path / "state")]
    kit.run(rest.main)


def test_a_token_is_fetched_and_again_when_it_expires(kit, rest, tmp_path, capsys):
    tokens = ["T1", "T2"]

    def system(request: Request) -> Answer:
        if request.path == "/token":
            assert b"client_secret=s3" in request.body
            return Answer({"access_token": tokens[0]})
        if request.headers["Authorization"] == "Bearer T1":
            tokens.pop(0)
            return Answer({}, 401)
        given = json.loads(request.body)
        rows = [{"id": given["page"], "at": 1767225600 + given["page"]}] if given["page"] < 3 else []
        return Answer({"result": {"rows": rows}})

    with serving(system) as running:
        manifest = {
            "base_url": running.url,
            "auth": {"kind": "oauth2", "token_url": f"{running.url}/token", "client_id": "c", "client_secret": "{secret}"},
            "streams": [
                {"code": "s", "method": "POST", "path": "/q", "body": {"all": True}, "records": "result.rows",
                 "params": {"since": "{since}"}, "key": ["id"], "cursor": {"field": "at", "format": "unix"},
                 "paging": {"kind": "page", "param": "page", "size": 1}},
            ],
        }  # fmt: skip
        run(kit, rest, tmp_path, manifest, {"secret": "s3"})
    found = printed(capsys)
    assert [each["record"]["id"] for each in found if each["type"] == "RECORD"] == [1, 2]
    assert found[-1] == {"type": "STATE", "value": {"bookmarks": {"s": "1767225602"}}}


def test_pages_by_a_cursor_and_a_key_in_the_query(kit, rest, tmp_path, capsys):
    def system(request: Request) -> Answer:
        assert request.query["key"] == "k"
        place = request.query.get("after")
        return Answer({"rows": [{"id": place or "first"}], "next": None if place else "second"})

    with serving(system) as running:
        manifest = {
            "base_url": running.url, "auth": {"kind": "query", "name": "key", "value": "{k}"},
            "streams": [{"code": "s", "path": "/q", "records": "rows", "key": ["id"],
                         "paging": {"kind": "cursor", "param": "after", "next": "next"}}],
        }  # fmt: skip
        run(kit, rest, tmp_path, manifest, {"k": "k"})
    found = printed(capsys)
    assert [each["record"]["id"] for each in found if each["type"] == "RECORD"] == ["first", "second"]
    assert [each["type"] for each in found][-2:] == ["COMPLETE", "STATE"]


@pytest.mark.parametrize(
    ("body", "error", "text"),
    [
        (
            {"code": 310036, "msg": "bad token"},
            {"path": "code", "ok": ["200"], "message": "msg"},
            "310036：bad token",
        ),
        ({"errors": ["x"]}, {"path": "errors"}, "系统报告错误"),
    ],
)
def test_an_error_in_a_good_answer_ends_the_program_with_a_line(
    kit, rest, tmp_path, capsys, body, error, text
):
    with serving(lambda _request: Answer(body)) as running:
        manifest = {
            "base_url": running.url,
            "error": error,
            "streams": [{"code": "s", "path": "/", "key": ["id"]}],
        }
        with pytest.raises(SystemExit):
            run(kit, rest, tmp_path, manifest, {})
    assert text in capsys.readouterr().err


def test_refused_credentials_are_said_to_be_refused(kit, rest, tmp_path, capsys):
    with serving(lambda _request: Answer({}, 401)) as running:
        manifest = {
            "base_url": running.url, "auth": {"kind": "basic", "username": "u", "password": "p"},
            "headers": {"X-App": "{app}"}, "streams": [{"code": "s", "path": "/", "key": ["id"]}],
        }  # fmt: skip
        with pytest.raises(SystemExit):
            run(kit, rest, tmp_path, manifest, {"app": "z"})
    assert "系统拒绝了凭证" in capsys.readouterr().err
    with serving(lambda _request: Answer({"error": "invalid_client"})) as running:
        manifest = {
            "base_url": running.url, "streams": [{"code": "s", "path": "/", "key": ["id"]}],
            "auth": {"kind": "oauth2", "token_url": running.url, "client_id": "c", "client_secret": "s"},
        }  # fmt: skip
        with pytest.raises(SystemExit):
            run(kit, rest, tmp_path, manifest, {})
    assert "没有取得访问令牌" in capsys.readouterr().err


def test_forms_of_instants(rest):
    assert rest._as("2026-05-01T08:00:00Z", "date") == "2026-05-01"
    assert rest._as("2026-05-01T08:00:00", "unix") == "1777622400"
    assert rest._as("第 5 期", "date") == "第 5 期"
