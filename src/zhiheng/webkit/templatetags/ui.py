"""Template tags and filters of the design system; a builtin, so templates need no ``{% load ui %}``."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError

from zhiheng.webkit.drawing import area_path, line_path

register = template.Library()
_AVATAR_COLOURS = 6
_NOTHING = "–"


@cache
def sprite_url() -> str:
    """Return the sprite's address with a mark of its content, so that browsers may keep it for ever."""
    found = finders.find("dist/icons.svg")
    mark = ""
    if found:
        with open(found, "rb") as sprite:
            mark = f"?v={zlib.crc32(sprite.read()):08x}"
    return static("dist/icons.svg") + mark


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite. ``size``: "", "sm" or "lg"; ``label`` names it to screen readers."""
    classes = f"hr-icon hr-icon-{size}" if size else "hr-icon"
    name_part = (
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, name_part, sprite_url(), name
    )


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Link a front-end bundle: pc, mobile or entrance. Before the front end is built, say so in a comment."""
    try:
        links = DjangoViteAssetLoader.instance().generate_vite_asset(f"src/entries/{name}.js")
        return SafeString(links)
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError):
        return SafeString("<!-- front end not built: npm run build -->")


@register.simple_tag(takes_context=True)
def qs(context: template.Context, **changes: object) -> str:
    """Return the query string of this page with ``changes``; ``None`` or "" removes a key.

    Any change but that of the page itself goes back to the first page.
    """
    query: QueryDict = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def money(value: object, places: int = 2) -> str:
    """Write an amount with thousands and two decimals: ``1,284,560.00``; a dash for nothing."""
    number = None if value is None or value == "" else _decimal(value)
    return _NOTHING if number is None or not number.is_finite() else f"{number:,.{places}f}"


@register.filter
def number(value: object, places: int = -1) -> str:
    """Write a number with thousands; without ``places`` without trailing zeros; a dash for nothing."""
    if places >= 0:
        return money(value, places)
    found = None if value is None or value == "" else _decimal(value)
    if found is None or not found.is_finite():
        return _NOTHING
    text = f"{found:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(value: object, places: int = 1) -> str:
    """Write a fraction as a percentage: ``0.853`` gives ``85.3%``; a dash for nothing."""
    found = None if value is None or value == "" else _decimal(value)
    return _NOTHING if found is None or not found.is_finite() else f"{found * 100:,.{places}f}%"


@register.filter
def hours(minutes: object) -> str:
    """Write minutes as hours with one decimal: ``450`` gives ``7.5``; a dash for nothing."""
    found = None if minutes is None or minutes == "" else _decimal(minutes)
    return _NOTHING if found is None or not found.is_finite() else f"{found / 60:,.1f}"


def _as_date(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def localdate(value: dt.date | dt.datetime | None, style: str = "short") -> str:
    """Write a date in the reader's language; a dash for nothing.

    Styles: ``short`` 2026-11-23, ``long`` 2026年11月23日 / Nov 23, 2026, ``month`` 2026年11月 / Nov 2026,
    ``time`` 2026-11-23 14:05, ``clock`` 14:05.
    """
    if not value:
        return _NOTHING
    english = (translation.get_language() or "").startswith("en")
    pattern = {
        "short": "Y-m-d",
        "long": "M j, Y" if english else "Y年n月j日",
        "month": "M Y" if english else "Y年n月",
        "time": "Y-m-d H:i",
        "clock": "H:i",
    }[style]
    return date_format(_as_date(value), pattern, use_l10n=False)


def initials(name: str) -> str:
    """Return what an avatar shows: the last two characters of a Chinese name, else up to two initials."""
    name = name.strip()
    if not name:
        return "?"
    if any("\u3400" <= char <= "\u9fff" for char in name):
        return "".join(char for char in name if not char.isspace())[-2:]
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


@register.filter(name="initials")
def initials_filter(name: object) -> str:
    """Filter form of `initials`."""
    return initials(str(name or ""))


@register.filter
def avatar_colour(name: object) -> int:
    """Return the colour number, 1 to 6, that always goes with a name."""
    return zlib.crc32(str(name or "").encode()) % _AVATAR_COLOURS + 1


@register.simple_tag
def sparkline(values: Iterable[object], tone: str = "", label: str = "") -> SafeString:
    """Draw a small line of numbers as SVG; nothing for fewer than two. ``tone``: "", ok, warn or bad."""
    points = [float(value) for value in values or () if value is not None]
    if len(points) < 2:
        return SafeString("")
    return format_html(
        '<svg class="hr-spark {}" viewBox="0 0 96 32" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="area" d="{}"></path><path d="{}"></path></svg>',
        tone, label or gettext("趋势"), area_path(points, 96, 32), line_path(points, 96, 32),
    )  # fmt: skip


def _share(value: object) -> Decimal:
    found = _decimal(value)
    return Decimal(0) if found is None or not found.is_finite() else found


@register.simple_tag
def progress_bar(value: object, tone: str = "", text: str | None = None, thick: bool = False) -> SafeString:
    """Draw a share (0.71 is 71 %) as a bar with its figure; more than 1 fills the bar and says so.

    ``text`` replaces the figure ("" hides it). Tones: "", ok, warn, bad, idle.
    """
    share = _share(value)
    shown = percent(share, 0) if text is None else text
    width = f"{max(Decimal(0), min(share, Decimal(1))) * 100:.1f}"
    caption = format_html('<span class="text">{}</span>', shown) if shown else ""
    return format_html(
        '<span class="hr-progress {}{}"><svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="track" width="100" height="6"></rect>'
        '<rect class="fill" width="{}" height="6"></rect></svg>{}</span>',
        tone, " thick" if thick else "", percent(share, 0), width, caption,
    )  # fmt: skip


@register.filter
def at(mapping: object, key: object) -> object:
    """Return ``mapping[key]``, or "" if it is not there; for keys that are themselves variables."""
    try:
        return mapping[key]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag
def page_numbers(current: int, last: int) -> Sequence[int | None]:
    """Return the page numbers a pager shows; ``None`` is a gap."""
    near = {1, 2, last - 1, last, current - 1, current, current + 1} if last > 7 else set(range(1, last + 1))
    shown: list[int | None] = []
    for page in sorted(page for page in near if 1 <= page <= last):
        if shown and shown[-1] is not None and page > shown[-1] + 1:
            shown.append(None)
        shown.append(page)
    return shown
