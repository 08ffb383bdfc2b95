"""What in config.yaml holds from a day or until a day: names, rows of settings, successions.

Days are days in London, both included. What is wrong is said in a sentence with its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from app.config.sections import ConfigError, Section, nearest
from app.engine import Program
from app.engine.bpmn import RecordNames


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the days on which it is borne; None: without a beginning or an end."""

    name: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """From the day `on`, who holds one of `new` also holds what `old` held."""

    on: date
    old: str
    new: tuple[str, ...]
    #: (step, question): the answers by which it is divided among the new; none: it is not
    by: tuple[tuple[str, str], ...] = ()
    #: answer → which of the new stands there; "": where no answer says
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def succeeding(successions: Iterable[Successor]) -> frozenset[str]:
    """Names of those that take the place of others, or had it."""
    return frozenset(name for one in successions for name in (one.old, *one.new))


def organisation(top: Section) -> tuple[Named, ...]:
    """One name, or several one after the other, without a day between them."""
    if isinstance(top.get("organisation"), str):
        return (Named(top.text("organisation")),)
    names = top.each("organisation", _named)
    if not names:
        raise ConfigError(f"{top.file}: “organisation” needs a name.")
    for number, (before, after) in enumerate(pairwise(names), 1):
        if before.last is None or after.first != before.last + timedelta(days=1):
            raise ConfigError(
                f"{top.file}: “organisation[{number + 1}].from” must be the day after "
                f"“organisation[{number}].until”, so that there is one name on every day."
            )
    return names


def _named(section: Section) -> Named:
    first, last = section.day("from", None), section.day("until", None)
    return Named(section.text("name"), first, last)


def named_on(names: Sequence[Named], day: date) -> str:
    """The name on this day; before the first and after the last, that one."""
    begun = [name for name in names if name.first is None or name.first <= day]
    return (begun or names[:1])[-1].name


def labels(settings: Mapping[str, Any]) -> dict[str, str]:
    """Value → what people call it, of every list of rows in the settings."""
    rows = (row for rows in settings.values() if isinstance(rows, list) for row in rows)
    return {
        str(row["value"]): str(row.get("label") or row["value"])
        for row in rows
        if isinstance(row, dict) and "value" in row
    }


def check_days(file: str, where: str, given: Any) -> None:
    """The `from` and `until` of rows in lists are days, in order. Raises `ConfigError`."""
    for path, row in _rows(where, given):
        section = Section(row, file, path)
        first, last = section.day("from", None), section.day("until", None)
        if first is not None and last is not None and last < first:
            raise ConfigError(f"{file}: “{path}.until” lies before its “from”.")


def check_kinds(file: str, where: str, given: Any) -> None:
    """The `kind` of a row is the value of a row of another kind of list. Raises `ConfigError`."""
    rows = list(_rows(where, given))
    known = {str(row["value"]) for _, row in rows if "value" in row and "kind" not in row}
    for path, row in rows:
        if "kind" in row and "value" in row and str(row["kind"]) not in known:
            said = f"“{path}.kind” is {row['kind']!r}, which is the value of no row"
            raise ConfigError(f"{file}: {said}.{nearest(str(row['kind']), known)}")


def _rows(where: str, given: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _rows(f"{where}.{key}", value)
    elif isinstance(given, list):
        for number, row in enumerate(given, 1):
            if isinstance(row, dict):
                yield f"{where}[{number}]", row
            yield from _rows(f"{where}[{number}]", row)


def successions(top: Section, roles: frozenset[str], values: set[str]) -> tuple[Successor, ...]:
    """Names are roles, or values (of people's attributes and the settings' lists): never mixed."""

    def known(section: Section, key: str, name: Any, among: set[str]) -> str:
        if name in among:
            return str(name)
        said = f"“{section.name(key)}” is {name!r}, which is no role and no organisation here"
        raise ConfigError(f"{section.file}: {said}.{nearest(str(name), among)}")

    def successor(section: Section) -> Successor:
        on = section.day("day")
        assert on is not None
        old = known(section, "from", section.get("from"), {*roles, *values})
        both = old in roles and old in values
        kind = set(roles) if old in roles else values - roles
        by, parts = _division(section)
        given = list(parts) if by else section.typed("to", list, "a list of names")
        new = tuple(known(section, "to", name, kind) for name in given)
        wrong = (
            (both, f"“from” is “{old}”, which is a role and an organisation"),
            (not new, "“to” names nobody"),
            (old in new, f"“{old}” cannot take its own place"),
        )
        for is_so, said in wrong:
            if is_so:
                raise ConfigError(f"{section.file}: {section.where}: {said}.")
        if not by:
            return Successor(on, old, new)
        unplaced = known(section, "unknown", section.get("unknown"), kind)
        there = {part: (name,) for name, several in parts.items() for part in several}
        return Successor(on, old, new, by, {**there, "": (unplaced,)})

    successors, first = top.each("successions", successor, []), ()
    for number, row in enumerate(successors, 1):
        where = f"{top.file}: successions[{number}]"
        if row.old in _after(successors, (*row.new, *row.parts.get("", ()))):
            raise ConfigError(f"{where}: “{row.old}” would in the end take its own place.")
        if row.by and row.by != (first := first or row.by):
            raise ConfigError(
                f"{where}.by: an earlier one is divided by other answers. Divide all of them by "
                "the same."
            )
    return successors


def _division(section: Section) -> tuple[tuple[tuple[str, str], ...], dict[str, list[str]]]:
    """Of one that is divided: by which answers, and which of them fall to whom."""
    if "by" not in section.raw:
        return (), {}
    by = []
    for number, name in enumerate(section.typed("by", list, "a list like [step.question]"), 1):
        step, dot, question = str(name).partition(".")
        if not (step and dot and question) or "." in question:
            said = f"“{section.name('by')}[{number}]” is {name!r}; write it as step.question"
            raise ConfigError(f"{section.file}: {said}.")
        by.append((step, question))
    fell: dict[str, list[str]] = {}
    whose: dict[str, str] = {}
    for name, several in section.typed("to", dict, "a map: to whom which answers fall").items():
        if not isinstance(several, list) or not several:
            said = f"“{section.name('to')}.{name}” needs a list of answers"
            raise ConfigError(f"{section.file}: {said}.")
        for part in map(str, several):
            if part in whose:
                said = f"“{section.name('to')}”: “{part}” falls to {whose[part]} and to {name}"
                raise ConfigError(f"{section.file}: {said}.")
            whose[part] = str(name)
        fell[str(name)] = [str(part) for part in several]
    return tuple(by), fell


def _after(rows: Sequence[Successor], names: Sequence[str]) -> set[str]:
    """The names and all that come after them."""
    reached = set(names)
    while more := {n for row in rows if row.old in reached for n in row.new if n not in reached}:
        reached |= more
    return reached


def unasked(rows: Iterable[Successor], program: Program) -> list[str]:
    """What divides a succession and no form asks, a sentence each."""
    steps = RecordNames(program.processes.values()).clear()
    sentences = []
    for step, question in dict.fromkeys(by for row in rows for by in row.by):
        form = program.forms.get(steps[step].form or "") if step in steps else None
        if form is None or question not in {field.key for field in form.fields}:
            sentences.append(f"“{step}.{question}” divides a succession, and no form asks it.")
    return sentences
