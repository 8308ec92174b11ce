"""Import of positions."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.dataimport.public import CommitResult, Field, ImportTarget, Progress, UndoResult
from zhiheng.people.imports.traces import has_later_batch, traces_of, write_traces
from zhiheng.people.models import ImportTrace, Position
from zhiheng.people.policies import WRITE_ORG_UNIT


class PositionTarget(ImportTarget):
    """Positions by code."""

    code = "people.position"
    label = gettext_lazy("职位")
    permission = WRITE_ORG_UNIT
    fields = (
        Field(
            "code",
            gettext_lazy("职位编码"),
            required=True,
            unique=True,
            max_length=40,
            synonyms=("编码", "岗位编码", "代码", "position_code", "job_code"),
            example="P001",
        ),
        Field(
            "name",
            gettext_lazy("职位名称"),
            required=True,
            max_length=80,
            synonyms=("名称", "职位", "岗位", "岗位名称", "job_title", "title", "position"),
            example="销售经理",
        ),
    )

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Make new positions and rename known ones."""
        actor.scope(WRITE_ORG_UNIT)
        stamp = timezone.now()
        known = {row.code: row for row in Position.objects.select_for_update()}
        before, made, unchanged = {}, [], 0
        for code, name in frame.select("code", "name").iter_rows():
            row = known.get(code)
            if row is None:
                made.append(Position(code=code, name=name))
            elif row.name == name:
                unchanged += 1
            else:
                before[row.id] = {"name": row.name, "new": name}
                Position.objects.filter(id=row.id).update(name=name)
        Position.objects.bulk_create(made)
        write_traces(batch_id, self.code, [*(row.id for row in made), *before], stamp, before)
        progress(frame.height, frame.height, "")
        return CommitResult(len(made), len(before), unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Remove the positions that were made and give renamed ones their old name."""
        actor.scope(WRITE_ORG_UNIT)
        traces = traces_of(batch_id, self.code)
        if has_later_batch(traces):
            return UndoResult(refused_because=_("之后的导入又修改了这批数据，请先撤销之后的导入。"))
        changed = {trace.object_id: trace.before for trace in traces if trace.before}
        now = {row.id: row for row in Position.objects.filter(id__in=changed)}
        for each, state in changed.items():
            if each in now and now[each].name != state["new"]:
                return UndoResult(
                    refused_because=_("职位“%(name)s”之后又被修改，不能撤销。") % {"name": now[each].name}
                )
        created = [trace.object_id for trace in traces if not trace.before]
        try:
            with transaction.atomic():
                rows = Position.objects.filter(id__in=created)
                deleted = rows._raw_delete(rows.db)
                for each, state in changed.items():
                    Position.objects.filter(id=each).update(name=state["name"])
                ImportTrace.objects.filter(id__in=[trace.id for trace in traces]).delete()
        except IntegrityError:
            return UndoResult(refused_because=_("已有员工担任这批职位，不能撤销。"))
        return UndoResult(deleted=deleted, restored=len(changed))
