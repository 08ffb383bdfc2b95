"""Owns finding what is nearly a name: a word with one letter too many, too few, other or swapped.

Only a word with a capital letter, and never for certain: `names_in_text` has somebody look at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.documents.folding import Folded, is_letter
from app.documents.ordinary_words import ORDINARY
from app.documents.person_names import Named, parts_of

LEAST = 5


class Nearly:
    def __init__(self, people: Iterable[Named]) -> None:
        #: a part with one letter less, or whole → parts
        self._less: dict[str, set[str]] = {}
        self._who: dict[str, set[str]] = {}
        for person in people:
            for part in parts_of(person):
                if len(part) >= LEAST:
                    self._who.setdefault(part, set()).add(person.id)
                    for less in _less(part):
                        self._less.setdefault(less, set()).add(part)

    def found(self, text: str, folded: Folded) -> Iterator[tuple[int, int, set[str]]]:
        """(start, end, ids of the people that may be meant)"""
        for first, last in _words(folded.text) if self._less else ():
            start, end = folded.span(first, last)
            word = folded.text[first:last]
            if last - first < LEAST - 1 or not text[start].isupper() or word in ORDINARY:
                continue
            near = {part for less in _less(word) for part in self._less.get(less, ())}
            who = {id for part in near if _near(word, part) for id in self._who[part]}
            if who:
                yield start, end, who


def _words(said: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(said):
        first = at
        while at < len(said) and is_letter(said[at]):
            at += 1
        if at > first:
            yield first, at
        at += 1


def _less(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _near(word: str, part: str) -> bool:
    """One letter more, less, other, or two swapped; the first is the same."""
    if word == part or word[0] != part[0] or abs(len(word) - len(part)) > 1:
        return False
    if len(word) != len(part):
        longer, shorter = sorted((word, part), key=len, reverse=True)
        return shorter in _less(longer)
    other = [at for at, letter in enumerate(word) if letter != part[at]]
    if len(other) == 1:
        return True
    a, *rest = other
    return rest == [a + 1] and word[a] == part[a + 1] and word[a + 1] == part[a]
