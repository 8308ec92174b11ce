"""Addresses of worklog, below /worklog/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "worklog"
urlpatterns: list[URLPattern] = []
