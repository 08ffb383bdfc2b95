"""Cuts an expression into tokens with their places. Knows no grammar beyond the single word.

DMN 1.3 §10.3.1: names, literals, comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.engine.errors import ExpressionFault

LONGEST = 10_000

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_STRING = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s\u180e\u200b\ufeff]+|//[^\n\r]*|/\*.*?\*/)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<string>{_STRING})
  | (?P<at>@\s*{_STRING})
  | (?P<name>`[^`\n\r]*`)
  | (?P<word>[{_START}][{_PART}?]*(?:['’][{_PART}]+)*|\?)
  | (?P<mark>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>(){{}}\[\],.:])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    #: "number", "string", "at", "name" (in back-ticks), "word", "mark" or "end"
    kind: str
    text: str
    at: int
    end: int


def fault(source: str, at: int, sentence: str) -> ExpressionFault:
    """A fault that knows its line and column, both counted from 1."""
    before = source[:at]
    line = before.count("\n") + 1
    return ExpressionFault(sentence, line=line, column=at - (before.rfind("\n") + 1) + 1)


def placed(source: str, raised: ExpressionFault) -> ExpressionFault:
    """A fault of an evaluation, whose `column` is still an offset, with its line and column."""
    if raised.line is None and raised.column is not None:
        return fault(source, raised.column, raised.sentence)
    return raised


def tokens(source: str) -> list[Token]:
    """All tokens, with one of kind "end" last. ExpressionFault for what is no token."""
    if len(source) > LONGEST:
        raise ExpressionFault(f"This expression is longer than {LONGEST:,} characters.")
    tokens: list[Token] = []
    place = 0
    while place < len(source):
        match = _TOKEN.match(source, place)
        if match is None:
            raise _no_token(source, place)
        if match.lastgroup != "space":
            tokens.append(Token(str(match.lastgroup), match.group(), place, match.end()))
        place = match.end()
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens


def _no_token(source: str, place: int) -> ExpressionFault:
    rest = source[place:]
    if rest.startswith(('"', '@"')):
        return fault(source, place, "A text begins here and its closing quotation mark is missing.")
    if rest.startswith("/*"):
        return fault(source, place, "A comment begins here and its end “*/” is missing.")
    if rest.startswith("`"):
        return fault(source, place, "A name begins here and its closing back-tick is missing.")
    if rest.startswith("'"):
        return fault(source, place, "Texts are written in double quotation marks, not single ones.")
    if rest.startswith(("“", "”")):
        return fault(source, place, 'Texts are written in straight quotation marks, as in "yes".')
    return fault(source, place, f"The character “{rest[0]}” has no meaning here.")


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code is None:
        return _SIMPLE.get(match.group(3), match.group(0))
    point = int(code, 16)
    return chr(point) if point <= 0x10FFFF else match.group(0)


def unquoted(text: str) -> str:
    """The value of a string literal; two surrogate escapes are one character."""
    value = text[1:-1]
    if "\\" not in value:
        return value
    value = _ESCAPE.sub(_unescaped, value)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
