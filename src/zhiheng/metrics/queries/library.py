"""What of the library of ready-made metrics a company has, can have, or lacks data for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.integrations.public import all_streams, canonical_streams
from zhiheng.metrics.library import LibraryMetric, library, streams_of
from zhiheng.metrics.models import Metric
from zhiheng.metrics.policies import READ_METRIC
from zhiheng.tenancy.naming import in_reader_language


@dataclass(frozen=True)
class LibraryRow:
    """A ready-made metric: ``metric_id`` where it is in use, ``missing`` the streams it waits for."""

    metric: LibraryMetric
    explained: str
    metric_id: UUID | None
    missing: tuple[str, ...]

    @property
    def can_add(self) -> bool:
        """Tell whether it can be taken into use."""
        return self.metric_id is None and not self.missing


def library_for_actor(actor: Actor) -> list[LibraryRow]:
    """Return the library as the actor's company stands to it."""
    actor.scope(READ_METRIC)
    known = {each.code for each in all_streams()}
    used = dict(Metric.objects.filter(code__in=list(library())).values_list("code", "id"))
    forms = canonical_streams()
    return [
        LibraryRow(
            each, _explained(each), used.get(code),
            tuple(forms[stream].label for stream in sorted(streams_of(code) - known)),
        )
        for code, each in library().items()
    ]  # fmt: skip


def _explained(metric: LibraryMetric) -> str:
    if metric.formula:
        return metric.formula_with({code: library()[code].label for code in metric.inputs})
    form = canonical_streams()[metric.stream]
    field = next((each for each in form.fields if each.name == metric.field), None)
    return f"{form.label} · {in_reader_language(field.label, field.label_en)}" if field else form.label
