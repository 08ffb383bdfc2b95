"""Fills a form as a diligent person would: an answer that may stand for every question shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from app.engine.feel import World
from app.engine.forms.answers import initial, options, read_answers, shown
from app.engine.forms.fields import Field, Form
from app.engine.london import LONDON

#: a valid NHS number from the test range, and a postcode, for the fields that check them
SAMPLES = {"mod11": "943 476 5919", "postcode": "GU1 1AA"}
ROUNDS = 12


def complete(
    form: Form,
    scope: Mapping[str, Any],
    world: World,
    choices: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Given answers without messages, if there are any; `choices` (key → answer) win."""
    given: dict[str, Any] = {**initial(form, scope, world), **(choices or {})}
    for _ in range(ROUNDS):
        visible = shown(form, given, scope, world)
        messages = read_answers(form, given, scope, world).messages
        _fill(form.fields, given, "", visible, messages, scope, world)
        if not messages and shown(form, given, scope, world) == visible:
            break
    return given


def _fill(
    fields: Iterable[Field],
    given: dict[str, Any],
    inside: str,
    visible: frozenset[str],
    messages: Mapping[str, str],
    scope: Mapping[str, Any],
    world: World,
) -> None:
    for field in fields:
        path = f"{inside}.{field.key}" if inside else field.key
        if field.kind == "group":
            inner = given.setdefault(field.key, {}) if field.key else given
            _fill(
                field.fields, inner, path if field.key else inside, visible, messages, scope, world
            )
        elif field.kind == "dynamiclist" and path in visible:
            rows = given.setdefault(field.key, [])
            while len(rows) < max(field.min_items, 3 if path in messages else 0):
                rows.append({})
            for row in rows if path in messages else ():
                if not row:  # a blank row counts as none
                    asked = [one for one in field.fields if one.required]
                    row.update({one.key: sample(one, scope, world) for one in asked})
            for number, row in enumerate(rows):
                _fill(field.fields, row, f"{path}.{number}", visible, messages, scope, world)
        elif field.key and not field.read_only and path in messages:
            given[field.key] = sample(field, scope, world, given.get(field.key))


def sample(field: Field, scope: Mapping[str, Any], world: World, before: Any = None) -> Any:
    """An answer of the field's kind that keeps to its own limits; `before` could not stand."""
    assert world.now is not None
    local = world.now.astimezone(LONDON)
    if field.kind in ("radio", "select", "checklist"):
        return chosen(field, scope, world, before)
    if field.kind == "checkbox":
        return True
    if field.kind == "number":
        return str(field.minimum or 1)
    if field.kind == "date":
        ways = (0, 365) if field.rules.future else (0, -1, -7300)
        days = [(local.date() + timedelta(days=away)).isoformat() for away in ways]
        return days[(days.index(before) + 1) % len(days)] if before in days else days[0]
    if field.kind == "time":
        return "14:30"
    if field.kind == "datetime":
        ahead = timedelta(days=1) if field.rules.future else timedelta()
        earlier = timedelta(days=30) if before and field.rules.past else timedelta()
        return f"{local + ahead - earlier:%Y-%m-%dT%H:%M}"
    if field.validation_type == "email":
        return "sam@example.org"
    if field.validation_type == "phone":
        return "01632 960 001"
    if field.rules.mod11:
        return SAMPLES["mod11"]
    if field.pattern:
        return SAMPLES.get(field.key, "")
    text = f"{field.key.replace('_', ' ')} as we know it today, in so many words and no fewer"
    return (text * 3)[: field.max_length or 300]


def chosen(field: Field, scope: Mapping[str, Any], world: World, before: Any) -> Any:
    """The next option; of a checklist all together where the first alone could not stand."""
    known = [option.value for option in options(field, scope, world)]
    if field.kind == "checklist" and known and before in (known[:1], known):
        return known if before == known[:1] and len(known) > 1 else known[1:2]
    last = before[-1] if isinstance(before, list) and before else before
    after = known.index(last) + 1 if last in known else 0
    value = [*known, ""][after % max(len(known), 1)]
    return [value] if field.kind == "checklist" else value
