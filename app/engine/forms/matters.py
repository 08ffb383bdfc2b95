"""Owns the matters that a case follows: what its answers name for somebody to do, each one thing.

The owner marks a list's rows (`matters`, `matter_is`), or questions that speak of one matter by
its number. A row is a matter again when it was known from it, or says the same of the same owner.
What a matter then begins is drawn; that it is told to the drawings is casework's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from app.engine.feel import World, compile_expression
from app.engine.forms.answers import options
from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import path_of
from app.engine.forms.person_parts import folded
from app.engine.london import day_in_london

OPEN, IN_PROGRESS, DONE, STOPPED = "open", "in_progress", "done", "stopped"
#: how a matter stands, in words
STANDS = {OPEN: "Open", IN_PROGRESS: "In progress", DONE: "Done, with evidence", STOPPED: "Stopped"}
UNPROVEN = "Said to be done, without evidence yet"
#: what a form where a matter is closed already may still add to it
_ADDS = frozenset({"evidence", "effect", "measure"})
#: of two wordings of one row, the part that is the same
_ALIKE = 0.6
_NAME = "organisation_name"
#: how an answer came about that a person only took over
_TAKEN_OVER = ("confirmed", "worked_out")


@dataclass(frozen=True, slots=True)
class Matter:
    #: by first mention; never given to another
    matter: int
    #: in the owner's words
    kind: str
    text: str = ""
    #: who answers for it, in words
    owner: str = ""
    #: a value of the owner's own lists, and what it is called
    organisation: str | None = None
    organisation_name: str = ""
    due: date | None = None
    status: str = OPEN
    measure: str = ""
    evidence: str = ""
    effect: str = ""
    #: why it was stopped, or its date moved
    reason: str = ""

    @property
    def closed(self) -> bool:
        """Nothing is left to do: done and shown to be, or stopped."""
        shown = self.evidence or self.effect
        return self.status == STOPPED or (self.status == DONE and bool(shown))

    @property
    def stands(self) -> str:
        return STANDS[self.status] if self.closed or self.status != DONE else UNPROVEN

    @property
    def answers_for_it(self) -> str:
        names = (self.organisation_name, self.owner)
        return ": ".join(dict.fromkeys(name for name in names if name))

    def said(self) -> dict[str, Any]:
        """As it is kept, and as a drawing is told of it."""
        return asdict(self)


#: what an expression can ask of a matter
FACTS = (
    *(each.name for each in fields(Matter)),
    "closed", "stands", "answers_for_it", "named_on", "step", "value", "label",
)  # fmt: skip


def as_contexts(followed: Iterable[tuple[Matter, date, str]]) -> list[dict[str, Any]]:
    """For expressions; beside each matter the day on which it was named, and the step."""
    return [
        {
            **matter.said(),
            "closed": matter.closed,
            "stands": matter.stands,
            "answers_for_it": matter.answers_for_it,
            "named_on": named_on,
            "step": step,
            "value": str(matter.matter),
            "label": matter.text,
        }
        for matter, named_on, step in followed
    ]


@dataclass(frozen=True, slots=True)
class Named:
    """A matter as it stands after one answer, and what the drawings are told of it."""

    #: of the row
    path: str
    matter: Matter
    #: name of the message; "": nothing new
    tells: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """What organisations are called where the answers were given."""

    scope: Mapping[str, Any]
    world: World

    def of(self, question: Field, value: Any) -> str:
        called = {o.value: o.label for o in options(question, self.scope, self.world)}
        return called.get(value, str(value))

    def default(self, around: Field) -> Mapping[str, Any]:
        """Whose people do it, where a row of the list does not say."""
        source = around.rules.matter_organisation
        if source is None:
            return {}
        given = compile_expression(source).evaluate(self.scope, self.world)
        value, label = (
            (given.get("value"), given.get("label")) if isinstance(given, Mapping) else (given,) * 2
        )
        if not isinstance(value, str):
            return {}
        return {"organisation": value, _NAME: label if isinstance(label, str) else value}


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    said: Mapping[str, Any]
    #: the list, or the text that names it alone; None: questions that say the number of a matter
    around: Field | None = None
    #: part → path
    paths: Mapping[str, str] = field(default_factory=dict)


def follows_matters(form: Form) -> bool:
    return any(question.rules.matter_is for question in form.walk())


def matter_as_kept(kept: Mapping[str, Any]) -> Matter:
    """What `Matter.said` gave; what an earlier or later release says beside it is left out."""
    names = {each.name for each in fields(Matter)}
    return Matter(**{name: value for name, value in kept.items() if name in names})


def named_matters(
    form: Form,
    answers: Mapping[str, Any],
    provenance: Mapping[str, Mapping[str, Any]],
    before: Sequence[Matter],
    scope: Mapping[str, Any],
    world: World,
) -> list[Named]:
    """The matters of which these typed answers say something, in the order of the form."""
    known = {matter.matter: matter for matter in before}
    told: list[Named] = []
    #: list → matters that its other rows are
    taken: dict[str, set[int]] = {}
    for row in _rows(form.fields, answers, "", Labels(scope, world)):
        others = taken.setdefault(row.path.rpartition(".")[0], set())
        free = [matter for matter in known.values() if matter.matter not in others]
        meant = _meant(row, free, provenance)
        if meant is None and row.around is None:
            continue  # a number that nobody has
        new = meant is None
        rules = row.around.rules if row.around is not None else None
        said = row.said if meant is None else _news(row, provenance)
        meant = meant or Matter(len(known) + 1, str(rules and rules.matters))
        after = _joined(meant, said)
        known[after.matter] = after
        others.add(after.matter)
        tells = "" if rules is None else rules.matter_named if new else rules.matter_changed
        told.append(Named(row.path, after, tells or "" if new or after != meant else ""))
    return told


def _rows(
    questions: Iterable[Field], answers: Mapping[str, Any], inside: str, labels: Labels
) -> Iterator[_Row]:
    questions = tuple(level(questions))
    alone = _said_of(questions, answers, inside, labels)
    if "matter" in alone[0]:
        yield _Row(inside, alone[0], None, alone[1])
    elif (names := next(filter(_names_alone, questions), None)) and alone[0].get("text"):
        yield _Row(inside, {**labels.default(names), **alone[0]}, names, alone[1])
    for question in questions:
        value, path = answers.get(question.key), path_of(question, inside)
        if question.kind == "group" and isinstance(value, Mapping):
            yield from _rows(question.fields, value, path, labels)
        elif question.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                here = f"{path}.{number}"
                if not question.rules.matters:
                    yield from _rows(question.fields, row, here, labels)
                    continue
                said, paths = _said_of(level(question.fields), row, here, labels)
                said = {**labels.default(question), **said}
                # Who shall do it, or by when, makes something said a matter to follow.
                if said.get("text") and said.keys() & {"owner", "organisation", "due"}:
                    yield _Row(here, said, question, paths)


def _names_alone(question: Field) -> bool:
    return bool(question.rules.matters) and question.rules.matter_is == "text"


def _said_of(
    questions: Iterable[Field], answers: Mapping[str, Any], inside: str, labels: Labels
) -> tuple[dict[str, Any], dict[str, str]]:
    said: dict[str, Any] = {}
    paths: dict[str, str] = {}
    for question in questions:
        part, value = question.rules.matter_is, answers.get(question.key)
        if part is None or value in (None, "", []):
            continue
        paths[part] = path_of(question, inside)
        if part == "due":
            value = day_in_london(value) if isinstance(value, datetime) else value
        elif part == "number":
            part, value = "matter", int(value)
        elif part == "status":
            if value not in STANDS:
                continue
        elif part == "organisation":
            said[_NAME] = labels.of(question, value)
        else:
            value = str(value).strip()
        said[part] = value
    return said, paths


def _meant(
    row: _Row, free: Iterable[Matter], provenance: Mapping[str, Mapping[str, Any]]
) -> Matter | None:
    free = tuple(free)
    if row.around is None:
        return next((m for m in free if m.matter == row.said["matter"]), None)
    kind = row.around.rules.matters
    ours = [matter for matter in free if matter.kind == kind]
    same = [m for m in ours if folded(m.text) == folded(row.said["text"])]
    of_them = next((m for m in same if _same_owner(m, row.said)), None)
    if of_them is not None:
        return of_them
    # The row was known, and its owner or its words were put right in it.
    how = provenance.get(row.paths["text"], {})
    if how.get("how") in _TAKEN_OVER:
        return _was_owned(same, row, provenance)
    was = str(how.get("was", ""))
    if was and SequenceMatcher(None, was.casefold(), row.said["text"].casefold()).ratio() >= _ALIKE:
        before = [m for m in ours if folded(m.text) == folded(was)]
        return _was_owned(before, row, provenance)
    return None


def _news(row: _Row, provenance: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the row says of a known matter beyond what it was shown and only confirmed."""
    shown = {
        part
        for part, path in row.paths.items()
        if row.around and provenance.get(path, {}).get("how") in _TAKEN_OVER
    }
    return {part: value for part, value in row.said.items() if part not in shown}


def _was_owned(
    matters: Iterable[Matter], row: _Row, provenance: Mapping[str, Mapping[str, Any]]
) -> Matter | None:
    """Of several of one wording the one whose owner the row had before it was put right."""
    before = {
        part: provenance.get(path, {}).get("was", row.said.get(part))
        for part, path in row.paths.items()
    }
    matters = tuple(matters)
    first = matters[0] if len(matters) == 1 else None
    return next((m for m in matters if _same_owner(m, before)), first)


def _same_owner(matter: Matter, said: Mapping[str, Any]) -> bool:
    theirs, mine = matter.organisation, said.get("organisation")
    if theirs and mine and theirs != mine:
        return False
    owner = folded(said.get("owner") or "")
    return not owner or not matter.owner or owner == folded(matter.owner)


def _joined(matter: Matter, said: Mapping[str, Any]) -> Matter:
    """What is said later stands, what it leaves out stays; what is closed is not opened again."""
    closed = matter.closed
    new = {part: value for part, value in said.items() if not closed or part in _ADDS}
    return replace(matter, **new)
