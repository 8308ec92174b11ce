"""The demo, loaded by its own command and served by the real processes, in a real browser.

One demo serves all browser tests of a test process; a test that writes undoes it or uses what is its own.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PC = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@dataclass
class Demo:
    """A served demo: its address, what the load printed, and the sign-ins it printed (e-mail → password)."""

    url: str
    output: str
    sign_ins: dict[str, str] = field(default_factory=dict)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _running() -> Demo | None:
    """Return the demo that already runs, for whoever writes tests: ZHIHENG_DEMO_OUTPUT is what it printed."""
    if not (path := os.environ.get("ZHIHENG_DEMO_OUTPUT")):
        return None
    output = Path(path).read_text(encoding="utf-8")
    return Demo(re.findall(r"http://localhost:\d+", output)[0], output, _sign_ins(output))


def _sign_ins(output: str) -> dict[str, str]:
    return dict(re.findall(r"(\S+@\S+\.example)\s+(\S{12,})", output))


def _zhiheng(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from zhiheng.cli import app; app()", *arguments]


def _wait_until_up(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail("the server did not come up")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Load the demo into a fresh home and serve it."""
    if running := _running():
        yield running
        return
    home, port = tmp_path_factory.mktemp("demo"), _free_port()
    url = f"http://localhost:{port}"
    environ = {
        **os.environ, "ZHIHENG_HOME": str(home), "ZHIHENG_URL": url, "COLUMNS": "160",
        "DJANGO_SETTINGS_MODULE": "zhiheng.config.settings",
    }  # fmt: skip
    try:
        loaded = subprocess.run(
            _zhiheng("demo", "--no-serve", "--no-working-time"),
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=420,
        )
        assert loaded.returncode == 0, loaded.stdout[-4000:] + loaded.stderr[-4000:]
        server = subprocess.Popen(_zhiheng("up", "--port", str(port)), cwd=ROOT, env=environ)
        try:
            _wait_until_up(url, server)
            yield Demo(url, loaded.stdout, _sign_ins(loaded.stdout))
        finally:
            server.terminate()
            assert server.wait(40) == 0
    finally:
        subprocess.run(_zhiheng("db", "remove", "--yes"), cwd=ROOT, env=environ, check=False)


def chromium_path() -> str | None:
    """Return where the system's Chromium is, ``None`` to use the one Playwright brought."""
    return shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, or the one Playwright brought."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def new_page(demo: Demo, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser context of its own: ``new_page(size=PHONE, language="en-US")``.

    The test fails on any script error and on any violation of the content security policy.
    """
    contexts, faults = [], []

    def _new_page(*, size: dict = PC, language: str = "zh-CN", scheme: str = "light") -> Page:
        is_phone = size == PHONE
        context = browser.new_context(
            viewport=size, locale=language, color_scheme=scheme, base_url=demo.url, reduced_motion="reduce",
            is_mobile=is_phone, has_touch=is_phone,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: (
                faults.append(f"{page.url}: {line.text}") if "Security Policy" in line.text else None
            ),
        )
        return page

    yield _new_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def sign_in(demo: Demo, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Sign in as one of the demo's people: ``sign_in("hr@…", size=PHONE)`` returns a page."""

    def _sign_in(email: str, **how: object) -> Page:
        page = new_page(**how)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", demo.sign_ins[email])
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    return _sign_in
