"""Pages of connections: list, choosing a system, one connection and what is done with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.connectors.forms import ConnectionForm, WindowForm, initial_of
from zhiheng.connectors.models import Connection, Feed, Mapping, Sync
from zhiheng.connectors.policies import MANAGE_CONNECTION, READ_CONNECTION, READ_RAW
from zhiheng.connectors.queries.connections import (
    OPEN_STATES,
    connection_for_actor,
    connections_for_actor,
    feeds_of,
    health,
    syncs_for_actor,
)
from zhiheng.connectors.queries.mappings import latest_mappings, open_counts
from zhiheng.connectors.registry import Connector, connector_of, connectors
from zhiheng.connectors.services.connections import (
    change_connection,
    create_connection,
    pause_connection,
    resume_connection,
    secrets_of,
    select_feeds,
)
from zhiheng.connectors.services.sandbox import protections
from zhiheng.connectors.services.syncs import cancel_sync, start_sync
from zhiheng.connectors.wording import HEALTH_TAGS, PROTECTIONS, SYNC_TAGS
from zhiheng.webkit.lists import Column, ListPage, RowAction

RECENT = 10


def _connector_name(row: Connection) -> str:
    found = connector_of(row.connector)
    return found.shown if found else row.connector


class ConnectionList(ListPage):
    """The connected systems and how they are."""

    key = "connectors.connection"
    title = gettext_lazy("数据接入")
    sub = gettext_lazy("业务系统的数据自动到达，不用人工收集；每一行都保留原样和历次变化。")
    template_name = "connectors/connection_list.html"
    columns = [
        Column(
            "name", gettext_lazy("数据源"), value="source.label", sort="source__name", is_fixed=True,
            url=lambda row: reverse("connectors:connection_detail", args=[row.id]),
        ),
        Column("connector", gettext_lazy("系统"), value=_connector_name, sort="connector"),
        Column(
            "health", gettext_lazy("状态"), value=lambda row: health(row, timezone.now()), tags=HEALTH_TAGS
        ),
        Column("last_good_at", gettext_lazy("最近成功"), sort="last_good_at", kind="time"),
        Column("next_at", gettext_lazy("下次同步"), sort="next_at", kind="time"),
        Column("feed_count", gettext_lazy("接口数"), sort="feed_count", kind="number"),
        Column("last_error", gettext_lazy("最近的问题"), is_default=False),
    ]  # fmt: skip
    search_fields = ["source__name", "source__name_en", "source__code", "connector"]
    search_label = gettext_lazy("数据源 / 系统")
    default_sort = "name"
    total_label = gettext_lazy("共 {count} 个数据源")
    empty_icon = "plug-connected"
    empty_title = gettext_lazy("还没有连接业务系统")
    empty_text = gettext_lazy("连接 ERP、网店或项目管理系统后，订单、产量和进度会自动到达。")

    def rows(self):
        return connections_for_actor(self.actor)

    def row_actions(self, row: Connection):
        return [RowAction(_("查看"), reverse("connectors:connection_detail", args=[row.id]))]

    def extra_context(self):
        can_manage = self.actor.can(MANAGE_CONNECTION)
        if can_manage:
            self.empty_action = (_("连接系统"), reverse("connectors:connection_choose"))
        return {"can_manage": can_manage, "can_see_rows": self.actor.can(READ_RAW)}


@requires(READ_CONNECTION)
def connection_list(request: HttpRequest) -> HttpResponseBase:
    """List the connections."""
    return ConnectionList(request).response()


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("数据接入"), reverse("connectors:connection_list")), *more]


@requires(MANAGE_CONNECTION)
def connection_choose(request: HttpRequest) -> HttpResponse:
    """Choose which system to connect."""
    context = {"connectors": connectors().values(), "crumbs": _crumbs((_("连接系统"), None))}
    return render(request, "connectors/connection_choose.html", context)


@requires(MANAGE_CONNECTION)
def connection_new(request: HttpRequest, connector: str) -> HttpResponse:
    """Enter the settings of a system to connect."""
    found = _found(connector)
    posted = request.POST if request.method == "POST" else None
    form = ConnectionForm(posted, connector=found, initial={"name": found.shown, "code": found.code})
    if posted is not None and form.is_valid():
        try:
            made = create_connection(
                actor=request.actor,
                code=form.cleaned_data["code"],
                connector=found.code,
                data=form.data_given(),
            )
        except ValidationError as error:
            form.refused(error)
        else:
            start_sync(actor=request.actor, connection_id=made)
            messages.success(request, _("已连接，正在进行第一次同步。"))
            return redirect("connectors:connection_detail", made)
    crumbs = _crumbs((_("连接系统"), reverse("connectors:connection_choose")), (found.shown, None))
    return _form_page(request, form, found, crumbs, reverse("connectors:connection_choose"))


@requires(MANAGE_CONNECTION)
def connection_edit(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Change the settings of a connection."""
    connection = connection_for_actor(request.actor, connection_id)
    found = _found(connection.connector)
    posted = request.POST if request.method == "POST" else None
    known = secrets_of(connection)
    form = ConnectionForm(posted, connector=found, known=known, initial=initial_of(connection))
    detail = reverse("connectors:connection_detail", args=[connection.id])
    if posted is not None and form.is_valid():
        try:
            change_connection(actor=request.actor, connection_id=connection.id, data=form.data_given())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("设置已保存。"))
            return redirect(detail)
    crumbs = _crumbs((connection.source.label, detail), (_("设置"), None))
    return _form_page(request, form, found, crumbs, detail)


