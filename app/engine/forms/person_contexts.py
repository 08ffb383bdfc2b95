"""Owns how expressions of the content speak of a case's persons, and what a choice calls them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.engine.forms.person_words import born_in_words, called, life_in_words
from app.engine.forms.persons import PersonOfCase

_KEPT = (
    "id", "kind", "name", "born", "expected", "born_known", "born_year", "number", "address",
    "relation", "organisation", "died", "died_on",
)  # fmt: skip
#: what an expression can ask of a person
FACTS = (*_KEPT, "aliases", "kinds", "born_told", "life_told", "value", "label")


def as_contexts(persons: Iterable[PersonOfCase]) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(person, name) for name in _KEPT},
            "aliases": list(person.aliases),
            "kinds": list(person.kinds),
            "born_told": born_in_words(person),
            "life_told": life_in_words(person),
            "value": person.id,
            "label": called(person),
        }
        for person in persons
    ]
