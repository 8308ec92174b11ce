"""What can be done to terminals and what belongs to them: each a button that asks first where it matters."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.files.public import download_response, read_file
from zhiheng.terminals.choices import CommandKind
from zhiheng.terminals.policies import MANAGE_TERMINAL
from zhiheng.terminals.queries.terminals import (
    event_for_actor,
    upload_for_actor,
    user_for_actor,
)
from zhiheng.terminals.services.people import remove_people
from zhiheng.terminals.services.reconcile import order, send_all_again
from zhiheng.terminals.services.terminals import approve_terminal, refuse_terminal, retire_terminal
from zhiheng.terminals.services.uploads import cancel_waiting, note_events_seen, process_failed
from zhiheng.terminals.views.shared import answer

DETAIL = "terminals:terminal_detail"


@requires(MANAGE_TERMINAL)
@require_POST
def terminal_approve(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Let a terminal in."""
    return answer(
        request, lambda: approve_terminal(actor=request.actor, terminal_id=terminal_id),
        _("已启用，打卡会自动送到这里。"), DETAIL, terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def terminal_refuse(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Turn a terminal away."""
    return answer(
        request, lambda: refuse_terminal(actor=request.actor, terminal_id=terminal_id), _("已拒绝。"), DETAIL,
        terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def terminal_retire(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Take a terminal out of use."""
    return answer(
        request, lambda: retire_terminal(actor=request.actor, terminal_id=terminal_id),
        _("已停用，已有的打卡保留。"), DETAIL, terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def terminal_order(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Tell a terminal to do something simple."""
    kind = request.POST.get("kind", "")
    if kind not in CommandKind.values:
        raise Http404
    return answer(
        request, lambda: order(actor=request.actor, terminal_id=terminal_id, kind=CommandKind(kind)),
        _("命令已下达，设备下次连接时执行。"), DETAIL, terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def terminal_resend(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Let a terminal send everything once more."""
    return answer(
        request, lambda: send_all_again(actor=request.actor, terminal_id=terminal_id),
        _("设备将重新上传全部打卡；已有的不会重复。"), DETAIL, terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def events_seen(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Note that somebody has seen what needs attention."""
    return answer(
        request, lambda: note_events_seen(actor=request.actor, terminal_id=terminal_id), _("已标记为知悉。"),
        "terminals:event_list", terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def user_remove(request: HttpRequest, terminal_user_id: UUID) -> HttpResponse:
    """Take somebody off a terminal."""
    user = user_for_actor(request.actor, terminal_user_id)
    return answer(
        request,
        lambda: remove_people(actor=request.actor, terminal_id=user.terminal_id, user_ids=[user.id]),
        _("已安排删除，设备取走后生效。"),
        "terminals:user_list",
        user.terminal_id,
    )


@requires(MANAGE_TERMINAL)
@require_POST
def commands_cancel(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Take back the commands that wait."""
    return answer(
        request, lambda: cancel_waiting(actor=request.actor, terminal_id=terminal_id), _("已取消。"),
        "terminals:command_list", terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_POST
def uploads_process(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Process again what failed."""
    return answer(
        request, lambda: process_failed(actor=request.actor, terminal_id=terminal_id), _("已重新处理。"),
        "terminals:upload_list", terminal_id,
    )  # fmt: skip


@requires(MANAGE_TERMINAL)
@require_safe
def upload_raw(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Hand out an upload as it came."""
    upload = upload_for_actor(request.actor, upload_id)
    name = f"{upload.terminal.serial_number}-{upload.received_at:%Y%m%d-%H%M%S}-{upload.table or 'raw'}.txt"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(bytes(upload.body), content_type="application/octet-stream", headers=headers)


@requires(MANAGE_TERMINAL)
@require_safe
def event_photo(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Hand out the photo of a punch; who looked is recorded."""
    event = event_for_actor(request.actor, event_id)
    if "file" not in event.details:
        raise Http404
    stored = read_file(request.actor, UUID(event.details["file"]))
    record(
        request.actor, "terminals.photo.reveal", subject=("terminals.terminal", event.terminal_id),
        payload={"pin": event.pin, "at": event.happened_at},
    )  # fmt: skip
    return download_response(stored)
