"""Owns what one form's answers say of people: the questions that its owner marked.

The property `persons` says what the people of a list, a group or lone questions are, `person_is`
what each answer says of one. Who of them is the same person in other answers is `persons`'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import path_of
from app.engine.london import day_in_london

#: letters that Unicode does not take apart into a plain one and a mark
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                        "ı": "i"})  # fmt: skip
_BETWEEN = re.compile(r"[,;/\n]")
_HYPHEN = re.compile(r"[-‐‑–—/.]")
_NAMED = ("name", "name_and_role")
#: the answer is one of the persons of the case: their id, or what they are with their number
CHOSEN = "chosen"
#: options and texts that say “yes” or “no” of a death
_SAID = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Mention:
    """One person as one answer names them."""

    #: in the owner's words
    kind: str
    #: of the list's row or the group; of the first question where questions stand alone
    path: str
    #: the path of each part
    paths: Mapping[str, str] = field(default_factory=dict)
    #: part (`PERSON_PARTS`) → what was said, never empty
    said: Mapping[str, Any] = field(default_factory=dict)
    #: it is one of several rows
    in_list: bool = False
    #: the owner has them looked for in other cases
    across_cases: bool = False
    #: the owner allows that lists say of whom a case is, without the name
    in_lists: bool = False


def marks_something(form: Form) -> bool:
    """Whether its owner marked people in it, a reference of the case, or what lists may say."""
    rules = (field.rules for field in form.walk())
    return any(each.persons or each.reference_of_case or each.in_lists for each in rules)


def unnamed(
    fields: Iterable[Field], *, inside_persons: bool = False
) -> Iterator[tuple[Field, str]]:
    """A marked question, and what is wrong with the marks: a sentence for the owner."""
    fields = tuple(fields)
    alone: dict[str, list[Field]] = {}
    for question in level(fields):
        kind, part = question.rules.persons, question.rules.person_is
        if question.kind == "dynamiclist" or question.kind == "group":
            yield from unnamed(question.fields, inside_persons=bool(kind))
        elif kind:
            alone.setdefault(kind, []).append(question)
            if not part:
                yield (
                    question,
                    "It has the property “persons” and not “person_is”, so says nothing.",
                )
        elif part and not inside_persons and question not in _in_marked_groups(fields):
            yield question, "Its “person_is” has no effect: nothing around it says “persons”."
    for question in _parts_of(fields):
        inner = (f.rules for f in level(question.fields) if not f.rules.persons)
        if question.rules.persons and not any(rules.person_is in _NAMED for rules in inner):
            yield question, "It names people, but none of its questions “person_is” “name”."
    for questions in alone.values():
        if not any(question.rules.person_is in (*_NAMED, CHOSEN) for question in questions):
            yield questions[0], "No question of these “persons” is the “name”."


def _in_marked_groups(fields: Iterable[Field]) -> list[Field]:
    return [
        inner
        for question in _parts_of(fields)
        if question.rules.persons and not question.key
        for inner in level(question.fields)
    ]


def references(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """The answers that are references of a case."""
    marked = [f for f in form.walk() if f.rules.reference_of_case]
    return [said for f in marked for said in _texts(form.fields, answers, f)] if marked else []


def mentions(form: Form, answers: Mapping[str, Any]) -> list[Mention]:
    """The people whom these typed answers name, in the order of the form."""
    return list(_mentions(form.fields, answers, ""))


def folded(name: str) -> str:
    """A name as it is compared: without case, accents, apostrophes, hyphens and spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return "".join(char for char in plain if char.isalnum())


def words_of_name(name: str) -> frozenset[str]:
    """Its words as they are compared, one of two parts (Anne-Marie) as a whole and in parts."""
    whole = name.split()
    parts = [part for word in whole for part in _HYPHEN.split(word)]
    return frozenset(filter(None, map(folded, (*whole, *parts))))


def aliases_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(alias.strip() for alias in _BETWEEN.split(text) if alias.strip()))


def _mentions(
    fields: Iterable[Field], answers: Mapping[str, Any], inside: str
) -> Iterator[Mention]:
    yield from _alone(fields, answers, inside)
    for question in _parts_of(fields):
        value = answers.get(question.key) if question.key else answers
        path = path_of(question, inside) if question.key else inside
        kind, listed = question.rules.persons, question.kind == "dynamiclist"
        rows: list[tuple[str, Any]] = [(path, value)]
        if listed:
            several = value if isinstance(value, list) else []
            rows = [(f"{path}.{number}", row) for number, row in enumerate(several)]
        for here, row in rows:
            if not isinstance(row, Mapping):
                continue
            if kind:
                yield from _person(question, row, here, in_list=listed)
            if question.key:
                yield from _mentions(question.fields, row, here)


