"""Every page the navigation leads to: axe, script errors, width of a phone, and English that is English."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
PHONE = {"width": 390, "height": 844}
# One page of each shape is enough; these shapes are downloads, or have a test of their own (the style page).
PASSED_OVER = re.compile(r"^/(ui/|files/|api/|imports/template/|.*/(export|marked)/$|.*logout)")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
HAN = re.compile(r"[\u4e00-\u9fff]+")
# In English these stay: the mark, the switch to Chinese, names in examples, and formulas in a company's own words.
CHINESE_OF_OURS = {"衡", "中文", "切换到中文"}
DATA = "code, pre, option, input, textarea, .hr-who, .hr-x-input, [lang='zh-CN'], [data-own-words]"


@dataclass
class Findings:
    """What a walk through the pages found: how many pages, and what is wrong where."""

    pages: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def shape(address: str) -> str:
    """Return an address without query and identifiers: pages of one shape share a template."""
    return IDENTIFIER.sub("…", re.split(r"[?#]", address)[0])


def links(page: Page) -> list[str]:
    """Return the addresses of this site that the page links to."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "all => all.map(each => each.getAttribute('href'))"
    )
    return [each for each in found if each.startswith("/") and not PASSED_OVER.match(each)]


def examine(page: Page, findings: Findings, *, is_english: bool = False) -> None:
    """Note what is wrong with the page that is open."""
    place = shape(urlsplit(page.url).path)
    for each in AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        findings.faults.append(f"{place} axe {each['id']}: {each['nodes'][0]['html'][:160]}")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        findings.faults.append(f"{place} is {width} px wide")
    if is_english:
        findings.faults += [f"{place} Chinese: {text}" for text in chinese_of(page)]


def chinese_of(page: Page) -> list[str]:
    """Return the Chinese texts of the interface, data left aside."""
    texts = page.evaluate(
        """(data) => {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            for (let node = walk.nextNode(); node; node = walk.nextNode())
                if (!node.parentElement.closest(`script, style, template, ${data}`)) found.push(node.textContent.trim());
            for (const each of document.querySelectorAll("[aria-label], [title], [placeholder]"))
                if (!each.closest(data))
                    for (const name of ["aria-label", "title", "placeholder"]) found.push(each.getAttribute(name) ?? "");
            return found;
        }""",
        DATA,
    )
    return [
        text[:80] for text in texts if HAN.search(text) and text not in CHINESE_OF_OURS and not is_data(text)
    ]


# Words that the example companies brought: their name and the names in their formulas.
OWN_WORDS = ("（示例）", "达成率", "新客户率", "订单收入", "目标值", "下单客户数", "新客户数", "得分")


def is_data(text: str) -> bool:
    """Say whether all the Chinese of a text is the company's own."""
    for word in OWN_WORDS:
        text = text.replace(word, "")
    return not HAN.search(text)


def walk(page: Page, *, most: int, is_english: bool = False) -> Findings:
    """Follow links from the dashboard, one page of each shape, and examine each."""
    findings, waiting = Findings(), deque(["/"])
    page.on("pageerror", lambda error: findings.faults.append(f"{page.url} script: {error}"))
    while waiting and len(findings.pages) < most:
        address = waiting.popleft()
        if shape(address) in findings.pages:
            continue
        findings.pages.add(shape(address))
        answer = page.goto(address, wait_until="load")
        if answer.status != 200:
            findings.faults.append(f"{shape(address)} answers {answer.status}")
            continue
        examine(page, findings, is_english=is_english)
        waiting.extend(links(page))
    return findings


@pytest.mark.parametrize(
    ("email", "size", "scheme", "language", "most"),
    [
        ("hr@adventure-works.example", None, "light", "en-US", 45),
        ("hr@adventure-works.example", PHONE, "dark", "zh-CN", 34),
        ("linda@adventure-works.example", PHONE, "light", "en-US", 14),
        ("linda@adventure-works.example", None, "dark", "zh-CN", 8),
        ("auditor@adventure-works.example", None, "dark", "en-US", 12),
        ("auditor@adventure-works.example", PHONE, "light", "zh-CN", 10),
    ],
    ids=["hr-pc-light-en", "hr-phone-dark-zh", "employee-phone-light-en", "employee-pc-dark-zh",
         "auditor-pc-dark-en", "auditor-phone-light-zh"],
)  # fmt: skip
def test_every_page(
    sign_in: Callable[..., Page], email: str, size: dict | None, scheme: str, language: str, most: int
):
    page = sign_in(email, scheme=scheme, language=language, **({"size": size} if size else {}))
    findings = walk(page, most=most, is_english=language == "en-US")
    assert findings.faults == []
    assert len(findings.pages) >= 8
