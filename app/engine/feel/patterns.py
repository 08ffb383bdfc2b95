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
    """This text is no regular expression, or one that cannot be run; the text says why."""


def _escape(pattern: str, place: int, inside: bool) -> tuple[str, int]:
    """Translates the escape at `place`; gives its text and where it ends."""
    if place + 1 >= len(pattern):
        raise NoPattern("it ends in a single “\\”")
    letter = pattern[place + 1]
    if letter in _LETTERS:
        characters = _LETTERS[letter]
        return (characters if inside or len(characters) == 6 else f"[{characters}]"), place + 2
    if letter in _NEGATED and not inside:
        return f"[^{_LETTERS[_NEGATED[letter]]}]", place + 2
    if letter in "pP" and "}" in pattern[place:]:
        end = pattern.index("}", place) + 1
        if pattern[place + 2 : place + 5] == "{Is":
            raise NoPattern(f"blocks of characters like “{pattern[place:end]}” are not known here")
        return pattern[place:end], end
    if letter.isdigit():
        raise NoPattern(f"“\\{letter}” refers back to a group, which is not done here")
    if letter not in _PLAIN:
        raise NoPattern(f"“\\{letter}” has no meaning in a pattern")
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
            raise NoPattern("one class cannot be taken away from another here, or “[” needs a “\\”")
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
    if len(pattern) > _LONGEST:
        raise NoPattern(f"it is longer than {_LONGEST:,} characters")
    if not set(flags) <= _FLAGS:
        raise NoPattern(f"the flags “{flags}” are not among s, m, i, x and q")
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
        raise NoPattern("it does not follow the rules of patterns, or looks around") from None


def separator(pattern: str, flags: str = "") -> Any:
    """A pattern to split or replace by; NoPattern where it matches the empty text (XPath's
    FORX0003)."""
    regex = compiled(pattern, flags)
    if regex.search("") is not None:
        raise NoPattern("it matches the empty text; a sign that means something is written “\\|”")
    return regex


def is_replacement(text: str) -> bool:
    """Whether each `$` and `\\` in a replacement means something."""
    parts = (part.groups() for part in _REPLACEMENT.finditer(text))
    return all(alone is None and (not escaped or escaped in "$\\") for escaped, _, alone in parts)


def filled(replacement: str, match: Any, groups: int) -> str:
    """The replacement with $1 … put in; `\\$` and `\\\\` stand for themselves."""

    def put_in(part: re.Match[str]) -> str:
        escaped, digits, _ = part.groups()
        if not is_replacement(part.group()):
            raise NoPattern("“$” and “\\” in a replacement are written “\\$” and “\\\\”")
        if escaped is not None:
            return escaped
        number, rest = digits, ""
        while len(number) > 1 and int(number) > groups:
            number, rest = number[:-1], number[-1] + rest
        group = match.group(int(number)) if int(number) <= groups else ""
        return (group or "") + rest

    return _REPLACEMENT.sub(put_in, replacement)
