"""Errors of the API as problem details (RFC 9457, July 2023)."""

from __future__ import annotations

import logging
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as ParameterError

from zhiheng.access.errors import Forbidden, NotSignedIn

logger = logging.getLogger(__name__)


def problem(status: int, title: str, *, code: str, detail: str = "", **extra: object) -> JsonResponse:
    """Return a problem answer; ``code`` is the stable name that a program can act on."""
    body = {"type": f"urn:zhiheng:problem:{code}", "title": title, "status": status, "code": code}
    if detail:
        body["detail"] = detail
    return JsonResponse(
        {**body, **extra},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def install(api: NinjaAPI) -> None:
    """Answer every exception of the API by a problem, and undo what the request wrote."""
    handlers = {
        NotSignedIn: _not_signed_in,
        AuthenticationError: _not_signed_in,
        Forbidden: _forbidden,
        Http404: _not_found,
        ParameterError: _bad_parameters,
        ValidationError: _refused,
        HttpError: _http_error,
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, _rolling_back(handler))


def _rolling_back(handler):
    def handle(request: HttpRequest, error: Exception) -> HttpResponse:
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
        return handler(request, error)

    return handle


def _not_signed_in(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = problem(401, _("请先登录，或在 Authorization 头中携带有效的 API 令牌。"), code="not-signed-in")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return problem(
        403,
        _("没有权限：%(label)s") % {"label": error.permission.label},
        code="forbidden",
        permission=error.permission.code,
    )


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, _("没有找到，或不在您的数据范围内。"), code="not-found")


def _bad_parameters(request: HttpRequest, error: ParameterError) -> HttpResponse:
    fields = [
        {"at": ".".join(str(part) for part in each["loc"]), "message": each["msg"]} for each in error.errors
    ]
    return problem(422, _("请求内容有误，请按 errors 逐项修改。"), code="invalid", errors=fields)


def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if hasattr(error, "error_dict"):
        fields = [
            {"at": name, "message": message}
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    else:
        fields = [{"at": "", "message": message} for message in error.messages]
    return problem(422, fields[0]["message"], code=getattr(error, "code", None) or "refused", errors=fields)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error), code=f"http-{error.status_code}")


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    number = secrets.token_hex(4).upper()
    logger.exception("API error %s at %s %s", number, request.method, request.path)
    return problem(
        500, _("服务器出错，请稍后重试；联系支持时请提供编号。"), code="internal", error_number=number
    )
