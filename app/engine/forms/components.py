"""Owns the translation of one form-js component to a `Field`, with a finding where there is none.

The file around it is `forms`; whether the expressions compile is `naming`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.engine import attached
from app.engine.errors import Finding, Severity, bounded, nearest
from app.engine.forms import self_answering
from app.engine.forms.fields import Field, Option
from app.engine.forms.naming import NAME, check_pattern
from app.engine.forms.properties import MOST_ROWS, faults, field_rules, texts_of, without_effect
from app.engine.forms.section_faults import REFUSED

#: form-js type → our kind; a date-time component's kind is its subtype
KINDS: Mapping[str, str] = {
    "text": "text",
    "textfield": "textfield",
    "textarea": "textarea",
    "number": "number",
    "datetime": "datetime",
    "checkbox": "checkbox",
    "radio": "radio",
    "select": "select",
    "checklist": "checklist",
    "taglist": "checklist",
    "group": "group",
    "dynamiclist": "dynamiclist",
    "filepicker": "filepicker",
    "separator": "separator",
}
#: kinds that only structure the page and have no answer of their own
DISPLAY = frozenset({"text", "separator"})
CHOICES = frozenset({"radio", "select", "checklist"})

_VALIDATE = {"minLength": "min_length", "maxLength": "max_length"}
_BOUNDS = {"min": "minimum", "max": "maximum"}


class Reader:
    """Turns components of one file into fields and collects what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = ""
        self.findings: list[Finding] = []

    def report(
        self,
        rule: str,
        sentence: str,
        *,
        component: str | None = None,
        line: int | None = None,
        severity: Severity = "error",
    ) -> None:
        # What is about the form as a whole is said of its first line.
        where = line or (self._line(component) if component else None) or 1
        self.findings.append(
            Finding(self.file, rule, bounded(sentence), severity, component, where)
        )

    def fields(self, components: list[Any]) -> tuple[Field, ...]:
        fields = [self._field(component) for component in components]
        return tuple(field for field in fields if field is not None)

    def _line(self, component: str) -> int | None:
        for name in (json.dumps(component), json.dumps(component, ensure_ascii=False)):
            at = self.text.find(name)
            if at >= 0:
                return self.text.count("\n", 0, at) + 1
        return None

    def _field(self, given: Any) -> Field | None:
        if not isinstance(given, dict) or not isinstance(given.get("type"), str):
            self.report("form-field-kind", "A component of this form has no type.")
            return None
        kind = self._kind(given)
        if kind is None or kind == "spacer":
            return None
        facts = _texts(given, kind)
        facts |= self._limits(given) | self._condition(given, kind)
        properties = self._properties(given, kind)
        facts["rules"] = rules = field_rules(properties)
        for rule, sentence in self_answering.sentences(given, rules, facts["required"]):
            self._about(given, rule, sentence, "warning")
        facts["messages"] = {
            name.removeprefix("error."): text
            for name, text in properties.items()
            if name.startswith("error.")
        }
        facts["key"] = self._key(given, kind)
        if kind in CHOICES:
            facts |= self._options(given)
        if kind in ("group", "dynamiclist"):
            inner = given.get("components")
            facts["fields"] = self.fields(inner if isinstance(inner, list) else [])
        if kind == "dynamiclist":
            facts |= self._repeats(given, properties)
        if kind == "filepicker":
            facts |= self._files(given, properties)
        return Field(kind=kind, **facts)

    def _kind(self, given: Mapping[str, Any]) -> str | None:
        stated = given["type"]
        if stated in REFUSED:
            self._about(given, "form-field-kind", REFUSED[stated])
            return None
        if stated == "spacer":
            return "spacer"
        if stated not in KINDS:
            near = nearest(stated, [*KINDS, "spacer"])
            hint = f" Did you mean “{near}”?" if near else ""
            self._about(given, "form-field-kind", f"There is no component “{stated}”.{hint}")
            return None
        if stated != "datetime":
            return KINDS[stated]
        subtype = given.get("subtype", "date")
        if subtype in ("date", "time", "datetime"):
            return str(subtype)
        self._about(given, "form-field-kind", "Its subtype must be date, time or datetime.")
        return None

    def _about(
        self, given: Mapping[str, Any], rule: str, sentence: str, severity: Severity = "error"
    ) -> None:
        said = f"{named(given)}: {sentence}"
        self.report(rule, said, component=_id(given), severity=severity)

    def _key(self, given: Mapping[str, Any], kind: str) -> str:
        if kind in DISPLAY:
            return ""
        key = given.get("path" if kind in ("group", "dynamiclist") else "key")
        if kind == "group" and not key:
            return ""
        if not key or not isinstance(key, str):
            what = "path" if kind == "dynamiclist" else "key"
            self._about(given, "form-key-missing", f"It has no {what}, so its answer has no name.")
            return ""
        if not NAME.fullmatch(key):
            sentence = f"The key “{key}” must be letters, digits and “_”, not starting with “_”."
            self._about(given, "form-key-name", sentence)
        return key

    def _limits(self, given: Mapping[str, Any]) -> dict[str, Any]:
        rules = given.get("validate")
        rules = rules if isinstance(rules, dict) else {}
        facts: dict[str, Any] = {"required": rules.get("required") is True}
        for sentence in without_effect(given, rules):
            self._about(given, "form-property", sentence, "warning")
        for name, ours in _VALIDATE.items():
            number = self._number(given, rules.get(name), name)
            facts[ours] = None if number is None else int(number)
        for name, ours in _BOUNDS.items():
            facts[ours] = self._number(given, rules.get(name), name)
        digits = self._number(given, given.get("decimalDigits"), "decimalDigits")
        facts["decimal_digits"] = None if digits is None else int(digits)
        facts["validation_type"] = _known(rules.get("validationType"), ("email", "phone"))
        pattern = rules.get("pattern")
        if pattern:
            fault = check_pattern(str(pattern))
            if fault:
                self._about(given, "form-pattern", fault)
            facts["pattern"] = str(pattern)
        return facts

    def _number(self, given: Mapping[str, Any], value: Any, name: str) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or abs(number) > 10**15:
            self._about(given, "form-limit", f"“{name}” must be a plain number.")
            return None
        return number

    def _condition(self, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
        facts: dict[str, Any] = {"read_only": False}
        conditional = given.get("conditional")
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        if hide not in (None, ""):
            if isinstance(hide, str) and hide.startswith("="):
                facts["hide"] = hide[1:]
            else:
                self._about(given, "form-expression", "Its “hide if” must be FEEL, with “=” first.")
        for name in ("readonly", "disabled"):
            stated = given.get(name)
            if isinstance(stated, str) and stated:
                self._about(given, "form-expression", f"“{name}” must be on or off, not FEEL.")
            facts["read_only"] = facts["read_only"] or stated is True
        properties = given.get("properties")
        prefill = properties.get("prefill") if isinstance(properties, dict) else None
        default = given.get("defaultValue")
        if prefill not in (None, ""):
            default = prefill if str(prefill).startswith("=") else f"={prefill}"
        facts["default"] = None if kind in (*DISPLAY, "filepicker") else default
        return facts

    def _properties(self, given: Mapping[str, Any], kind: str) -> dict[str, str]:
        properties = texts_of(given.get("properties"))
        if given.get("disallowPassedDates") is True:
            properties.setdefault("future", "true")
        for sentence in faults(properties, kind):
            self._about(given, "form-property", sentence, "warning")
        return properties

    def _options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        expression = given.get("valuesExpression") or given.get("valuesKey")
        if isinstance(expression, str) and expression:
            return {"options_expression": expression.removeprefix("=")}
        stated = given.get("values")
        rows = stated if isinstance(stated, list) else []
        options = [_option(row) for row in rows]
        values = [option.value for option in options if option is not None]
        if not values or None in options:
            self._about(given, "form-options", "It needs options, each with a label and a value.")
        elif len(set(values)) < len(values):
            self._about(given, "form-options", "Two of its options have the same value.")
        return {"options": tuple(option for option in options if option is not None)}

    def _files(self, given: Mapping[str, Any], properties: Mapping[str, str]) -> dict[str, Any]:
        kinds, unknown = attached.accepted(_text(given, "accept"))
        for part in unknown:
            known = attached.in_words(())
            self._about(given, "form-files", f"“accept” names “{part[:40]}”; it can name {known}.")
        most = self._number(given, properties.get("max_items"), "max_items")
        several = min(attached.MOST_FILES, int(most) if most is not None else attached.MOST_FILES)
        return {"accepts": kinds, "max_items": several if given.get("multiple") is True else 1}

    def _repeats(self, given: Mapping[str, Any], properties: Mapping[str, str]) -> dict[str, Any]:
        least = self._number(given, properties.get("min_items"), "min_items")
        most = self._number(given, properties.get("max_items"), "max_items")
        return {
            "min_items": max(0, int(least or 0)),
            "max_items": min(MOST_ROWS, int(most) if most is not None else 50),
        }


def named(given: Mapping[str, Any]) -> str:
    """How a sentence speaks of a component: its label and, where there is one, its key."""
    label = _first_text(given, "label", "dateLabel", "timeLabel")
    key = _first_text(given, "key", "path", "id")
    if label:
        return f"“{label}”" + (f" ({key})" if key else "")
    return f"The {given.get('type')} “{key}”" if key else f"A {given.get('type')} without a name"


def _first_text(given: Mapping[str, Any], *names: str) -> str:
    """A broken file may hold anything at such a place; only texts are spoken of, and cut."""
    return _text(given, *names)[:80]


def _id(given: Mapping[str, Any]) -> str:
    return str(given.get("id") or given.get("key") or given.get("path") or "")


def _texts(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    label = (
        _text(given, "text") if kind == "text" else _text(given, "label", "dateLabel", "timeLabel")
    )
    appearance = given.get("appearance")
    look = {str(k): str(v) for k, v in appearance.items()} if isinstance(appearance, dict) else {}
    if given["type"] == "taglist":
        look["control"] = "taglist"
    if kind == "dynamiclist":
        look["defaultRepetitions"] = str(given.get("defaultRepetitions", 1))
        look["allowAddRemove"] = str(given.get("allowAddRemove", True)).lower()
    return {
        "id": _id(given),
        "label": label,
        "hint": _text(given, "description"),
        "appearance": look,
    }


def _text(given: Mapping[str, Any], *names: str) -> str:
    """The first of these that is a text; what is none is never shown to anybody."""
    values = (given.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _option(given: Any) -> Option | None:
    if not isinstance(given, dict) or given.get("value") in (None, ""):
        return None
    return Option(str(given["value"]), str(given.get("label") or given["value"]))


def _known(value: Any, known: tuple[str, ...]) -> str | None:
    return value if value in known else None
