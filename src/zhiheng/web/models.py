"""What the API remembers of requests: answers to repeat, and counts to limit."""

from __future__ import annotations

from django.db import models

from zhiheng.tenancy.models import TenantModel


class IdempotentRequest(TenantModel):
    """A write with an ``Idempotency-Key``: the same key gets the same answer, and the work is done once."""

    caller_id = models.UUIDField()
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "caller_id", "key"], name="idempotent_request_key")
        ]


class RequestCount(TenantModel):
    """How many API requests a caller made in one minute."""

    caller_id = models.UUIDField()
    minute = models.BigIntegerField()
    count = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "caller_id"], name="request_count_caller")
        ]
