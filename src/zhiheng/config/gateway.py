"""Entry point of the gateway of terminals."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.config.gateway_settings"
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
