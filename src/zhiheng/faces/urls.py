"""Addresses of faces, below /faces/."""

from django.urls import path

from zhiheng.faces.views import checks, desk, mine, settings

app_name = "faces"
urlpatterns = [
    path("me/", mine.my_face, name="my_face"),
    path("me/consent/", mine.my_consent, name="my_consent"),
    path("me/withdraw/", mine.my_withdraw, name="my_withdraw"),
    path("me/enrol/", mine.my_enrol, name="my_enrol"),
    path("me/try/", mine.my_try, name="my_try"),
    path("me/photos/<uuid:template_id>/", mine.my_photo, name="my_photo"),
    path("", desk.enrolment_list, name="enrolment_list"),
    path("consents/", desk.consent_list, name="consent_list"),
    path("enrol/", desk.enrol_person, name="enrol_person"),
    path("people/<uuid:person_id>/", desk.person_face, name="person_face"),
    path("people/<uuid:person_id>/confirm/", desk.confirm, name="confirm"),
    path("people/<uuid:person_id>/delete/", desk.delete, name="delete"),
    path("photos/<uuid:template_id>/", desk.enrolment_photo, name="enrolment_photo"),
    path("checks/", checks.check_list, name="check_list"),
    path("checks/<uuid:check_id>/", checks.check_detail, name="check_detail"),
    path("checks/<uuid:check_id>/photo/", checks.check_photo, name="check_photo"),
    path("settings/", settings.setting, name="setting"),
]
