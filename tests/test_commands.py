"""The demo and the commands, on a database of their own: what they print is what people rely on."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from zhiheng import commands, demo
from zhiheng.access.models import User
from zhiheng.audit.public import Finding
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant

EXAMPLES = Path(__file__).parents[1] / "examples"
SIGN_IN = re.compile(r"(\S+@\S+\.example)\s+(\S{16})$", re.MULTILINE)


def run(command, *arguments, **options) -> tuple[object, str]:
    """Run a command; return its exit code and what it printed."""
    console = Console(file=io.StringIO(), width=200)
    code = command(console, *arguments, **options)
    return code, console.file.getvalue()


def bar() -> Progress:
    return Progress(console=Console(file=io.StringIO()))


@pytest.fixture(scope="module")
def loaded(module_db) -> str:
    """Load the demo; return what it printed."""
    _code, output = run(demo.run_demo, bar, url="http://localhost:8000")
    return output


def test_the_demo_prints_the_ranking_of_each_closed_cycle(loaded):
    assert "Adventure Works Cycles（示例） · 2012 年 12 月–2013 年 2 月" in loaded
    assert re.search(r"Sales\s+│\s+1 │ David Campbell 283\s+│\s+110\.98 │", loaded)
    assert "磐石机械（示例）" in loaded


def test_the_demo_prints_sign_ins_that_work(loaded):
    sign_ins = dict(SIGN_IN.findall(loaded))
    assert len(sign_ins) == 21
    assert len(set(sign_ins.values())) == 21
    assert all(
        User.objects.get(email=email).check_password(word) for email, word in list(sign_ins.items())[:3]
    )


def test_loading_again_makes_nothing_twice_and_renews_the_passwords(loaded):
    _code, again = run(demo.run_demo, bar, url="http://localhost:8000")
    assert sorted(Tenant.objects.values_list("slug", flat=True)) == [
        "adventure-works", "panshi-machinery", "qinghe-trading", "yunshan-research",
    ]  # fmt: skip
    assert set(dict(SIGN_IN.findall(again))) == set(dict(SIGN_IN.findall(loaded)))
    assert set(SIGN_IN.findall(again)).isdisjoint(SIGN_IN.findall(loaded))


def test_closing_a_closed_period_again_changes_nothing(loaded):
    code, output = run(commands.close_review_cycle, "2012-11-30", "adventure-works")
    assert code == 0
    assert "was closed before" in output
    assert "David Campbell" in output


def test_closing_the_open_period_prints_its_ranking(loaded):
    code, output = run(commands.close_review_cycle, "2013-02-28", "adventure-works")
    assert code == 0
    assert "已关闭 closed" in output


def test_closing_asks_for_a_period_and_a_company_that_exist(loaded):
    assert run(commands.close_review_cycle, "1999", "adventure-works")[0] == 2
    code, output = run(commands.close_review_cycle, "1999", "nobody")
    assert code == 2
    assert "qinghe-trading" in output


def test_importing_unchanged_employees_again_changes_nothing(loaded):
    file = EXAMPLES / "trading" / "employees.xlsx"
    code, output = run(
        commands.import_spreadsheet, bar, "people.person", file, "qinghe-trading", dry_run=True
    )
    assert code == 0
    assert "40 行 rows · 0 错误 errors" in output


def test_importing_reports_the_cell_and_writes_nothing(loaded, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("工号,姓名,入职日期,部门\nX1,张新,2026-02-30,没有这个部门\n")
    code, output = run(
        commands.import_spreadsheet, bar, "people.person", file, "qinghe-trading", dry_run=False
    )
    assert code == 1
    assert "C2" in output
    assert "D2" in output


def test_importing_refuses_what_is_no_table(loaded, tmp_path):
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert (
        run(commands.import_spreadsheet, bar, "people.person", file, "qinghe-trading", dry_run=False)[0] == 1
    )
    assert run(commands.import_spreadsheet, bar, "no.target", file, "qinghe-trading", dry_run=True)[0] == 2
    assert run(commands.import_spreadsheet, bar, "people.person", file, "nobody", dry_run=True)[0] == 2


def test_the_audit_chains_are_sound_also_against_a_head_kept_elsewhere(loaded, tmp_path):
    code, head = run(commands.print_audit_head, "adventure-works")
    assert code == 0
    kept = tmp_path / "heads.jsonl"
    kept.write_text(head)
    assert run(commands.verify_audit, "adventure-works", kept)[0] == 0
    code, output = run(commands.verify_audit, "", None)
    assert (code, output.count("✓")) == (0, 4)


def test_a_bad_heads_file_or_company_is_refused(loaded, tmp_path):
    bad = tmp_path / "heads.jsonl"
    bad.write_text("nonsense\n")
    assert run(commands.verify_audit, "", bad)[0] == 2
    assert run(commands.verify_audit, "nobody", None)[0] == 2
    assert run(commands.print_audit_head, "nobody")[0] == 2


def test_what_is_wrong_with_a_chain_is_printed(loaded, monkeypatch):
    def broken(tenant_id, heads=None):
        return replace(commands_verify(tenant_id, heads), findings=(Finding(3, "modified", 5),))

    commands_verify = commands.verify
    monkeypatch.setattr(commands, "verify", broken)
    code, output = run(commands.verify_audit, "adventure-works", None)
    assert code == 1
    assert "modified: 3–5" in output


def test_a_company_folder_with_a_bad_file_stops_with_the_issue(loaded, tmp_path):
    for path in (EXAMPLES / "research").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = tmp_path / "company.toml"
    config.write_text(
        config.read_text().replace("yunshan-research", "broken").replace("@yunshan", "@broken"),
        encoding="utf-8",
    )
    (tmp_path / "employees.csv").write_text(
        "员工编号,员工姓名,所在部门,入司日期\n1,张三,没有的部门,2020-01-01\n"
    )
    company = demo.Company(tmp_path)
    with pytest.raises(demo.DemoError, match=r"employees\.csv"):
        demo.load(company, bar())
    with tenant_context(company.actor.tenant_id):
        from zhiheng.people.models import Person

        assert Person.objects.count() == 0


def test_the_demo_needs_the_examples(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "EXAMPLES", tmp_path / "none")
    with pytest.raises(demo.DemoError, match="is missing"):
        demo.run_demo(Console(file=io.StringIO()), bar, url="")
