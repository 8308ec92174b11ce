"""Addresses of files."""

from django.urls import path

from zhiheng.files import views

app_name = "files"
urlpatterns = [path("<uuid:file_id>/", views.download, name="download")]
