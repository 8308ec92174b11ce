"""Pages of syncs and of the rows they brought."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.connectors.choices import CaseState
from zhiheng.connectors.policies import READ_CONNECTION, READ_RAW
from zhiheng.connectors.queries.connections import (
    feeds_for_actor,
    revisions_of,
    row_for_actor,
    rows_for_actor,
    sync_for_actor,
)
from zhiheng.connectors.queries.mappings import cases_for_actor
from zhiheng.connectors.wording import COUNTS, PROBLEMS, SYNC_TAGS
from zhiheng.integrations.public import READ_RECORD, records_of_origin
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage

PREVIEW = 120


def _preview(row) -> str:
    text = "，".join(
        f"{name} {value}" for name, value in row.payload.items() if not isinstance(value, dict | list)
    )
    return text if len(text) <= PREVIEW else f"{text[:PREVIEW]}…"


def feed_choices(page: ListPage) -> list[tuple[str, str]]:
    """Return the interfaces whose rows the actor may see, as a filter's choices."""
    feeds = feeds_for_actor(page.actor)
    return [(str(each.id), f"{each.connection.source.label} · {each.label}") for each in feeds]


class RowList(ListPage):
    """The rows as systems sent them."""

    key = "connectors.row"
    title = gettext_lazy("原始数据")
    sub = gettext_lazy("来源系统发来的每一行，按原样保存；变化时旧版本仍在。")
    columns = [
        Column(
            "key", gettext_lazy("主键"), sort="key", is_fixed=True,
            url=lambda row: reverse("connectors:row_detail", args=[row.id]),
        ),
        Column("source", gettext_lazy("数据源"), value="feed.connection.source.label"),
        Column("feed", gettext_lazy("接口"), value="feed.label"),
        Column("payload", gettext_lazy("内容"), value=_preview),
        Column("revision", gettext_lazy("版本"), sort="revision", kind="number"),
        Column("changed_at", gettext_lazy("最近变化"), sort="changed_at", kind="time"),
        Column("first_seen_at", gettext_lazy("首次到达"), sort="first_seen_at", kind="time", is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("feed", gettext_lazy("接口"), field="feed_id", choices=feed_choices),
        ChoiceFilter(
            "gone", gettext_lazy("状态"), choices=[("0", gettext_lazy("现有")), ("1", gettext_lazy("来源已删除"))],
            apply=lambda rows, value: rows.filter(is_deleted=value == "1"),
        ),
    ]  # fmt: skip
    search_fields = ["key"]
    search_label = gettext_lazy("主键")
    default_sort = "-changed_at"
    total_label = gettext_lazy("共 {count} 行")
    empty_icon = "database"
    empty_title = gettext_lazy("还没有数据到达")
    empty_text = gettext_lazy("连接系统并同步后，原始行会显示在这里。")

    def rows(self):
        return rows_for_actor(self.actor)

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "connectors.raw_row.export", subject=("connectors.raw_row", ""), payload=payload)


@requires(READ_RAW)
def row_list(request: HttpRequest) -> HttpResponseBase:
    """List the raw rows."""
    return RowList(request).response()


@requires(READ_RAW)
def row_detail(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """Show a row with all its revisions."""
    row = row_for_actor(request.actor, row_id)
    revisions = [row, *revisions_of(row)]
    older = [*revisions[1:], None]
    context = {
        "row": row,
        "fields": [(name, _shown(value)) for name, value in row.payload.items()],
        "revisions": [
            (each, _differences(each.payload, before.payload) if before else [])
            for each, before in zip(revisions, older, strict=True)
        ],
        "records": records_of_origin(request.actor, row.id) if request.actor.can(READ_RECORD) else [],
        "cases": cases_for_actor(request.actor).filter(row=row, state=CaseState.OPEN),
        "crumbs": [
            (_("数据接入"), reverse("connectors:connection_list")),
            (_("原始数据"), f"{reverse('connectors:row_list')}?feed={row.feed_id}"),
            (row.key, None),
        ],
    }
    return render(request, "connectors/row.html", context)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _differences(now: dict, before: dict) -> list[tuple[str, str, str]]:
    names = sorted({*now, *before})
    return [
        (name, _shown(before.get(name)), _shown(now.get(name)))
        for name in names
        if now.get(name) != before.get(name)
    ]


@requires(READ_CONNECTION)
def sync_detail(request: HttpRequest, sync_id: UUID) -> HttpResponse:
    """Show what a sync brought and what it said."""
    sync = sync_for_actor(request.actor, sync_id)
    can_see_rows = request.actor.can(READ_RAW)
    context = {
        "sync": sync,
        "tag": SYNC_TAGS[sync.state],
        "names": [label for _name, label in COUNTS],
        "counts": [
            (code, [(label, figures.get(name, 0)) for name, label in COUNTS])
            for code, figures in sync.counts.items()
        ],
        "samples": [
            (
                each["feed"] or "–",
                PROBLEMS.get(each["problem"], each["problem"]),
                each["text"] if can_see_rows else "",
            )
            for each in sync.samples
        ],
        "crumbs": [
            (_("数据接入"), reverse("connectors:connection_list")),
            (
                sync.connection.source.label,
                reverse("connectors:connection_detail", args=[sync.connection_id]),
            ),
            (_("同步记录"), None),
        ],
    }
    return render(request, "connectors/sync.html", context)
