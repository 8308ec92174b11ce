"""The lock files: what one contains, those built on it contain too, at the same version."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[1] / "requirements"


def _pins(name: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+==[^ \\]+)", (REQUIREMENTS / f"{name}.txt").read_text(), re.MULTILINE))


@pytest.mark.parametrize(("smaller", "larger"), [("base", "build"), ("build", "dev")])
def test_a_lock_contains_the_one_it_builds_on(smaller: str, larger: str) -> None:
    assert _pins(smaller) - _pins(larger) == set()
    assert len(_pins(smaller)) > 60
