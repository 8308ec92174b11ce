"""Entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
application = get_wsgi_application()

# What is loaded by now stays, some 400,000 objects: a full collection in the middle of a page would walk through them
# all, for 200 ms, and free nothing. Pages make many objects at once; by default, each 700 call for a look.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
