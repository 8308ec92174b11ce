"""Addresses of connectors, below /sources/."""

from __future__ import annotations

from django.urls import path

from zhiheng.connectors.views import connections, mappings, rows, webhooks

app_name = "connectors"
urlpatterns = [
    path("", connections.connection_list, name="connection_list"),
    path("new/", connections.connection_choose, name="connection_choose"),
    path("new/<slug:connector>/", connections.connection_new, name="connection_new"),
    path("rows/", rows.row_list, name="row_list"),
    path("rows/<uuid:row_id>/", rows.row_detail, name="row_detail"),
    path("unmatched/", mappings.case_list, name="case_list"),
    path("unmatched/<uuid:case_id>/", mappings.case_detail, name="case_detail"),
    path("unmatched/<uuid:case_id>/act/", mappings.case_act, name="case_act"),
    path("feeds/<uuid:feed_id>/map/", mappings.mapping_choose, name="mapping_choose"),
    path("feeds/<uuid:feed_id>/map/<uuid:stream_id>/", mappings.mapping_edit, name="mapping_edit"),
    path("feeds/<uuid:feed_id>/map/<uuid:stream_id>/stop/", mappings.mapping_stop, name="mapping_stop"),
    path("webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path("webhooks/<uuid:webhook_id>/", webhooks.webhook_detail, name="webhook_detail"),
    path("webhooks/<uuid:webhook_id>/act/", webhooks.webhook_act, name="webhook_act"),
    path("syncs/<uuid:sync_id>/", rows.sync_detail, name="sync_detail"),
    path("<uuid:connection_id>/", connections.connection_detail, name="connection_detail"),
    path("<uuid:connection_id>/status/", connections.connection_status, name="connection_status"),
    path("<uuid:connection_id>/edit/", connections.connection_edit, name="connection_edit"),
    path("<uuid:connection_id>/act/", connections.connection_act, name="connection_act"),
    path("<uuid:connection_id>/window/", connections.connection_window, name="connection_window"),
]
