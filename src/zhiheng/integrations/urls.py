"""Addresses of integrations, below /records/."""

from django.urls import path

from zhiheng.integrations import views

app_name = "integrations"
urlpatterns = [
    path("", views.record_list, name="record_list"),
    path("sources/", views.source_list, name="source_list"),
    path("<uuid:record_id>/", views.record_detail, name="record_detail"),
]
