"""Addresses of approvals, below /approvals/."""

from django.urls import path

from zhiheng.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("approve/", views.approve_many, name="approve_many"),
    path("<uuid:approval_id>/", views.request_detail, name="request_detail"),
    path("<uuid:approval_id>/decide/", views.request_decide, name="request_decide"),
    path("<uuid:approval_id>/withdraw/", views.request_withdraw, name="request_withdraw"),
]
