"""Computing a cycle: whom, from which figures, to which scores. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

import polars as pl

from zhiheng.calckit.formula import Outcome
from zhiheng.goals.public import TargetRow, targets_as_of
from zhiheng.metrics.public import MetricInfo, compute_values, metrics_of_versions, metrics_with_inputs
from zhiheng.metrics.public import Subject as Place
from zhiheng.people.public import assignment_frame
from zhiheng.reviews.calc.assess import Assessed, Given, Subject, assess, digest
from zhiheng.reviews.choices import InputSource, ScoreState
from zhiheng.reviews.models import ReviewCycle, ScorecardVersion
from zhiheng.reviews.queries.scorecards import formulas_of


@dataclass(frozen=True)
class Input:
    """An input of a score with its evidence: records of a metric, or the revision of a goal."""

    name: str
    source: str
    code: str
    value: Decimal | None
    outcome: Outcome
    digest: str
    record_ids: tuple[UUID, ...] = ()
    goal_revision_id: UUID | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what is kept in the score; the records are kept in the observation."""
        return {
            "name": self.name,
            "source": self.source,
            "code": self.code,
            "value": None if self.value is None else _plain(self.value),
            "outcome": self.outcome.name,
            "digest": self.digest,
            "goal_revision_id": str(self.goal_revision_id) if self.goal_revision_id else None,
        }


@dataclass(frozen=True)
class Assessment:
    """Everything that computing a cycle comes to; ``rows`` pairs each score with its inputs."""

    places: tuple[Place, ...]
    rows: tuple[tuple[Assessed, tuple[Input, ...]], ...]
    metrics: dict[str, MetricInfo]
    values: dict[str, pl.DataFrame]
    version_hash: str

    @cached_property
    def inputs_hash(self) -> str:
        """Return the SHA-256 of all that the scores were computed from."""
        definitions = {code: info.definition.digest for code, info in self.metrics.items()}
        given = [
            [str(place.person_id), [each.as_dict() for each in mine]]
            for place, (_row, mine) in zip(self.places, self.rows, strict=True)
        ]
        return digest([self.version_hash, definitions, given])

    @cached_property
    def result_hash(self) -> str:
        """Return the SHA-256 of all scores."""
        rows = zip(self.rows, self.places, strict=True)
        return digest([score_content(row, place, mine) for (row, mine), place in rows])


def assess_cycle(
    cycle: ReviewCycle,
    *,
    as_of: dt.datetime | None = None,
    places: Sequence[Place] | None = None,
    explained: Collection[UUID] | None = None,
) -> Assessment:
    """Compute a cycle from the raw records and targets of an instant (None: now).

    A closed cycle uses the metric versions it was closed with. ``places`` are the people to assess with their
    org units; None finds them by the scorecard. ``explained`` are the people whose records and traces are
    wanted (None: everybody's), which takes longer than the scores themselves.
    """
    version = cycle.scorecard_version
    metrics = _metrics_of(cycle, version)
    targets = _targets(cycle, version, as_of)
    everybody = list(places) if places is not None else _who(cycle, version, targets)
    people = sorted({str(each.person_id) for each in everybody})
    definitions = {code: info.definition for code, info in metrics.items()}
    period = cycle.period
    shown = None if explained is None else {str(each) for each in explained}
    values = compute_values(
        definitions, period.period_from, period.period_to, people, as_of=as_of, records_of=shown
    )
    if places is None and not targets and not any(version.applies_to.values()):
        everybody = _with_records(everybody, values)
        values = {code: _only(frame, everybody) for code, frame in values.items()}
    everybody.sort(key=lambda each: str(each.person_id))
    inputs = _inputs(version, everybody, values, targets)
    subjects = [
        Subject(
            str(place.person_id),
            str(place.org_unit_id),
            tuple(Given(each.name, each.value, each.outcome) for each in mine),
        )
        for place, mine in zip(everybody, inputs, strict=True)
    ]
    assessed = assess(formulas_of(version), subjects, version.places, traced=shown)
    rows = tuple(zip(assessed, inputs, strict=True))
    return Assessment(tuple(everybody), rows, metrics, values, version.definition_hash)


def score_content(row: Assessed, place: Place, inputs: Sequence[Input]) -> dict[str, Any]:
    """Return everything that a score says, as plain data: what its hash is taken of."""
    return content_of(
        place,
        state_of(row),
        row.value,
        (row.rank, row.rank_in_unit),
        [each.as_dict() for each in inputs],
        list(row.trace),
    )


