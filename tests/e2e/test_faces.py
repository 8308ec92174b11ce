"""Agreeing, enrolling and being recognized on a phone with a camera; another person and a photo are refused.

The camera is Chromium's fake one, which plays a film made of a real portrait (see tests/factories/faces.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.conftest import FLAGS, PHONE, Demo, chromium_path
from tests.factories.faces import COLLINS, HOPPER, TURN, jpeg, selfie, turned

EMPLOYEE = "operator@panshi.example"
SLOWLY = 90_000
FILM_RATE = 30
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


def _film(path: Path, pictures: list[np.ndarray], seconds: float = 1.0) -> str:
    """Write a film (Motion JPEG) that shows each picture for so long, over and over."""
    frames = chain.from_iterable(repeat(jpeg(each), int(seconds * FILM_RATE)) for each in pictures)
    path.write_bytes(b"".join(frames))
    return str(path)


def _turning(who: str, *, face_width: int = 200, dx: int = 0) -> list[np.ndarray]:
    image = selfie(who, face_width=face_width, dx=dx)
    return [image, turned(image, TURN), image, turned(image, -TURN)]


# One a second: three photos taken one after another never show the same.
POSES = (
    {"face_width": 220}, {"face_width": 150, "dx": -60}, {"face_width": 190, "degrees": 8, "dx": 50},
    {"face_width": 170, "dy": 40}, {"face_width": 240, "dx": -40}, {"face_width": 150, "degrees": -8, "dx": 80},
)  # fmt: skip


@pytest.fixture
def with_camera(demo: Demo, browser: Browser, tmp_path: Path) -> Iterator[Callable[[list[np.ndarray]], Page]]:
    """Sign the employee in on a phone whose camera sees these pictures."""
    opened, faults = [], []

    def _with_camera(pictures: list[np.ndarray]) -> Page:
        film = _film(tmp_path / f"{len(opened)}.mjpeg", pictures)
        camera = [*CAMERA, f"--use-file-for-fake-video-capture={film}"]
        made = browser.browser_type.launch(executable_path=chromium_path(), args=[*FLAGS, *camera])
        opened.append(made)
        context = made.new_context(viewport=PHONE, locale="zh-CN", base_url=demo.url, permissions=["camera"])
        page = context.new_page()
        page.set_default_timeout(SLOWLY)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", EMPLOYEE)
        page.fill("input[name=password]", demo.sign_ins[EMPLOYEE])
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    yield _with_camera
    for each in opened:
        each.close()
    assert faults == []


def _try(page: Page) -> str:
    page.goto("/faces/me/try/")
    expect(page.locator("[data-face-capture-target=stage]")).to_be_visible()
    page.get_by_role("button", name="开始").click()
    result = page.locator("[data-face-try-target=result] .hr-alert")
    expect(result).to_be_visible(timeout=SLOWLY)
    return result.inner_text()


def _enrol(page: Page) -> None:
    """Agree and take three photos, each of another pose."""
    page.goto("/faces/me/")
    page.get_by_role("link", name="了解人脸打卡").click()
    expect(page.locator("dl.hr-face-text")).to_contain_text("其他方式同样有效")
    page.get_by_role("button", name="同意，并登记人脸").click()
    page.wait_for_url("**/faces/me/enrol/")
    shoot = page.get_by_role("button", name="拍一张")
    for _ in range(3):
        shoot.click()
        page.wait_for_timeout(1300)
    expect(shoot).to_be_hidden()
    page.get_by_role("button", name="提交登记").click()


def test_from_consent_to_recognition_and_back(with_camera):
    page = with_camera([selfie(COLLINS, **pose) for pose in POSES])
    _enrol(page)
    page.wait_for_url("**/faces/me/")
    expect(page.get_by_text("已登记").first).to_be_visible()

    # A photo held still, though of the right person.
    assert "没有看到转头" in _try(page)

    # The right person turns as asked; once more with the very same film is a replay.
    page = with_camera(_turning(COLLINS))
    assert "通过" in _try(page)
    assert "几乎相同" in _try(page)

    # Another person.
    page = with_camera(_turning(HOPPER))
    assert "不符" in _try(page)

    # Withdrawing is one step, and nothing is left.
    page.goto("/faces/me/")
    page.get_by_role("button", name="撤回同意并删除").click()
    page.locator("dialog[open]").get_by_role("button", name="撤回同意并删除").click()
    expect(page.get_by_text("系统中没有您的人脸数据")).to_be_visible()
