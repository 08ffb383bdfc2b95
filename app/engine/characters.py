"""Owns which characters a text may hold that is kept, printed and shown: those of XML 1.0, 2.2.

Half a character (a lone surrogate) has no bytes, NUL has no place in a database, and the other
control characters none in a Word file.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

NOT_HELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


#: controls that turn the order of what follows round, so that a text reads otherwise than it is
#: stored. Arabic and Hebrew need none of them: their letters say which way they run
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: what takes no room: joiners, soft hyphens, marks of direction, fillers; some belong into words
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
#: letters, digits and signs as wide as an ideograph, as they come from East Asian keyboards
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
#: spaces of every width, tabs and breaks
_SPACES = re.compile(r"\s+")
#: hyphens, dashes and the minus sign
_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")


def plainly(text: str) -> str:
    """What somebody meant to type who copied it from elsewhere, for values of a set form.

    Spaces of any width are one plain space, dashes are hyphens, wide letters and digits are plain
    ones, what cannot be seen is gone: so the GOV.UK Design System asks of postcodes, telephone
    numbers, dates and the like.
    """
    seen = _UNSEEN.sub("", text).translate(_WIDE)
    return _SPACES.sub(" ", _DASHES.sub("-", seen)).strip()


#: what comes unseen with a text that is pasted; joiners stay: many scripts need them in words
_PASTED = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: spaces that are no plain one; tabs and line breaks stay
_WIDTHS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def cleaned(text: str) -> str:
    """A text as somebody meant it who pasted it: letters composed (Unicode NFC), plain spaces,
    plain hyphens and line breaks, nothing that cannot be seen. Its words stay as they are."""
    text = _LINES.sub("\n", unicodedata.normalize("NFC", text))
    text = _WIDTHS.sub(" ", NOT_HELD.sub("", _PASTED.sub("", text)))
    return text.replace("\u2011", "-").replace("\x7f", "")


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen."""
    return not _UNSEEN.sub("", text).strip()


def named(char: str) -> str:
    """What a sentence calls a character that cannot be held."""
    code = f"U+{ord(char):04X}"
    return f"half a character ({code})" if "\ud800" <= char <= "\udfff" else f"the character {code}"


def fault_of(text: str) -> str | None:
    """What a text holds that it cannot: “half a character (U+D800)”; None when it is sound."""
    match = NOT_HELD.search(text)
    return named(match[0]) if match else None


def fault_in(value: Any) -> tuple[str, str] | None:
    """(place, what it holds) of the first such text in plain values: ("people[2].name", …).

    Places count from 1. None when all is sound.
    """
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        place, part = stack.pop()
        if isinstance(part, str):
            fault = fault_of(part)
            if fault is not None:
                return place, fault
        elif isinstance(part, dict):
            inner: list[tuple[str, Any]] = []
            for key, each in part.items():
                name = NOT_HELD.sub("?", str(key))
                where = f"{place}.{name}" if place else name
                inner += [(where, key), (where, each)]
            stack += reversed(inner)
        elif isinstance(part, list):
            stack += [(f"{place}[{n}]", each) for n, each in enumerate(part, 1)][::-1]
    return None
