"""Addresses of background jobs."""

from django.urls import path

from zhiheng.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.run_list, name="run_list"),
    path("<uuid:job_id>/", views.run_detail, name="run_detail"),
    path("<uuid:job_id>/progress/", views.run_progress, name="run_progress"),
    path("<uuid:job_id>/cancel/", views.run_cancel, name="run_cancel"),
    path("<uuid:job_id>/retry/", views.run_retry, name="run_retry"),
    path("start/<str:kind>/", views.run_start, name="run_start"),
]
