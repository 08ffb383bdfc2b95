"""What in config.yaml holds from a day or until a day: names, rows of settings, successions.

Days are days in London, both included. What is wrong is said in a sentence with its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from app.config.sections import ConfigError, Section, nearest


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
        given = section.typed("to", list, "a list of names")
        new = tuple(known(section, "to", name, kind) for name in given)
        wrong = (
            (both, f"“from” is “{old}”, which is a role and an organisation"),
            (not new, "“to” names nobody"),
            (old in new, f"“{old}” cannot take its own place"),
        )
        for is_so, said in wrong:
            if is_so:
                raise ConfigError(f"{section.file}: {section.where}: {said}.")
        return Successor(on, old, new)

    successors = top.each("successions", successor, [])
    for number, row in enumerate(successors, 1):
        if row.old in _after(successors, row.new):
            where = f"{top.file}: successions[{number}]"
            raise ConfigError(f"{where}: “{row.old}” would in the end take its own place.")
    return successors


def _after(rows: Sequence[Successor], names: Sequence[str]) -> set[str]:
    """The names and all that come after them."""
    reached = set(names)
    while more := {n for row in rows if row.old in reached for n in row.new if n not in reached}:
        reached |= more
    return reached
