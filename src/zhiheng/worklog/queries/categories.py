"""Kinds of work: the built-in ones, as the company sees them, and its own."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.tenancy.naming import in_reader_language
from zhiheng.worklog.choices import EFFECTIVE_BY_DEFAULT, FLOWS_IN, BuiltinCategory
from zhiheng.worklog.models import WorkCategory


@dataclass(frozen=True)
class CategoryInfo:
    """A kind of work. ``flows_in``: comes from visits and timesheets, nobody enters it by hand."""

    code: str
    label: str
    is_effective: bool
    is_active: bool = True
    is_builtin: bool = False

    @property
    def flows_in(self) -> bool:
        """Tell whether nobody enters it by hand."""
        return self.code in FLOWS_IN


def categories() -> dict[str, CategoryInfo]:
    """Return all kinds of work of the tenant in force, built-in ones first, retired ones too."""
    own = {row.code: row for row in WorkCategory.objects.all()}
    found = {}
    for builtin in BuiltinCategory:
        row = own.pop(builtin.value, None)
        found[builtin.value] = CategoryInfo(
            builtin.value,
            row.label if row else str(builtin.label),
            row.is_effective if row else builtin in EFFECTIVE_BY_DEFAULT,
            row.is_active if row else True,
            is_builtin=True,
        )
    for row in own.values():
        label = in_reader_language(row.name, row.name_en)
        found[row.code] = CategoryInfo(row.code, label, row.is_effective, row.is_active)
    return found


def categories_to_enter() -> list[CategoryInfo]:
    """Return the kinds of work that people enter by hand."""
    return [each for each in categories().values() if each.is_active and not each.flows_in]


def effective_codes(known: dict[str, CategoryInfo]) -> frozenset[str]:
    """Return the codes that count as effective working time."""
    return frozenset(code for code, each in known.items() if each.is_effective)
