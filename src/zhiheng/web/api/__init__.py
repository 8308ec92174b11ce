"""The API under ``/api/v1``: its routers, authentication, problem details, idempotency and rate limits."""

from zhiheng.web.api.root import api

__all__ = ["api"]
