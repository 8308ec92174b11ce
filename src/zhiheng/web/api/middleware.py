"""Idempotency keys and rate limits of the API."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.keys import uuid7
from zhiheng.web.api.problems import problem
from zhiheng.web.models import IdempotentRequest

PREFIX = "/api/v1/"
REQUESTS_PER_MINUTE = 600
KEPT_FOR = timedelta(days=2)
ABANDONED_AFTER = timedelta(minutes=10)  # the server died in the middle; the transaction went with it
_WRITES = {"POST", "PATCH", "PUT", "DELETE"}


class ApiMiddleware:
    """Limits and repeats API requests; runs outside the request's own transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None or not request.path.startswith(PREFIX):
            return self.get_response(request)
        count, reset = _count_request(actor)
        answer = self._answer(request, actor) if count <= REQUESTS_PER_MINUTE else _too_many(reset)
        answer["RateLimit-Limit"] = str(REQUESTS_PER_MINUTE)
        answer["RateLimit-Remaining"] = str(max(REQUESTS_PER_MINUTE - count, 0))
        answer["RateLimit-Reset"] = str(reset)
        return answer

    def _answer(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if request.method not in _WRITES or not key:
            return self.get_response(request)
        if len(key) > 200:
            return problem(400, _("Idempotency-Key 最长 200 个字符。"), code="idempotency-key-too-long")
        return self._answer_once(request, actor, key)

    def _answer_once(self, request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
        digest = _digest(request)
        if (earlier := _claim(actor, key, digest)) is not None:
            return _repeat(earlier, digest)
        try:
            answer = self.get_response(request)
        except BaseException:
            _release(actor, key)
            raise
        if answer.status_code >= 500:
            _release(actor, key)  # not done: the same key may try again
        else:
            _keep(actor, key, answer)
        return answer


def _caller(actor: Actor) -> UUID:
    return actor.token_id or actor.membership_id or actor.tenant_id


def _digest(request: HttpRequest) -> str:
    head = f"{request.method} {request.get_full_path()}\n"
    if request.content_type == "multipart/form-data":
        # An upload stays on disk: its length tells requests apart well enough.
        return hashlib.sha256(f"{head}{request.META.get('CONTENT_LENGTH')}".encode()).hexdigest()
    return hashlib.sha256(head.encode() + request.body).hexdigest()


def _claim(actor: Actor, key: str, digest: str) -> IdempotentRequest | None:
    """Claim a key for this request; return the earlier request that has it."""
    try:
        with tenant_context(actor.tenant_id), transaction.atomic():
            old = Q(created_at__lt=timezone.now() - KEPT_FOR)
            abandoned = Q(status=None, created_at__lt=timezone.now() - ABANDONED_AFTER)
            IdempotentRequest.objects.filter(old | abandoned).delete()
            IdempotentRequest.objects.create(caller_id=_caller(actor), key=key, digest=digest)
    except IntegrityError:
        with tenant_context(actor.tenant_id):
            return IdempotentRequest.objects.filter(caller_id=_caller(actor), key=key).first()
    return None


def _repeat(earlier: IdempotentRequest, digest: str) -> HttpResponse:
    if earlier.digest != digest:
        return problem(
            422, _("这个 Idempotency-Key 已用于另一个请求，请换一个。"), code="idempotency-key-reused"
        )
    if earlier.status is None:
        return problem(409, _("同一请求正在处理，请稍后重试。"), code="in-progress")
    answer = HttpResponse(bytes(earlier.body), status=earlier.status, content_type=earlier.content_type)
    answer["Idempotent-Replayed"] = "true"
    return answer


def _release(actor: Actor, key: str) -> None:
    with tenant_context(actor.tenant_id):
        IdempotentRequest.objects.filter(caller_id=_caller(actor), key=key).delete()


def _keep(actor: Actor, key: str, answer: HttpResponse) -> None:
    with tenant_context(actor.tenant_id):
        IdempotentRequest.objects.filter(caller_id=_caller(actor), key=key).update(
            status=answer.status_code,
            content_type=answer.headers.get("Content-Type", ""),
            body=answer.content,
        )


def _count_request(actor: Actor) -> tuple[int, int]:
    """Count a request of this minute; return the count and the seconds until it starts again."""
    now = int(time.time())
    with tenant_context(actor.tenant_id), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_requestcount AS kept (tenant_id, id, caller_id, minute, count) "
            "VALUES (%s, %s, %s, %s, 1) ON CONFLICT (tenant_id, caller_id) DO UPDATE SET "
            "count = CASE WHEN kept.minute = excluded.minute THEN kept.count + 1 ELSE 1 END, "
            "minute = excluded.minute RETURNING count",
            [actor.tenant_id, uuid7(), _caller(actor), now // 60],
        )
        (count,) = cursor.fetchone()
    return count, 60 - now % 60


def _too_many(reset: int) -> HttpResponse:
    answer = problem(429, _("请求过于频繁，请按 Retry-After 的秒数后重试。"), code="too-many-requests")
    answer["Retry-After"] = str(reset)
    return answer
