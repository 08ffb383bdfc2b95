"""Owns what of a filled document names people: every replacement, every doubtful place, decisions.

A statement is the text in the place of a placeholder, numbered in the order of the document; what
the template itself says is none. Who decides is left to the rooms to the right.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.documents.names_in_text import People, Place, words_in
from app.documents.person_facts import Facts
from app.documents.person_names import Named

#: stands for a word that somebody hides who the search did not know
LEFT_OUT = "[left out]"
REPLACE, LEAVE = "replace", "leave"
_SENTENCE = r"(?<=[^\W\d_]{2}[.!?])\s+(?=\S)|(?<=\d[.!?])\s+(?=\S)|\n+"
_PLACE = re.compile(r"(\d{1,6}):(\d{1,7})-(\d{1,7}):[0-9a-f]{8}")
#: characters of a statement around a place
_AROUND = 110


def named(persons: Iterable[Mapping[str, Any]]) -> list[Named]:
    """The persons of a case with what stands for them: “Child 1”, by kind and first mention."""
    counted: dict[str, int] = {}
    people = []
    for person in persons:
        kind = str(person["kind"])
        counted[kind] = counted.get(kind, 0) + 1
        label = f"{kind[:1].upper()}{kind[1:]} {counted[kind]}"
        names = [person.get("name"), *(person.get("aliases") or ())]
        people.append(Named(str(person["id"]), label, tuple(filter(None, names))))
    return people


def names_in(persons: Iterable[Mapping[str, Any]], texts: Iterable[str]) -> list[list[str]]:
    """Of each text the words that name somebody of the case for certain."""
    people = People(named(persons))
    return [
        [text[place.start : place.end] for place in people.places(text) if place.certain]
        for text in texts
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a statement."""

    #: from 1
    statement: int
    #: the whole statement
    text: str
    place: Place

    @property
    def key(self) -> str:
        """Its name: another one as soon as the statement says anything else."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:8]
        return f"{self.statement}:{self.place.start}-{self.place.end}:{digest}"

    @property
    def written(self) -> str:
        return self.text[self.place.start : self.place.end]

    @property
    def before(self) -> str:
        """What stands before it in its sentence, or a good part of that."""
        begins = max(0, self.place.start - _AROUND)
        said = self.text[begins : self.place.start]
        parts = re.split(_SENTENCE, said)
        if len(parts) > 1:
            return parts[-1]
        return f"…{said.partition(' ')[2]}" if begins else said

    @property
    def after(self) -> str:
        ends = min(len(self.text), self.place.end + _AROUND)
        said = self.text[self.place.end : ends]
        parts = re.split(_SENTENCE, said)
        if len(parts) > 1:
            return parts[0]
        return f"{said.rpartition(' ')[0]}…" if ends < len(self.text) else said

    @property
    def sentence(self) -> str:
        return f"{self.before}{self.written}{self.after}"


#: number of a statement → what is put in place of its parts, in order
Hidden = Mapping[int, Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Survey:
    """What of a document names people, before it leaves."""

    found: tuple[Found, ...]
    texts: tuple[str, ...]
    #: of everything that the document says and of everything that was seen in it
    digest: str

    @property
    def certain(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.place.certain)

    @property
    def replaced(self) -> dict[str, dict[str, int]]:
        """What stands for names for certain: pseudonym → each writing, and how often."""
        groups: dict[str, Counter[str]] = {}
        for one in self.certain:
            writings = groups.setdefault(one.place.instead, Counter())
            writings[" ".join(one.written.split())] += 1
        return {instead: dict(groups[instead].most_common()) for instead in sorted(groups)}

    @property
    def doubtful(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if not one.place.certain)

    def words(self, words: Iterable[str]) -> dict[str, list[Found]]:
        """Where these words stand, in any writing."""
        return {
            word: [
                Found(number, text, place)
                for number, text in enumerate(self.texts, 1)
                for place in words_in(text, word, LEFT_OUT)
            ]
            for word in words
        }

    def left_out(self, keys: Iterable[str]) -> list[Found]:
        """The places that somebody left out beside what was seen, where their text still says
        what it said then."""
        places = []
        for key in keys:
            hit = _PLACE.fullmatch(key)
            if hit is None or not 1 <= int(hit[1]) <= len(self.texts):
                continue
            place = Place(int(hit[2]), int(hit[3]), LEFT_OUT, certain=True)
            one = Found(int(hit[1]), self.texts[int(hit[1]) - 1], place)
            places += [one] if one.key == key else []
        return places

    def hidden(self, decisions: Mapping[str, str], also: Iterable[Found] = ()) -> Hidden:
        """What is put in place of what: all that is certain, and what somebody decided."""
        chosen: dict[int, list[Place]] = {}
        decided = [one for one in self.doubtful if decisions.get(one.key) == REPLACE]
        for one in (*self.certain, *decided, *also):
            places = chosen.setdefault(one.statement, [])
            if all(one.place.end <= at.start or at.end <= one.place.start for at in places):
                places.append(one.place)
        return {
            number: sorted(places, key=lambda at: at.start) for number, places in chosen.items()
        }


@dataclass(slots=True)
class Statements:
    """What every statement goes through on its way into a document."""

    hidden: Hidden = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def put(self, text: str) -> str:
        self.texts.append(text)
        made, at = "", 0
        for place in self.hidden.get(len(self.texts), ()):
            made += text[at : place.start] + place.instead
            at = place.end
        return made + text[at:]


def _places(text: str, people: People, facts: Facts) -> list[Place]:
    """A name within an address belongs to the address."""
    told = facts.places(text)
    taken = {at for place in told for at in range(place.start, place.end)}
    names = [
        place for place in people.places(text) if taken.isdisjoint(range(place.start, place.end))
    ]
    return sorted([*told, *names], key=lambda place: place.start)


def survey(texts: Sequence[str], people: People, facts: Facts) -> Survey:
    found = tuple(
        Found(number, text, place)
        for number, text in enumerate(texts, 1)
        for place in _places(text, people, facts)
    )
    seen = [[one.key, one.place.instead, one.place.certain] for one in found]
    digest = hashlib.sha256(json.dumps([list(texts), seen]).encode()).hexdigest()
    return Survey(found, tuple(texts), digest)


def without_names(texts: Sequence[str], persons: Sequence[Mapping[str, Any]]) -> list[str]:
    """The texts with what stands for names in place of all that is a name or may be one: for what
    nobody looks at before it is told."""
    seen = survey(texts, People(named(persons)), Facts(persons))
    statements = Statements(seen.hidden({each.key: REPLACE for each in seen.doubtful}))
    return [statements.put(text) for text in texts]
