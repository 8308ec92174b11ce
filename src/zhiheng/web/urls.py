"""All URLs of the product."""

from django.urls import include, path
from django.views.i18n import set_language

from zhiheng.access.http import public_page
from zhiheng.web.api import api
from zhiheng.web.api.reference import reference
from zhiheng.web.views import dashboard, errors, preferences, pwa, search, style

DOMAINS = (
    ("people/", "zhiheng.people.urls"),
    ("faces/", "zhiheng.faces.urls"),
    ("approvals/", "zhiheng.approvals.urls"),
    ("rosters/", "zhiheng.rosters.urls"),
    ("leave/", "zhiheng.leave.urls"),
    ("attendance/", "zhiheng.attendance.urls"),
    ("terminals/", "zhiheng.terminals.urls"),
    ("worklog/", "zhiheng.worklog.urls"),
    ("imports/", "zhiheng.dataimport.urls"),
    ("records/", "zhiheng.integrations.urls"),
    ("sources/", "zhiheng.connectors.urls"),
    ("metrics/", "zhiheng.metrics.urls"),
    ("goals/", "zhiheng.goals.urls"),
    ("reviews/", "zhiheng.reviews.urls"),
    ("jobs/", "zhiheng.jobs.urls"),
    ("audit/", "zhiheng.audit.urls"),
    ("files/", "zhiheng.files.urls"),
    ("settings/", "zhiheng.access.urls"),
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("search/", search.search, name="search"),
    path("api-reference/", reference, name="api_reference"),
    path("theme/", preferences.set_theme, name="set_theme"),
    path("language/", public_page(set_language), name="set_language"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("ui/", style.style_page, name="style_page"),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    *(path(prefix, include(module)) for prefix, module in DOMAINS),
]
handler500 = errors.server_error
