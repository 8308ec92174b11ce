"""The loop on the real company's data: targets, live progress, closing, and a score opened down to its orders."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

EXPECTED = json.loads(
    (Path(__file__).resolve().parents[1] / "golden" / "adventureworks_expected.json").read_text(
        encoding="utf-8"
    )
)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HR = "hr@adventure-works.example"
PHONE = {"width": 390, "height": 844}
CLOSED = ("2012-11-30", "2012 年 12 月–2013 年 2 月")
LIVE = ("2013-02-28", "2013 年 3–5 月")


def rows_of(period: str, **wanted: str) -> list[dict]:
    """Return what the files give for a period, computed apart from the product."""
    return [
        each
        for each in EXPECTED["rows"]
        if each["period"] == period and all(each[name] == value for name, value in wanted.items())
    ]


def row_of(period: str, employee: str) -> dict:
    """Return what the files give for one person."""
    (row,) = rows_of(period, employee_id=employee)
    return row


def line_of_order(number: str) -> str:
    """Return the line of an order in the imported file; the header is line 1."""
    lines = (EXAMPLES / "adventureworks" / "orders.csv").read_text(encoding="utf-8-sig").splitlines()
    return next(str(line) for line, text in enumerate(lines, start=1) if text.startswith(f"{number},"))


def points(row: dict) -> str:
    """Return a score as pages show it: 0.8453 reads 84.53."""
    return f"{Decimal(row['score']) * 100:.2f}"


def open_cycle(page: Page, label: str) -> None:
    """Open a review cycle from the list."""
    page.goto("/reviews/")
    page.get_by_role("link", name=label, exact=True).click()
    expect(page.locator("h1")).to_contain_text(label)


def ranking(page: Page) -> dict[str, str]:
    """Return the scores shown, by employee number."""
    shown = {}
    for row in page.locator(".hr-ranking tbody tr").all():
        number = row.locator(".hr-who small, .hr-who .hr-sub, .hr-who .note").first.inner_text().strip()
        shown[number] = row.locator("a.hr-strong").inner_text().strip()
    return shown


def test_hr_opens_a_score_down_to_the_orders(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    open_cycle(page, CLOSED[1])
    assert page.locator(".hr-card .head h2").all_inner_texts() == ["Sales", "Sales Europe"]
    assert ranking(page) == {each["employee_id"]: points(each) for each in rows_of(CLOSED[0])}

    linda = row_of(CLOSED[0], "276")
    page.get_by_role("link", name=re.compile("Linda Mitchell")).first.click()
    expect(page.locator(".hr-score-hero .figure")).to_have_text(points(linda))
    expect(page.locator(".hr-explain")).to_contain_text("MIN(达成率, 150%)×80% + 新客户率×20%")
    source = page.locator(".hr-sources li", has=page.get_by_text("订单收入", exact=True))
    source.get_by_role("link", name="41 条记录").click()
    evidence = page.locator("#evidence")
    expect(evidence.locator("tbody tr")).to_have_count(linda["orders"])
    orders = [
        Decimal(each.replace(",", "")) for each in evidence.locator("tbody td:last-child").all_inner_texts()
    ]
    assert sum(orders) == Decimal(linda["revenue"])
    assert evidence.locator("tfoot strong").inner_text().replace(",", "") == linda["revenue"]
    expect(evidence.locator("tfoot")).to_contain_text("与得分所用的数一致")
    assert linda["revenue"] in source.inner_text().replace(",", "")

    number = evidence.locator("tbody a").first.inner_text()
    evidence.locator("tbody a").first.click()
    expect(page.locator("dt", has_text="文件行号").locator("+ dd")).to_have_text(line_of_order(number))


def test_progress_is_live(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    page.goto("/goals/")
    expect(page.locator("main")).to_contain_text(f"{LIVE[1]} · 数据截至 2013-04-30")
    linda = row_of(LIVE[0], "276")
    row = page.get_by_role("row", name=re.compile("Linda Mitchell"))
    expect(row).to_contain_text(f"{Decimal(linda['target']):,}")
    assert f"{Decimal(linda['revenue']):,.4f}"[:-2] in row.inner_text()
    row.get_by_role("link", name="明细").click()
    expect(page.locator("table tbody tr")).to_have_count(linda["orders"])


def test_a_head_sees_only_the_own_part(sign_in: Callable[..., Page]):
    page = sign_in("europe.head@adventure-works.example")
    open_cycle(page, CLOSED[1])
    europe = rows_of(CLOSED[0], org_unit_code="3-EU")
    assert ranking(page) == {each["employee_id"]: points(each) for each in europe}
    page.goto("/people/")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.goto("/goals/")
    expect(page.locator("tbody tr")).to_have_count(len(europe))
    page.goto("/search/?q=linda")
    expect(page.locator("main")).to_contain_text("没有找到“linda”")


@pytest.mark.parametrize(("address", "shown"), [("/goals/me/", "94.7%"), ("/reviews/me/", "72.15")])
def test_an_employee_reads_the_own_goal_and_score_on_a_phone(
    sign_in: Callable[..., Page], address: str, shown: str
):
    page = sign_in("linda@adventure-works.example", size=PHONE)
    page.goto(address)
    if address == "/reviews/me/":
        page.locator("select[name=cycle]").select_option(label=CLOSED[1])
    figure = page.locator(".hr-kpi-figure, .hr-score-hero .figure").first
    expect(figure).to_have_text(shown)
    assert figure.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(node => node.childNodes.length && node.offsetParent"
        " && [...node.childNodes].some(each => each.nodeType === 3 && each.textContent.trim())"
        " && parseFloat(getComputedStyle(node).fontSize) < 12).map(node => node.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_closing_seals_the_scores(sign_in: Callable[..., Page]):
    """The manufacturer closes its open period; afterwards nothing offers to change it."""
    page = sign_in("hr@panshi.example")
    page.goto("/reviews/")
    row = page.get_by_role("row", name=re.compile("进行中")).first
    if not row.count():
        pytest.skip("closed by an earlier run against the same demo")
    row.get_by_role("link").first.click()
    before = ranking(page)
    page.get_by_role("button", name="关闭考核周期").click()
    dialog = page.locator("#hr-confirm")
    expect(dialog).to_contain_text("之后不能更改")
    dialog.get_by_role("button", name="关闭考核周期").click()
    expect(page.locator("main")).to_contain_text("考核周期已关闭，得分与依据已封存。", timeout=30_000)
    page.goto(page.url.partition("?")[0])
    expect(page.locator(".hr-seal")).to_contain_text("封存，结果指纹")
    expect(page.get_by_role("button", name="关闭考核周期")).to_have_count(0)
    assert ranking(page) == before
    page.get_by_role("button", name="复算验证").click()
    expect(page.locator(".hr-toast, main .hr-alert").first).to_contain_text("一致")


def test_the_ranking_prints_without_the_shell(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    open_cycle(page, CLOSED[1])
    page.emulate_media(media="print")
    for hidden in (".hr-top", "#hr-side", ".hr-page-head .actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".hr-print-head")).to_be_visible()
    expect(page.locator(".hr-ranking").first).to_be_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"
