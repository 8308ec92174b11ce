"""Find the messages of a Django template by Django's own lexer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

Found = tuple[str | None, str, str | None]  # context, message, plural form


@dataclass
class _Block:
    """A ``{% blocktranslate %}`` that is being read."""

    context: str | None
    is_trimmed: bool
    singular: list[str] = field(default_factory=list)
    plural: list[str] | None = None

    def add(self, text: str) -> None:
        (self.singular if self.plural is None else self.plural).append(text)

    def found(self) -> Found:
        plural = None if self.plural is None else self._joined(self.plural)
        return self.context, self._joined(self.singular), plural

    def _joined(self, parts: list[str]) -> str:
        text = "".join(parts)
        return trim_whitespace(text) if self.is_trimmed else text


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and text[:1] == text[-1:] else text


def _constants(contents: str) -> Iterator[Found]:
    for each in constant_re.findall(contents):
        yield None, _unquoted(each.strip().removeprefix("_(").removesuffix(")")), None


def _inline(token: Token) -> Iterator[Found]:
    match = inline_re.match(token.contents)
    if match:
        message, context = match.group(1), match.group(3)
        # Django's own rule: a bare % is doubled in the message's key.
        text = _unquoted(message).replace("%", "%%")
        yield (_unquoted(context) if context else None), text, None
    yield from _constants(token.contents)


def _opened(token: Token) -> _Block | None:
    match = block_re.match(token.contents)
    if not match:
        return None
    context = match.group(2)
    words = list(smart_split(token.contents))
    return _Block(_unquoted(context) if context else None, "trimmed" in words)


def _read_on(block: _Block, token: Token) -> bool:
    """Add a token to an open block; return whether it goes on."""
    if token.token_type == TokenType.BLOCK:
        if endblock_re.match(token.contents):
            return False
        if plural_re.match(token.contents):
            block.plural = []
    elif token.token_type == TokenType.VAR:
        block.add(f"%({token.contents})s")
    elif token.token_type == TokenType.TEXT:
        block.add(token.contents.replace("%", "%%"))
    return True


def messages_in_template(source: str) -> Iterator[Found]:
    """Yield the context, text and plural form of each message of a template."""
    block: _Block | None = None
    for token in Lexer(source).tokenize():
        if block is not None:
            if not _read_on(block, token):
                yield block.found()
                block = None
        elif token.token_type == TokenType.BLOCK:
            block = _opened(token)
            yield from _inline(token)
        elif token.token_type == TokenType.VAR:
            yield from _constants(token.contents)
