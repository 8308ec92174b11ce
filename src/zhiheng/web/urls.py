"""All URLs of the product."""

from importlib.util import find_spec

from django.urls import include, path

from zhiheng.web.api import api

DOMAINS = (
    ("people/", "zhiheng.people.urls"),
    ("imports/", "zhiheng.dataimport.urls"),
    ("records/", "zhiheng.integrations.urls"),
    ("metrics/", "zhiheng.metrics.urls"),
    ("goals/", "zhiheng.goals.urls"),
    ("reviews/", "zhiheng.reviews.urls"),
    ("jobs/", "zhiheng.jobs.urls"),
    ("audit/", "zhiheng.audit.urls"),
    ("files/", "zhiheng.files.urls"),
    ("settings/", "zhiheng.access.urls"),
)

urlpatterns = [
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    *(path(prefix, include(module)) for prefix, module in DOMAINS if find_spec(module)),
]
