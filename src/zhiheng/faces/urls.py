"""Addresses of faces, below /faces/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "faces"
urlpatterns: list[URLPattern] = []
