"""Taking ready-made metrics into use."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.integrations.public import all_streams
from zhiheng.metrics.library import LibraryMetric, library, streams_of, with_inputs
from zhiheng.metrics.models import Metric
from zhiheng.metrics.policies import MANAGE_METRIC
from zhiheng.metrics.services.metrics import create_metric


def add_library_metrics(*, actor: Actor, codes: Iterable[str]) -> int:
    """Define ready-made metrics and what they use, those that are not there yet; return how many.

    ValidationError for a code that is not in the library, and for a metric whose stream is missing.
    """
    actor.scope(MANAGE_METRIC)
    wanted = list(codes)
    streams = {each.code for each in all_streams()}
    for code in wanted:
        if code not in library():
            raise ValidationError(_("指标库里没有「{code}」。").format(code=code))
        if streams_of(code) - streams:
            text = _("「{name}」需要的数据流还没有，请先在数据接入中设置映射。")
            raise ValidationError(text.format(name=library()[code].label))
    names = dict(Metric.objects.values_list("code", "name"))
    added = 0
    for metric in (each for code in wanted for each in with_inputs(code)):
        if metric.code not in names:
            _add(actor, metric, names)
            names[metric.code] = metric.name
            added += 1
    return added


def _add(actor: Actor, metric: LibraryMetric, names: dict[str, str]) -> UUID:
    return create_metric(
        actor=actor, code=metric.code, name=metric.name, name_en=metric.name_en, unit=metric.unit,
        places=metric.places, direction=metric.direction, stream=metric.stream, aggregate=metric.aggregate,
        field=metric.field, formula=metric.formula_with(names) if metric.formula else "",
    )  # fmt: skip
