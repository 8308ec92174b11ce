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
from collections.abc import Iterator
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
    home, port = tmp_path_factory.mktemp("demo"), _free_port()
    url = f"http://localhost:{port}"
    environ = {
        **os.environ, "ZHIHENG_HOME": str(home), "ZHIHENG_URL": url, "COLUMNS": "160",
        "DJANGO_SETTINGS_MODULE": "zhiheng.config.settings",
    }  # fmt: skip
    try:
        loaded = subprocess.run(
            _zhiheng("demo", "--no-serve"), cwd=ROOT, env=environ, capture_output=True, text=True, timeout=420
        )
        assert loaded.returncode == 0, loaded.stdout[-4000:] + loaded.stderr[-4000:]
        sign_ins = dict(re.findall(r"(\S+@\S+\.example)\s+(\S{12,})", loaded.stdout))
        server = subprocess.Popen(_zhiheng("up", "--port", str(port)), cwd=ROOT, env=environ)
        try:
            _wait_until_up(url, server)
            yield Demo(url, loaded.stdout, sign_ins)
        finally:
            server.terminate()
            assert server.wait(40) == 0
    finally:
        subprocess.run(_zhiheng("db", "remove", "--yes"), cwd=ROOT, env=environ, check=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, or the one Playwright brought."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def sign_in(demo: Demo, browser: Browser):
    """Sign in as one of the demo's people: ``sign_in("hr@…", size=PHONE)`` returns a page.

    The page fails the test on any script error and on any violation of the content security policy.
    """
    contexts = []

    def _sign_in(email: str, *, size: dict | None = None, language: str = "zh-CN", scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport=size or PC, locale=language, color_scheme=scheme, base_url=demo.url,
            is_mobile=size == PHONE, has_touch=size == PHONE,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda line: page.faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", demo.sign_ins[email])
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    yield _sign_in
    faults = [fault for context in contexts for page in context.pages for fault in getattr(page, "faults", [])]
    for context in contexts:
        context.close()
    assert faults == []
