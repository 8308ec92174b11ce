"""Addresses of terminals, below /terminals/."""

from __future__ import annotations

from django.urls import path

from zhiheng.terminals.views import actions, lists, terminals

app_name = "terminals"
urlpatterns = [
    path("", terminals.terminal_list, name="terminal_list"),
    path("new/", terminals.terminal_new, name="terminal_new"),
    path("unknown/", lists.unknown_list, name="unknown_list"),
    path("users/<uuid:terminal_user_id>/assign/", terminals.user_assign, name="user_assign"),
    path("users/<uuid:terminal_user_id>/remove/", actions.user_remove, name="user_remove"),
    path("uploads/<uuid:upload_id>/raw/", actions.upload_raw, name="upload_raw"),
    path("events/<uuid:event_id>/photo/", actions.event_photo, name="event_photo"),
    path("<uuid:terminal_id>/", terminals.terminal_detail, name="terminal_detail"),
    path("<uuid:terminal_id>/status/", terminals.terminal_status, name="terminal_status"),
    path("<uuid:terminal_id>/edit/", terminals.terminal_edit, name="terminal_edit"),
    path("<uuid:terminal_id>/send/", terminals.people_send, name="people_send"),
    path("<uuid:terminal_id>/stretch/", terminals.stretch_order, name="stretch_order"),
    path("<uuid:terminal_id>/people/", lists.user_list, name="user_list"),
    path("<uuid:terminal_id>/commands/", lists.command_list, name="command_list"),
    path("<uuid:terminal_id>/uploads/", lists.upload_list, name="upload_list"),
    path("<uuid:terminal_id>/events/", lists.event_list, name="event_list"),
    path("<uuid:terminal_id>/approve/", actions.terminal_approve, name="terminal_approve"),
    path("<uuid:terminal_id>/refuse/", actions.terminal_refuse, name="terminal_refuse"),
    path("<uuid:terminal_id>/retire/", actions.terminal_retire, name="terminal_retire"),
    path("<uuid:terminal_id>/order/", actions.terminal_order, name="terminal_order"),
    path("<uuid:terminal_id>/resend/", actions.terminal_resend, name="terminal_resend"),
    path("<uuid:terminal_id>/commands/cancel/", actions.commands_cancel, name="commands_cancel"),
    path("<uuid:terminal_id>/uploads/process/", actions.uploads_process, name="uploads_process"),
    path("<uuid:terminal_id>/seen/", actions.events_seen, name="events_seen"),
]
