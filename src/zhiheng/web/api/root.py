"""The NinjaAPI and the list of its routers."""

from __future__ import annotations

from importlib import import_module

from ninja import NinjaAPI
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from zhiheng.access.errors import NotSignedIn
from zhiheng.web.api.problems import install

# Path below /api/v1, module of the domain that has its ``router``.
ROUTERS = (
    ("", "zhiheng.access.api"),
    ("", "zhiheng.people.api"),
    ("/imports", "zhiheng.dataimport.api"),
    ("", "zhiheng.integrations.api"),
    ("", "zhiheng.metrics.api"),
    ("", "zhiheng.faces.api"),
    ("", "zhiheng.approvals.api"),
    ("", "zhiheng.rosters.api"),
    ("", "zhiheng.leave.api"),
    ("", "zhiheng.attendance.api"),
    ("", "zhiheng.connectors.api"),
    ("", "zhiheng.terminals.api"),
    ("", "zhiheng.worklog.api"),
    ("", "zhiheng.goals.api"),
    ("", "zhiheng.reviews.api"),
    ("/jobs", "zhiheng.jobs.api"),
    ("/audit", "zhiheng.audit.api"),
    ("/files", "zhiheng.files.api"),
)


class ActorAuth(AuthBase):
    """Let in whoever the middleware found: by API token, or by session with a CSRF token on writes."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request):
        actor = getattr(request, "actor", None)
        if actor is None or (actor.token_id is None and check_csrf(request)):
            raise NotSignedIn
        return actor


def build() -> NinjaAPI:
    """Put the API together."""
    made = NinjaAPI(
        title="Zhiheng API",
        version="1",
        description="Everything the pages show and do, under the same permissions and data scopes.",
        auth=ActorAuth(),
        docs_url=None,
        openapi_url="/openapi.json",
        urls_namespace="api",
    )
    install(made)
    for prefix, module in ROUTERS:
        made.add_router(prefix, import_module(module).router)
    return made


api = build()
