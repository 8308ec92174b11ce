"""Addresses of leave, below /leave/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "leave"
urlpatterns: list[URLPattern] = []
