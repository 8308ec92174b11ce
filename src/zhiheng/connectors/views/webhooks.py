"""Pages of webhooks: which systems are told what happens, and whether it arrived."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.audit.public import domain_choices, verb_label
from zhiheng.connectors.forms import WebhookForm
from zhiheng.connectors.models import Webhook
from zhiheng.connectors.policies import MANAGE_CONNECTION
from zhiheng.connectors.queries.webhooks import attempts_of, health, webhook_for_actor, webhooks_for_actor
from zhiheng.connectors.services.webhooks import (
    create_webhook,
    delete_webhook,
    new_webhook_secret,
    pause_webhook,
    resume_webhook,
)
from zhiheng.connectors.wording import WEBHOOK_TAGS
from zhiheng.webkit.lists import Column, ListPage

SHOWN = 50


def _domains(row: Webhook) -> str:
    names = dict(domain_choices())
    return "、".join(str(names.get(each, each)) for each in row.domains) or _("全部")


class WebhookList(ListPage):
    """The addresses that are told what happens."""

    key = "connectors.webhook"
    title = gettext_lazy("事件推送")
    sub = gettext_lazy("系统里发生的事，签名后推送到您的其他系统（Standard Webhooks）；按顺序，至少一次。")
    template_name = "connectors/webhook_list.html"
    columns = [
        Column(
            "name", gettext_lazy("名称"), sort="name", is_fixed=True,
            url=lambda row: reverse("connectors:webhook_detail", args=[row.id]),
        ),
        Column("url", gettext_lazy("接收地址")),
        Column("domains", gettext_lazy("范围"), value=_domains),
        Column("health", gettext_lazy("状态"), value=health, tags=WEBHOOK_TAGS),
        Column("delivered_at", gettext_lazy("最近送达"), sort="delivered_at", kind="time"),
    ]  # fmt: skip
    search_fields = ["name", "url"]
    search_label = gettext_lazy("名称 / 地址")
    default_sort = "name"
    total_label = gettext_lazy("共 {count} 个推送")
    empty_icon = "send"
    empty_title = gettext_lazy("还没有事件推送")
    empty_text = gettext_lazy("添加接收地址后，目标签字、考核关闭、员工变动等会推送过去。")

    def rows(self):
        return webhooks_for_actor(self.actor)


@requires(MANAGE_CONNECTION)
def webhook_list(request: HttpRequest) -> HttpResponseBase:
    """List the webhooks."""
    return WebhookList(request).response()


def _crumbs(last: str) -> list[tuple[str, str | None]]:
    return [
        (_("数据接入"), reverse("connectors:connection_list")),
        (_("事件推送"), reverse("connectors:webhook_list")),
        (last, None),
    ]


@never_cache
@requires(MANAGE_CONNECTION)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Add an address; its secret is shown once."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = create_webhook(actor=request.actor, data=form.data_given())
        except ValidationError as error:
            form.refused(error)
        else:
            return _page(request, webhook_for_actor(request.actor, made), secret)
    context = {"form": form, "crumbs": _crumbs(_("添加")), "cancel": reverse("connectors:webhook_list")}
    return render(request, "connectors/webhook_form.html", context, status=422 if form.errors else 200)


@requires(MANAGE_CONNECTION)
def webhook_detail(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show a webhook and what became of its latest messages."""
    return _page(request, webhook_for_actor(request.actor, webhook_id), "")


def _page(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {
        "webhook": webhook,
        "tag": WEBHOOK_TAGS[health(webhook)],
        "domains": _domains(webhook),
        "attempts": [(each, verb_label(each.verb)) for each in attempts_of(webhook, SHOWN)],
        "secret": secret,
        "crumbs": _crumbs(webhook.name),
    }
    return render(request, "connectors/webhook.html", context)


@never_cache
@requires(MANAGE_CONNECTION)
@require_POST
def webhook_act(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Do what a button says: pause, resume, another secret, delete."""
    named = {"actor": request.actor, "webhook_id": webhook_id}
    match request.POST.get("act"):
        case "pause":
            pause_webhook(**named)
            messages.success(request, _("已暂停；期间的事件恢复后补发。"))
        case "resume":
            resume_webhook(**named)
            messages.success(request, _("已恢复，从停下的地方继续。"))
        case "secret":
            secret = new_webhook_secret(**named)
            return _page(request, webhook_for_actor(request.actor, webhook_id), secret)
        case "delete":
            delete_webhook(**named)
            messages.success(request, _("已删除。"))
            return redirect("connectors:webhook_list")
        case _:
            raise Http404
    return redirect("connectors:webhook_detail", webhook_id)
