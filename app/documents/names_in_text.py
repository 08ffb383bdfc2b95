"""Owns finding people's names in a text: what is one for certain, and what somebody must look at.

Pure: a text and the people of a case give places. Who decides, and what comes of it, is left to
the rooms to the right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.documents.folding import Folded, fold, is_letter, is_unspaced, look_alike
from app.documents.near_names import Nearly
from app.documents.ordinary_words import ORDINARY
from app.documents.person_names import SHORT, WORD, Named, Way, ways

#: stands for a name that several people of the case have
SHARED = "[shared name]"
NEARLY = "nearly the name"
ALIKE = "letters of another alphabet"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = re.compile(_MONTHS)
_BEFORE = re.compile(
    rf"(?:(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ \-/.]|"
    rf"\b(?:{_MONTHS})(?: \d{{4}})?(?: ?[-/,&] ?| (?:and|to|or|until) ))\Z"
)
_AFTER = re.compile(
    rf"(?:,? ?\d{{4}}\b|[ \-/.]\d{{1,2}}(?:st|nd|rd|th)?\b(?! [a-z])|[-/.]\d{{2}}\b|"
    rf"(?: ?[-/,&] ?| (?:and|to|or|until) )(?:{_MONTHS})\b(?: \d|$))"
)
_LEANS = re.compile(r"'[^\W\d_]{2}")
#: what Arabic and Hebrew write together with the word that follows
_PREFIXES = frozenset("وبلكفובהלמשכ")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a text that names somebody, from `start` to `end`."""

    start: int
    end: int
    #: what is to stand there
    instead: str
    #: False: somebody must say whether it is the name
    certain: bool
    #: why they must; "" where it is certain
    why: str = ""


class People:
    """The people of a case, ready to be looked for in any number of texts."""

    def __init__(self, people: Iterable[Named]) -> None:
        people = list(people)
        self._labels = {person.id: person.label for person in people}
        self._ways = _indexed(ways(people))
        self._alike = _indexed(ways(_as_seen(person) for person in people))
        self._nearly = Nearly(people)

    def places(self, text: str) -> list[Place]:
        """Every name in the text, in order; none overlaps another."""
        if not self._ways or not text:
            return []
        folded = fold(text)
        found = list(self._found(text, folded, self._ways))
        seen = look_alike(folded.text)
        if seen != folded.text:
            other = self._found(text, replace(folded, text=seen), self._alike)
            taken = {at for place in found for at in range(place.start, place.end)}
            found += [
                replace(place, certain=False, why=ALIKE)
                for place in other
                if taken.isdisjoint(range(place.start, place.end))
            ]
        taken = {at for place in found for at in range(place.start, place.end)}
        found += [
            Place(start, end, self._label(who), certain=False, why=NEARLY)
            for start, end, who in self._nearly.found(text, folded)
            if taken.isdisjoint(range(start, end))
        ]
        return sorted(found, key=lambda place: place.start)

    def _label(self, who: Collection[str]) -> str:
        return self._labels[next(iter(who))] if len(who) == 1 else SHARED

    def _found(self, text: str, folded: Folded, index: dict[str, list[Way]]) -> Iterator[Place]:
        said, at = folded.text, 0
        while at < len(said):
            best = self._at(text, folded, at, index) if _begins(said, at) else None
            if best is None:
                at += 1
                continue
            end, place = best
            yield place
            at = end

    def _at(
        self, text: str, folded: Folded, at: int, index: dict[str, list[Way]]
    ) -> tuple[int, Place] | None:
        """The longest name that begins here."""
        hits: dict[tuple[int, bool], dict[str, str]] = {}
        for way in _candidates(folded.text, at, index):
            hit = _matched(text, folded, at, way)
            if hit is not None:
                end, doubt = hit
                hits.setdefault((end, not doubt), {})[way.person] = doubt
        if not hits:
            return None
        end, certain = max(hits)
        who = hits[end, certain]
        several = {*who, *hits.get((end, not certain), ())}
        instead = self._label(several)
        start, stop = folded.span(at, end)
        return end, Place(start, stop, instead, certain, next(iter(who.values())))


