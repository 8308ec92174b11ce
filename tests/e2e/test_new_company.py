"""A new company's first quarter of an hour: sign up, bring the employees in, let a colleague in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "trading"
PASSWORD = "correct-horse-battery-9"


@pytest.fixture
def owner(new_page: Callable[..., Page]) -> Page:
    """The owner of a company signed up just now."""
    page = new_page()
    page.goto("/accounts/signup/")
    page.fill("input[name=company_name]", "青松贸易")
    page.fill("input[name=name]", "林晓")
    page.fill("input[name=email]", f"{uuid4().hex[:8]}@qingsong.example")
    page.fill("input[name=password1]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "/signup/" not in address)
    return page


def upload(page: Page, target: str, file: str) -> None:
    """Walk the wizard up to the mapping of columns."""
    page.goto(f"/imports/new/?target={target}")
    page.set_input_files("input[type=file]", EXAMPLES / file)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("heading", name="对应列", level=1)).to_be_visible()


def check(page: Page) -> None:
    """Go on to the report of the check."""
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.locator(".hr-kpi").first).to_be_visible()


def figures(page: Page) -> list[str]:
    """Return the figures in the cards at the top."""
    return [each.strip() for each in page.locator(".hr-kpi .value").all_inner_texts()]


def commit(page: Page) -> None:
    """Commit; waits for the background job where there is one."""
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_role("heading", name="导入结果", level=1)).to_be_visible(timeout=30_000)


def test_sign_up_import_fix_commit_and_undo(owner: Page):
    expect(owner.get_by_role("heading", name="从这里开始")).to_be_visible()
    assert owner.locator(".hr-start li b").count() == 5

    upload(owner, "people.org_unit", "org_units.csv")
    owner.get_by_label("法人实体", exact=True).select_option(label="不导入")  # a new company has one only
    check(owner)
    assert figures(owner) == ["12", "0", "0", "0"]
    commit(owner)
    assert figures(owner) == ["12", "0", "0", "0"]

    upload(owner, "people.person", "employees.xlsx")
    check(owner)
    assert figures(owner) == ["40", "0", "24", "20"]
    cell = owner.get_by_label("A13 改为")
    assert cell.input_value() == "QH００９"
    cell.fill("QH0099")
    owner.get_by_role("button", name="保存修改并重新检查").click()
    expect(owner.get_by_label("A13 改为")).to_have_count(0)
    assert figures(owner)[1:3] == ["0", "23"]

    owner.get_by_label("接受 23 处修正建议").check()
    commit(owner)
    assert figures(owner) == ["40", "0", "0", "0"]
    owner.goto("/people/?q=QH0099")
    expect(owner.locator("tbody tr")).to_have_count(1)

    owner.go_back()
    owner.get_by_role("button", name="撤销导入").click()
    dialog = owner.locator("#hr-confirm")
    expect(dialog).to_contain_text("撤销导入「employees.xlsx」？")
    dialog.get_by_role("button", name="撤销导入").click()
    expect(owner.locator("main .hr-alert")).to_contain_text("撤销")
    owner.goto("/people/")
    expect(owner.locator("main")).to_contain_text("还没有")


def test_an_invited_colleague_joins_in_another_browser(owner: Page, new_page: Callable[..., Page]):
    owner.goto("/settings/invitations/new/")
    email = f"{uuid4().hex[:8]}@qingsong.example"
    owner.fill("input[name=email]", email)
    owner.locator("select[name=role]").select_option(label="人事")
    owner.get_by_role("button", name="生成邀请链接").click()
    link = owner.locator("#invitation-link").inner_text()

    guest = new_page()
    guest.goto(link)
    expect(guest.locator("h1")).to_have_text("加入青松贸易")
    expect(guest.locator("main")).to_contain_text("您被邀请以「人事」身份加入。")
    guest.fill("input[name=name]", "周静")
    for field in guest.locator("input[type=password]").all():
        field.fill(PASSWORD)
    guest.get_by_role("button", name="加入公司").click()
    guest.wait_for_url(lambda address: "/join/" not in address)
    expect(guest.locator("nav").first).to_contain_text("员工")

    owner.goto("/settings/members/")
    expect(owner.get_by_role("row", name=re.compile("周静"))).to_contain_text("人事")
    again = new_page()
    again.goto(link)
    expect(again.locator("h1")).not_to_have_text("加入青松贸易")
