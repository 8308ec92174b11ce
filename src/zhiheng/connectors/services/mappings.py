"""Turning raw rows into records by a company's own rules, and solving the rows that could not be.

A mapping goes through the rows of its feed in the order in which they changed, in transactions of up to `BATCH` rows,
and keeps its place in each. A row makes one record or none: one that the conditions leave out, or that its source
deleted, withdraws the record it made before; one in trouble keeps it and waits in the queue. Doing a row again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.calckit.formula import FormulaError
from zhiheng.connectors.calc.mapping import (
    LONGEST_KEY,
    OPERATORS,
    Excluded,
    Rules,
    Target,
    Trouble,
    map_row,
    problems_of,
)
from zhiheng.connectors.choices import CaseState, Problem
from zhiheng.connectors.models import Answer, Mapping, UnmatchedRow
from zhiheng.connectors.queries.mappings import (
    People,
    Row,
    case_for_change,
    feed_for_change,
    latest_mappings,
    mapping_of,
    newest_rows,
    open_row_ids,
    rows_after,
    rows_with_ids,
    same_cases,
    stream_or_404,
    targets_of,
    waiting_count,
    zone_of_tenant,
)
from zhiheng.integrations.public import (
    Fact,
    StreamInfo,
    all_streams,
    canonical_streams,
    create_stream,
    facts_of_nobody,
    origins_of_keys,
    put_records,
    record_key,
    stream_by_id,
)
from zhiheng.metrics.public import formula_message
from zhiheng.people.public import person_ids_by_number
from zhiheng.tenancy.context import tenant_context

MAP_TASK = "zhiheng.connectors.map"
RETRY_TASK = "zhiheng.connectors.retry"
BATCH = 2_000
PREVIEWED = 20


@dataclass(frozen=True)
class Previewed:
    """What a row would become: values by field, or what is in the way; neither for one that is left out."""

    row: Row
    values: Values[str, Any] | None = None
    trouble: Trouble | None = None


@dataclass
class _Outcome:
    """What a portion of rows comes to."""

    facts: list[Fact] = field(default_factory=list)
    troubles: dict[UUID, Trouble] = field(default_factory=dict)
    done: set[UUID] = field(default_factory=set)


# --- Rules ------------------------------------------------------------------------------------------------------


def ensure_canonical_stream(*, actor: Actor, feed_id: UUID, code: str) -> UUID:
    """Return the stream of a canonical form, declared for the feed's source where it is missing; 404 for none such."""
    feed = feed_for_change(actor, feed_id)
    known = next((each for each in all_streams() if each.code == code), None)
    if known:
        return known.id
    form = canonical_streams().get(code)
    if form is None:
        raise ValidationError(_("没有这种标准数据流。"))
    return create_stream(actor=actor, source_id=feed.connection.source_id, code=code, **form.declaration)


def save_mapping(*, actor: Actor, feed_id: UUID, stream_id: UUID, rules: Rules) -> Mapping:
    """Let rules hold from now on, as a new version if they differ, and map all rows by them.

    ValidationError by field of the stream. What became of rows before changes only by new revisions.
    """
    feed = feed_for_change(actor, feed_id)
    stream = stream_or_404(stream_id)
    check_rules(rules, targets_of(stream))
    before = mapping_of(feed_id, stream_id)
    if before and before.is_active and before.rules == rules.data:
        return before
    made = Mapping.objects.create(
        feed=feed, stream_id=stream_id, version=before.version + 1 if before else 1, rules=rules.data,
        created_by=actor.name,
    )  # fmt: skip
    payload = {"feed": feed.code, "stream": stream.code, "version": made.version}
    record(actor, "connectors.mapping.save", subject=("connectors.mapping", made.id), payload=payload)
    _queue(made)
    return made


def stop_mapping(*, actor: Actor, feed_id: UUID, stream_id: UUID) -> None:
    """Map no more rows until somebody saves the rules again; records stay."""
    feed_for_change(actor, feed_id)
    mapping = mapping_of(feed_id, stream_id)
    if mapping and mapping.is_active:
        mapping.is_active = False
        mapping.save(update_fields=["is_active"])
        record(actor, "connectors.mapping.stop", subject=("connectors.mapping", mapping.id), payload={})


def check_rules(rules: Rules, targets: Sequence[Target]) -> None:
    """ValidationError by field for rules that cannot work."""
    said = {
        "kind": _("没有这种来源。"),
        "empty": _("请填写字段、固定值或公式。"),
        "missing": _("这个字段必须有来源，它决定记录是哪一条、在哪一天、属于谁。"),
        "not_a_number": _("公式只能用于数字字段。"),
    }
    wrong = {
        name: [formula_message(problem) if isinstance(problem, FormulaError) else said[problem]]
        for name, problem in problems_of(rules, targets).items()
    }
    if any(not each.path.strip() or each.operator not in OPERATORS for each in rules.conditions):
        wrong["conditions"] = [_("条件不完整：请选择字段和比较方式。")]
    if wrong:
        raise ValidationError(wrong)


