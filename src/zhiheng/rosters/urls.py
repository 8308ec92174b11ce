"""Addresses of rosters, below /rosters/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "rosters"
urlpatterns: list[URLPattern] = []
