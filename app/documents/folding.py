"""Owns how writings of one word are made alike: composition, accents, case, apostrophes, hyphens.

Each folded character knows from where in the text it comes. What is a name is `person_names`'.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = "'’‘ʼʻ`´′‛＇ʹˈꞌ׳՚‵"
_HYPHENS = "-‐‑‒–—―−﹘﹣－⁃־᠆"
#: letters that Unicode does not take apart, as people write them without the sign
_LETTERS = {
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
    "þ": "th", "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɩ": "i", "ə": "e", "ɔ": "o",
    "ɛ": "e", "ŀ": "l", "ƒ": "f",
    # one letter in two keyboards' ways
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ـ": "",
    "ё": "е", "ς": "σ",
}  # fmt: skip
#: letters of other alphabets that look like a Latin one
_ALIKE = str.maketrans(
    "аеорсухікмтвнѕјԁԛԝһӏгαοερντυκιχβημѵս",
    "aeopcyxikmtbhsjdqwhlraoepvtukixbhmvu",
)
#: combining classes of signs that people leave out: accents, vowel points, harakat, nukta
_LEFT_OUT = frozenset({7, *range(10, 37), 107, *range(200, 241)})


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with all writings made alike; `starts[i]` and `ends[i]`: where `text[i]` came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where this part stands in the text as it was written, with its signs."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, written in enumerate(text):
        alike = _alike(written)
        if not alike and ends and _belongs(written):
            ends[-1] = place + 1
        for letter in alike:
            made.append(letter)
            starts.append(place)
            ends.append(place + 1)
    return Folded("".join(made), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _alike(written: str) -> str:
    if "a" <= written <= "z":
        return written
    if written in _APOSTROPHES:
        return "'"
    if written in _HYPHENS:
        return "-"
    if written in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if written.isspace() or written in "\u2800\u3164\uffa0":
        return " "
    return "".join(_letters(written))


def _letters(written: str) -> list[str]:
    made = []
    for letter in unicodedata.normalize("NFKD", written.casefold()):
        for each in unicodedata.normalize("NFKD", letter.casefold()):
            if each in "\u200e\u200f" or unicodedata.category(each) in ("Cf", "Cc", "Cs"):
                continue
            if unicodedata.combining(each) in _LEFT_OUT or "\ufe00" <= each <= "\ufe0f":
                continue
            made.append(_LETTERS.get(each, each))
    return made


def _belongs(written: str) -> bool:
    """A sign on the letter before it; what is invisible between two words belongs to none."""
    return unicodedata.category(written)[0] == "M" or written == "ـ"


def look_alike(folded: str) -> str:
    """The folded text with letters of other alphabets as the Latin ones that they look like."""
    return folded.translate(_ALIKE)


def is_letter(character: str) -> bool:
    """Part of a word. A sign of an Indic vowel is."""
    return character.isalpha() or unicodedata.category(character)[0] == "M"


def is_unspaced(character: str) -> bool:
    """Of a script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), or
    whose little words stand at the name itself (Korean)."""
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
        or "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\u1100" <= character <= "\u11ff"
        or "\uac00" <= character <= "\ud7a3"
        or "\U00020000" <= character <= "\U0003ffff"
    )
