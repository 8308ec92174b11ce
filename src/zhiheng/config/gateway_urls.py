"""URLs of the gateway of terminals; all that a terminal may call comes below /iclock/."""

from django.urls import path

from zhiheng.terminals.views.gateway import health, receive

urlpatterns = [
    path("health", health),
    path("iclock/<path:path>", receive),
]
