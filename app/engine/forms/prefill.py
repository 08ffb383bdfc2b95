"""Owns the first answers of a form: its defaults and what its `prefill` properties know already.

They come in the shape that people's answers are given in, so that both are read the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.engine import attached, saying
from app.engine.errors import ExpressionFault
from app.engine.feel import World, compile_expression
from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import MOST_ROWS
from app.engine.london import here, iso_clock, iso_minute


def initial(form: Form, scope: Mapping[str, Any], world: World) -> dict[str, Any]:
    """Every question's first answer; questions without one are left out."""
    return first_answers(form.fields, scope, replace(world, strict=False))


def first_answers(
    fields: Iterable[Field], scope: Mapping[str, Any], world: World
) -> dict[str, Any]:
    """The first answers of one level; `scope` may hold the level's own `this`."""
    answers = {}
    for field in level(fields):
        value = _first(field, scope, world)
        if value not in (None, "", [], {}):
            answers[field.key] = value
    return answers


def known_answers(
    fields: Iterable[Field], scope: Mapping[str, Any], world: World
) -> dict[str, Any]:
    """What the `prefill` properties of one level know, without what questions begin with."""
    world = replace(world, strict=False)
    answers: dict[str, Any] = {}
    for field in level(fields):
        value = _filled_before(field, scope, world)
        if value not in (None, "", [], {}):
            answers[field.key] = value
    return answers


def _filled_before(field: Field, scope: Mapping[str, Any], world: World) -> Any:
    stated = field.rules.prefill is not None and field.rules.harmless_default is None
    said = _known(field, scope, world) if stated else None
    if field.kind == "group":
        inner = known_answers(field.fields, scope, world)
        return {**inner, **_row(field, said)} if isinstance(said, Mapping) else inner
    if field.kind != "dynamiclist":
        return as_given(field, said)
    rows = said[:MOST_ROWS] if isinstance(said, list) else []
    return [_row(field, row) for row in rows if isinstance(row, Mapping)]


def taken(field: Field, given: Mapping[str, Any], first: Mapping[str, Any]) -> Any:
    """What counts as given for one question.

    A read-only one always has its first answer, and so has one that is absent: the page did not
    show it, or the caller left it to us. An absent box is one that is not ticked.
    """
    absent = field.key not in given and field.kind not in ("checkbox", "checklist")
    return first.get(field.key) if field.read_only or absent else given.get(field.key)


def filled(
    form: Form, given: Mapping[str, Any], scope: Mapping[str, Any], world: World
) -> dict[str, Any]:
    """The given answers with first answers where there are none: what a page shows next."""
    world = replace(world, strict=False)
    first = first_answers(form.fields, scope, world)
    return _filled(form.fields, given, first, scope, world)


def _filled(
    fields: Iterable[Field],
    given: Mapping[str, Any],
    first: Mapping[str, Any],
    scope: Mapping[str, Any],
    world: World,
) -> dict[str, Any]:
    answers = dict(given)
    for field in level(fields):
        value = taken(field, given, first)
        known = first.get(field.key)
        if field.kind == "group":
            inner, outer = (side if isinstance(side, Mapping) else {} for side in (value, known))
            value = _filled(field.fields, inner, outer, scope, world)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            blank = first_answers(field.fields, scope, world)
            rows = [row if isinstance(row, Mapping) else {} for row in value]
            value = [_filled(field.fields, row, blank, scope, world) for row in rows]
        if value is not None:
            answers[field.key] = value
    return answers


def _first(field: Field, scope: Mapping[str, Any], world: World) -> Any:
    known = _known(field, scope, world)
    if field.kind == "group":
        inner = first_answers(field.fields, scope, world)
        return {**inner, **_row(field, known)} if isinstance(known, Mapping) else inner
    if field.kind != "dynamiclist":
        return as_given(field, known)
    if isinstance(known, list) and known:
        rows = [row for row in known[:MOST_ROWS] if isinstance(row, Mapping)]
        return [{**first_answers(field.fields, scope, world), **_row(field, row)} for row in rows]
    least = max(field.min_items, _repetitions(field))
    return [first_answers(field.fields, scope, world) for _ in range(least)]


def _known(field: Field, scope: Mapping[str, Any], world: World) -> Any:
    default = field.default
    if not (isinstance(default, str) and default.startswith("=")):
        return default
    try:
        return compile_expression(default[1:]).evaluate(scope, world)
    except ExpressionFault:
        return None


def earlier_texts(
    fields: Iterable[Field], scope: Mapping[str, Any], world: World
) -> dict[str, str]:
    """Key of the question → the text that it is compared with; one that has none is left out."""
    found = {}
    for field in level(fields):
        if field.rules.beside is None:
            continue
        try:
            text = compile_expression(field.rules.beside).evaluate(scope, world)
        except ExpressionFault:
            continue
        if isinstance(text, str) and text.strip():
            found[field.key] = text
    return found


def _repetitions(field: Field) -> int:
    stated = field.appearance.get("defaultRepetitions", "0")
    return min(int(stated), 20) if stated.isdecimal() else 0


def given_again(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Typed answers in the shape that people's answers are given in, what was left empty too.

    Read once more, unchanged, they are the same answers; the form's first answers stand nowhere.
    """
    return _given_level(form.fields, answers)


def _given_level(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for field in level(fields):
        if field.key not in answers:  # it was hidden
            continue
        value = answers[field.key]
        if field.kind == "group" and isinstance(value, Mapping):
            given[field.key] = _given_level(field.fields, value)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            rows = [row for row in value if isinstance(row, Mapping)]
            given[field.key] = [_given_level(field.fields, row) for row in rows]
        else:
            given[field.key] = "" if value is None else as_given(field, value)
    return given


def _row(field: Field, known: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in level(field.fields):
        value = known.get(question.key)
        if question.kind == "group" and isinstance(value, Mapping):
            answers[question.key] = _row(question, value)
        elif question.kind == "dynamiclist" and isinstance(value, list):
            rows = [row for row in value if isinstance(row, Mapping)]
            answers[question.key] = [_row(question, row) for row in rows]
        elif value is not None:
            answers[question.key] = as_given(question, value)
    return answers


def as_given(field: Field, value: Any) -> Any:
    """A FEEL value in the shape people's answers have for this kind of question."""
    if value is None:
        return None
    if field.kind == "checkbox":
        return value is True or value == "true"
    if field.kind == "checklist":
        return [saying.text(chosen) for chosen in (value if isinstance(value, list) else [value])]
    if field.kind == "filepicker":
        return [file.written() for file in attached.read_all(value)]
    if isinstance(value, datetime):
        return _instant(field, value)
    if isinstance(value, date):
        return value.isoformat() if field.kind in ("date", "datetime") else saying.text(value)
    if isinstance(value, time):
        return iso_clock(value) if field.kind == "time" else saying.text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int | float):
        return f"{Decimal(str(value)):f}"
    if isinstance(value, list) and field.kind == "textarea":
        return "\n".join(saying.text(line) for line in value)
    return saying.text(value)


def _instant(field: Field, value: datetime) -> str:
    local = here(value)
    if field.kind == "date":
        return local.date().isoformat()
    if field.kind == "time":
        return iso_clock(local)
    if field.kind != "datetime":
        return saying.text(value)
    if local.fold:  # the second of two equal clock times needs its offset
        return local.isoformat(timespec="minutes")
    return iso_minute(local) + (f":{local.second:02}" if local.second else "")
