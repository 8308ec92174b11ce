"""Invented people and the untidiness of real sheets; everything follows from a seed.

Nobody here exists. Identity-card numbers have a valid check digit and match birth date and sex, but their
region ``xx0099`` cannot be issued: prefecture 00 stands for the province itself and has no counties. Phone
numbers use the placeholder block 138-0000-xxxx; never dial or text them. Mail addresses end in ``.example``.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

SURNAMES = (
    "林陈周吴郑冯蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭鲁韦马苗方俞任袁柳史唐费薛雷贺倪汤"
    "罗毕安常于傅康伍余顾孟黄萧尹姚邵汪毛"
)
GIVEN = {
    "season": "谷雨白露霜降惊蛰清明立夏小满芒种夏至小暑大暑立秋处暑秋分寒露立冬小雪大雪冬至小寒",
    "star": "天枢天璇天玑天权玉衡开阳瑶光北辰启明长庚参商文昌河汉织云望舒羲和扶光素月流火岁星",
    "wood": "松柏银杏梧桐白桦香樟红杉水杉侧柏黄杨紫檀乌木青檀榆钱桑梓木棉石楠海棠丹桂玉兰紫荆"
    "青铜玄铁白钢赤铜墨斗",
}
"""Given names of two characters each, by theme."""
TODAY = dt.date(2026, 11, 20)
LAST_HIRE = dt.date(2026, 6, 30)  # before the first order and the first output record
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Post:
    """Posts of one kind in an org unit; the first holder of a unit's ``is_head`` post leads it."""

    unit: str
    title: str
    count: int = 1
    is_head: bool = False
    kind: str = "全职"


@dataclass(frozen=True)
class Employee:
    number: str
    name: str
    sex: str
    birth_on: dt.date
    id_card: str
    phone: str
    email: str
    hired_on: dt.date
    unit: str
    title: str
    manager: str
    kind: str


def seeded(seed: str) -> random.Random:
    """A generator whose numbers follow from ``seed``; nothing secret depends on it."""
    return random.Random(seed)  # noqa: S311


def id_card(province: str, birth_on: dt.date, sequence: int) -> str:
    """An identity-card number that cannot have been issued; an odd ``sequence`` (1..999) is a man's."""
    body = f"{province}0099{birth_on:%Y%m%d}{sequence:03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[check]


def names(theme: str, count: int, rng: random.Random) -> list[str]:
    """``count`` different full names."""
    pairs = GIVEN[theme]
    givens = [pairs[index : index + 2] for index in range(0, len(pairs), 2)]
    every = [surname + given for given in givens for surname in dict.fromkeys(SURNAMES)]
    rng.shuffle(every)
    return every[:count]


def day_between(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=rng.randrange((last - first).days + 1))


def employees(
    posts: list[Post],
    parents: dict[str, str],
    *,
    prefix: str,
    province: str,
    theme: str,
    domain: str,
    founded: int,
) -> list[Employee]:
    """One employee for every post; everybody reports to the head of the unit, heads to the unit above."""
    rng = seeded(f"{prefix} people")
    total = sum(post.count for post in posts)
    people_names, heads, result = names(theme, total, rng), {}, []
    for post in posts:
        for _ in range(post.count):
            serial = len(result) + 1
            number = f"{prefix}{serial:03d}"
            if post.is_head:
                heads.setdefault(post.unit, number)
            birth_on = day_between(rng, dt.date(1972, 1, 1), dt.date(1988 if post.is_head else 2003, 6, 30))
            sex = rng.choice("男女")
            sequence = rng.randrange(1, 499) * 2 + (sex == "男")
            last_hire = dt.date(founded + 5, 12, 31) if post.is_head else LAST_HIRE
            first_hire = max(dt.date(founded, 3, 1), dt.date(birth_on.year + 21, 7, 1))
            result.append(
                Employee(
                    number=number,
                    name=people_names[serial - 1],
                    sex=sex,
                    birth_on=birth_on,
                    id_card=id_card(province, birth_on, sequence),
                    phone=f"1380000{rng.randrange(10) * 1000 + serial:04d}",
                    email=f"{number.lower()}@{domain}",
                    hired_on=day_between(rng, first_hire, last_hire),
                    unit=post.unit,
                    title=post.title,
                    manager=_manager(post, number, heads, parents),
                    kind=post.kind,
                )
            )
    return result


def _manager(post: Post, number: str, heads: dict[str, str], parents: dict[str, str]) -> str:
    """Number of the head of the unit, or of the nearest unit above that has one; empty at the very top."""
    unit = post.unit
    while unit:
        if unit in heads and heads[unit] != number:
            return heads[unit]
        unit = parents.get(unit, "")
    return ""


def untidy_number(text: str, serial: int, every: int = 9) -> str:
    """Full-width digits in one row out of ``every``, as a Chinese input method leaves them."""
    return text.translate(FULL_WIDTH) if serial % every == 0 else text


def untidy_phone(text: str, serial: int) -> str:
    if serial % 8 == 0:
        return f"{text[:3]}-{text[3:7]}-{text[7:]}"
    if serial % 11 == 0:
        return f"{text[:3]} {text[3:7]} {text[7:]}"
    return untidy_number(text, serial, every=13)


def untidy_name(text: str, serial: int) -> str:
    """Two-character names padded with a full-width space to the width of three, as in printed rosters."""
    return f"{text[0]}\u3000{text[1:]}" if serial % 10 == 0 else text


def untidy_date(day: dt.date, serial: int) -> str:
    """The ways in which people type a date."""
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y-%m-%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    return forms[serial % len(forms)]


def untidy_id_card(text: str, serial: int) -> str:
    """A lower-case x now and then, and full-width digits once in a while."""
    return untidy_number(text.lower() if serial % 2 else text, serial, every=17)
