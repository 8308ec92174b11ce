"""Telling systems outside what happens."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import domain_choices, entries_after, latest_seq, record
from zhiheng.connectors.calc.webhooks import BACKOFF, Message, new_secret, signed_headers
from zhiheng.connectors.models import Webhook, WebhookAttempt
from zhiheng.connectors.policies import MANAGE_CONNECTION, all_or_none
from zhiheng.connectors.services.outgoing import CannotSend, post
from zhiheng.people.calc import sealing
from zhiheng.tenancy.context import tenant_context

PURPOSE = "webhook secret"
PORTION = 100
KEPT_ATTEMPTS = 200
GONE = 410


@dataclass(frozen=True)
class WebhookData:
    """What people say about a webhook; ``domains`` whose events are sent, none for all."""

    name: str
    url: str
    domains: Sequence[str] = ()
    is_on_premise: bool = False


def create_webhook(*, actor: Actor, data: WebhookData) -> tuple[UUID, str]:
    """Tell an address from now on what happens; return the webhook's id and its secret, which is shown only now.

    ValidationError by field.
    """
    if not actor.scope(MANAGE_CONNECTION).is_tenant:
        raise Forbidden(MANAGE_CONNECTION)
    _check(data)
    made = Webhook(
        name=data.name.strip(), url=data.url.strip(), domains=list(data.domains), is_on_premise=data.is_on_premise,
        after_seq=latest_seq(), next_at=timezone.now(),
    )  # fmt: skip
    secret = new_secret()
    made.sealed_secret = _sealed(made, secret)
    made.save(force_insert=True)
    _record(actor, "create", made)
    return made.id, secret


def _check(data: WebhookData) -> None:
    wrong: dict[str, list[str]] = {}
    if not data.name.strip():
        wrong["name"] = [_("请填写名称。")]
    parts = urlsplit(data.url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        wrong["url"] = [_("请填写以 https:// 开头的完整地址。")]
    elif parts.scheme == "http" and not data.is_on_premise:
        wrong["url"] = [_("公网地址必须使用 https；内网地址请勾选“接收方在内网”。")]
    if set(data.domains) - {code for code, _label in domain_choices()}:
        wrong["domains"] = [_("没有这种事件。")]
    if wrong:
        raise ValidationError(wrong)


def new_webhook_secret(*, actor: Actor, webhook_id: UUID) -> str:
    """Give a webhook another secret and return it; the old one no longer signs."""
    made, secret = _for_change(actor, webhook_id), new_secret()
    made.sealed_secret = _sealed(made, secret)
    made.save(update_fields=["sealed_secret"])
    _record(actor, "update", made)
    return secret


def pause_webhook(*, actor: Actor, webhook_id: UUID) -> None:
    """Send nothing until somebody resumes; what happens meanwhile is sent then."""
    made = _for_change(actor, webhook_id)
    made.is_paused = True
    made.save(update_fields=["is_paused"])
    _record(actor, "pause", made)


def resume_webhook(*, actor: Actor, webhook_id: UUID) -> None:
    """Go on where it stopped."""
    made = _for_change(actor, webhook_id)
    made.is_paused, made.failures, made.next_at = False, 0, timezone.now()
    made.save(update_fields=["is_paused", "failures", "next_at"])
    _record(actor, "resume", made)


def delete_webhook(*, actor: Actor, webhook_id: UUID) -> None:
    """Tell the address nothing any more, and forget what was tried."""
    made = _for_change(actor, webhook_id)
    _record(actor, "delete", made)
    made.delete()


def _for_change(actor: Actor, webhook_id: UUID) -> Webhook:
    mine = all_or_none(actor, MANAGE_CONNECTION)
    found = Webhook.objects.select_for_update().filter(mine, id=webhook_id).first()
    if found is None:
        raise Http404
    return found


def _sealed(made: Webhook, secret: str) -> bytes:
    key = django_settings.ENV.field_key
    return sealing.seal_bytes(key, made.tenant_id, str(made.id), secret.encode(), purpose=PURPOSE)


def _secret(made: Webhook) -> str:
    key = django_settings.ENV.field_key
    sealed = bytes(made.sealed_secret)
    return sealing.unseal_bytes(key, made.tenant_id, str(made.id), sealed, purpose=PURPOSE).decode()


def _record(actor: Actor, verb: str, made: Webhook) -> None:
    record(
        actor,
        f"connectors.webhook.{verb}",
        subject=("connectors.webhook", made.id),
        payload={"url": made.url},
    )


# --- Delivering -------------------------------------------------------------------------------------------------


def due_webhooks() -> list[UUID]:
    """Return the webhooks of the tenant in force whose turn it is and that something waits for."""
    due = Webhook.objects.filter(Q(next_at__isnull=True) | Q(next_at__lte=timezone.now()), is_paused=False)
    return [each.id for each in due if entries_after(each.after_seq, each.domains, 1)]


def deliver(*, tenant_id: UUID, webhook_id: UUID) -> int:
    """Send what a webhook was not told yet, in order, until all is sent or one fails; return how many were delivered.

    Nothing is held while a message is on its way. Should two workers deliver at once, or one die before it noted that
    a message arrived, it is sent again: receivers know it by its id.
    """
    count = 0
    while True:
        with tenant_context(tenant_id):
            webhook = Webhook.objects.filter(id=webhook_id, is_paused=False).first()
            waiting = entries_after(webhook.after_seq, webhook.domains, PORTION) if webhook else []
            secret = _secret(webhook) if waiting else ""
        if webhook is None or not waiting:
            return count
        for entry in waiting:
            message = Message(**vars(entry))
            attempt = _send(webhook, secret, message)
            with tenant_context(tenant_id):
                if not _note(webhook, message, attempt):
                    return count
            count += 1


def _send(webhook: Webhook, secret: str, message: Message) -> WebhookAttempt:
    body, now, started = message.body, timezone.now(), time.perf_counter()
    attempt = WebhookAttempt(
        tenant_id=webhook.tenant_id, webhook_id=webhook.id, seq=message.seq, verb=message.verb
    )
    try:
        headers = signed_headers(secret, str(message.id), now, body)
        attempt.status = post(webhook.url, body, headers, is_on_premise=webhook.is_on_premise)
    except CannotSend as error:
        attempt.error = str(error)[:400]
    attempt.milliseconds = round((time.perf_counter() - started) * 1000)
    return attempt


def _note(webhook: Webhook, message: Message, attempt: WebhookAttempt) -> bool:
    """Write what became of a message; tell whether it arrived."""
    attempt.save(force_insert=True)
    _forget_old(webhook)
    mine, now = Webhook.objects.filter(id=webhook.id), timezone.now()
    if 200 <= attempt.status < 300:
        mine.filter(after_seq__lt=message.seq).update(
            after_seq=message.seq, failures=0, next_at=None, delivered_at=now
        )
        webhook.failures = 0
        return True
    failures = webhook.failures + 1
    is_over = attempt.status == GONE or failures > len(BACKOFF)
    wait = BACKOFF[min(failures, len(BACKOFF)) - 1]
    mine.update(failures=failures, next_at=now + wait, is_paused=is_over)
    return False


def _forget_old(webhook: Webhook) -> None:
    mine = WebhookAttempt.objects.filter(webhook_id=webhook.id)
    kept = list(mine.order_by("-at", "-id").values_list("id", flat=True)[:KEPT_ATTEMPTS])
    mine.exclude(id__in=kept).delete()
