"""Every verb that a service records has a name that people understand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiheng.audit.queries.labels import verb_label

SOURCES = (Path(__file__).parents[2] / "src" / "zhiheng").rglob("services/*.py")
VERBS = sorted(
    {verb for path in SOURCES for verb in re.findall(r'"([a-z]+\.[a-z_]+\.[a-z_]+)"', path.read_text())}
    # Names of other things.
    - {
        "zhiheng.jobs.run",
        "zhiheng.terminals.key",
        "zhiheng.connectors.sync",
        "zhiheng.connectors.map",
        "zhiheng.connectors.retry",
        "face.jpg.sealed",
    }
)


@pytest.mark.parametrize("verb", VERBS)
def test_the_verb_is_named(verb):
    assert re.fullmatch(r"[^a-z_.]+ · [^a-z_.]+", verb_label(verb).replace("API", ""))
