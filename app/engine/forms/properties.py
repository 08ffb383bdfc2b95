"""Owns what the properties of a form's field mean: each name, its value as a type, what is wrong.

What a component says beside them is `components`; a drawing's own are `properties`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.bpmn import Property, listed
from app.engine.errors import nearest, suggestion

#: most rows that a list can have
MOST_ROWS = 500
#: widths in characters that GOV.UK has a style for
WIDTHS = (2, 3, 4, 5, 10, 20, 30)

_CHOSEN = frozenset({"radio"})
_OPTIONS = frozenset({"radio", "select", "checklist"})
_TIMES = frozenset({"date", "datetime"})
_LINES = frozenset({"textfield", "textarea"})
_LIST = frozenset({"dynamiclist"})
_SEVERAL = frozenset({"dynamiclist", "filepicker"})
#: what is chosen from a list that stands in the form
CHOICES = frozenset({"radio", "select", "checklist"})
#: a list, a group, or questions that stand alone
_NAMES = frozenset(
    {"dynamiclist", "group", "textfield", "textarea", "date", "datetime", "number", "radio",
     "select", "checkbox"}
)  # fmt: skip
#: what `person_is` may say of an answer
PERSON_PARTS: Mapping[str, str] = {
    "chosen": "who of the case it is: an answer chosen from `persons`",
    "name": "the name",
    "name_and_role": "the name, and behind a comma what the person does",
    "aliases": "other names, with commas between",
    "born": "the date of birth",
    "born_known": "how well it is known: “exact”, “estimated”, “year” or “not_known”",
    "born_year": "the year of birth, where no more is known",
    "expected": "the expected date of birth",
    "number": "a number that nobody else has",
    "address": "the address",
    "relation": "what the person is to the others, or does",
    "organisation": "where the person works",
    "died": "whether or when the person died",
}
#: what `matter_is` may say of an answer
MATTER_PARTS: Mapping[str, str] = {
    "number": "which matter of the case it is: its number",
    "text": "what is to be done",
    "owner": "who answers for it",
    "organisation": "whose people do it",
    "due": "by when",
    "status": "how it stands: “open”, “in_progress”, “done” or “stopped”",
    "measure": "by what one will know that it helped",
    "evidence": "what shows that it was done",
    "effect": "what it changed",
    "reason": "why it was stopped, or its date moved",
}
_PARTS = {"person_is": PERSON_PARTS, "matter_is": MATTER_PARTS}

PROPERTIES: Mapping[str, Property] = {
    property_.name: property_
    for property_ in (
        Property("prefill", "feel", "what is known or worked out already, from records, variables "
                 "or settings; a person confirms or corrects it"),
        Property("rule", "text", "how the prefill is worked out, in words for the person"),
        Property("beside", "feel", "an earlier text that stands beside the question; what the "
                 "answer says otherwise is marked word by word", _LINES),
        Property("correction_reason", "true or false", "who corrects the prefill must say why"),
        Property("about_document", "ids", "documents that the question is about: whoever is asked "
                 "has them on the page"),
        Property("harmless_default", "text", "why the question may begin with an answer that "
                 "nobody gave"),
        Property("quick_answer", "text", "the option that can be sent at once, from the top of the "
                 "page, with what has to be said beside it", _OPTIONS),
        Property("quick_label", "text", "what that way is called, as a statement", _OPTIONS),
        Property("shown_to", "text", "groups, or “starter” for who began the case, who see only "
                 "their own part of a case and see this answer all the same"),
        Property("class", "text", "what sort of answer it is, which says who may read it; on a list"
                 " or group for all in it, on the form's first text for all of the form"),
        Property("shown_as", "text", "what stands before the answer where it is shown to them"),
        Property("past", "true or false", "the date must be today or in the past", _TIMES),
        Property("future", "true or false", "the date must be today or in the future", _TIMES),
        Property("validate", "feel", "must be true; “validate.<name>” for more than one"),
        Property("required_if", "feel", "the answer is required while it is true"),
        Property("mod11", "true or false", "ten digits, the last of which is the modulus-11 check "
                 "digit", _LINES),
        Property("min_items", "count", "least number of rows of a list", _LIST, 0, MOST_ROWS),
        Property("max_items", "count", "most rows of a list, or files", _SEVERAL, 0, MOST_ROWS),
        Property("item", "text", "what one row of a list is called, for messages and buttons",
                 _LIST),
        Property("table", "true or false", "the rows stand as a table that is filled in in place, "
                 "and a table made elsewhere can be brought in as rows", _LIST),
        Property("headings", "text", "what such a column is called in tables made elsewhere; with "
                 "commas between"),
        Property("tells_apart", "true or false", "of an event that people record: with another "
                 "answer here it is another event"),
        Property("persons", "text", "what the people are whom these questions name; the case has "
                 "one list of them", _NAMES),
        Property("person_is", "text", "what of a person the answer says: “name”, “born” …"),
        Property("across_cases", "true or false", "these people are looked for in other cases too",
                 _NAMES),
        Property("reference_of_case", "true or false", "the answer is a reference by which other "
                 "cases about the same can be known", _LINES),
        Property("in_clear", "true or false", "the answer names nobody, so that it may stand in "
                 "lists, labels and mails", _LINES),
        Property("in_lists", "true or false", "who sees the whole of a case reads it in lists: of "
                 "people initials and year of birth, of a choice what was chosen",
                 _NAMES | {"checklist"}),
        Property("matters", "text", "what the rows are that somebody has to do; the case has one "
                 "list of them and follows each", _LIST | _LINES),
        Property("matter_is", "text", "what of such a row the answer says: “text”, “owner” …"),
        Property("matter_named", "text", "the message that each new one of them is told by", _LIST),
        Property("matter_changed", "text", "the message by which is told that a known one is now "
                 "otherwise", _LIST),
        Property("matter_organisation", "feel", "whose people do it, where the row does not say",
                 _LIST | _LINES),
        Property("name", "text", "how messages call the answer, when its label is a question"),
        Property("autocomplete", "text", "HTML autocomplete token"),
        Property("width", "count", "width of the input in characters", None, 1, 100),
        Property("rows", "count", "height of a text area in lines", None, 1, 100),
        Property("inline", "true or false", "radios side by side", _CHOSEN),
        Property("section", "text", "title of the section that begins here and ends where the next "
                 "one begins; each is a page of its own"),
        Property("open", "true or false", "false: a group that starts closed",
                 frozenset({"group"})),
    )
}  # fmt: skip
MESSAGES = (
    "required", "minLength", "maxLength", "min", "max", "pattern", "type", "past", "future",
    "validate", "mod11", "min_items", "max_items", "option",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldRules:
    """What a field's properties say. FEEL stands without its “=”."""

    #: FEEL of the first value
    prefill: str | None = None
    rule: str | None = None
    #: FEEL
    beside: str | None = None
    correction_reason: bool = False
    #: ids of documents
    about_document: tuple[str, ...] = ()
    harmless_default: str | None = None
    #: value of an option
    quick_answer: str | None = None
    quick_label: str | None = None
    #: groups, and "starter"
    shown_to: tuple[str, ...] = ()
    shown_as: str | None = None
    #: id of a class of the settings, as `class` says it
    class_: str | None = None
    past: bool = False
    future: bool = False
    mod11: bool = False
    #: name of the condition ("validate" or "validate.<name>") → FEEL that must be true
    conditions: Mapping[str, str] | None = None
    #: FEEL; the answer is required while it is true
    required_if: str | None = None
    item: str | None = None
    table: bool = False
    headings: tuple[str, ...] = ()
    tells_apart: bool = False
    persons: str | None = None
    person_is: str | None = None
    across_cases: bool = False
    reference_of_case: bool = False
    #: it names nobody, so that it may leave the case
    in_clear: bool = False
    #: it may stand beside the case in lists
    in_lists: bool = False
    matters: str | None = None
    matter_is: str | None = None
    matter_named: str | None = None
    matter_changed: str | None = None
    #: FEEL
    matter_organisation: str | None = None
    name: str | None = None
    autocomplete: str | None = None
    width: int | None = None
    rows: int | None = None
    inline: bool = False
    section: str | None = None
    open: bool = True


