"""Owns finding what tells who a person is beside the name: address, number, date of birth.

Pure, as `names_in_text`. An address and a number stand for nobody else; a day may be another
event's, and a street another house's, so somebody looks at these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.documents.folding import Folded, fold
from app.documents.names_in_text import Place

ADDRESS, NUMBER, BORN = "[address]", "[number]", "[date of birth]"
A_STREET = "the street of an address"
A_BIRTHDAY = "a date of birth, or another event of that day"
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
#: a part of an address that says nothing without the next
_ROOM = re.compile(r"(?:flat|unit|apartment|apt|room|floor)\b", re.I)
_BETWEEN = r"[ ,;\n]+"
_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
]  # fmt: skip
#: digits of the shortest number that is looked for
_LEAST_DIGITS = 6


class Facts:
    """What is known of the persons of a case, ready to be looked for in any number of texts."""

    def __init__(self, persons: Iterable[Mapping[str, Any]]) -> None:
        ways: dict[tuple[str, str], str] = {}
        for person in persons:
            for pattern, instead, why in _ways(person):
                ways.setdefault((pattern, instead), why)
        self._ways = [
            (re.compile(rf"(?<!\w){pattern}(?!\w)"), instead, why)
            for (pattern, instead), why in ways.items()
        ]

    def places(self, text: str) -> list[Place]:
        """Every place in the text, in order; of two that overlap the surer, then the longer."""
        if not self._ways or not text:
            return []
        folded = fold(text)
        hits = sorted(self._found(folded), key=lambda at: (not at.certain, at.start - at.end))
        kept: list[Place] = []
        for hit in hits:
            if all(hit.end <= at.start or at.end <= hit.start for at in kept):
                kept.append(hit)
        return sorted(kept, key=lambda at: at.start)

    def _found(self, folded: Folded) -> Iterator[Place]:
        for pattern, instead, why in self._ways:
            for match in pattern.finditer(folded.text):
                yield Place(*folded.span(*match.span()), instead, not why, why)


def _ways(person: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(pattern over a folded text, what stands there instead, why it is doubtful)"""
    number = re.sub(r"\W", "", fold(str(person.get("number") or "")).text)
    if len(number) >= _LEAST_DIGITS:
        yield r"[ \-]?".join(map(re.escape, number)), NUMBER, ""
    born = person.get("born")
    if isinstance(born, date):
        for pattern in _writings(born):
            yield pattern, BORN, A_BIRTHDAY
    yield from _of_address(str(person.get("address") or ""))


def _writings(day: date) -> Iterator[str]:
    name = _MONTHS[day.month - 1]
    month = rf"(?:{name}|{name[:3]}|{name[:4]})\.?"
    year = rf"(?:{day.year}|{day.year % 100:02})"
    number = rf"0?{day.day}(?:st|nd|rd|th)?"
    yield rf"{number}(?: of)?[ \-]{month},?[ \-]{year}"
    yield rf"{month} {number},? {year}"
    yield rf"0?{day.day} ?[./\-] ?0?{day.month} ?[./\-] ?{year}"
    yield rf"{day.year}[./\-]0?{day.month}[./\-]0?{day.day}"


def _of_address(address: str) -> Iterator[tuple[str, str, str]]:
    folded = fold(address).text
    for first, last in _POSTCODE.findall(folded):
        yield rf"{first}[ \-]?{last}", ADDRESS, ""
    pieces = [piece for each in re.split(r"[,;\n]", folded) if (piece := each.strip())]
    for at, piece in enumerate(pieces):
        if not re.search(r"\d", piece) or _POSTCODE.fullmatch(piece):
            continue
        rest = [_spaced(each) for each in pieces[at + 1 :]]
        room = bool(_ROOM.match(piece))
        if room and not rest:
            continue
        begins = _spaced(piece) + (_BETWEEN + rest.pop(0) if room else "")
        yield begins + "".join(f"(?:{_BETWEEN}{each})?" for each in rest), ADDRESS, ""
        street = re.fullmatch(r"\d+[a-z]? +(\D{5,})", piece)
        if street:
            yield _spaced(street[1]), ADDRESS, A_STREET


def _spaced(words: str) -> str:
    return r"[ \n\-]+".join(map(re.escape, words.split()))
