"""Owns when a typed answer may stand: required, limits, dates, check digits, own conditions.

The grid of answers is `cells`; turning text into values is `typed_values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from app.engine import saying
from app.engine.addresses import is_address
from app.engine.feel import patterns
from app.engine.forms.cells import Cell, Grid, Row
from app.engine.forms.fields import Field
from app.engine.forms.messages import Wrong, inside, missing, said, subject, wrong
from app.engine.london import LONDON

_PHONE = re.compile(r"\+?[0-9 ()\-./]{5,24}(\s*(x|ext\.?)\s*\d{1,6})?", re.ASCII | re.IGNORECASE)

#: what can be wrong with a value that is there, in the order people are told
Check = Callable[[Field, Cell, Grid], Wrong | None]


def messages(grid: Grid) -> dict[str, str]:
    """One sentence a field, by path, in the order of the form; items say which one they are."""
    sentences: dict[str, str] = {}
    for cell, row in grid.shown():
        fault = _first_wrong(cell, row, grid)
        if fault is not None and cell.path not in sentences:
            sentences[cell.path] = _told(fault, cell.field, row, grid)
    for cell, row in grid.shown():
        inside = f"{cell.path}."
        if cell.path in sentences or any(path.startswith(inside) for path in sentences):
            continue
        short = _too_few(cell.field, cell) if cell.field.kind == "dynamiclist" else None
        fault = short or _own_conditions(cell, row, grid)
        if fault is not None:
            sentences[cell.path] = _told(fault, cell.field, row, grid)
    order = [cell.path for cell, _ in grid.shown()]
    return {path: sentences[path] for path in order if path in sentences}


def _told(fault: Wrong, field: Field, row: Row, grid: Grid) -> str:
    """The sentence, with which item it is about; the form's own one may quote answers.

    Only the form's own text is worked out: ours may hold what somebody typed.
    """
    sentence = fault.sentence
    if sentence in field.messages.values():
        sentence = said(sentence, row.scope, grid.world)
    return sentence + _which(row, grid)


def _first_wrong(cell: Cell, row: Row, grid: Grid) -> Wrong | None:
    field = cell.field
    if not field.key or field.read_only or field.kind == "group":
        return None
    if cell.wrong is not None:
        return cell.wrong
    if field.kind == "dynamiclist":
        return _too_many(field, cell)
    if _empty(cell.value):
        return wrong(field, "required", missing(field)) if _needed(field, row, grid) else None
    faults = (check(field, cell, grid) for check in _CHECKS)
    return next((fault for fault in faults if fault is not None), None)


def _empty(value: object) -> bool:
    return value is None or value is False or value == [] or value == ""


def _needed(field: Field, row: Row, grid: Grid) -> bool:
    source = field.rules.required_if
    return field.required or (source is not None and grid.true(source, row))


def _too_many(field: Field, cell: Cell) -> Wrong | None:
    item = field.rules.item or "item"
    if cell.count > field.max_items:
        most = saying.count(field.max_items, item)
        return wrong(field, "max_items", f"Give no more than {most}")
    return None


def _too_few(field: Field, cell: Cell) -> Wrong | None:
    """Said only when the blank rows themselves do not already say what is missing."""
    item = field.rules.item or "item"
    least = max(field.min_items, 1 if field.required else 0)
    if cell.count < least:
        needed = f"at least {least} {item}s" if least > 1 else f"at least one {item}"
        rule = "min_items" if "min_items" in field.messages else "required"
        return wrong(field, rule, f"Add {needed}")
    return None


def _length(field: Field, cell: Cell, grid: Grid) -> Wrong | None:
    if not isinstance(cell.value, str) or field.min_length is None:
        return None
    if len(cell.value) >= field.min_length:
        return None
    sentence = f"{subject(field)} must be {field.min_length:,} characters or more"
    return wrong(field, "minLength", sentence)


def _bounds(field: Field, cell: Cell, grid: Grid) -> Wrong | None:
    if not isinstance(cell.value, Decimal):
        return None
    if field.minimum is not None and cell.value < field.minimum:
        return wrong(field, "min", f"{subject(field)} must be {field.minimum:f} or more")
    if field.maximum is not None and cell.value > field.maximum:
        return wrong(field, "max", f"{subject(field)} must be {field.maximum:f} or less")
    return None


def _shape(field: Field, cell: Cell, grid: Grid) -> Wrong | None:
    if not isinstance(cell.value, str) or field.kind not in ("textfield", "textarea"):
        return None
    if field.validation_type == "email" and not is_address(cell.value):
        like = f"Enter {inside(field)} in the correct format, like name@example.com"
        return wrong(field, "pattern", like)
    if field.validation_type == "phone" and not _PHONE.fullmatch(cell.value):
        like = f"Enter {inside(field)}, like 01632 960 001"
        return wrong(field, "pattern", like)
    if field.pattern and not patterns.compiled(field.pattern, "").search(cell.value):
        return wrong(field, "pattern", f"{subject(field)} must be in the correct format")
    return None


def _check_digit(field: Field, cell: Cell, grid: Grid) -> Wrong | None:
    """Modulus 11 over nine digits weighted 10 to 2, as the NHS Data Dictionary defines it."""
    if not field.rules.mod11 or not isinstance(cell.value, str):
        return None
    digits = cell.value
    if not re.fullmatch(r"[0-9]{10}", digits):
        return wrong(field, "mod11", f"{subject(field)} must be 10 digits, like 485 777 3456")
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    if (11 - total % 11) % 11 == int(digits[9]):
        return None
    return wrong(field, "mod11", f"{subject(field)} is not valid: check the digits")


def _in_time(field: Field, cell: Cell, grid: Grid) -> Wrong | None:
    """“past” and “future” include today, and for an instant the present moment."""
    now = grid.world.now
    if now is None or not isinstance(cell.value, date):
        return None
    if isinstance(cell.value, datetime):
        ahead, behind = cell.value > now, cell.value < now
    else:
        today = now.astimezone(LONDON).date()
        ahead, behind = cell.value > today, cell.value < today
    if ahead and field.rules.past:
        return wrong(field, "past", f"{subject(field)} must be today or in the past")
    if behind and field.rules.future:
        return wrong(field, "future", f"{subject(field)} must be today or in the future")
    return None


_CHECKS: tuple[Check, ...] = (_length, _bounds, _shape, _check_digit, _in_time)


def _own_conditions(cell: Cell, row: Row, grid: Grid) -> Wrong | None:
    """The form's `validate` expressions, for an answer that is there and otherwise right."""
    field = cell.field
    given = cell.rows if field.kind in ("group", "dynamiclist") else not _empty(cell.value)
    if not given or field.read_only:
        return None
    where = cell.rows[0] if field.kind == "group" else row
    for name, source in (field.rules.conditions or {}).items():
        if not grid.true(source, where):
            return wrong(field, name, f"Check {inside(field)}")
    return None


def _which(row: Row, grid: Grid) -> str:
    """“ for event 2”, from the innermost list outwards."""
    suffix = ""
    inner: Row | None = row
    while inner is not None:
        if inner.number is not None:
            suffix += f" for {_item(inner)} {saying.text(inner.number)}"
        inner = inner.above
    return suffix


def _item(row: Row) -> str:
    above = row.above.cells if row.above is not None else []
    owner = next((cell.field for cell in above if any(inner is row for inner in cell.rows)), None)
    return (owner.rules.item if owner is not None else None) or "item"
