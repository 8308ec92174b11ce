"""Addresses of the work log, below /worklog/."""

from __future__ import annotations

from django.urls import path

from zhiheng.worklog.views import customers, entries, expenses, overview, projects, timesheets, visits

app_name = "worklog"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("me/", entries.my_day, name="my_day"),
    path("entries/add/", entries.entry_add, name="entry_add"),
    path("entries/<uuid:work_entry_id>/delete/", entries.entry_delete, name="entry_delete"),
    path("people/<uuid:person_id>/", entries.person_time, name="person_time"),
    path("categories/", entries.category_list, name="category_list"),
    path("categories/set/", entries.category_set, name="category_set"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/plan/", visits.visit_plan, name="visit_plan"),
    path("visits/start/", visits.visit_start, name="visit_start"),
    path("visits/<uuid:visit_id>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:visit_id>/start/", visits.visit_start_planned, name="visit_start_planned"),
    path("visits/<uuid:visit_id>/end/", visits.visit_end, name="visit_end"),
    path("visits/<uuid:visit_id>/notes/", visits.visit_notes, name="visit_notes"),
    path("visits/<uuid:visit_id>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("customers/", customers.customer_list, name="customer_list"),
    path("customers/add/", customers.customer_add, name="customer_add"),
    path("customers/<uuid:customer_id>/", customers.customer_edit, name="customer_edit"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/add/", projects.project_add, name="project_add"),
    path("projects/<uuid:project_id>/", projects.project_detail, name="project_detail"),
    path("projects/<uuid:project_id>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<uuid:project_id>/activities/", projects.activity_add, name="activity_add"),
    path("projects/<uuid:project_id>/members/", projects.project_members, name="project_members"),
    path("hours/", projects.hours, name="hours"),
    path("week/", timesheets.my_week, name="my_week"),
    path("weeks/", timesheets.week_list, name="week_list"),
    path("weeks/<uuid:person_id>/", timesheets.person_week, name="person_week"),
    path("weeks/<uuid:person_id>/lock/", timesheets.week_lock, name="week_lock"),
    path("weeks/<uuid:person_id>/unlock/", timesheets.week_unlock, name="week_unlock"),
    path("claims/", expenses.claim_list, name="claim_list"),
    path("claims/add/", expenses.claim_add, name="claim_add"),
    path("claims/<uuid:claim_id>/", expenses.claim_detail, name="claim_detail"),
    path("claims/<uuid:claim_id>/print/", expenses.claim_print, name="claim_print"),
    path("claims/<uuid:claim_id>/lines/", expenses.line_add, name="line_add"),
    path("claims/<uuid:claim_id>/lines/<uuid:line_id>/delete/", expenses.line_delete, name="line_delete"),
    path("claims/<uuid:claim_id>/refresh/", expenses.claim_refresh, name="claim_refresh"),
    path("claims/<uuid:claim_id>/submit/", expenses.claim_submit, name="claim_submit"),
    path("claims/<uuid:claim_id>/withdraw/", expenses.claim_withdraw, name="claim_withdraw"),
    path("claims/<uuid:claim_id>/delete/", expenses.claim_delete, name="claim_delete"),
    path("claims/<uuid:claim_id>/pay/", expenses.claim_pay, name="claim_pay"),
    path("rates/", expenses.rate_list, name="rate_list"),
    path("rates/set/", expenses.rate_set, name="rate_set"),
]
