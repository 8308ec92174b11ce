"""Addresses of goals, below /goals/."""

from django.urls import path

from zhiheng.goals.views import goals, negotiations

app_name = "goals"
urlpatterns = [
    path("", goals.goal_list, name="goal_list"),
    path("me/", goals.my_goals, name="my_goals"),
    path("warnings/", goals.warning_list, name="warning_list"),
    path("set/", goals.goal_set, name="goal_set"),
    path("negotiations/", negotiations.negotiation_list, name="negotiation_list"),
    path("negotiations/new/", negotiations.negotiation_open, name="negotiation_open"),
    path("negotiations/<uuid:negotiation_id>/", negotiations.negotiation_detail, name="negotiation_detail"),
    path("negotiations/<uuid:negotiation_id>/probability/", negotiations.probability, name="probability"),
    path("negotiations/<uuid:negotiation_id>/propose/", negotiations.propose, name="propose"),
    path(
        "negotiations/<uuid:negotiation_id>/close/", negotiations.negotiation_close, name="negotiation_close"
    ),
    path("<uuid:goal_id>/shortfall/", goals.goal_shortfall, name="goal_shortfall"),
    path("<uuid:goal_id>/reply/", goals.goal_reply, name="goal_reply"),
    path("<uuid:goal_id>/", goals.goal_detail, name="goal_detail"),
]
