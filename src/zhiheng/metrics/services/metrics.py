"""Defining metrics: every change of how one is computed is a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.calckit.formula import Formula, FormulaError
from zhiheng.integrations.public import StreamInfo, stream_by_code
from zhiheng.metrics.calc.combine import order_of
from zhiheng.metrics.calc.definition import Definition, Filter
from zhiheng.metrics.choices import AggregateFunction, Comparison, Direction, MetricKind
from zhiheng.metrics.models import Metric, MetricVersion
from zhiheng.metrics.policies import MANAGE_METRIC
from zhiheng.metrics.queries.definitions import all_metrics, names_for_formulas


def create_metric(
    *,
    actor: Actor,
    code: str,
    name: str,
    name_en: str = "",
    unit: str = "",
    places: int = 2,
    direction: str = Direction.HIGHER,
    stream: str = "",
    aggregate: str = "",
    field: str = "",
    filters: Sequence[Mapping[str, object]] = (),
    formula: str = "",
) -> UUID:
    """Define a metric, either an aggregate over the records of ``stream`` or a ``formula`` of other metrics.

    ValidationError says what is wrong; for a formula it points at the character.
    """
    actor.scope(MANAGE_METRIC)
    definition = check_definition(code, stream, aggregate, field, filters, formula)
    metric = Metric(code=code, name=name, name_en=name_en, unit=unit, places=places, direction=direction)
    metric.full_clean()
    metric.save(force_insert=True)
    version = _add_version(actor, metric, definition)
    payload = {"code": code, "version": 1, "definition": version.definition_hash}
    record(actor, "metrics.metric.create", subject=("metrics.metric", metric.id), payload=payload)
    return metric.id


def ensure_metric(*, actor: Actor, code: str, **definition: Any) -> UUID:
    """Return the metric called ``code``, defining it as `create_metric` does where it is missing."""
    actor.scope(MANAGE_METRIC)
    known = Metric.objects.filter(code=code).values_list("id", flat=True).first()
    return known or create_metric(actor=actor, code=code, **definition)


def redefine_metric(
    *,
    actor: Actor,
    metric_id: UUID,
    stream: str = "",
    aggregate: str = "",
    field: str = "",
    filters: Sequence[Mapping[str, object]] = (),
    formula: str = "",
) -> int:
    """Give a metric a new version and return its number; the same definition again changes nothing."""
    actor.scope(MANAGE_METRIC)
    metric = Metric.objects.select_for_update().get(id=metric_id)
    definition = check_definition(metric.code, stream, aggregate, field, filters, formula)
    current = MetricVersion.objects.get(metric=metric, version=metric.current_version)
    if current.definition_hash == definition.digest:
        return metric.current_version
    metric.current_version += 1
    metric.save(update_fields=["current_version"])
    version = _add_version(actor, metric, definition)
    payload = {"code": metric.code, "version": version.version, "definition": version.definition_hash}
    record(actor, "metrics.metric.redefine", subject=("metrics.metric", metric.id), payload=payload)
    return version.version


def _add_version(actor: Actor, metric: Metric, definition: Definition) -> MetricVersion:
    stream = stream_by_code(definition.stream) if definition.stream else None
    return MetricVersion.objects.create(
        metric=metric,
        version=metric.current_version,
        kind=definition.kind,
        stream_id=stream.id if stream else None,
        aggregate=definition.aggregate,
        field=definition.field,
        filters=[{"field": each.field, "op": each.op, "value": each.value} for each in definition.filters],
        formula=definition.formula,
        inputs=dict(definition.inputs),
        definition_hash=definition.digest,
        created_at=timezone.now(),
        created_by=actor.name,
    )


def check_definition(
    code: str,
    stream: str = "",
    aggregate: str = "",
    field: str = "",
    filters: Sequence[Mapping[str, object]] = (),
    formula: str = "",
) -> Definition:
    """Return the definition, or raise ValidationError with a sentence for the user."""
    if formula.strip():
        return _check_formula(code, formula)
    try:
        info = stream_by_code(stream)
    except LookupError:
        raise ValidationError({"stream": _("没有数据流「{code}」。").format(code=stream)}) from None
    return _check_aggregate(code, info, aggregate, field, filters)


def _check_aggregate(
    code: str, stream: StreamInfo, aggregate: str, field: str, filters: Sequence[Mapping[str, object]]
) -> Definition:
    if aggregate not in AggregateFunction.values:
        raise ValidationError({"aggregate": _("请选择汇总方式。")})
    counted = stream.field(field)
    if aggregate == AggregateFunction.COUNT:
        field = ""
    elif counted is None:
        raise ValidationError(
            {"field": _("数据流「{stream}」没有字段「{field}」。").format(stream=stream.label, field=field)}
        )
    elif aggregate == AggregateFunction.SUM and counted.kind not in ("integer", "decimal"):
        raise ValidationError({"field": _("字段「{field}」不是数字，不能求和。").format(field=counted.shown)})
    kept = []
    for each in filters:
        if stream.field(str(each.get("field"))) is None or each.get("op") not in Comparison.values:
            raise ValidationError({"filters": _("筛选条件有误：{condition}").format(condition=dict(each))})
        kept.append(Filter(str(each["field"]), str(each["op"]), each.get("value")))
    return Definition(code, MetricKind.AGGREGATE.value, stream.code, aggregate, field, tuple(kept))


def _check_formula(code: str, text: str) -> Definition:
    names = names_for_formulas(without=code)
    try:
        formula = Formula.parse(text, names)
    except FormulaError as error:
        raise ValidationError({"formula": formula_message(error)}) from error
    if not formula.names:
        raise ValidationError({"formula": _("公式里至少要用到一个指标。")})
    definition = Definition(
        code, MetricKind.FORMULA.value, formula=text, inputs={name: names[name] for name in formula.names}
    )
    others = {each: info.definition for each, info in all_metrics().items()}
    try:
        order_of({**others, code: definition})
    except CycleError as error:
        path = " → ".join(reversed(error.args[1]))
        raise ValidationError({"formula": _("指标互相引用，形成循环：{path}。").format(path=path)}) from None
    return definition


def formula_message(error: FormulaError) -> str:
    """Say what is wrong with a formula in the reader's language, with the place."""
    problem = error.problem
    return _("第 {column} 个字符：{message}").format(
        column=problem.start + 1, message=problem.message(get_language() or "zh")
    )
