"""Registering targets, families of them, and sentences."""

import pytest
from django.utils import translation
from tests.dataimport.targets import PersonTarget

from zhiheng.access.permissions import Permission
from zhiheng.dataimport.calc.issue import Issue
from zhiheng.dataimport.calc.target import ImportTarget
from zhiheng.dataimport.choices import ISSUES, REFUSALS, sentence
from zhiheng.dataimport.models import ImportFix, ImportMapping
from zhiheng.dataimport.queries import targets
from zhiheng.dataimport.queries.reports import issue_text


@pytest.fixture
def empty_registry(monkeypatch):
    monkeypatch.setattr(targets, "_targets", {})
    monkeypatch.setattr(targets, "_families", {})


class Somebody:
    """An actor who may do one thing."""

    def __init__(self, code):
        self.code = code

    def can(self, permission):
        return permission.code == self.code


@pytest.mark.usefixtures("empty_registry")
def test_targets_are_known_by_code_once():
    made = targets.register_target(PersonTarget())
    assert targets.target_by_code("test.person") is made
    assert targets.register_target(PersonTarget()) is targets.target_by_code("test.person")
    other = ImportTarget()
    other.code = "test.person"
    with pytest.raises(ValueError, match="twice"):
        targets.register_target(other)
    with pytest.raises(ValueError, match="needs a code"):
        targets.register_target(ImportTarget())
    with pytest.raises(KeyError):
        targets.target_by_code("nothing")


@pytest.mark.usefixtures("empty_registry")
def test_families_make_targets_on_demand():
    permission = Permission("x.read", "x", {})
    family = targets.TargetFamily(
        "stream", lambda name: f"<{name}>", lambda: ["orders"], permission, lambda: ["<orders>"]
    )
    targets.register_family(family)
    targets.register_target(PersonTarget())
    assert targets.target_by_code("stream:orders") == "<orders>"
    assert targets.targets_for_actor(Somebody("x.read")) == ["<orders>"]
    assert targets.target_codes_for_actor(Somebody("x.read")) == ["stream:orders"]
    assert targets.target_codes_for_actor(Somebody("test.person.import")) == ["test.person"]
    assert targets.target_codes_for_actor(Somebody("nothing")) == []


def test_sentences_name_cell_row_or_file():
    assert issue_text(Issue(17, "a", code="required", column=2)) == "C17：必填，不能为空"
    assert (
        issue_text(Issue(17, "a", code="required", column=2), {"a": "姓名"}) == "C17（姓名）：必填，不能为空"
    )
    assert issue_text(Issue(17, "", code="domain", message="部门重叠")) == "第 17 行：部门重叠"
    assert issue_text(Issue(5, "", "warning", "total_row")) == "第 5 行像合计或备注，已跳过"
    assert (
        issue_text(Issue(0, "", code="column_missing", params={"field": "工号"}))
        == "文件里没有必填的列「工号」"
    )
    with translation.override("en"):
        assert (
            issue_text(Issue(17, "a", code="repeated", column=2, params={"says": "C3"})) == "C17: Repeats C3"
        )


def test_missing_parameters_and_codes_do_not_break_sentences():
    assert sentence(ISSUES, "repeated", {}) == "与 {says} 重复"
    assert sentence(REFUSALS, "unknown", {}) == "unknown"


def test_names_of_rows():
    assert str(ImportFix(tenant_id=None, row=3, column=1)) == "3:1"
    assert str(ImportMapping(tenant_id=None, target="t", fingerprint="0123456789")) == "t 01234567"
