"""What a journey file says, as frozen values: its calendar, people and steps, each with its line.

An unknown key is a fault that names the nearest known one. Whether the diagrams know what a step
speaks of is asked while playing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from yaml import MappingNode, Node

from app.engine import nearest
from app.journeys.file.claims import known_key
from app.journeys.file.lines import JourneyFault, Lines, line_of
from app.journeys.file.steps import NOTHING, Step, read_fill, read_step

FILE_KEYS = ("title", "after", "calendar", "settings", "people", "fill", "steps")
#: journeys one after the other, at most; more is surely a circle
_MOST_AFTER = 5
CALENDAR_KEYS = ("region", "closed", "declared")
AFTER_KEYS = ("journey", "step")


@dataclass(frozen=True, slots=True)
class CalendarChange:
    region: str | None = None
    closed: tuple[date, ...] = ()
    #: the day from whose beginning the closures are known; None: from the start
    declared: date | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the journey."""

    roles: tuple[str, ...]
    attributes: Mapping[str, str]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    file: str
    title: str
    calendar: CalendarChange | None
    people: Mapping[str, Someone]
    steps: tuple[Step, ...]
    #: settings of its own, each in place of the installation's; and the line and file of each
    settings: Mapping[str, Any] = field(default_factory=dict)
    settings_places: Mapping[str, tuple[int, str]] = field(default_factory=dict)


_NOTHING_YET = Journey("", "", None, {}, ())


def read(path_or_text: Path | str, file: str | None = None, _before: int = 0) -> Journey:
    """A journey from a file, or from its text (anything with a line break). JourneyFault."""
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return _journey(Lines(path_or_text, file or "journey"), None, _before)
    path = Path(path_or_text)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise JourneyFault("The file cannot be read.", file=str(path)) from error
    return _journey(Lines(text, file or str(path)), path.parent, _before)


def _journey(lines: Lines, folder: Path | None, before: int) -> Journey:
    nodes: dict[str, Node] = {}
    for key, node, value in lines.pairs(lines.root):
        known_key(lines, key, node, FILE_KEYS, "A journey")
        nodes[key] = value
    if "steps" not in nodes:
        raise lines.fault(lines.root, "A journey needs “steps”.")
    fill = read_fill(lines, nodes["fill"]) if "fill" in nodes else NOTHING
    first = _first(lines, nodes["after"], folder, before) if "after" in nodes else _NOTHING_YET
    settings = list(lines.pairs(nodes["settings"])) if "settings" in nodes else []
    people = _people(lines, nodes["people"]) if "people" in nodes else {}
    steps = tuple(read_step(lines, node, fill) for node in lines.items(nodes["steps"]))
    return Journey(
        file=lines.file,
        title=lines.text(nodes["title"]) if "title" in nodes else lines.file,
        calendar=_calendar(lines, nodes["calendar"]) if "calendar" in nodes else first.calendar,
        people={**first.people, **people},
        steps=(*first.steps, *steps),
        settings={**first.settings, **{key: lines.value(value) for key, _, value in settings}},
        settings_places={
            **first.settings_places,
            **{key: (line_of(where), lines.file) for key, where, _ in settings},
        },
    )


def _first(lines: Lines, node: Node, folder: Path | None, before: int) -> Journey:
    """The journey that this one goes on from, a file beside it: all of it, or up to one step."""
    wanted = {"journey": node}
    if isinstance(node, MappingNode):
        wanted = {}
        for key, where, value in lines.pairs(node):
            known_key(lines, key, where, AFTER_KEYS, "“after”")
            wanted[key] = value
        if "journey" not in wanted:
            raise lines.fault(node, "“after” needs “journey”.")
    name = lines.text(wanted["journey"])
    if folder is None or "/" in name or "\\" in name or not (folder / name).is_file():
        raise lines.fault(node, f"There is no journey “{name}” beside this one.")
    if before >= _MOST_AFTER:
        raise lines.fault(node, "Too many journeys come one after the other.")
    first = read(folder / name, None, before + 1)
    return _up_to(lines, wanted["step"], first) if "step" in wanted else first


def _up_to(lines: Lines, node: Node, first: Journey) -> Journey:
    """The journey to the end of the step of this name, or of the only one with this order."""
    said = lines.words(node)
    named = [n for n, step in enumerate(first.steps) if step.name == said]
    places = named or [n for n, step in enumerate(first.steps) if step.target == said]
    if len(places) > 1:
        sentence = f"Several steps before are “{said}”. Give the one that is meant a “name”."
        raise lines.fault(node, sentence)
    if not places:
        known = [name for step in first.steps for name in (step.name, step.target) if name]
        near = nearest(said, known)
        hint = f" Did you mean “{near}”?" if near else ""
        raise lines.fault(node, f"No step before is called “{said}”.{hint}")
    return replace(first, steps=first.steps[: places[0] + 1])


def _calendar(lines: Lines, node: Node) -> CalendarChange:
    region: str | None = None
    closed: tuple[date, ...] = ()
    declared: date | None = None
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, CALENDAR_KEYS, "The calendar")
        if key == "region":
            region = lines.text(value)
        elif key == "closed":
            closed = tuple(_date(lines, day) for day in lines.items(value))
        else:
            declared = _date(lines, value)
    return CalendarChange(region, closed, declared, line_of(node))


def _date(lines: Lines, node: Node) -> date:
    text = lines.text(node)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise lines.fault(node, f"“{text}” is no date like 2026-09-18.") from None


def _people(lines: Lines, node: Node) -> dict[str, Someone]:
    return {key: _someone(lines, value) for key, _, value in lines.pairs(node)}


def _someone(lines: Lines, node: Node) -> Someone:
    roles: tuple[str, ...] = ()
    name = None
    attributes: dict[str, str] = {}
    for key, _, value in lines.pairs(node):
        if key in ("roles", "role"):
            roles = tuple(text for text, _ in lines.texts(value))
        elif key == "name":
            name = lines.text(value)
        else:
            attributes[key] = lines.text(value)
    if not roles:
        raise lines.fault(node, "A person needs “roles”.")
    return Someone(roles, attributes, name)
