"""Take the README's pictures from a running demo: ``python docs/screenshots.py what-the-demo-printed.txt``.

Run ``zhiheng demo | tee what-the-demo-printed.txt`` in another terminal first; the file gives address and sign-ins.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent
ROSTER = DOCS.parent / "examples" / "trading" / "employees.xlsx"
PC = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
HR = "hr@adventure-works.example"
CLOSED = re.compile("^(2012 年 12 月–2013 年 2 月|Dec 2012–Feb 2013)$")


def dashboard(page: Page) -> None:
    """Open the dashboard, its chart drawn."""
    page.goto("/", wait_until="networkidle")


def goals(page: Page) -> None:
    """Open the live progress of the open period."""
    page.goto("/goals/", wait_until="networkidle")


def ranking(page: Page) -> None:
    """Open the ranking of the last closed period."""
    page.goto("/reviews/")
    page.get_by_role("link", name=CLOSED).click()
    page.wait_for_load_state("networkidle")


def score(page: Page) -> None:
    """Open one score with its formula and inputs."""
    ranking(page)
    page.get_by_role("link", name=re.compile("Linda Mitchell")).first.click()
    page.wait_for_load_state("networkidle")


def import_check(page: Page) -> None:
    """Open the check of a messy roster; nothing is committed."""
    page.goto("/imports/new/?target=people.person")
    page.set_input_files("input[type=file]", ROSTER)
    page.click("main form button[type=submit]")
    page.click(".hr-form-foot button[type=submit]")
    page.locator(".hr-kpi").first.wait_for()
    page.wait_for_load_state("networkidle")


def org_chart(page: Page) -> None:
    """Open the org chart."""
    page.goto("/people/org/", wait_until="networkidle")


def my_score(page: Page) -> None:
    """Open the own score on a phone."""
    page.goto("/reviews/me/")
    page.locator("select[name=cycle]").select_option(index=1)
    page.wait_for_load_state("networkidle")


def month(page: Page) -> None:
    """Open the sheet of the month before this one."""
    page.goto("/attendance/months/")
    page.locator(".hr-toolbar a.icon-only").first.click()
    page.wait_for_load_state("networkidle")


def work_log(page: Page) -> None:
    """Open where the time of field staff goes."""
    page.goto("/worklog/", wait_until="networkidle")


# File, who is signed in, size of the window, what to open; the first seven in English too, as name-en.png.
PICTURES: tuple[tuple[str, str, dict, Callable[[Page], None]], ...] = (
    ("dashboard", HR, PC, dashboard),
    ("goals", HR, PC, goals),
    ("ranking", HR, PC, ranking),
    ("score", HR, PC, score),
    ("import", "hr@qinghe.example", PC, import_check),
    ("month", "hr@panshi.example", PC, month),
    ("worklog", "hr@qinghe.example", PC, work_log),
    ("org-chart", HR, PC, org_chart),
    ("my-score", "linda@adventure-works.example", PHONE, my_score),
)
IN_ENGLISH = 7


@contextmanager
def signed_in(
    browser: Browser, url: str, account: tuple[str, str], size: dict, language: str
) -> Iterator[Page]:
    """Open a page of its own for a demo account (e-mail, password), light."""
    context = browser.new_context(
        viewport=size, base_url=url, locale=language, is_mobile=size == PHONE, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", account[0])
    page.fill("input[name=password]", account[1])
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_url(lambda address: "/login" not in address)
    yield page
    context.close()


def take_picture(
    browser: Browser,
    url: str,
    account: tuple[str, str],
    size: dict,
    show: Callable[[Page], None],
    name: str,
    language: str,
) -> None:
    """Write one picture."""
    with signed_in(browser, url, account, size, language) as page:
        show(page)
        page.locator(".hr-toast").evaluate_all("toasts => toasts.forEach(each => each.remove())")
        page.screenshot(path=DOCS / "images" / f"{name}.png")
        print(f"docs/images/{name}.png")


def take_pictures(url: str, sign_ins: dict[str, str]) -> None:
    """Write every picture to docs/images."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    (DOCS / "images").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, email, size, show in PICTURES:
            take_picture(browser, url, (email, sign_ins[email]), size, show, name, "zh-CN")
        for name, email, size, show in PICTURES[:IN_ENGLISH]:
            take_picture(browser, url, (email, sign_ins[email]), size, show, f"{name}-en", "en-US")
        browser.close()


if __name__ == "__main__":
    printed = Path(sys.argv[1]).read_text(encoding="utf-8")
    take_pictures(
        re.findall(r"http://localhost:\d+", printed)[-1],
        dict(re.findall(r"(\S+@\S+\.example)\s+(\S{12,})", printed)),
    )