def preview_mapping(*, actor: Actor, feed_id: UUID, stream_id: UUID, rules: Rules) -> list[Previewed]:
    """Return what the newest rows would become; ValidationError as `save_mapping`. Writes nothing."""
    feed = feed_for_change(actor, feed_id)
    stream = stream_or_404(stream_id)
    check_rules(rules, targets_of(stream))
    rows = newest_rows(feed_id, PREVIEWED)
    outcome = _map(rows, rules, stream, People(feed.connection_id), zone_of_tenant())
    values = {fact.origin[0]: fact.values for fact in outcome.facts if fact.origin}
    return [Previewed(row, values.get(row.id), outcome.troubles.get(row.id)) for row in rows]


# --- Applying ---------------------------------------------------------------------------------------------------


def queue_mappings_of(feed_id: UUID) -> None:
    """Queue the mappings of a feed whose rows changed."""
    for mapping in latest_mappings(feed_id=feed_id):
        if mapping.is_active:
            _queue(mapping)


def queue_waiting() -> int:
    """Queue the mappings of the tenant in force that rows wait for; return how many."""
    waiting = [each for each in latest_mappings() if each.is_active and waiting_count(each)]
    for mapping in waiting:
        _queue(mapping)
    return len(waiting)


def _queue(mapping: Mapping) -> None:
    task = app.configure_task(MAP_TASK, queue="sync", lock=f"mapping {mapping.feed_id} {mapping.stream_id}")
    task.defer(tenant_id=str(mapping.tenant_id), mapping_id=str(mapping.id))


def apply_mapping(*, tenant_id: UUID, mapping_id: UUID) -> int:
    """Map the rows that a mapping has not seen, in transactions of its own; return how many.

    Nothing for a version that a later one replaced or that was stopped.
    """
    count = 0
    while True:
        with tenant_context(tenant_id):
            mapping = _claimed(mapping_id)
            rows = rows_after(mapping, BATCH) if mapping else []
            if mapping is None or not rows:
                return count
            _apply(mapping, rows)
            mapping.done_until, mapping.done_id = rows[-1].changed_at, rows[-1].id
            mapping.save(update_fields=["done_until", "done_id"])
            count += len(rows)


def retry_rows(*, tenant_id: UUID, mapping_id: UUID, value: str | None) -> int:
    """Map the rows that wait again, those with a value or all, in transactions of its own; return how many."""
    count = 0
    with tenant_context(tenant_id):
        mapping = Mapping.objects.get(id=mapping_id)
        portions = list(open_row_ids(mapping, value, BATCH))
    for row_ids in portions:
        with tenant_context(tenant_id):
            count += _retry(mapping_id, row_ids)
    return count


def _retry(mapping_id: UUID, row_ids: Sequence[UUID]) -> int:
    mapping = _claimed(mapping_id)
    if mapping is None:
        return 0
    _apply(mapping, rows_with_ids(row_ids))
    return len(row_ids)


def _claimed(mapping_id: UUID) -> Mapping | None:
    """Return a mapping that still holds, locked, so that no other worker maps its rows at the same time."""
    mapping = Mapping.objects.select_for_update(of=("self",)).select_related("feed").get(id=mapping_id)
    latest = mapping_of(mapping.feed_id, mapping.stream_id)
    return mapping if mapping.is_active and latest and latest.id == mapping.id else None


def _apply(mapping: Mapping, rows: Sequence[Row]) -> None:
    stream = stream_by_id(mapping.stream_id)
    outcome = _map(
        rows, Rules.read(mapping.rules), stream, People(mapping.feed.connection_id), zone_of_tenant()
    )
    put_records(stream_code=stream.code, facts=outcome.facts, origins=outcome.done)
    _note_troubles(mapping, outcome)


def _map(rows: Sequence[Row], rules: Rules, stream: StreamInfo, people: People, zone: ZoneInfo) -> _Outcome:
    """Return the facts of rows, what is in the way of others, and which rows are settled."""
    outcome, facts, targets = _Outcome(), [], targets_of(stream)
    for row in rows:
        try:
            if not row.is_deleted:
                values = map_row(rules, targets, row.payload, zone, people.number_of)
                facts.append(Fact(values, origin=(row.id, row.revision)))
        except Trouble as trouble:
            outcome.troubles[row.id] = trouble
        except Excluded:
            pass
    lost = {facts[at].origin[0]: facts[at] for at in facts_of_nobody(stream, facts)}
    for row_id, fact in lost.items():
        number = fact.values[stream.subject_field]
        outcome.troubles[row_id] = Trouble(Problem.UNMATCHED.value, stream.subject_field, str(number or ""))
    _sort_out_keys(stream, [each for each in facts if each.origin[0] not in lost], outcome)
    outcome.done = {row.id for row in rows} - set(outcome.troubles)
    return outcome


