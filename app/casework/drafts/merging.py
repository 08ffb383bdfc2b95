"""Brings together what was typed in two windows, question by question.

A page brings with it how each question stood when it was made, as a digest. So it is known of every
question who has changed it: what only one side changed is taken from there, what both changed is
kept twice, for the person to choose. Nothing here knows the form; a question is its path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.casework.drafts.places import put, value_at

#: stands for the digest of a question that the page shows as known, without an input
KNOWN = "known"
#: behind the path of a list: how many rows it has
COUNT = "#"
#: what dates and times are typed in; they are one answer
_IN_ORDER = ("date", "day", "month", "year", "time")
_PARTS = frozenset(_IN_ORDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The page on which something was typed, as it says itself."""

    #: by which its own earlier saves are known
    page: str
    #: path of a question on it → digest of its answer when the page was made
    stood: Mapping[str, str]
    #: of answers that were kept twice: (path, digest) of those between which the person has chosen
    settled: frozenset[tuple[str, str]] = frozenset()

    def touched(self, given: Mapping[str, Any]) -> bool:
        """Whether any question on it says something else by now."""
        was = {path: digest for path, digest in self.stood.items() if digest != KNOWN}
        return stand(given, self.asked) != was

    @property
    def asked(self) -> tuple[str, ...]:
        """Paths of the questions that it had inputs for."""
        return tuple(
            path for path, was in self.stood.items() if was != KNOWN and not path.endswith(COUNT)
        )


@dataclass(slots=True)
class Together:
    given: dict[str, Any] = field(default_factory=dict)
    #: path of what both sides changed → the answer that is not in `given`
    twice: dict[str, Any] = field(default_factory=dict)
    #: paths of what the page asked, and the other side alone changed
    taken: list[str] = field(default_factory=list)


def digest(value: Any) -> str:
    """Equal for answers that say the same, empty ones of every shape too."""
    said = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """An answer as text, without what is empty in it."""
    if isinstance(value, Mapping) and value and value.keys() <= _PARTS:  # in one box or in three
        day = "/".join(filter(None, (_plain(value.get(part)) for part in _IN_ORDER[:-1])))
        return f"{day} {_plain(value.get('time'))}".strip()
    if isinstance(value, Mapping):
        parts = {str(key): _plain(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part != ""} or ""
    if isinstance(value, list | tuple):
        if any(isinstance(part, Mapping) for part in value):
            return [_plain(part) for part in value]
        return sorted(filter(None, map(_plain, value))) or ""
    if value is None or value is False:
        return ""
    text = "true" if value is True else str(value)
    return text.replace("\r\n", "\n").strip()


def stand(given: Mapping[str, Any], paths: Collection[str]) -> dict[str, str]:
    """Path → digest of what stands there now, of these questions."""
    stood = {}
    for path in paths:
        value = value_at(given, path)
        stood[path] = digest(value)
        if _has_rows(value):
            stood[path + COUNT] = str(len(value))
    return stood


def cleared(given: dict[str, Any], stood: Mapping[str, str]) -> None:
    """In place: a box or choice that was left empty posts nothing, and was answered all the same
    where the page asked it."""
    for path, was in stood.items():
        if was != KNOWN and not path.endswith(COUNT) and _row_is_there(given, path):
            put(given, path, "", over=False)


def _row_is_there(given: Mapping[str, Any], path: str) -> bool:
    """Whether the row in which the question stands was not taken away."""
    steps = path.split(".")
    rows = [".".join(steps[: n + 1]) for n, step in enumerate(steps) if step.isdecimal()]
    return all(value_at(given, row) is not None for row in rows)


def together(
    made: Made, mine: Mapping[str, Any], theirs: Mapping[str, Any], *, own: bool = False
) -> Together:
    """`mine` was typed on the page that was made so, `theirs` is what was saved meanwhile. `own`:
    that was saved from this very page, so all that it asks it knows better."""
    both = Together()
    both.given = _Merging(made.stood, own, both).level(mine, theirs, "")
    return both


@dataclass(frozen=True, slots=True)
class _Merging:
    stood: Mapping[str, str]
    own: bool
    both: Together

    def level(
        self, mine: Mapping[str, Any], theirs: Mapping[str, Any], inside: str
    ) -> dict[str, Any]:
        given = {}
        for key in dict.fromkeys((*mine, *theirs)):
            path = f"{inside}{key}"
            if key in mine and key in theirs:
                given[key] = self._answer(mine[key], theirs[key], path)
                continue
            given[key] = mine[key] if key in mine else theirs[key]
            if self.stood.get(path) == KNOWN and key in theirs:
                self.both.taken.append(path)
        return given

    def _answer(self, mine: Any, theirs: Any, path: str) -> Any:
        if _is_group(mine) and _is_group(theirs):
            return self.level(mine, theirs, f"{path}.")
        own, other, before = digest(mine), digest(theirs), self.stood.get(path)
        if self.own or own == other or other == before:
            return mine
        nothing = digest("")
        if own == (nothing if before in (None, KNOWN) else before):
            self.both.taken.append(path)
            return theirs
        if before in (None, KNOWN) and other == nothing:
            return mine
        if self._same_rows(mine, theirs, path):
            return [
                self.level(row, beside, f"{path}.{number}.")
                for number, (row, beside) in enumerate(zip(mine, theirs, strict=True))
            ]
        self.both.twice[path] = theirs
        return mine

    def _same_rows(self, mine: Any, theirs: Any, path: str) -> bool:
        """Whether no side has added or taken away one, so that each row is still the same one."""
        if not (_has_rows(mine) and _has_rows(theirs)):
            return False
        return {str(len(mine)), str(len(theirs))} == {self.stood.get(path + COUNT)}


def _is_group(value: Any) -> bool:
    return isinstance(value, Mapping) and not _PARTS.issuperset(value)


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
