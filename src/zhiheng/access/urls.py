"""Addresses of the settings pages."""

from django.urls import path

from zhiheng.access.views import account, company, invitations, members, roles, tokens

app_name = "access"

urlpatterns = [
    path("members/", members.member_list, name="member_list"),
    path("members/<uuid:membership_id>/", members.member_detail, name="member_detail"),
    path("members/<uuid:membership_id>/roles/", members.role_add, name="member_role_add"),
    path(
        "members/<uuid:membership_id>/roles/<uuid:assignment_id>/remove/",
        members.role_remove,
        name="member_role_remove",
    ),
    path("members/<uuid:membership_id>/person/", members.person_link, name="member_person_link"),
    path("members/<uuid:membership_id>/deactivate/", members.member_deactivate, name="member_deactivate"),
    path("members/<uuid:membership_id>/activate/", members.member_activate, name="member_activate"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invitation_new, name="invitation_new"),
    path("invitations/<uuid:invitation_id>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:invitation_id>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("join/<str:secret>/", invitations.invitation_accept, name="invitation_accept"),
    path("roles/", roles.role_list, name="role_list"),
    path("roles/new/", roles.role_new, name="role_new"),
    path("roles/<uuid:role_id>/", roles.role_detail, name="role_detail"),
    path("roles/<uuid:role_id>/edit/", roles.role_edit, name="role_edit"),
    path("roles/<uuid:role_id>/delete/", roles.role_delete, name="role_delete"),
    path("tokens/", tokens.token_list, name="token_list"),
    path("tokens/new/", tokens.token_new, name="token_new"),
    path("tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("company/", company.company_profile, name="company_profile"),
    path("company/switch/", company.switch_tenant, name="switch_tenant"),
    path("account/", account.account, name="account"),
]
