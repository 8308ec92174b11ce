"""How names are read, so that 单雄信 is found by ``shanxiongxin``, ``sxx`` and 单."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Surnames read otherwise than as ordinary words; the first reading comes first, further ones are in use too.
SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "仇": ("qiu",), "佴": ("nai",), "冼": ("xian",), "洗": ("xian",), "区": ("ou",), "卜": ("bu",),
    "句": ("gou",), "召": ("shao",), "员": ("yun",), "单": ("shan",), "华": ("hua",), "参": ("shen",),
    "乐": ("yue", "le"), "乜": ("nie",), "任": ("ren",), "会": ("gui",), "尉": ("wei",), "幺": ("yao",),
    "干": ("gan",), "应": ("ying",), "折": ("she",), "撒": ("sa",), "晁": ("chao",), "曲": ("qu",),
    "曾": ("zeng",), "朴": ("piao",), "查": ("zha",), "柏": ("bai", "bo"), "盖": ("ge", "gai"),
    "盛": ("sheng",), "相": ("xiang",), "祭": ("zhai",), "秘": ("bi", "mi"), "种": ("chong",), "繁": ("po",),
    "纪": ("ji",), "缪": ("miao",), "翟": ("zhai", "di"), "能": ("nai",), "臧": ("zang",), "葛": ("ge",),
    "行": ("xing",), "覃": ("qin", "tan"), "角": ("jue",), "解": ("xie",), "谌": ("chen", "shen"),
    "谷": ("gu",), "贾": ("jia",), "车": ("che",), "过": ("guo",), "适": ("kuo",), "逄": ("pang",),
    "那": ("na",), "郇": ("xun", "huan"), "郗": ("xi", "chi"), "都": ("du",), "重": ("chong",),
    "长": ("chang",), "钭": ("tou",), "阚": ("kan",), "隗": ("wei", "kui"), "黑": ("he",),
    "宓": ("mi", "fu"), "宿": ("su",), "强": ("qiang",), "燕": ("yan",), "牟": ("mou", "mu"), "沈": ("shen",),
}  # fmt: skip
DOUBLE_SURNAMES: dict[str, tuple[str, str]] = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "令狐": ("ling", "hu"), "澹台": ("tan", "tai"), "夏侯": ("xia", "hou"), "鲜于": ("xian", "yu"),
    "乐正": ("yue", "zheng"), "亓官": ("qi", "guan"), "颛孙": ("zhuan", "sun"), "拓跋": ("tuo", "ba"),
    "夹谷": ("jia", "gu"), "谷梁": ("gu", "liang"), "皇甫": ("huang", "fu"), "欧阳": ("ou", "yang"),
    "上官": ("shang", "guan"), "诸葛": ("zhu", "ge"), "司马": ("si", "ma"), "司徒": ("si", "tu"),
    "司空": ("si", "kong"), "东方": ("dong", "fang"), "独孤": ("du", "gu"), "南宫": ("nan", "gong"),
    "慕容": ("mu", "rong"), "宇文": ("yu", "wen"), "公孙": ("gong", "sun"), "轩辕": ("xuan", "yuan"),
    "端木": ("duan", "mu"), "呼延": ("hu", "yan"), "百里": ("bai", "li"), "濮阳": ("pu", "yang"),
    "淳于": ("chun", "yu"), "太叔": ("tai", "shu"), "申屠": ("shen", "tu"), "钟离": ("zhong", "li"),
    "闻人": ("wen", "ren"), "赫连": ("he", "lian"), "西门": ("xi", "men"), "第五": ("di", "wu"),
}  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇\U00020000-\U0003ffff]")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return text as it is searched: half-width, small letters, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", bare).lower()).strip()


@lru_cache(maxsize=8192)
def _syllables(text: str) -> tuple[str, ...]:
    """Return how Chinese text that is no surname is read, one syllable a character."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


def _surname_readings(name: str) -> tuple[int, list[tuple[str, ...]]]:
    """Return how many characters the surname has, and its readings as syllables."""
    double = DOUBLE_SURNAMES.get(name[:2])
    if double and len(name) > 2:
        return 2, [double]
    return 1, [(read,) for read in SURNAME_READINGS.get(name[0], _syllables(name[0]))]


def readings(name: str) -> list[tuple[str, str]]:
    """Return (full pinyin, initials) of a Chinese name for each reading of its surname; else nothing."""
    name = _SPACES.sub("", name)
    if not _HAN.match(name):
        return []
    length, surnames = _surname_readings(name)
    given = _syllables(name[length:])
    return [
        ("".join(syllables), "".join(syllable[0] for syllable in syllables))
        for syllables in ((*surname, *given) for surname in surnames)
    ]


def latin_initials(name: str) -> str:
    """Return the first letters of the words of a name in letters: ``Ken Sánchez`` gives ``ks``."""
    words = plain(name).split(" ")
    return "".join(word[0] for word in words if word) if len(words) > 1 else ""


def search_text(name: str, number: str = "", email: str = "") -> str:
    """Return everything a person is found by: name, readings, initials, number, e-mail."""
    tokens = [plain(name)]
    read = readings(name)
    tokens += [token for pair in read for token in pair] if read else [latin_initials(name)]
    tokens += [plain(number), plain(email)]
    return " ".join(dict.fromkeys(token for token in tokens if token))


def search_words(text: str) -> list[str]:
    """Return the words of a search, each of which must occur in the `search_text` of a find."""
    return plain(text).split(" ") if text.strip() else []
