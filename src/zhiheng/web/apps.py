"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "zhiheng.web"
    verbose_name = _("网站")
