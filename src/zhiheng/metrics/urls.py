"""Addresses of metrics, below /metrics/."""

from django.urls import path

from zhiheng.metrics import views

app_name = "metrics"
urlpatterns = [
    path("", views.metric_list, name="metric_list"),
    path("new/", views.metric_create, name="metric_create"),
    path("library/", views.metric_library, name="metric_library"),
    path("formula/", views.formula_check, name="formula_check"),
    path("of-record/<uuid:record_id>/", views.record_observations, name="record_observations"),
    path("periods/", views.period_list, name="period_list"),
    path("periods/new/", views.period_create, name="period_create"),
    path("<uuid:metric_id>/", views.metric_detail, name="metric_detail"),
    path("<uuid:metric_id>/redefine/", views.metric_redefine, name="metric_redefine"),
]
