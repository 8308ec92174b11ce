"""Loads the AdventureWorks example through importer and services, as its company.toml says."""

from __future__ import annotations

import tomllib
from pathlib import Path

from zhiheng.access.actor import Actor
from zhiheng.dataimport.services import import_file
from zhiheng.integrations.services.streams import create_source, create_stream
from zhiheng.metrics.queries.definitions import period_by_code
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.reviews.services.cycles import open_cycle
from zhiheng.reviews.services.scorecards import create_scorecard
from zhiheng.tenancy.models import LegalEntity

EXAMPLE = Path(__file__).parents[2] / "examples" / "adventureworks"
COMPANY = tomllib.loads((EXAMPLE / "company.toml").read_text(encoding="utf-8"))


def load_company(actor: Actor) -> dict[str, object]:
    """Load everything and open a cycle a period; returns cycle ids by period code. In a tenant context."""
    for each in COMPANY["legal_entity"]:
        LegalEntity.objects.create(**each)
    _define(actor)
    for each in COMPANY["import"]:
        suffix = f":{COMPANY['goal']['metric']}" if each["target"] == "goals.goal" else ""
        file = EXAMPLE / each["file"]
        report = import_file(actor, each["target"] + suffix, name=file.name, content=file.read_bytes())
        assert report.is_committed, report.issues[:5]
    return _open_cycles(actor)


def _define(actor: Actor) -> None:
    source = create_source(actor=actor, code="erp", name="ERP", kind="erp")
    for each in COMPANY["stream"]:
        create_stream(
            actor=actor, source_id=source, code=each["code"], name=each["name"], name_en=each["name_en"],
            fields=each["fields"], key_fields=each["key"], occurred_field=each["at"],
            subject_field=each["subject"],
        )  # fmt: skip
    for each in COMPANY["period"]:
        create_period(
            actor=actor, code=each["code"], name=each["name"], name_en=each["name_en"],
            period_from=each["from"], period_to=each["to"], calendar=COMPANY["calendar"]["kind"],
        )  # fmt: skip
    for each in COMPANY["metric"]:
        create_metric(actor=actor, **each)


def _open_cycles(actor: Actor) -> dict[str, object]:
    card = {
        key: value
        for key, value in COMPANY["scorecard"].items()
        if key not in ("is_ready", "missing", "source")
    }
    scorecard = create_scorecard(actor=actor, **card)
    return {
        each["code"]: open_cycle(
            actor=actor, period_id=period_by_code(each["code"]).id, scorecard_id=scorecard
        )
        for each in COMPANY["period"]
    }
