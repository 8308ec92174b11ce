"""Settings of the gateway process: the same product without sessions, cookies, languages and pages.

Terminals know the server by its address, so every host name will do; nothing that is answered contains it.
"""

from zhiheng.config.settings import *  # noqa: F403

ROOT_URLCONF = "zhiheng.config.gateway_urls"
MIDDLEWARE: list[str] = []
ALLOWED_HOSTS = ["*"]
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # the gateway has a limit of its own, see terminals.services.gateway
