"""URLs: each domain brings its own, the web package the shell's and the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhiheng.web.urls")),
]
