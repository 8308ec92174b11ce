"""Addresses of rosters, below /rosters/."""

from __future__ import annotations

from django.urls import path

from zhiheng.rosters.views import assignments, board, calendars, definitions, mine

app_name = "rosters"
urlpatterns = [
    path("", board.board, name="board"),
    path("cells/", board.board_set, name="board_set"),
    path("move/", board.board_move, name="board_move"),
    path("copy/", board.board_copy, name="board_copy"),
    path("fill/", board.board_fill, name="board_fill"),
    path("publish/", board.board_publish, name="board_publish"),
    path("discard/", board.board_discard, name="board_discard"),
    path("export/", board.board_export, name="board_export"),
    path("warnings/", board.settings, name="settings"),
    path("shifts/", definitions.shift_list, name="shift_list"),
    path("shifts/new/", definitions.shift_edit, name="shift_new"),
    path("shifts/<uuid:shift_id>/", definitions.shift_edit, name="shift_edit"),
    path("rules/", definitions.rule_set_list, name="rule_set_list"),
    path("rules/new/", definitions.rule_set_edit, name="rule_set_new"),
    path("rules/<uuid:rule_set_id>/", definitions.rule_set_edit, name="rule_set_edit"),
    path("rotations/", definitions.rotation_list, name="rotation_list"),
    path("rotations/new/", definitions.rotation_edit, name="rotation_new"),
    path("rotations/<uuid:rotation_id>/", definitions.rotation_edit, name="rotation_edit"),
    path("calendars/", calendars.calendar_list, name="calendar_list"),
    path("calendars/new/", calendars.calendar_edit, name="calendar_new"),
    path("calendars/published/", calendars.calendar_published, name="calendar_published"),
    path("calendars/<uuid:calendar_id>/", calendars.calendar_detail, name="calendar_detail"),
    path("calendars/<uuid:calendar_id>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path("calendars/<uuid:calendar_id>/days/", calendars.calendar_day, name="calendar_day"),
    path("calendars/<uuid:calendar_id>/use/", calendars.calendar_use, name="calendar_use"),
    path("assignments/", assignments.assignment_list, name="assignment_list"),
    path("assignments/new/", assignments.assignment_new, name="assignment_new"),
    path("assignments/<uuid:assignment_id>/end/", assignments.assignment_end, name="assignment_end"),
    path("working-times/", assignments.working_time_list, name="working_time_list"),
    path("working-times/new/", assignments.working_time_new, name="working_time_new"),
    path("working-times/<uuid:working_time_id>/end/", assignments.working_time_end, name="working_time_end"),
    path("me/", mine.my_roster, name="my_roster"),
    path("me/feed/", mine.feed_open, name="feed_open"),
    path("me/feed/revoke/", mine.feed_close, name="feed_close"),
    path("feed/<str:secret>.ics", mine.feed, name="feed"),
]
