"""Names that a tenant keeps in two languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_reader_language(name: str, name_en: str) -> str:
    """Return the name for the reader: the English one in English, if there is one."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class NamedModel(models.Model):
    """A thing with a name, and an English one where the tenant has given it."""

    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)
