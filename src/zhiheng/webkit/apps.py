"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebkitConfig(AppConfig):
    name = "zhiheng.webkit"
    verbose_name = _("界面组件")
