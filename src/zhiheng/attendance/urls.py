"""Addresses of attendance, below /attendance/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "attendance"
urlpatterns: list[URLPattern] = []
