"""Django settings. What an operator may change comes from `zhiheng.config.environment`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import SELF
from django.utils.translation import gettext_lazy as _

from zhiheng.config.environment import Database, environment

ENV = environment()
PACKAGE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
IS_SECURE = ENV.base_url.startswith("https://")
ROOT_URLCONF = "zhiheng.config.urls"
WSGI_APPLICATION = "zhiheng.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

DOMAIN_APPS = [
    "zhiheng.tenancy",
    "zhiheng.access",
    "zhiheng.audit",
    "zhiheng.files",
    "zhiheng.jobs",
    "zhiheng.dataimport",
    "zhiheng.people",
    "zhiheng.faces",
    "zhiheng.approvals",
    "zhiheng.integrations",
    "zhiheng.metrics",
    "zhiheng.connectors",
    "zhiheng.rosters",
    "zhiheng.leave",
    "zhiheng.attendance",
    "zhiheng.terminals",
    "zhiheng.worklog",
    "zhiheng.goals",
    "zhiheng.reviews",
]
INSTALLED_APPS = [
    *DOMAIN_APPS,
    "zhiheng.web",
    "zhiheng.webkit",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_vite",
    # The simple configurations: the others patch the template loaders behind our back.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhiheng.web.middleware.ActorMiddleware",
    "zhiheng.web.api.middleware.ApiMiddleware",
    "zhiheng.web.middleware.TenantMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "zhiheng.webkit.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhiheng.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "zhiheng.webkit.forms.HrRenderer"
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

# --- Database ---------------------------------------------------------------------------------------------


def _database(database: Database, *, use_pool: bool) -> dict:
    options: dict = {"application_name": "zhiheng"}
    if use_pool:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 30}
    return {
        "ENGINE": "zhiheng.tenancy.backend",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "OPTIONS": options,
    }


DATABASES = {
    # The application's role: row-level security applies.
    "default": _database(ENV.app_database, use_pool=ENV.use_pool),
    # The owner of the tables: migrations only.
    "owner": _database(ENV.owner_database, use_pool=False),
}

# --- Sign-in ----------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_ADAPTER = "zhiheng.access.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "zhiheng.access.forms.SignUpForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
MFA_TOTP_ISSUER = "Zhiheng"
# Companies without a mail server can protect their accounts too.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Sign-in limits are counted here: one count for all processes, and no other server.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}

# --- Security ---------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # chart and table islands set style attributes
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_SSL_REDIRECT = False  # the proxy's work, see docs/operations.md
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
IS_BEHIND_PROXY = ENV.is_behind_proxy
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "zhiheng.web.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Language, time, files --------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Files of the front-end build carry a hash in their name already.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+[-.][0-9A-Za-z_-]{8,}\."
WHITENOISE_USE_FINDERS = DEBUG
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "dist",
        "manifest_path": PACKAGE_DIR / "web" / "static" / "dist" / "manifest.json",
    }
}
FILE_UPLOAD_HANDLERS = ["zhiheng.webkit.uploads.BoundedUploadHandler"]

# --- Mail, jobs, logs -------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if ENV.email_url:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(ENV.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10  # seconds: a page waits for a mail
DEFAULT_FROM_EMAIL = "Zhiheng <no-reply@localhost>"

PROCRASTINATE_ON_APP_READY = "zhiheng.jobs.worker.configure"
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 5, "stalled_worker_timeout": 20}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"zhiheng": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