#: what a component's `validate` may say
_RULES = frozenset(
    {"required", "minLength", "maxLength", "min", "max", "pattern", "validationType"}
)
#: bounds of a date as form-js writes them
_BOUND_DATES = frozenset({"minDate", "maxDate"})


def without_effect(given: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each bound of a component, or rule of its `validate`, that nothing reads."""
    instead = "Use the property “past”, “future” or “validate”."
    for name in sorted(_BOUND_DATES & given.keys()):
        yield f"“{name}” has no effect here. {instead}"
    for name in sorted(set(map(str, rules)) - _RULES):
        near = f" {instead}" if name in _BOUND_DATES else suggestion(name, _RULES)
        yield f"“validate.{name}” has no effect here.{near}"


def texts_of(given: Any) -> dict[str, str]:
    """The properties as a file holds them, each as the text that it is or stands for."""
    stated = given if isinstance(given, dict) else {}
    return {str(name): _text(value) for name, value in stated.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, dict | list):  # a broken file may hold anything here
        return "no text"
    return str(value).lower() if isinstance(value, bool) else str(value)


def field_rules(given: Mapping[str, str]) -> FieldRules:
    """A field's properties as types; what cannot be read says nothing, `faults` has told of it."""
    read = {
        n: property_.value(given[n].strip()) for n, property_ in PROPERTIES.items() if n in given
    }
    facts = {name: value for name, value in read.items() if value is not None}
    for name in ("prefill", "required_if", "matter_organisation", "beside"):
        if name in facts:
            facts[name] = facts[name].removeprefix("=").strip()
    if "class" in facts:
        facts["class_"] = facts.pop("class").strip()
    if "shown_to" in facts:
        facts["shown_to"] = listed(facts["shown_to"])
    if "headings" in facts:
        facts["headings"] = tuple(n.strip() for n in facts["headings"].split(",") if n.strip())
    for name in ("validate", "min_items", "max_items"):  # conditions below; limits of the field
        facts.pop(name, None)
    conditions = {
        name: text.strip().removeprefix("=").strip()
        for name, text in given.items()
        if name.split(".")[0] == "validate"
    }
    return FieldRules(conditions=conditions or None, **facts)


def faults(given: Mapping[str, str], kind: str) -> Iterator[str]:
    """A sentence for each property that looks misspelt, or whose value or place has no effect.

    `kind` is the field's. Other tools' properties are let be.
    """
    for name, text in given.items():
        first, _, rest = name.partition(".")
        if first == "error":
            yield from _message(rest)
        elif first not in PROPERTIES:
            near = nearest(first, PROPERTIES)
            if near:
                yield f"The property “{name}” is not known. Did you mean “{near}”?"
        else:
            yield from _effect(name, PROPERTIES[first], text.strip(), kind)
    if given.get("in_lists") == "true" and kind not in CHOICES and "persons" not in given:
        yield "The property “in_lists” has no effect here: what somebody typed stands in no list."


def _message(rule: str) -> Iterator[str]:
    if rule.split(".")[0] not in MESSAGES:
        near = nearest(rule, MESSAGES)
        meant = f" Did you mean “error.{near}”?" if near else ""
        yield f"No rule is called “{rule}”, so this message is never shown.{meant}"


def _effect(name: str, property_: Property, text: str, kind: str) -> Iterator[str]:
    if property_.places in (_LIST, _SEVERAL) and property_.sort == "count" and not text.isdigit():
        return  # refused as no number
    fault = property_.fault(text)
    if fault is not None:
        yield f"The property “{name}” has the value “{text[:40]}”. {fault}"
    elif property_.places is not None and kind not in property_.places:
        only = " or ".join(f"“{place}”" for place in sorted(property_.places))
        yield f"The property “{name}” has no effect here; it belongs to {only}."
    elif name == "section" and not text:
        yield "The property “section” is empty. Say what the section is called, or remove it."
    elif name in _PARTS and text not in _PARTS[name]:
        near = suggestion(text, _PARTS[name])
        known = ", ".join(f"“{part}”" for part in _PARTS[name])
        yield f"The property “{name}” is “{text[:40]}”.{near or f' It can be {known}.'}"
    elif name == "width" and int(text) not in WIDTHS and kind != "number":
        known = ", ".join(map(str, WIDTHS))
        yield f"The property “width” is {text}, for which there is no style. It can be {known}."
