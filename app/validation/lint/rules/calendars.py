"""Rules on calendars: a limit names one that there is, and one that fits what it rests on.

Which calendars there are, and which of them closures of the house move, is the installation's to
say; it stands beside the settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from app.engine import ExpressionFault, nearest
from app.engine.feel import HOUSE, parse
from app.engine.feel.syntax import nodes
from app.engine.forms import Form, expressions_of
from app.validation.lint.places import capital, places
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

#: where the calendar stands among the arguments
_PLACES = {
    "working_days_after": 2,
    "working_days_before": 2,
    "working_day": 3,
    "months_after": 3,
    "days_after": 3,
    "working_days_between": 2,
    "is_working_day": 1,
}
#: whose argument before the calendar may be left out
_SHORTER = frozenset({"working_day", "months_after", "days_after"})
_ROLLS = ("back", "forward", "none")
#: how English law is cited: an Act or Regulations of a year, an SI, a section, a regulation
_LAW = re.compile(r"\b(Act|Regulations|Order|Rules) \d{4}\b|\bSI \d{4}|\bs\d+[A-Z]*\b|\breg \d")


def _below(node: Any) -> Iterator[nodes.Call]:
    if isinstance(node, tuple):
        for each in node:
            yield from _below(each)
    elif is_dataclass(node):
        if isinstance(node, nodes.Call):
            yield node
        for field in fields(node):
            yield from _below(getattr(node, field.name))


def _text(node: nodes.Node | None) -> str | None:
    value = node.value if isinstance(node, nodes.Literal) else None
    return value if isinstance(value, str) else None


def _names(source: str) -> Iterator[tuple[str, str]]:
    """(function, calendar) of each call that rests on working days; of a name that is worked out
    nothing is known."""
    if not any(name in source for name in _PLACES):
        return
    try:
        tree = parse(source)
    except (ExpressionFault, RecursionError):
        return
    for call in _below(tree):
        name = call.function_name or ""
        if name not in _PLACES:
            continue
        given = dict(zip(call.names, call.arguments, strict=True)) if call.names else {}
        asked, roll = given.get("calendar"), _text(given.get("roll"))
        if not call.names:
            there = dict(enumerate(call.arguments))
            asked, before = there.get(_PLACES[name]), there.get(_PLACES[name] - 1)
            roll = _text(before) if _text(before) in _ROLLS else None
            if name in _SHORTER and asked is None and roll is None and _text(before) is not None:
                asked = before
        if roll == "none" or (name == "days_after" and roll is None):
            continue
        if asked is None:
            yield name, HOUSE
        elif (text := _text(asked)) is not None:
            yield name, text


def _of_forms(view: View) -> Iterator[tuple[str, Form, str]]:
    for element in view.elements.values():
        for form in view.forms_of(element):
            for field in form.walk():
                for source in expressions_of(field).values():
                    yield element.id, form, source


@rule("unknown-calendar")
def unknown_calendar(view: View) -> Iterator[Said]:
    """A calendar is chosen by its name in config.yaml. By a name that stands nowhere nothing can be
    counted, and every case would stop there with an incident."""
    known = [HOUSE, *view.known.settings.get("calendars", {})]
    texts = [
        (place.id, capital(place.what), place.source) for place in places(view) if place.source
    ]
    forms = _of_forms(view)
    texts += [(id, f"The form “{form.title or form.id}”", text) for id, form, text in forms]
    for id, what, source in texts:
        for _, name in _names(source):
            if name not in known:
                near = nearest(name, known)
                hint = f" Did you mean “{near}”?" if near else f" There are {', '.join(known)}."
                yield Said(id, f"{what} counts on the calendar “{name}”, which there is not.{hint}")


@rule("law-moved-by-closures", "warning")
def law_moved_by_closures(view: View) -> Iterator[Said]:
    """A limit set by law counts the working days of the country. On a calendar with closures it
    would move when the office is closed, and a case would be late that is shown as in time. Where
    the days are the house's own, its `basis` says so with the word “local”."""
    closes = view.known.settings.get("calendars", {})
    for place in places(view):
        element = view.elements.get(place.id)
        if element is None or place.at not in ("due", "deadline", "backstop"):
            continue
        basis = element.rules.basis or ""
        if not _LAW.search(basis) or "local" in basis.casefold() or not place.source:
            continue
        moved = sorted({name for _, name in _names(place.source) if closes.get(name)})
        if moved:
            yield Said(
                place.id,
                f"{capital(place.what)} counts on “{moved[0]}”, a calendar with closures, but "
                f"rests on law (“{basis[:80]}”). Name a calendar without closures, or say in the "
                "basis that the days are local.",
            )
