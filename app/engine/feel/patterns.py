"""Regular expressions of XPath, run by RE2 in time linear to the text: no pattern can hang.

DMN 1.3 §10.3.4.3 takes XPath's `matches`, `replace`, `tokenize`. Not possible with RE2, so null:
back-references within a pattern, and subtraction of character classes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

_FLAGS = frozenset("smixq")
_LETTERS = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{M}\p{N}_:.\-",
}
_NEGATED = {"S": "s", "I": "i", "C": "c"}
_PLAIN = frozenset("nrt\\|.?*+(){}-[]^$")
_REPLACEMENT = re.compile(r"\\(.)|\$(\d+)|([$\\])", re.DOTALL)
_LONGEST = 2000


class NoPattern(ValueError):
    """This text is no regular expression, or one that cannot be run."""


def _escape(pattern: str, place: int, inside: bool) -> tuple[str, int]:
    """Translates the escape at `place`; gives its text and where it ends."""
    if place + 1 >= len(pattern):
        raise NoPattern(pattern)
    letter = pattern[place + 1]
    if letter in _LETTERS:
        found = _LETTERS[letter]
        return (found if inside or len(found) == 6 else f"[{found}]"), place + 2
    if letter in _NEGATED and not inside:
        return f"[^{_LETTERS[_NEGATED[letter]]}]", place + 2
    if letter in "pP" and "}" in pattern[place:]:
        end = pattern.index("}", place) + 1
        return pattern[place:end], end
    if letter not in _PLAIN:
        raise NoPattern(pattern)
    return pattern[place : place + 2], place + 2


def translated(pattern: str, spaced: bool = False, dotall: bool = False) -> str:
    """An XPath pattern as RE2 writes it; `spaced` drops white space outside classes (flag x).
    A dot is any character but the two that end lines, or with `dotall` any (flag s)."""
    out: list[str] = []
    place, inside = 0, False
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            text, place = _escape(pattern, place, inside)
            out.append(text)
            continue
        if inside and char == "[":
            raise NoPattern(pattern)
        if char in "[]":
            inside = char == "["
        if char == "." and not inside and not dotall:
            char = "[^\\n\\r]"
        if not (spaced and not inside and char.isspace()):
            out.append(char)
        place += 1
        if inside and char == "[" and pattern[place : place + 1] == "^":
            out.append("^")
            place += 1
    return "".join(out)


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Any:
    """A pattern ready to run; NoPattern where it cannot be."""
    if len(pattern) > _LONGEST or not set(flags) <= _FLAGS:
        raise NoPattern(pattern)
    source = (
        re2.escape(pattern) if "q" in flags else translated(pattern, "x" in flags, "s" in flags)
    )
    marks = "".join(flag for flag in "ims" if flag in flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 22
    try:
        return re2.compile(f"(?{marks}){source}" if marks else source, options=options)
    except re2.error:
        raise NoPattern(pattern) from None


def filled(replacement: str, match: Any, groups: int) -> str:
    """The replacement with $1 … put in; `\\$` and `\\\\` stand for themselves."""

    def one(part: re.Match[str]) -> str:
        escaped, digits, alone = part.groups()
        if alone is not None or (escaped is not None and escaped not in "$\\"):
            raise NoPattern(replacement)
        if escaped is not None:
            return escaped
        number, rest = digits, ""
        while len(number) > 1 and int(number) > groups:
            number, rest = number[:-1], number[-1] + rest
        found = match.group(int(number)) if int(number) <= groups else ""
        return (found or "") + rest

    return _REPLACEMENT.sub(one, replacement)
