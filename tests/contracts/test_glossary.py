"""Every name of a thing or a page in the interface is a term of the glossary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from zhiheng.access.choices import BuiltinRole, ScopeKind
from zhiheng.web.navigation import PHONE_TABS, SIDEBAR

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
SHORT_TAB_NAMES = {"考勤", "首页", "目标", "考核"}
HAN = re.compile("[\u4e00-\u9fff]")


def glossary_rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] not in ("identifier", "page", "---")]


def terms() -> set[str]:
    """The Chinese terms, also those that stand in a meaning beside their English word."""
    found = set()
    for _identifier, chinese, _english, meaning in glossary_rows():
        found |= set(re.split(r"[，,、/] *| / ", chinese)) | set(re.findall("[\u4e00-\u9fff]+", meaning))
    return {term.strip() for term in found}


def names_of_things() -> dict[str, str]:
    """Where each name in the interface comes from: models, roles, scopes, navigation."""
    with translation.override("zh-hans"):
        found = {
            str(model._meta.verbose_name): model._meta.label
            for model in apps.get_models()
            if model.__module__.startswith("zhiheng.") and HAN.search(str(model._meta.verbose_name))
        }
        found |= {str(each.label): each.name for each in (*BuiltinRole, *ScopeKind)}
        entries = [entry for group in SIDEBAR for entry in group.entries] + list(PHONE_TABS)
        found |= {str(entry.label): entry.url_name for entry in entries}
    return found


def test_every_row_of_the_glossary_has_all_its_cells():
    assert [row for row in glossary_rows() if len(row) != 4 or not all(row[:3])] == []


@pytest.mark.parametrize(("name", "source"), sorted(names_of_things().items()))
def test_name_is_a_term(name, source):
    assert name in terms() | SHORT_TAB_NAMES, f"{source}: add {name} to docs/glossary.md"
