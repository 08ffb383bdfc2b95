"""Owns what the properties of a drawing mean: each name, where it may stand, its value as a type.

`lint.properties` judges by this table; everybody else reads the typed values of `Rules` and
`ProcessRules`, never a text. A form's fields have theirs in `forms.properties`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from app.engine.bpmn.names import ACTIVITIES

R = TypeVar("R")
#: "true": only true can be said; "true or false"; "count": a whole number from `least` to `most`;
#: "ids" and "groups": names with commas between; "feel or text": FEEL after "="; "text"; "feel"
Sort = Literal["true", "true or false", "count", "ids", "groups", "feel or text", "text", "feel"]


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    sort: Sort
    #: what it does, for the owner
    does: str
    #: kinds of elements that it belongs to; None: to any
    places: frozenset[str] | None = None
    least: int = 0
    most: int = 0

    def fault(self, text: str) -> str | None:
        """What may stand there, in a sentence, where `text` cannot; None where it can."""
        if self.sort == "true" and text != "true":
            return "Say “true”, or remove it."
        if self.sort == "true or false" and text not in ("true", "false"):
            return "It can be “true” or “false”."
        if self.sort == "count" and self._count(text) is None:
            both = f"{self.least} or {self.most}"
            many = f"a whole number from {self.least} to {self.most}"
            return f"It can be {both if self.most == self.least + 1 else many}."
        return None

    def value(self, text: str) -> Any:
        """The value as its type; None where the text cannot stand, or is empty."""
        if self.sort in ("true", "true or false"):
            return {"true": True, "false": False}.get(text) if not self.fault(text) else None
        if self.sort == "count":
            return self._count(text)
        return listed(text) if self.sort == "ids" else text or None

    def _count(self, text: str) -> int | None:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        return number if self.least <= number <= self.most else None


USER = frozenset({"userTask"})
_ACTIVITY = frozenset(ACTIVITIES)
#: what waits for a message
CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})

OF_PROCESS: Mapping[str, Property] = {
    property_.name: property_
    for property_ in (
        Property("start_groups", "groups", "who may start it by hand"),
        Property("after_start", "text", "what happens next, for who has just begun it"),
        Property("goes_on_when_merged", "true", "it goes on while its case is merged into another"),
    )
}
OF_ELEMENT: Mapping[str, Property] = {
    property_.name: property_
    for property_ in (
        Property("deadline", "feel or text", "until when it lasts, as a due date", _ACTIVITY),
        Property("backstop", "feel or text", "the last day that the due date may come to",
                 _ACTIVITY),
        Property("duty", "text", "the duty that it serves, and whose it is", _ACTIVITY),
        Property("basis", "text", "where the due date comes from, and whose it is", _ACTIVITY),
        Property("label", "feel or text", "which of several it is", _ACTIVITY),
        Property("happened", "feel or text", "when it was really done, out of its answers", USER),
        Property("clock", "feel or text", "what its days count towards: the case's page begins "
                 "with them", _ACTIVITY),
        Property("clock_day", "feel or text", "which of these days it is; null: none", _ACTIVITY),
        Property("clock_days", "feel or text", "how many days there are", _ACTIVITY),
        Property("not_done_by", "ids", "steps whose doers may not do it", _ACTIVITY),
        Property("people", "count", "how many different people give it", USER, 1, 2),
        Property("seals_merges", "true", "once done, no merge of the case is undone", USER),
        Property("status", "feel or text", "the status of the case once it is passed"),
        Property("explain", "text", "why the task is asked"),
        Property("brief", "text", "the form, of texts and read-only fields, that says what the "
                 "task is about", USER),
        Property("guest", "text", "the form, of read-only fields, that says who is asked by a link "
                 "where nobody there has an account", USER),
        Property("shows", "ids", "steps whose recorded answers stand on the task's page", USER),
        Property("brief_document", "ids", "documents that the task is about; they stand on its "
                 "page as they would be made now", USER),
        Property("look_for_persons", "true", "the page says how many other cases may be about the "
                 "same people", USER),
        Property("people_part", "text", "what the case's page of people lists it under, with what "
                 "came of it and when", USER),
        Property("replan", "true", "running deadlines are worked out again behind it, and open "
                 "tasks offered anew"),
        Property("from_people", "true or false", "whether people may record the message"),
        Property("form", "text", "the form by which people record the message", CATCHES),
    )
}  # fmt: skip
#: the prefix of a process's declared variables
VARIABLE = "var:"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an element's properties say. Texts marked so are FEEL after “=”, else literal."""

    #: FEEL or literal
    deadline: str | None = None
    #: FEEL or literal
    backstop: str | None = None
    duty: str | None = None
    basis: str | None = None
    #: FEEL or literal
    label: str | None = None
    #: FEEL or literal
    happened: str | None = None
    clock: str | None = None
    #: FEEL or literal
    clock_day: str | None = None
    #: FEEL or literal
    clock_days: str | None = None
    #: ids of elements
    not_done_by: tuple[str, ...] = ()
    #: how many different people have to give the task: 1 or 2
    people: int = 1
    seals_merges: bool = False
    #: FEEL or literal
    status: str | None = None
    explain: str | None = None
    #: id of the form that says what the task is about
    brief: str | None = None
    #: id of the form that says who without an account is asked
    guest: str | None = None
    #: ids of steps
    shows: tuple[str, ...] = ()
    #: ids of documents
    brief_document: tuple[str, ...] = ()
    look_for_persons: bool = False
    #: a heading
    people_part: str | None = None
    replan: bool = False
    #: None: as the drawings send and wait for the message
    from_people: bool | None = None
    #: id of the form whose answers are the message
    form: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessRules:
    #: ids of groups with commas between, or FEEL giving them
    start_groups: str | None = None
    after_start: str | None = None
    goes_on_when_merged: bool = False


def rules_of(given: Mapping[str, str]) -> Rules:
    """An element's properties as types. What cannot be read says nothing; lint has told of it."""
    return _typed(Rules, OF_ELEMENT, given)


def process_rules_of(given: Mapping[str, str]) -> ProcessRules:
    return _typed(ProcessRules, OF_PROCESS, given)


def _typed(made: Callable[..., R], known: Mapping[str, Property], given: Mapping[str, str]) -> R:
    read = {
        name: property_.value(given[name]) for name, property_ in known.items() if name in given
    }
    return made(**{name: value for name, value in read.items() if value is not None})


def variables_of(given: Mapping[str, str]) -> dict[str, str]:
    """The variables that a process declares: name → FEEL source of the first value."""
    return {
        name.removeprefix(VARIABLE).strip(): text.removeprefix("=").strip() or "null"
        for name, text in given.items()
        if name.startswith(VARIABLE)
    }


def listed(text: str) -> tuple[str, ...]:
    """The names in a text with commas between them."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
