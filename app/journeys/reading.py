"""What a journey file says, as frozen values: its calendar, people and steps, each with its line.

An unknown key is a fault that names the nearest known one. Whether the diagrams know what a step
speaks of is asked while playing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from yaml import Node

from app.journeys.claims import Claimed, known_key, read_claims
from app.journeys.lines import JourneyFault, Lines, line_of

_FILE_KEYS = ("title", "after", "calendar", "people", "steps", "fill")
#: journeys one after the other, at most; more is surely a circle
_MOST_AFTER = 5
_CALENDAR_KEYS = ("region", "closed", "declared")
#: orders about people, and what each must say
COVERING = {"cover": ("for", "by", "from", "until", "reason"), "end_cover": ("for", "by")}
#: what a step can order; at most one of them
ORDERS = ("start", "do", "message", "merge_into", "unmerge", *COVERING)
_STEP_KEYS = ("at", "who", *ORDERS, "for", "answers", "case", "refused", "check", "fill")
#: of these one step tells only one of
_NEEDS_ORDER = ("answers", "for", "refused", "fill")
_OF_THESE = "“start”, “do”, “message”, “merge_into”, “unmerge”, “cover” or “end_cover”"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    region: str | None = None
    closed: tuple[date, ...] = ()
    #: the day from whose beginning the closures are known; None: from the start
    declared: date | None = None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the journey."""

    roles: tuple[str, ...]
    attributes: Mapping[str, str]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    line: int
    #: the file it stands in; a journey may begin with another's steps
    file: str = ""
    at: str | None = None
    who: str | None = None
    #: one of `ORDERS`, or None
    order: str | None = None
    #: process id, element id or name, message name, name of the other case
    target: str = ""
    #: what a cover says
    about: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    case: str | None = None
    refused: str | None = None
    fill: bool = False
    checks: tuple[Claimed, ...] = ()
    #: key of the step → its line
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Journey:
    file: str
    title: str
    calendar: CalendarChange | None
    people: Mapping[str, Someone]
    steps: tuple[Step, ...]


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
    found: dict[str, Node] = {}
    for key, node, value in lines.pairs(lines.root):
        known_key(lines, key, node, _FILE_KEYS, "A journey")
        found[key] = value
    if "steps" not in found:
        raise lines.fault(lines.root, "A journey needs “steps”.")
    fill = _truth(lines, found["fill"]) if "fill" in found else False
    first = _first(lines, found["after"], folder, before) if "after" in found else None
    calendar = _calendar(lines, found["calendar"]) if "calendar" in found else None
    people = _people(lines, found["people"]) if "people" in found else {}
    steps = tuple(_step(lines, node, fill) for node in lines.items(found["steps"]))
    return Journey(
        file=lines.file,
        title=lines.text(found["title"]) if "title" in found else lines.file,
        calendar=calendar or (first.calendar if first else None),
        people={**first.people, **people} if first else people,
        steps=(*first.steps, *steps) if first else steps,
    )


def _first(lines: Lines, node: Node, folder: Path | None, before: int) -> Journey:
    """The journey that this one goes on from: a file beside it."""
    name = lines.text(node)
    if folder is None or "/" in name or "\\" in name or not (folder / name).is_file():
        raise lines.fault(node, f"There is no journey “{name}” beside this one.")
    if before >= _MOST_AFTER:
        raise lines.fault(node, "Too many journeys come one after the other.")
    return read(folder / name, None, before + 1)


def _truth(lines: Lines, node: Node) -> bool:
    value = lines.value(node)
    if not isinstance(value, bool):
        raise lines.fault(node, "Here true or false is expected.")
    return value


def _calendar(lines: Lines, node: Node) -> CalendarChange:
    region: str | None = None
    closed: tuple[date, ...] = ()
    declared: date | None = None
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, _CALENDAR_KEYS, "The calendar")
        if key == "region":
            region = lines.text(value)
        elif key == "closed":
            closed = tuple(_date(lines, one) for one in lines.items(value))
        else:
            declared = _date(lines, value)
    return CalendarChange(region, closed, declared)


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


def _step(lines: Lines, node: Node, fill: bool) -> Step:
    found: dict[str, Node] = {}
    places: dict[str, int] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, _STEP_KEYS, "A step")
        found[key], places[key] = value, line_of(where)
    orders = [key for key in ORDERS if key in found]
    if "unmerge" in found and not _truth(lines, found["unmerge"]):
        raise lines.fault(found["unmerge"], "Say “unmerge: true”.")
    if len(orders) > 1:
        raise lines.fault(node, f"A step does one thing: either “{orders[0]}” or “{orders[1]}”.")
    alone = next((key for key in _NEEDS_ORDER if key in found), None)
    if alone and not orders:
        raise lines.fault(found[alone], f"“{alone}” needs {_OF_THESE}.")
    about = _about(lines, orders[0], found[orders[0]]) if set(orders) & set(COVERING) else {}
    texts = {
        key: lines.text(found[key]) for key in ("at", "who", "case", "refused") if key in found
    }
    return Step(
        line=line_of(node),
        file=lines.file,
        at=texts.get("at"),
        who=texts.get("who"),
        order=orders[0] if orders else None,
        target=lines.text(found[orders[0]]) if orders and not about else "",
        about=about,
        chosen=_mapping(lines, found["for"]) if "for" in found else {},
        answers=_mapping(lines, found["answers"]) if "answers" in found else {},
        case=texts.get("case"),
        refused=texts.get("refused"),
        fill=_truth(lines, found["fill"]) if "fill" in found else fill,
        checks=read_claims(lines, found["check"]) if "check" in found else (),
        lines=places,
    )


def _about(lines: Lines, order: str, node: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, COVERING[order], f"“{order}”")
        found[key] = lines.text(value)
    lacking = next((key for key in COVERING[order] if key not in found), None)
    if lacking:
        raise lines.fault(node, f"“{order}” needs “{lacking}”.")
    return found


def _mapping(lines: Lines, node: Node) -> dict[str, Any]:
    if line_of(node) and lines.value(node) is None:
        return {}
    return {key: lines.value(value) for key, _, value in lines.pairs(node)}
