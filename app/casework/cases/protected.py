"""Answers of a class that only some may read, looked for in what is about to reach somebody.

The check finds such a way in the drawings; this holds for cases on versions from before it, and for
whatever a way carries in the end. What leaves is compared with what people typed: a text that holds
a protected answer says it. Shorter answers are no sentence of anybody and are left to the check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from app import store
from app.casework.cases import history
from app.casework.cases.locked_case import LockedCase
from app.engine.forms import by_path
from app.validation.lint.readers import Class, classes_of, ordinary, questions

#: characters; a shorter text stands in others by chance
LEAST = 4
#: (process, step) → question → the class of its answers
Places = dict[tuple[str, str], dict[str, Class]]


class Protected:
    """The protected answers of one case, opened when something is looked for."""

    def __init__(self, locked: LockedCase) -> None:
        self._locked = locked
        self._classes = {
            id: each
            for id, each in classes_of(locked.loaded.program.settings).items()
            if each.readers is not None
        }

    def said(self, texts: Iterable[str], may: Callable[[frozenset[str]], bool]) -> str | None:
        """Name of a class of which a text says an answer; None: of none. `may`: whether all whom
        the text reaches are among these readers."""
        closed = {
            id for id, each in self._classes.items() if each.readers and not may(each.readers)
        }
        said = [words for text in texts if len(words := _words(text)) >= LEAST]
        if not closed or not said:
            return None
        for class_, answer in self._answers:
            if class_.id in closed and any(f" {answer} " in f" {text} " for text in said):
                return class_.name
        return None

    @cached_property
    def _places(self) -> Places:
        loaded = self._locked.loaded
        house = ordinary(loaded.program.settings)
        places: Places = {}
        for step, form in loaded.step_forms.items():
            for asked in questions(form, house):
                if asked.free and asked.class_ in self._classes:
                    path = ".".join(asked.question.path)
                    places.setdefault(step, {})[path] = self._classes[asked.class_]
        return places

    @cached_property
    def _answers(self) -> tuple[tuple[Class, str], ...]:
        return tuple(self._opened())

    def _opened(self) -> Iterator[tuple[Class, str]]:
        locked, places = self._locked, self._places
        elements = sorted({element for _, element in places})
        rows = store.work.answers.of_elements(locked.unit, locked.row.id, elements)
        orders = history.orders_of(locked.unit, locked.key, {row.seq for row in rows})
        for row in rows:
            asked = places.get((locked.loaded.holder(row.process, row.element), row.element), {})
            given = orders.get(row.seq, {}).get("answers") or {}
            for path, answer in by_path(given).items():
                keys = ".".join(key for key in path.split(".") if not key.isdecimal())
                words = _words(answer) if isinstance(answer, str) else ""
                if keys in asked and len(words) >= LEAST:
                    yield asked[keys], words


def _words(text: str) -> str:
    """Without case, and with nothing between words but one space."""
    kept = (letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join("".join(kept).split())
