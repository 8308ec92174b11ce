"""Pages of the audit log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.audit.policies import ERASE_PAYLOAD, READ_ENTRY, VERIFY_CHAIN
from zhiheng.audit.public import record
from zhiheng.audit.queries.entries import entries_for_actor, entry_for_actor, last_check, payload_text
from zhiheng.audit.queries.labels import ACTIONS, domain_choices, subject_label, verb_label
from zhiheng.audit.services.erase import erase_payload
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _since(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(at__gte=_midnight(day))


def _until(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(at__lt=_midnight(day + timedelta(days=1)))


class EntryList(ListPage):
    """Who did what, to which thing, and when."""

    key = "audit.entry"
    title = _("审计日志")
    sub = _("谁在什么时候做了什么；每条记录与前一条以哈希相连，改动、删除和插入都能查出")
    template_name = "audit/entry_list.html"
    columns = [
        Column("seq", _("序号"), sort="seq", kind="number"),
        Column("at", _("时间"), sort="seq", kind="time"),
        Column("actor", _("操作者"), value="payload.actor_name", template="audit/_actor.html", is_fixed=True),
        Column("verb", _("操作"), value=lambda row: verb_label(row.verb), sort="verb"),
        Column("subject", _("对象"), value=lambda row: subject_label(row.subject_type)),
        Column("subject_id", _("对象编号"), is_default=False),
        Column("code", _("操作代码"), value="verb", is_default=False),
        Column("hash", _("摘要"), value=lambda row: bytes(row.hash).hex(), is_default=False),
    ]
    filters = [
        ChoiceFilter(
            "domain",
            _("模块"),
            choices=lambda page: domain_choices(),
            apply=lambda rows, value: rows.filter(verb__startswith=f"{value}."),
        ),
        ChoiceFilter(
            "action",
            _("操作"),
            choices=list(ACTIONS.items()),
            apply=lambda rows, value: rows.filter(verb__endswith=f".{value}"),
        ),
        DateFilter("since", _("从"), apply=_since),
        DateFilter("until", _("到"), apply=_until),
    ]
    search_fields = ["payload__actor_name", "verb", "subject_id"]
    search_label = _("姓名 / 操作代码 / 对象编号")
    default_sort = "-seq"
    empty_icon = "shield-check"
    empty_title = _("还没有审计记录")
    empty_text = _("有人新增、修改或导出数据后，会在这里留下记录。")

    def rows(self) -> QuerySet:
        return entries_for_actor(self.actor)

    def ordered(self, rows: QuerySet) -> QuerySet:
        """Go along the index where the order is that of the chain; a log has no last page."""
        if self.sort.removeprefix("-") in ("seq", "at"):
            return rows.order_by("-seq" if self.sort.startswith("-") else "seq")
        return super().ordered(rows)

    def row_actions(self, row: object) -> list[RowAction]:
        return [RowAction(_("详情"), reverse("audit:entry_detail", args=[row.id]), is_drawer=True)]

    def extra_context(self) -> dict[str, object]:
        return {"check": last_check(self.actor), "can_verify": self.actor.can(VERIFY_CHAIN)}

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "count": count, "query": self.request.GET.urlencode()}
        record(self.actor, "audit.log.export", subject=("audit.log", self.actor.tenant_id), payload=payload)


@requires(READ_ENTRY)
@require_safe
def entry_list(request: HttpRequest) -> HttpResponseBase:
    """Show the log."""
    return EntryList(request).response()


@requires(READ_ENTRY)
@require_safe
def entry_detail(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one entry with its content and its place in the chain; in the drawer when asked by htmx."""
    entry = entry_for_actor(request.actor, entry_id)
    context = {
        "entry": entry,
        "payload": getattr(entry, "payload", None),
        "content": payload_text(entry),
        "verb": verb_label(entry.verb),
        "subject": subject_label(entry.subject_type),
        "hashes": [
            (gettext("摘要"), bytes(entry.hash).hex()),
            (gettext("上一条摘要"), bytes(entry.previous_hash).hex()),
            (gettext("内容摘要"), bytes(entry.payload_hash).hex()),
        ],
        "can_erase": request.actor.can(ERASE_PAYLOAD),
    }
    name = "_drawer" if request.headers.get("HX-Request") == "true" else "entry_detail"
    return render(request, f"audit/{name}.html", context)


@requires(ERASE_PAYLOAD)
@require_POST
def payload_erase(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Erase the content of an entry."""
    try:
        erase_payload(actor=request.actor, entry_id=entry_id, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("内容已清除，审计链保持完整。"))
    return redirect("audit:entry_detail", entry_id)
