"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacesConfig(AppConfig):
    name = "zhiheng.faces"
    verbose_name = _("人脸识别")
