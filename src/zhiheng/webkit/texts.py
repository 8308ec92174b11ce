"""Texts for people that are stored: written once in every language, read in the reader's."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, override


def in_languages(text: str | Promise) -> dict[str, str]:
    """Return a text in every language of the product; a plain string is the same in all of them.

    Build texts of several parts lazily: ``format_lazy(_("补卡 {day}"), day=day)``.
    """
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(text)
    return found


def for_reader(stored: Mapping[str, str]) -> str:
    """Return a stored text in the reader's language, else in the first one there is."""
    return stored.get(get_language() or "") or next(iter(stored.values()), "")
