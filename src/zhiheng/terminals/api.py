"""API of terminals."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from zhiheng.access.http import requires
from zhiheng.terminals.choices import CommandKind
from zhiheng.terminals.policies import MANAGE_TERMINAL, READ_TERMINAL
from zhiheng.terminals.queries.terminals import (
    commands_for_actor,
    events_for_actor,
    terminal_for_actor,
    terminal_rows,
    unknown_pins_for_actor,
    user_for_actor,
    users_for_actor,
)
from zhiheng.terminals.schemas import (
    AssignedOut,
    AssignIn,
    CommandOut,
    EventOut,
    OrderIn,
    PairingIn,
    PeopleIn,
    SentOut,
    StretchIn,
    TerminalOut,
    TerminalUserOut,
    UnknownPinOut,
)
from zhiheng.terminals.services.people import send_people
from zhiheng.terminals.services.reconcile import order, send_all_again, verify
from zhiheng.terminals.services.terminals import (
    approve_terminal,
    open_pairing,
    refuse_terminal,
    retire_terminal,
)
from zhiheng.terminals.services.unknown import assign_pin
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Terminals"])


@router.get("/terminals", response=CursorPage[TerminalOut], summary="List terminals")
@requires(READ_TERMINAL)
def list_terminals(request: HttpRequest, page: Paging):
    return cursor_page(terminal_rows(request.actor), page)


@router.get("/terminals/{uuid:terminal_id}", response=TerminalOut, summary="Get a terminal")
@requires(READ_TERMINAL)
def get_terminal(request: HttpRequest, terminal_id: UUID):
    return terminal_for_actor(request.actor, terminal_id)


@router.post("/terminals", response={201: TerminalOut}, summary="Expect a terminal for 15 minutes")
@requires(MANAGE_TERMINAL)
def pair_terminal(request: HttpRequest, body: PairingIn):
    terminal_id = open_pairing(actor=request.actor, **body.dict())
    return Status(201, terminal_for_actor(request.actor, terminal_id))


@router.post("/terminals/{uuid:terminal_id}/approve", response=TerminalOut, summary="Let a terminal in")
@requires(MANAGE_TERMINAL)
def approve(request: HttpRequest, terminal_id: UUID):
    approve_terminal(actor=request.actor, terminal_id=terminal_id)
    return terminal_for_actor(request.actor, terminal_id)


@router.post("/terminals/{uuid:terminal_id}/refuse", response=TerminalOut, summary="Turn a terminal away")
@requires(MANAGE_TERMINAL)
def refuse(request: HttpRequest, terminal_id: UUID):
    refuse_terminal(actor=request.actor, terminal_id=terminal_id)
    return terminal_for_actor(request.actor, terminal_id)


@router.post(
    "/terminals/{uuid:terminal_id}/retire", response=TerminalOut, summary="Take a terminal out of use"
)
@requires(MANAGE_TERMINAL)
def retire(request: HttpRequest, terminal_id: UUID):
    retire_terminal(actor=request.actor, terminal_id=terminal_id)
    return terminal_for_actor(request.actor, terminal_id)


@router.get(
    "/terminals/{uuid:terminal_id}/users",
    response=CursorPage[TerminalUserOut],
    summary="List the people on a terminal",
)
@requires(READ_TERMINAL)
def list_users(request: HttpRequest, terminal_id: UUID, page: Paging):
    terminal = terminal_for_actor(request.actor, terminal_id)
    return cursor_page(users_for_actor(request.actor, terminal.id), page)


@router.post("/terminals/{uuid:terminal_id}/users", response=SentOut, summary="Send people to a terminal")
@requires(MANAGE_TERMINAL)
def send_users(request: HttpRequest, terminal_id: UUID, body: PeopleIn):
    """People of other subsidiaries than the actor's are passed over."""
    return send_people(actor=request.actor, terminal_id=terminal_id, person_ids=body.person_ids)


@router.get(
    "/terminals/{uuid:terminal_id}/commands",
    response=CursorPage[CommandOut],
    summary="List the commands of a terminal",
)
@requires(READ_TERMINAL)
def list_commands(request: HttpRequest, terminal_id: UUID, page: Paging):
    terminal = terminal_for_actor(request.actor, terminal_id)
    return cursor_page(commands_for_actor(request.actor, terminal.id), page)


@router.post(
    "/terminals/{uuid:terminal_id}/commands", response={204: None}, summary="Tell a terminal to do something"
)
@requires(MANAGE_TERMINAL)
def order_command(request: HttpRequest, terminal_id: UUID, body: OrderIn):
    order(actor=request.actor, terminal_id=terminal_id, kind=CommandKind(body.kind))
    return Status(204, None)


@router.post(
    "/terminals/{uuid:terminal_id}/verify", response={204: None}, summary="Let a terminal count its punches"
)
@requires(MANAGE_TERMINAL)
def verify_terminal(request: HttpRequest, terminal_id: UUID, body: StretchIn):
    verify(actor=request.actor, terminal_id=terminal_id, first=body.first, last=body.last)
    return Status(204, None)


@router.post(
    "/terminals/{uuid:terminal_id}/resend", response={204: None}, summary="Let a terminal send all again"
)
@requires(MANAGE_TERMINAL)
def resend(request: HttpRequest, terminal_id: UUID):
    send_all_again(actor=request.actor, terminal_id=terminal_id)
    return Status(204, None)


@router.get(
    "/terminals/{uuid:terminal_id}/events",
    response=CursorPage[EventOut],
    summary="List what happened at a terminal",
)
@requires(READ_TERMINAL)
def list_events(request: HttpRequest, terminal_id: UUID, page: Paging):
    terminal = terminal_for_actor(request.actor, terminal_id)
    return cursor_page(events_for_actor(request.actor, terminal.id), page)


@router.get("/unknown-pins", response=CursorPage[UnknownPinOut], summary="List PINs that nobody has")
@requires(READ_TERMINAL)
def list_unknown_pins(request: HttpRequest, page: Paging):
    return cursor_page(unknown_pins_for_actor(request.actor), page)


@router.post(
    "/terminal-users/{uuid:terminal_user_id}/assign", response=AssignedOut, summary="Give a PIN to somebody"
)
@requires(MANAGE_TERMINAL)
def assign(request: HttpRequest, terminal_user_id: UUID, body: AssignIn):
    user = user_for_actor(request.actor, terminal_user_id)
    count = assign_pin(
        actor=request.actor, terminal_id=user.terminal_id, pin=user.pin, person_id=body.person_id
    )
    return {"punches": count}
