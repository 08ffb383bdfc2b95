"""What may be said of a person beside their roles, like an agency, and from which lists.

What it gives them is casework's; where nothing is said here, a page offers what accounts hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.config.sections import ConfigError, Section, nearest


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    #: what people call it
    label: str
    #: rows of the settings' lists: value, its label, its last day
    rows: tuple[tuple[str, str, date | None], ...]

    def choices(self, day: date) -> dict[str, str]:
        """Value → label, without what has ended."""
        return {value: label for value, label, last in self.rows if last is None or last >= day}


def read_attributes(top: Section, settings: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """`attributes: {agency: {label: Agency, lists: [agencies]}}`. Raises `ConfigError`."""
    section = top.section("attributes", {})
    return tuple(
        _attribute(section.section(str(name)), str(name), settings) for name in section.raw
    )


def in_no_list(
    attributes: Sequence[Attribute], said: Mapping[str, str], also: Collection[str] = ()
) -> str:
    """What is said of a person and stands in no list, so that nobody is ever asked by it; "" where
    all does, or no lists are given. `also`: values that stand elsewhere, like those of successors.
    """
    known = {one.name: [value for value, _, _ in one.rows] for one in attributes}
    for name, value in said.items() if known else ():
        if name not in known:
            return f"Nothing is called “{name}” of a person.{nearest(name, known)}"
        if value not in known[name] and value not in also:
            return f"“{value}” is no row of the lists of “{name}”.{nearest(value, known[name])}"
    return ""


def _attribute(section: Section, name: str, settings: Mapping[str, Any]) -> Attribute:
    if not (name.isascii() and name.isidentifier() and name.islower()):
        said = f"“{section.where}” must be a word of small letters, like agency"
        raise ConfigError(f"{section.file}: {said}.")
    lists = section.typed("lists", list, "a list of names of lists in the settings")
    rows: dict[str, tuple[str, str, date | None]] = {}
    for key in lists:
        found = settings.get(key)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            known = [key for key, value in settings.items() if isinstance(value, list)]
            said = f"“{section.name('lists')}” names “{key}”, which is no list of rows in settings"
            raise ConfigError(f"{section.file}: {said}.{nearest(str(key), known)}")
        for row in found:
            last = row.get("until")
            value = str(row.get("value", ""))
            until = date.fromisoformat(last) if isinstance(last, str) else None
            rows[value] = (value, str(row.get("label") or value), until)
    label = section.text("label")
    section.finish()
    return Attribute(name, label, tuple(rows.values()))
