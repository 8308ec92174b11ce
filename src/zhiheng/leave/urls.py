"""Addresses of leave, below /leave/."""

from __future__ import annotations

from django.urls import path

from zhiheng.leave.views import balances, calendar, requests, types

app_name = "leave"
urlpatterns = [
    path("", balances.balance_list, name="balance_list"),
    path("accounts/<uuid:account_id>/", balances.account_ledger, name="account_ledger"),
    path("accounts/<uuid:account_id>/adjust/", balances.account_adjust, name="account_adjust"),
    path("people/<uuid:person_id>/service/", balances.service_set, name="service_set"),
    path("me/", requests.my_leave, name="my_leave"),
    path("new/", requests.request_new, name="request_new"),
    path("quote/", requests.request_quote, name="request_quote"),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/<uuid:leave_request_id>/", requests.request_detail, name="request_detail"),
    path("requests/<uuid:leave_request_id>/cancel/", requests.request_cancel, name="request_cancel"),
    path(
        "requests/<uuid:leave_request_id>/attachment/", requests.request_attachment, name="request_attachment"
    ),
    path("calendar/", calendar.team_calendar, name="calendar"),
    path("types/", types.type_list, name="type_list"),
    path("types/load/", types.types_load, name="types_load"),
    path("types/new/", types.type_new, name="type_new"),
    path("types/<uuid:leave_type_id>/", types.type_detail, name="type_detail"),
    path("types/<uuid:leave_type_id>/edit/", types.type_edit, name="type_edit"),
    path("types/<uuid:leave_type_id>/rules/new/", types.rule_new, name="rule_new"),
    path("types/<uuid:leave_type_id>/rules/<uuid:rule_id>/delete/", types.rule_delete, name="rule_delete"),
    path("places/<uuid:legal_entity_id>/", types.place_set, name="place_set"),
]