def _found(code: str) -> Connector:
    found = connector_of(code)
    if found is None:
        raise Http404
    return found


def _form_page(
    request: HttpRequest, form: ConnectionForm, found: Connector, crumbs: object, cancel: str
) -> HttpResponse:
    context = {"form": form, "connector": found, "crumbs": crumbs, "cancel": cancel}
    return render(request, "connectors/connection_form.html", context, status=422 if form.errors else 200)


@requires(READ_CONNECTION)
def connection_detail(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Show a connection: how it is, its interfaces, its latest syncs."""
    connection = connection_for_actor(request.actor, connection_id)
    syncs = list(syncs_for_actor(request.actor, connection.id)[:RECENT])
    given = protections()
    context = {
        **_status(connection, syncs[0] if syncs else None),
        "connector": connector_of(connection.connector),
        "feeds": _feeds(connection),
        "syncs": [(each, SYNC_TAGS[each.state], totals(each.counts)) for each in syncs],
        "missing": [text for name, text in PROTECTIONS if name not in given],
        "can_manage": request.actor.can(MANAGE_CONNECTION),
        "can_see_rows": request.actor.can(READ_RAW),
        "window_form": WindowForm(),
        "crumbs": _crumbs((connection.source.label, None)),
    }
    return render(request, "connectors/connection.html", context)


def _feeds(connection: Connection) -> list[tuple[Feed, list[tuple[Mapping, int]]]]:
    """Return the interfaces, each with its mappings and how many rows wait in them."""
    feeds = list(feeds_of(connection))
    waiting = open_counts([each.id for each in feeds])
    mappings: dict[UUID, list[tuple[Mapping, int]]] = {}
    for each in latest_mappings(feed__connection=connection):
        mappings.setdefault(each.feed_id, []).append((each, waiting.get((each.feed_id, each.stream_id), 0)))
    return [(feed, mappings.get(feed.id, [])) for feed in feeds]


@requires(READ_CONNECTION)
def connection_status(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Show how a connection is; a part of its page that asks again while a sync is under way."""
    connection = connection_for_actor(request.actor, connection_id)
    latest = syncs_for_actor(request.actor, connection.id).first()
    return render(request, "connectors/_status.html", _status(connection, latest))


def _status(connection: Connection, latest: Sync | None) -> dict[str, object]:
    is_running = latest is not None and latest.state in OPEN_STATES
    return {
        "connection": connection,
        "health": HEALTH_TAGS[health(connection, timezone.now())],
        "latest": latest,
        "is_running": is_running,
        "not_running": not is_running,
        "received": totals(latest.counts)["received"] if latest else 0,
    }


def totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the figures of a sync over all its feeds."""
    names = ("received", "created", "changed", "deleted", "rejected")
    return {name: sum(each.get(name, 0) for each in counts.values()) for name in names}


@requires(MANAGE_CONNECTION)
@require_POST
def connection_act(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Do what a button says: read now, pause, resume, cancel, choose the interfaces."""
    connection = connection_for_actor(request.actor, connection_id)
    named = {"actor": request.actor, "connection_id": connection.id}
    match request.POST.get("act"):
        case "sync":
            start_sync(**named, accepts_deletions="accepts_deletions" in request.POST)
            messages.success(request, _("已开始同步。"))
        case "pause":
            pause_connection(**named)
            messages.success(request, _("已暂停，不再自动同步。"))
        case "resume":
            resume_connection(**named)
            messages.success(request, _("已恢复自动同步。"))
        case "cancel":
            cancel_sync(**named)
            messages.success(request, _("已取消。已到达的数据保留。"))
        case "feeds":
            select_feeds(**named, codes=set(request.POST.getlist("feed")))
            messages.success(request, _("接口选择已保存，下次同步起生效。"))
        case _:
            raise Http404
    return redirect("connectors:connection_detail", connection.id)


@requires(MANAGE_CONNECTION)
@require_POST
def connection_window(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Read some days again."""
    connection = connection_for_actor(request.actor, connection_id)
    form = WindowForm(request.POST)
    if form.is_valid():
        try:
            start_sync(actor=request.actor, connection_id=connection.id, window=form.window())
        except ValidationError as error:
            form.refused(error)
    if form.errors:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    else:
        messages.success(request, _("已开始重新拉取。"))
    return redirect("connectors:connection_detail", connection.id)
