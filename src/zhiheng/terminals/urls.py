"""Addresses of terminals, below /terminals/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "terminals"
urlpatterns: list[URLPattern] = []
