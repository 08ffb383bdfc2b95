"""Owns turning what was given for one question into a typed value, or saying why it cannot be.

Values: text, Decimal, bool, date, time, aware UTC date-time, list of texts; None for nothing.
Whether the value is allowed is `validation`; dates are `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from app.engine import saying
from app.engine.characters import cleaned, is_blank, plainly
from app.engine.errors import ExpressionFault
from app.engine.feel import World, compile_expression, patterns
from app.engine.forms.fields import Field, Option
from app.engine.forms.messages import Wrong, inside, missing, subject, too_long, wrong
from app.engine.forms.typed import read_date, read_datetime, read_files, read_time
from app.engine.forms.typed import typed_day as typed_day

#: where a form sets no limit of its own
MOST_TEXT = 20_000
MOST_LINE = 500
MOST_DIGITS = 30
MOST_OPTIONS = 1_000

_YES = frozenset({"true", "on", "yes", "1"})
_NO = frozenset({"false", "off", "no", "0", ""})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
#: what a copied link has in front of a telephone number or an address
_LINK = re.compile(r"\A(tel|mailto):\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def read_value(field: Field, raw: Any, scope: Mapping[str, Any], world: World) -> Any:
    """The typed value, None when nothing was given, or `Wrong`."""
    reader = _READERS.get(field.kind)
    if reader is not None:
        return reader(field, raw)
    known = options(field, scope, world)
    return _several(field, raw, known) if field.kind == "checklist" else _one(field, raw, known)


def options(field: Field, scope: Mapping[str, Any], world: World) -> tuple[Option, ...]:
    """What can be chosen: the drawn options, or those its expression gives here and now."""
    if field.options_expression is None:
        return field.options
    try:
        value = compile_expression(field.options_expression).evaluate(
            scope, replace(world, strict=False)
        )
    except ExpressionFault:
        return ()
    rows = value if isinstance(value, list) else []
    return tuple(option for option in map(_option, rows[:MOST_OPTIONS]) if option is not None)


def _option(given: Any) -> Option | None:
    if isinstance(given, Mapping):
        value = saying.text(given.get("value"))
        return Option(value, saying.text(given.get("label")) or value) if value else None
    text = saying.text(given)
    return Option(text, text) if text else None


def _text(field: Field, raw: Any) -> Any:
    if isinstance(raw, bool | Mapping | list):
        return wrong(field, "type", f"{subject(field)} must be text")
    text = cleaned(str(raw if raw is not None else "")).strip()
    if field.kind == "textfield":
        text = " ".join(text.split("\n"))
    if is_blank(text):
        return None
    text = _set_form(field, text)
    most = field.max_length or (MOST_LINE if field.kind == "textfield" else MOST_TEXT)
    if len(text) > most:
        return wrong(field, "maxLength", too_long(field, most))
    return text or None


def _set_form(field: Field, text: str) -> str:
    """A value with a form of its own, spelt plainly; other texts stay as they were typed."""
    if field.rules.mod11:
        return re.sub(r"[\s.-]", "", plainly(text))
    if field.validation_type is not None:
        return _LINK.sub("", plainly(text))
    if field.pattern and not patterns.compiled(field.pattern, "").search(text):
        return plainly(text)
    return text


def _number(field: Field, raw: Any) -> Any:
    text = "" if raw is None else plainly(str(raw)).replace(" ", "").removeprefix("£")
    if not text:
        return None
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    fault = wrong(field, "type", f"{subject(field)} must be a number, like 12")
    # A number that came as JSON may be written 1E+3; what people type may not.
    typed = isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)
    if not typed and not _NUMBER.fullmatch(text):
        return fault
    try:
        number = Decimal(text)
    except InvalidOperation:
        return fault
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        return fault
    if len(number.as_tuple().digits) > MOST_DIGITS:
        return fault
    return _with_digits(field, number)


def _with_digits(field: Field, number: Decimal) -> Any:
    most = field.decimal_digits
    if most is None or number == number.quantize(Decimal(1).scaleb(-most)):
        return number
    if most == 0:
        return wrong(field, "type", f"{subject(field)} must be a whole number")
    return wrong(field, "type", f"{subject(field)} must have {most} decimal places or fewer")


def _checkbox(field: Field, raw: Any) -> Any:
    if isinstance(raw, list):  # a hidden "false" before the box itself
        raw = raw[-1] if raw else None
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    text = str(raw).strip().lower()
    if text in _YES or text in _NO:
        return text in _YES
    return wrong(field, "type", f"{subject(field)} must be true or false")


def _chosen(raw: Any, known: Mapping[str, str]) -> str | None:
    """The option's value that is meant; YAML and JSON write yes and no as truth values."""
    if isinstance(raw, bool):
        names = ("true", "yes") if raw else ("false", "no")
        return next((name for name in names if name in known), names[0])
    if raw is None or isinstance(raw, Mapping | list):
        return None
    return str(raw).strip()


def _one(field: Field, raw: Any, choices: tuple[Option, ...]) -> Any:
    known = {choice.value: choice.label for choice in choices}
    if isinstance(raw, list) and raw:
        raw = raw[-1]
    value = _chosen(raw, known)
    if not value:
        return None if raw in (None, "", []) else _no_option(field)
    return value if value in known else _no_option(field)


def _several(field: Field, raw: Any, choices: tuple[Option, ...]) -> Any:
    known = {choice.value: choice.label for choice in choices}
    given = raw if isinstance(raw, list) else [raw]
    values = [_chosen(value, known) for value in given if value not in (None, "")]
    if any(value not in known for value in values):
        return _no_option(field)
    return [value for value in known if value in values]


def _no_option(field: Field) -> Wrong:
    said = field.messages.get("required") or f"Select {inside(field)} from the list"
    return wrong(field, "option", said if field.label else missing(field))


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "filepicker": read_files,
}
