"""Pages of integrations: streams, records, and one record with its revisions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.access.http import requires
from zhiheng.integrations.policies import READ_RECORD, READ_SOURCE
from zhiheng.integrations.queries.records import record_for_actor, records_for_actor, revisions_for_actor
from zhiheng.integrations.queries.streams import all_streams, stream_info, streams_for_actor
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage


class StreamList(ListPage):
    """What arrives from where."""

    key = "integrations.stream"
    title = _("数据源")
    sub = _("每条数据流一行；记录只增不改，变化的行保留为新版本。")
    columns = [
        Column("source", _("数据源"), value="source.label", sort="source__name"),
        Column(
            "name", _("数据流"), value="label", sort="name", is_fixed=True,
            url=lambda row: f"{reverse('integrations:record_list')}?stream={row.id}",
        ),
        Column("kind", _("类型"), value="source.get_kind_display"),
        Column("revisions", _("到达行数"), sort="revisions", kind="number"),
        Column("last_received_at", _("最近到达"), sort="last_received_at", kind="time"),
    ]  # fmt: skip
    search_fields = ["name", "name_en", "code", "source__name"]
    search_label = _("数据流 / 数据源")
    default_sort = "name"
    total_label = _("共 {count} 条数据流")
    empty_icon = "plug-connected"
    empty_title = _("还没有数据流")
    empty_text = _("导入第一份业务数据后会显示在这里。")

    def rows(self):
        return streams_for_actor(self.actor)


def _stream_choices(_page: ListPage) -> list[tuple[str, str]]:
    return [(str(each.id), each.label) for each in all_streams()]


class RecordList(ListPage):
    """The current records."""

    key = "integrations.record"
    title = _("业务记录")
    sub = _("来自业务系统的原始行，每个数字最终都落到这里。")
    columns = [
        Column(
            "key", _("记录编号"), sort="key", is_fixed=True,
            url=lambda row: reverse("integrations:record_detail", args=[row.id]),
        ),
        Column("stream", _("数据流"), value="stream.label"),
        Column("occurred_on", _("发生日期"), sort="occurred_on", kind="date"),
        Column("person", _("归属员工"), value="person.name", sort="person__name"),
        Column("org_unit", _("部门"), value="org_unit.name", sort="org_unit__name"),
        Column("revision", _("版本"), sort="revision", kind="number"),
        Column("received_at", _("到达时间"), sort="received_at", kind="time", is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("stream", _("数据流"), field="stream_id", choices=_stream_choices),
        DateFilter("from", _("自"), field="occurred_on__gte"),
        DateFilter("to", _("至"), field="occurred_on__lte"),
    ]
    search_fields = ["key", "person__search_text"]
    search_label = _("记录编号 / 员工")
    default_sort = "-occurred_on"
    total_label = _("共 {count} 条记录")
    count_limit = 10_000
    empty_icon = "database"
    empty_title = _("还没有记录")
    empty_text = _("导入业务数据，或换一条数据流看看。")

    def rows(self):
        return records_for_actor(self.actor)


@requires(READ_SOURCE)
def source_list(request: HttpRequest) -> HttpResponseBase:
    """List the streams."""
    return StreamList(request).response()


@requires(READ_RECORD)
def record_list(request: HttpRequest) -> HttpResponseBase:
    """List the records."""
    return RecordList(request).response()


@requires(READ_RECORD)
def record_detail(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show a record: its fields as they arrived, where they came from, and its other revisions."""
    record = record_for_actor(request.actor, record_id)
    fields = stream_info(record.stream).fields
    known = {field.name for field in fields}
    shown = [(field.shown, field.name, record.payload.get(field.name)) for field in fields]
    shown += [(name, name, value) for name, value in record.payload.items() if name not in known]
    context = {
        "record": record,
        "fields": shown,
        "revisions": list(revisions_for_actor(request.actor, record)),
        "crumbs": [
            (_("业务记录"), f"{reverse('integrations:record_list')}?stream={record.stream_id}"),
            (record.key, None),
        ],
    }
    return render(request, "integrations/record.html", context)
