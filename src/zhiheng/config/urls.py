"""URLs: each domain brings its own, the web package the shell's and the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhiheng.web.urls")),
]

# Django looks for error handlers in the root URL configuration only.
handler500 = "zhiheng.web.views.errors.server_error"