def _as_seen(person: Named) -> Named:
    names = tuple(look_alike(fold(name).text) for name in person.names)
    return replace(person, names=names)


def _indexed(every: Iterable[Way]) -> dict[str, list[Way]]:
    index: dict[str, list[Way]] = {}
    for way in dict.fromkeys(every):
        index.setdefault(way.key, []).append(way)
    return index


def _candidates(said: str, at: int, index: dict[str, list[Way]]) -> Sequence[Way]:
    begins = said[at] + said[at + 1 : at + 10].lstrip("'-\n ")[:1]
    return [*index.get(begins, ()), *index.get(said[at], ())]


def _begins(said: str, at: int) -> bool:
    if not is_letter(said[at]):
        return False
    if at == 0 or not is_letter(said[at - 1]) or is_unspaced(said[at]):
        return True
    return said[at - 1] in _PREFIXES and (at == 1 or not is_letter(said[at - 2]))


def _matched(text: str, folded: Folded, at: int, way: Way) -> tuple[int, str] | None:
    """(end, why it is doubtful) where it stands here like this."""
    said = folded.text
    match = way.pattern.match(said, at)
    end = _ended(said, match.end()) if match else None
    if match is None or end is None or _leans(said, match.end()):
        return None
    doubt = way.doubt
    if doubt == SHORT and end > match.end() and said[at:end] in ORDINARY:
        return None  # “this” is no plural of Thi
    capitals: dict[str, bool] = {}
    for name, value in match.groupdict().items():
        if value is not None:
            as_name = _capital(text, folded, match.start(name))
            capitals[name[0]] = capitals.get(name[0], True) and as_name
    if not capitals.get("i", True):
        return None
    if way.capital and "w" in capitals:
        if not capitals["w"]:  # then its parts are looked at, each for itself
            return None
        doubt = "" if doubt == WORD and "i" not in capitals else doubt
    if _MONTH.fullmatch(match[0]) and _in_a_date(said, at, end):
        return None
    return end, doubt


def _capital(text: str, folded: Folded, at: int) -> bool:
    return text[folded.starts[at]] != text[folded.starts[at]].lower()


def _ended(said: str, end: int) -> int | None:
    """Where the name ends: with the s of a plural, never inside a longer word."""
    if end == len(said) or not is_letter(said[end]):
        return end
    if is_unspaced(said[end]) and is_unspaced(said[end - 1]):
        return end
    for plural in ("s", "es"):
        after = end + len(plural)
        if said[end:after] == plural and not (after < len(said) and is_letter(said[after])):
            return after if plural == "s" or said[end - 1] in "sxzh" else None
    return None


def _leans(said: str, end: int) -> bool:
    """The last letter stands alone before an apostrophe and a name: the O of “O’Brien”."""
    alone = end < 2 or not is_letter(said[end - 2])
    return alone and bool(_LEANS.match(said, end))


def _in_a_date(said: str, at: int, end: int) -> bool:
    return bool(_BEFORE.search(said[max(0, at - 24) : at]) or _AFTER.match(said[end : end + 24]))


def words_in(text: str, words: str, instead: str) -> list[Place]:
    """Where these words stand in the text, in any writing; each ends where a word ends."""
    wanted = fold(words).text.split()
    if not wanted:
        return []
    folded = fold(text)
    pattern = re.compile(r"[ \n]+".join(map(re.escape, wanted)))
    found = []
    for match in pattern.finditer(folded.text):
        end = _ended(folded.text, match.end())
        if end is not None and (_begins(folded.text, match.start()) or not is_letter(match[0][0])):
            start, stop = folded.span(match.start(), end)
            found.append(Place(start, stop, instead, certain=True))
    return found
