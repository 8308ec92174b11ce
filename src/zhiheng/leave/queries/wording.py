"""Amounts in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.calckit.rounding import round_half_up


def plain(amount: Decimal) -> str:
    """Return a number without needless zeros: ``2.5``, ``10``."""
    return f"{amount.normalize():f}" if amount else "0"


def number_of(amount: Decimal, *, is_hourly: bool) -> str:
    """Return an amount as people count it: days, or hours of minutes."""
    return plain(round_half_up(amount / 60, 2) if is_hourly else amount)


def in_words(amount: Decimal, *, is_hourly: bool) -> Any:
    """Return an amount with its unit, as a lazy text."""
    number = number_of(amount, is_hourly=is_hourly)
    if number == "1":
        text = pgettext_lazy("one", "{amount} 小时") if is_hourly else pgettext_lazy("one", "{amount} 天")
    else:
        text = _("{amount} 小时") if is_hourly else _("{amount} 天")
    return format_lazy(text, amount=number)
