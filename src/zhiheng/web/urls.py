"""All URLs of the product."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
