"""Addresses of goals, below /goals/."""

from django.urls import path

from zhiheng.goals import views

app_name = "goals"
urlpatterns = [
    path("", views.goal_list, name="goal_list"),
    path("me/", views.my_goals, name="my_goals"),
    path("set/", views.goal_set, name="goal_set"),
    path("<uuid:goal_id>/", views.goal_detail, name="goal_detail"),
]