def _sort_out_keys(stream: StreamInfo, facts: Sequence[Fact], outcome: _Outcome) -> None:
    """Keep the facts whose keys are theirs alone; the others are in trouble."""
    keys = [record_key(each.values, stream.key_fields) for each in facts]
    holders = origins_of_keys(stream.id, keys)
    taken: set[str] = set()
    for key, fact in zip(keys, facts, strict=True):
        row_id = fact.origin[0]
        if len(key) > LONGEST_KEY:
            outcome.troubles[row_id] = Trouble(
                Problem.TOO_LARGE.value, stream.key_fields[0], key[:LONGEST_KEY]
            )
        elif key in taken or holders.get(key) not in (None, row_id):
            outcome.troubles[row_id] = Trouble(Problem.DUPLICATE.value, stream.key_fields[0], key)
        else:
            taken.add(key)
            outcome.facts.append(fact)


def _note_troubles(mapping: Mapping, outcome: _Outcome) -> None:
    """Open a case for each row in trouble, unless somebody ignored just that; close the cases of those that are not."""
    mine = UnmatchedRow.objects.filter(stream_id=mapping.stream_id, feed_id=mapping.feed_id)
    now = timezone.now()
    mine.filter(row_id__in=outcome.done).exclude(state=CaseState.SOLVED).update(
        state=CaseState.SOLVED, solved_at=now
    )
    if not outcome.troubles:
        return
    ignored = mine.filter(row_id__in=list(outcome.troubles), state=CaseState.IGNORED)
    settled = {
        row_id: tuple(rest) for row_id, *rest in ignored.values_list("row_id", "problem", "field", "value")
    }
    cases = [
        UnmatchedRow(
            feed_id=mapping.feed_id, stream_id=mapping.stream_id, row_id=row_id, problem=each.problem,
            field=each.field, value=each.value, seen_at=now,
        )
        for row_id, each in outcome.troubles.items()
        if settled.get(row_id) != (each.problem, each.field, each.value)
    ]  # fmt: skip
    UnmatchedRow.objects.bulk_create(
        cases, update_conflicts=True, unique_fields=["tenant_id", "row", "stream"],
        update_fields=["problem", "field", "value", "state", "seen_at", "solved_at", "solved_by"],
    )  # fmt: skip


# --- Rows that wait ---------------------------------------------------------------------------------------------


def answer_case(*, actor: Actor, case_id: UUID, number: str) -> int:
    """Say whom a value means, for all rows of the connection; map those that wait for it. Returns how many waited.

    ValidationError for a number that nobody has, and for a case that waits for something else.
    """
    case = case_for_change(actor, case_id)
    if case.problem != Problem.UNMATCHED or not case.value:
        raise ValidationError(_("这一行的问题不是找不到员工，请修改映射规则或来源数据。"))
    person_id = person_ids_by_number([number]).get(number)
    if person_id is None:
        raise ValidationError({"number": [_("没有工号为「{number}」的员工。").format(number=number)]})
    Answer.objects.update_or_create(
        connection_id=case.feed.connection_id, value=case.value,
        defaults={"person_id": person_id, "answered_by": actor.name},
    )  # fmt: skip
    waiting = same_cases(case)
    count = waiting.count()
    waiting.update(solved_by=actor.name)
    payload = {"value": case.value, "number": number, "rows": count}
    record(
        actor,
        "connectors.unmatched_row.answer",
        subject=("connectors.unmatched_row", case.id),
        payload=payload,
    )
    for mapping in latest_mappings(feed__connection_id=case.feed.connection_id):
        _retry_soon(mapping, case.value)
    return count


def ignore_cases(*, actor: Actor, case_id: UUID) -> int:
    """Leave a row and all that wait for the same out until they change; return how many."""
    case = case_for_change(actor, case_id)
    count = same_cases(case).update(state=CaseState.IGNORED, solved_at=timezone.now(), solved_by=actor.name)
    payload = {"problem": case.problem, "value": case.value, "rows": count}
    record(
        actor,
        "connectors.unmatched_row.ignore",
        subject=("connectors.unmatched_row", case.id),
        payload=payload,
    )
    return count


def retry_cases(*, actor: Actor, case_id: UUID) -> None:
    """Map all rows again that wait in the mapping of a case, as after people or data were put right."""
    case = case_for_change(actor, case_id)
    if case.state == CaseState.IGNORED:
        UnmatchedRow.objects.filter(id=case.id).update(state=CaseState.OPEN, solved_at=None, solved_by="")
    mapping = mapping_of(case.feed_id, case.stream_id)
    if mapping:
        _retry_soon(mapping, None)


def _retry_soon(mapping: Mapping, value: str | None) -> None:
    """Map the rows that wait now if they are few, else in the background."""
    portions = open_row_ids(mapping, value, BATCH)
    first = next(portions, [])
    if first and len(first) < BATCH:
        _retry(mapping.id, first)
    elif first:
        task = app.configure_task(
            RETRY_TASK, queue="sync", lock=f"mapping {mapping.feed_id} {mapping.stream_id}"
        )
        task.defer(tenant_id=str(mapping.tenant_id), mapping_id=str(mapping.id), value=value)
