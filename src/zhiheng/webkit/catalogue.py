"""Message catalogues without the gettext programs: found by Babel and Django's lexer, kept by polib.

Messages are written in Chinese; each app keeps their English in ``locale/en/LC_MESSAGES/django.po``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract

from zhiheng.webkit.template_messages import messages_in_template

KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "_lazy": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
TEMPLATE_SUFFIXES = frozenset({".html", ".svg", ".txt"})
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
METADATA = {
    "Project-Id-Version": "zhiheng",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
Key = tuple[str | None, str]  # context and message


@dataclass
class Message:
    """A message as the sources have it: its plural form, if any, and the files that use it."""

    context: str | None
    text: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """Return what makes a message one in a catalogue."""
        return self.context, self.text


@dataclass(frozen=True)
class App:
    """An app's sources and its catalogue."""

    label: str
    folders: tuple[Path, ...]
    root: Path

    @property
    def po_path(self) -> Path:
        """Return where the app's English is."""
        return self.folders[0] / "locale" / "en" / "LC_MESSAGES" / "django.po"

    def sources(self) -> Iterator[Path]:
        """Yield the files that can hold messages, in a stable order."""
        for folder in self.folders:
            found = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
            for path in found:
                parts = set(path.relative_to(self.root).parts)
                if parts & {"migrations", "dist", "__pycache__", "locale"}:
                    continue
                if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in parts):
                    yield path


def _messages_of(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    if path.suffix != ".py":
        yield from messages_in_template(path.read_text(encoding="utf-8"))
        return
    with path.open("rb") as source:
        for _line, message, _comments, context in extract("python", source, keywords=KEYWORDS):
            text, plural = message[:2] if isinstance(message, tuple) else (message, None)
            if text:
                yield context, text, plural


def collect(app: App) -> dict[Key, Message]:
    """Return the messages of an app's sources."""
    found: dict[Key, Message] = {}
    for path in app.sources():
        for context, text, plural in _messages_of(path):
            message = found.setdefault((context, text), Message(context, text))
            message.plural = message.plural or plural
            message.files.add(path.relative_to(app.root).as_posix())
    return found


def read(app: App) -> polib.POFile:
    """Return the app's catalogue, an empty one if there is none yet."""
    return polib.pofile(str(app.po_path)) if app.po_path.exists() else polib.POFile()


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or None, entry.msgid


def known_translations(apps: Iterable[App]) -> dict[Key, polib.POEntry]:
    """Return all finished translations of all apps, so that the same words are translated once."""
    return {_key(entry): entry for app in apps for entry in read(app) if entry.translated()}


def merged(app: App, known: dict[Key, polib.POEntry]) -> polib.POFile:
    """Return the app's catalogue brought up to its sources: new messages in, unused ones out."""
    old = {_key(entry): entry for entry in read(app)}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(METADATA)
    messages = collect(app)
    for key in sorted(messages, key=lambda each: (each[1], each[0] or "")):
        catalogue.append(_entry(messages[key], old.get(key), known.get(key)))
    return catalogue


def _entry(message: Message, *sources: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context,
        msgid_plural=message.plural or "",
        occurrences=[(name, "") for name in sorted(message.files)],
    )
    if message.plural:
        entry.msgstr_plural = {0: "", 1: ""}
    for source in sources:
        if source is None or bool(source.msgid_plural) != bool(entry.msgid_plural) or entry.translated():
            continue
        entry.msgstr, entry.flags = source.msgstr, list(source.flags)
        if message.plural:
            entry.msgstr_plural = dict(source.msgstr_plural)
    return entry


def save(app: App, catalogue: polib.POFile) -> None:
    """Write an app's catalogue."""
    app.po_path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(app.po_path))


def compile_catalogue(app: App) -> bool:
    """Write the binary catalogue that the program reads; return whether there was one to write."""
    if not app.po_path.exists():
        return False
    read(app).save_as_mofile(str(app.po_path.with_suffix(".mo")))
    return True


def faults(app: App) -> list[str]:
    """Return what is wrong with an app's messages: missing, unfinished, left over, or with a bare ``%``."""
    entries = {_key(entry): entry for entry in read(app)}
    messages = collect(app)
    found = []
    for key, message in sorted(messages.items(), key=lambda item: item[0][1]):
        place = f"{app.label}: {message.text!r} ({', '.join(sorted(message.files))})"
        if "%" in PLACEHOLDER.sub("", message.text):
            found.append(f"{place}: a message must not hold %, Django doubles it in templates; pass it in")
        found += [f"{place}: {fault}" for fault in _entry_faults(entries.get(key))]
    stale = sorted(text for _context, text in entries.keys() - messages.keys())
    return found + [f"{app.label}: {text!r}: no longer used, run i18n update" for text in stale]


def _entry_faults(entry: polib.POEntry | None) -> list[str]:
    if entry is None or not (entry.msgstr or any(entry.msgstr_plural.values())):
        return ["no English"]
    if entry.fuzzy:
        return ["the English is marked fuzzy"]
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    found = []
    for text in texts:
        if set(PLACEHOLDER.findall(text)) - wanted or (not entry.msgid_plural and _lacks(text, wanted)):
            found.append(f"placeholders differ in the English: {text!r}")
        if "%" in PLACEHOLDER.sub("", text):
            found.append("the English holds %")
    return found


def _lacks(text: str, wanted: set[str]) -> bool:
    return bool(wanted - set(PLACEHOLDER.findall(text)))
