"""Settings of the tests: a database server of their own, cheap password hashes, no pool."""

import os
from pathlib import Path

os.environ["ZHIHENG_HOME"] = os.environ.get("ZHIHENG_TEST_HOME") or str(
    Path(__file__).parent.parent / "var" / "test"
)
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "ZHIHENG_POOL", "ZHIHENG_DATABASE"):
    os.environ.pop(_name, None)

# The browser tests keep an event loop in their process; Django would take every later query for an async one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from zhiheng.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
