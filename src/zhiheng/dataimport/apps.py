"""Application of the import."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DataImportConfig(AppConfig):
    """Loads the import targets of every domain when Django starts."""

    name = "zhiheng.dataimport"
    label = "dataimport"
    verbose_name = _("数据导入")

    def ready(self) -> None:
        """Find ``imports.py`` in every installed app."""
        autodiscover_modules("imports")
