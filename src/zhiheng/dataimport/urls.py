"""Pages of the import."""

from django.urls import path

from zhiheng.dataimport import views

app_name = "dataimport"
urlpatterns = [
    path("", views.batch_list, name="batch_list"),
    path("new/", views.batch_new, name="batch_new"),
    path("template/<str:target>/", views.template, name="template"),
    path("<uuid:batch_id>/", views.batch, name="batch"),
    path("<uuid:batch_id>/columns/", views.batch_columns, name="batch_columns"),
    path("<uuid:batch_id>/header/", views.batch_header, name="batch_header"),
    path("<uuid:batch_id>/check/", views.batch_check, name="batch_check"),
    path("<uuid:batch_id>/fix/", views.batch_fix, name="batch_fix"),
    path("<uuid:batch_id>/commit/", views.batch_commit, name="batch_commit"),
    path("<uuid:batch_id>/progress/", views.batch_progress, name="batch_progress"),
    path("<uuid:batch_id>/done/", views.batch_done, name="batch_done"),
    path("<uuid:batch_id>/undo/", views.batch_undo, name="batch_undo"),
    path("<uuid:batch_id>/marked/", views.marked, name="marked"),
]
