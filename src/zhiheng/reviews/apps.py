"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "zhiheng.reviews"
    verbose_name = _("考核")
