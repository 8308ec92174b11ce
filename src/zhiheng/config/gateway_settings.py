"""Settings of the gateway process: the same product with other URLs.

Terminals know the server by its address, so every host name will do; nothing that is answered contains it.
"""

from zhiheng.config import settings
from zhiheng.config.settings import *  # noqa: F403

ROOT_URLCONF = "zhiheng.config.gateway_urls"
ALLOWED_HOSTS = ["*"]
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # type: ignore[assignment]  # the gateway has a limit of its own, see terminals.services.gateway
# The same few statements all day: let the server plan them once. Planning under row-level security costs more than
# running them.
DATABASES = {
    **settings.DATABASES,
    "default": {
        **settings.DATABASES["default"],
        "OPTIONS": {**settings.DATABASES["default"]["OPTIONS"], "server_side_binding": True},
    },
}