def _parts_of(fields: Iterable[Field]) -> Iterator[Field]:
    """The groups and lists of one level, those in a group without a key too."""
    for question in fields:
        if question.kind in ("group", "dynamiclist"):
            yield question
        if question.kind == "group" and not question.key:
            yield from _parts_of(question.fields)


def _person(
    around: Field, answers: Mapping[str, Any], path: str, *, in_list: bool
) -> Iterator[Mention]:
    parts = [f for f in level(around.fields) if f.rules.person_is and not f.rules.persons]
    mention = _of(str(around.rules.persons), parts, answers, path, inside=path)
    if mention is not None:
        across, shown = around.rules.across_cases, around.rules.in_lists
        yield replace(mention, in_list=in_list, across_cases=across, in_lists=shown)


def _alone(fields: Iterable[Field], answers: Mapping[str, Any], inside: str) -> Iterator[Mention]:
    """Of questions that say themselves whom they name: each name begins a person, and what
    follows of the same kind is said of them."""
    persons: list[tuple[str, list[Field]]] = []
    for question in level(fields):
        kind, part = question.rules.persons, question.rules.person_is
        if not kind or not part or question.kind in ("group", "dynamiclist"):
            continue
        mine = next((parts for known, parts in reversed(persons) if known == kind), None)
        if mine is None or part == CHOSEN or (part in _NAMED and not _only_chosen(mine)):
            persons.append((kind, [question]))
        else:
            mine.append(question)
    for kind, parts in persons:
        path = path_of(parts[0], inside)
        mention = _of(kind, parts, answers, path, inside=inside)
        if mention is not None:
            across = any(question.rules.across_cases for question in parts)
            shown = any(question.rules.in_lists for question in parts)
            yield replace(mention, across_cases=across, in_lists=shown)


def _only_chosen(parts: Iterable[Field]) -> bool:
    """Somebody of the case was to be chosen, and who is not listed is named behind that."""
    said = {question.rules.person_is for question in parts}
    return CHOSEN in said and said.isdisjoint(_NAMED)


def _of(
    kind: str,
    parts: Iterable[Field],
    answers: Mapping[str, Any],
    path: str,
    *,
    inside: str,
) -> Mention | None:
    said: dict[str, Any] = {}
    paths: dict[str, str] = {}
    for question in parts:
        part = question.rules.person_is
        for name, value in _said(question, str(part), answers.get(question.key)).items():
            if name == "address" and name in said:  # its lines are asked one by one
                said[name] = f"{said[name]}, {value}"
            said.setdefault(name, value)
            paths.setdefault(name, path_of(question, inside))
    named = {"name", "born", "born_year", "expected", "number", CHOSEN} & said.keys()
    return Mention(kind, path, paths, said) if named else None


def _said(question: Field, part: str, value: Any) -> dict[str, Any]:
    """What the answer says; nothing where it is empty or says nothing of that."""
    if isinstance(value, str):
        value = value.strip()
    if value in (None, "", []):
        return {}
    if part == "name_and_role":
        name, _, role = str(value).partition(",")
        return {"name": name.strip()} | ({"relation": role.strip()} if role.strip() else {})
    if part == "aliases":
        return {part: aliases_in(str(value))}
    if part in ("born", "expected"):
        return {part: _day(value)} if isinstance(value, date) else {}
    if part == "born_year":
        return {part: int(value)} if str(value).isdecimal() else {}
    if part == "died":
        if isinstance(value, date):
            return {"died": True, "died_on": _day(value)}
        told = _SAID.get(str(value).lower())
        return {} if told is None else {"died": told}
    if question.kind in ("radio", "select") and part not in ("born_known", CHOSEN):
        labels = {option.value: option.label for option in question.options}
        return {part: labels.get(str(value), str(value))}
    return {part: str(value)}


def _day(value: date) -> date:
    return day_in_london(value) if isinstance(value, datetime) else value


def _texts(fields: Iterable[Field], answers: Mapping[str, Any], wanted: Field) -> Iterator[str]:
    for question in level(fields):
        value = answers.get(question.key)
        if question.kind == "group" and isinstance(value, Mapping):
            yield from _texts(question.fields, value, wanted)
        elif question.kind == "dynamiclist" and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _texts(question.fields, row, wanted)
        elif question is wanted and isinstance(value, str) and value.strip():
            yield value.strip()
