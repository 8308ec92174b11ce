"""Addresses of people, below /people/."""

from django.urls import path

from zhiheng.people.views import org, persons

app_name = "people"
urlpatterns = [
    path("", persons.person_list, name="person_list"),
    path("hire/", persons.person_hire, name="person_hire"),
    path("org/", org.org_chart, name="org_chart"),
    path("org/new/", org.org_unit_new, name="org_unit_new"),
    path("org/<uuid:unit_id>/rename/", org.org_unit_rename, name="org_unit_rename"),
    path("org/<uuid:unit_id>/move/", org.org_unit_move, name="org_unit_move"),
    path("org/<uuid:unit_id>/close/", org.org_unit_close, name="org_unit_close"),
    path("positions/", org.position_list, name="position_list"),
    path("positions/new/", org.position_edit, name="position_new"),
    path("positions/<uuid:position_id>/", org.position_edit, name="position_edit"),
    path("legal-entities/", org.legal_entity_list, name="legal_entity_list"),
    path("legal-entities/new/", org.legal_entity_edit, name="legal_entity_new"),
    path("legal-entities/<uuid:legal_entity_id>/", org.legal_entity_edit, name="legal_entity_edit"),
    path("<uuid:person_id>/", persons.person_detail, name="person_detail"),
    path("<uuid:person_id>/edit/", persons.person_edit, name="person_edit"),
    path("<uuid:person_id>/transfer/", persons.person_transfer, name="person_transfer"),
    path("<uuid:person_id>/leave/", persons.person_leave, name="person_leave"),
    path("<uuid:person_id>/rehire/", persons.person_rehire, name="person_rehire"),
    path("<uuid:person_id>/identifiers/", persons.identifier_set, name="identifier_set"),
    path("<uuid:person_id>/identifiers/<slug:kind>/", persons.identifier_reveal, name="identifier_reveal"),
    path(
        "<uuid:person_id>/assignments/<uuid:assignment_id>/",
        persons.assignment_correct,
        name="assignment_correct",
    ),
]
