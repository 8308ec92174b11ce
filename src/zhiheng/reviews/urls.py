"""Addresses of reviews, below /reviews/."""

from django.urls import path

from zhiheng.reviews.views import cycles, scorecards, scores

app_name = "reviews"
urlpatterns = [
    path("", cycles.cycle_list, name="cycle_list"),
    path("new/", cycles.cycle_open, name="cycle_open"),
    path("me/", scores.my_score, name="my_score"),
    path("scorecards/", scorecards.scorecard_list, name="scorecard_list"),
    path("scorecards/new/", scorecards.scorecard_create, name="scorecard_create"),
    path("scorecards/check/", scorecards.scorecard_check, name="scorecard_check"),
    path("scorecards/<uuid:scorecard_id>/", scorecards.scorecard_detail, name="scorecard_detail"),
    path("scorecards/<uuid:scorecard_id>/edit/", scorecards.scorecard_edit, name="scorecard_edit"),
    path("<uuid:cycle_id>/", cycles.cycle_detail, name="cycle_detail"),
    path("<uuid:cycle_id>/close/", cycles.cycle_close, name="cycle_close"),
    path("<uuid:cycle_id>/job/<uuid:job_id>/", cycles.cycle_job, name="cycle_job"),
    path("<uuid:cycle_id>/verify/", cycles.cycle_verify, name="cycle_verify"),
    path("<uuid:cycle_id>/export/", cycles.cycle_export, name="cycle_export"),
    path("<uuid:cycle_id>/<uuid:person_id>/", scores.score_detail, name="score_detail"),
]