def content_of(place, state: str, value: Decimal | None, ranks, inputs: list, trace: list) -> dict[str, Any]:
    """Return the content of a score from its parts, computed or stored."""
    return {
        "person": str(place.person_id),
        "org_unit": str(place.org_unit_id),
        "legal_entity": str(place.legal_entity_id),
        "state": str(state),
        "value": None if value is None else _plain(value),
        "rank": ranks[0],
        "rank_in_unit": ranks[1],
        "inputs": inputs,
        "trace": trace,
    }


def state_of(row: Assessed) -> str:
    """Return the state of a score."""
    return (ScoreState.SCORED if row.outcome is Outcome.OK else ScoreState.NOT_ASSESSABLE).value


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _metrics_of(cycle: ReviewCycle, version: ScorecardVersion) -> dict[str, MetricInfo]:
    if cycle.metric_versions:
        return metrics_of_versions(UUID(each) for each in cycle.metric_versions.values())
    return metrics_with_inputs(
        each["code"] for each in version.inputs if each["source"] == InputSource.METRIC
    )


def _targets(
    cycle: ReviewCycle, version: ScorecardVersion, as_of: dt.datetime | None
) -> dict[tuple[str, UUID], TargetRow]:
    codes = {each["code"] for each in version.inputs if each["source"] == InputSource.GOAL}
    rows = targets_as_of(cycle.period_id, codes, as_of) if codes else []
    return {(row.metric_code, row.person_id): row for row in rows}


def _who(
    cycle: ReviewCycle, version: ScorecardVersion, targets: dict[tuple[str, UUID], TargetRow]
) -> list[Place]:
    applies = {key: set(ids) for key, ids in version.applies_to.items() if ids}
    if targets and not applies:
        rows = {row.person_id: row for row in targets.values()}
        return [Place(row.person_id, row.org_unit_id, row.legal_entity_id) for row in rows.values()]
    last = cycle.period.period_to - dt.timedelta(days=1)
    spells = assignment_frame().filter(
        pl.col("valid_from") <= last, pl.col("valid_to").is_null() | (pl.col("valid_to") > last)
    )
    if applies:
        columns = {"positions": "position_id", "org_units": "org_unit_id", "persons": "person_id"}
        wanted = [pl.col(columns[key]).is_in(sorted(ids)) for key, ids in applies.items()]
        spells = spells.filter(pl.any_horizontal(wanted))
    rows = spells.unique("person_id", keep="first", maintain_order=True)
    return [
        Place(UUID(row["person_id"]), UUID(row["org_unit_id"]), UUID(row["legal_entity_id"]))
        for row in rows.iter_rows(named=True)
    ]


def _with_records(places: Sequence[Place], values: dict[str, pl.DataFrame]) -> list[Place]:
    """Return those who have a record behind one of the values."""
    people: set[str] = set()
    for frame in values.values():
        people |= set(frame.filter(pl.col("record_count") > 0)["person_id"])
    return [each for each in places if str(each.person_id) in people]


def _only(frame: pl.DataFrame, places: Sequence[Place]) -> pl.DataFrame:
    return frame.filter(pl.col("person_id").is_in([str(each.person_id) for each in places]))


def _inputs(
    version: ScorecardVersion,
    places: Sequence[Place],
    values: dict[str, pl.DataFrame],
    targets: dict[tuple[str, UUID], TargetRow],
) -> list[tuple[Input, ...]]:
    rows = {
        (code, row["person_id"]): row for code, frame in values.items() for row in frame.iter_rows(named=True)
    }
    return [
        tuple(
            _metric_input(each, rows[each["code"], str(place.person_id)])
            if each["source"] == InputSource.METRIC
            else _goal_input(each, targets.get((each["code"], place.person_id)))
            for each in version.inputs
        )
        for place in places
    ]


def _metric_input(declared: dict[str, str], row: dict[str, Any]) -> Input:
    outcome = Outcome[row["outcome"]]
    ids = tuple(map(UUID, row["record_ids"]))
    return Input(
        declared["name"], declared["source"], declared["code"], row["value"], outcome, row["digest"], ids
    )


def _goal_input(declared: dict[str, str], target: TargetRow | None) -> Input:
    head = (declared["name"], declared["source"], declared["code"])
    if target is None:
        return Input(*head, None, Outcome.MISSING, "")
    return Input(*head, target.target, Outcome.OK, str(target.revision_id), (), target.revision_id)
