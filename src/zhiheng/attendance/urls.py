"""Addresses of attendance, below /attendance/."""

from __future__ import annotations

from django.urls import path

from zhiheng.attendance.views import (
    closing,
    days,
    devices,
    imports,
    kiosk,
    months,
    phone,
    punches,
    requests,
    sites,
)

app_name = "attendance"

PUNCHES = [
    path("punch/", phone.punch_page, name="punch_page"),
    path("punch/take/", phone.punch_take, name="punch_take"),
    path("punch/where/", phone.punch_where, name="punch_where"),
    path("punch/token/", phone.punch_token, name="punch_token"),
    path("punch/offline/", phone.punch_offline, name="punch_offline"),
    path("punches/", punches.punch_list, name="punch_list"),
    path("punches/review/", punches.punch_review_list, name="punch_review_list"),
    path("punches/review/decide/", punches.punch_review, name="punch_review"),
    path("punches/<uuid:punch_id>/", punches.punch_detail, name="punch_detail"),
    path("punches/<uuid:punch_id>/photo/", punches.punch_photo, name="punch_photo"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/pair/", kiosk.kiosk_pair, name="kiosk_pair"),
    path("kiosk/pin/", kiosk.kiosk_pin, name="kiosk_pin"),
    path("kiosk/face/", kiosk.kiosk_face, name="kiosk_face"),
    path("kiosk/deny/", kiosk.kiosk_deny, name="kiosk_deny"),
    path("kiosk/beat/", kiosk.kiosk_beat, name="kiosk_beat"),
    path("devices/", devices.device_list, name="device_list"),
    path("devices/kiosks/new/", devices.kiosk_new, name="kiosk_new"),
    path("devices/<uuid:device_id>/kiosk/", devices.kiosk_setup, name="kiosk_setup"),
    path("punch-files/", imports.punch_import_list, name="punch_import_list"),
    path("punch-files/new/", imports.punch_import_new, name="punch_import_new"),
    path("punch-files/<uuid:import_id>/", imports.punch_import, name="punch_import"),
    path("punch-files/<uuid:import_id>/act/", imports.punch_import_act, name="punch_import_act"),
    path("pins/", devices.pin_list, name="pin_list"),
    path("pins/<uuid:person_id>/remove/", devices.pin_remove, name="pin_remove"),
    path("pins/owners/<uuid:pin_owner_id>/remove/", devices.pin_owner_remove, name="pin_owner_remove"),
    path("my-pin/", devices.my_pin, name="my_pin"),
    path("settings/", sites.settings, name="settings"),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/new/", sites.site_edit, name="site_new"),
    path("sites/<uuid:site_id>/", sites.site_detail, name="site_detail"),
    path("sites/<uuid:site_id>/edit/", sites.site_edit, name="site_edit"),
    path("sites/<uuid:site_id>/qr/", sites.site_qr, name="site_qr"),
    path(
        "sites/<uuid:site_id>/scope/<uuid:assignment_id>/remove/", sites.site_unassign, name="site_unassign"
    ),
]

REQUESTS = [
    path("requests/new/correction/", requests.request_new, {"kind": "correction"}, name="correction_new"),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/me/", requests.my_requests, name="my_requests"),
    path("requests/new/<str:kind>/", requests.request_new, name="request_new"),
    path("requests/settings/", requests.request_settings, name="request_settings"),
    path("requests/<uuid:time_request_id>/", requests.request_detail, name="request_detail"),
    path("requests/<uuid:time_request_id>/cancel/", requests.request_cancel, name="request_cancel"),
    path("requests/<uuid:time_request_id>/answer/", requests.request_answer, name="request_answer"),
    path("requests/<uuid:time_request_id>/evidence/", requests.request_evidence, name="request_evidence"),
]

DAYS = [
    path("me/", days.my_attendance, name="my_attendance"),
    path("days/", days.team_day, name="team_day"),
    path("days/<uuid:day_id>/", days.day_detail, name="day_detail"),
    path("days/<uuid:day_id>/settle/", days.day_settle, name="day_settle"),
    path("months/", months.month_table, name="month_table"),
    path("months/report/", months.report, name="report"),
    path("months/close/", closing.month_close, name="month_close"),
    path("months/close/<uuid:legal_entity_id>/", closing.month_checklist, name="month_checklist"),
    path("months/close/<uuid:legal_entity_id>/lock/", closing.month_lock, name="month_lock"),
    path("months/close/<uuid:legal_entity_id>/settle/", closing.month_settle, name="month_settle"),
    path("months/close/<uuid:legal_entity_id>/unlock/", closing.month_unlock, name="month_unlock"),
    path("anomalies/", months.anomaly_list, name="anomaly_list"),
    path("settings/settlement/", closing.settlement_settings, name="settlement_settings"),
]

urlpatterns = [*PUNCHES, *REQUESTS, *DAYS]
