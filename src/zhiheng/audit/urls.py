"""Addresses of the audit log."""

from django.urls import path

from zhiheng.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entry_list, name="entry_list"),
    path("<uuid:entry_id>/", views.entry_detail, name="entry_detail"),
    path("<uuid:entry_id>/erase/", views.payload_erase, name="payload_erase"),
]
