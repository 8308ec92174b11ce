"""Entry point of the gateway of terminals."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.config.gateway_settings"
django.setup()
# No sessions, cookies, languages: terminals have none. Only now, since apps insist on their middleware when they start.
settings.MIDDLEWARE = []
application = WSGIHandler()
