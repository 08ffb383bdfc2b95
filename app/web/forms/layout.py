"""Lays a form out as blocks a template can print: values, messages, what hangs under what.

Reads answers from nobody and checks none: that is `forms.answers`, through the desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.casework.orders.answering import REASON
from app.engine.forms import Field, Form, Option
from app.web.forms import input_values

#: "hide while <radio> is not <value>": the only condition a browser can show without the server
REVEAL = re.compile(r"""\s*(\w+)\s*!=\s*"([^"\\]*)"\s*""")
WORD = re.compile(r"[A-Za-z]\w*")
#: what may hang under a radio; repeated and nested groups are too much for one
REVEALED = {"textfield", "textarea", "number", "date", "time", "datetime"} | {
    "select",
    "checklist",
    "checkbox",
}
#: kinds of blocks beside those of fields: one answer that is known, and several together
KNOWN, KNOWN_LIST = "known", "known_list"
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    checked: bool
    #: questions that open under this choice
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a correction, where the form asks for it."""

    name: str
    value: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    id: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    #: the answer's path, which is its HTML name; "" when there is no answer
    path: str
    #: HTML id, to which the error summary leads
    id: str
    field: Field
    #: text, list of texts, bool, or a mapping of date parts
    value: Any = None
    #: what a read-only field shows
    words: str = ""
    error: str | None = None
    choices: tuple[Choice, ...] = ()
    blocks: tuple[Block, ...] = ()
    rows: tuple[Row, ...] = ()
    #: of what is known: where it was said, or how it is worked out
    note: str = ""
    #: it is known, and the person corrects it
    opened: bool = False
    why: Why | None = None

    @property
    def target(self) -> str:
        """Where the error summary's link leads: the first thing one can type into."""
        return f"{self.id}-day" if self.kind in ("date", "datetime") else self.id

    @property
    def wrong(self) -> bool:
        """Whether there is a message on it or in it."""
        return any(
            block.error or (block.why is not None and block.why.error) for block in walk([self])
        )

    @property
    def item(self) -> str:
        """What one row of a list is called."""
        return self.field.rules.item or "row"


@dataclass(frozen=True, slots=True)
class Problem:
    sentence: str
    #: HTML id of the field; None when it is about none that is shown
    target: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One form as it stands now."""

    form: Form
    given: Mapping[str, Any]
    messages: Mapping[str, str]
    #: what conditions leave visible, as `forms.answers.shown` says it
    shown: Collection[str]
    options: Callable[[Field], Sequence[Option]]
    #: path of a question that is known → where it was said, or how it is worked out
    notes: Mapping[str, str] = field(default_factory=dict)
    #: those of them that the person has left as they are
    left: Collection[str] = ()
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)

    def blocks(self) -> tuple[Block, ...]:
        return tuple(_known_together(self._level(self.form.fields, self.given, "")))

    def _level(self, fields: Sequence[Field], given: Any, prefix: str) -> Iterator[Block]:
        given = given if isinstance(given, Mapping) else {}
        waiting = list(fields)
        while waiting:
            field = waiting.pop(0)
            if not self._visible(field, prefix):
                continue
            block = self._block(field, given, prefix)
            if block.kind == "radio" and not field.read_only:
                hanging = _hanging(field, waiting)
                del waiting[: len(hanging)]
                block = self._with_reveals(block, hanging, given, prefix)
            yield block

    def _visible(self, field: Field, prefix: str) -> bool:
        if field.hide is None:
            return True
        return prefix + (field.key or f"#{field.id}") in self.shown

    def _with_reveals(
        self, block: Block, hanging: Sequence[tuple[str, Field]], given: Any, prefix: str
    ) -> Block:
        def under(choice: Choice) -> tuple[Block, ...]:
            return tuple(self._block(f, given, prefix) for v, f in hanging if v == choice.value)

        return replace(block, choices=tuple(replace(c, blocks=under(c)) for c in block.choices))

    def _block(self, field: Field, given: Mapping[str, Any], prefix: str) -> Block:
        path = prefix + field.key if field.key else ""
        value = given.get(field.key) if field.key else None
        block = Block(
            kind=field.kind,
            path=path,
            id=f"f-{path or prefix + field.id}",
            field=field,
            error=self._message(path),
        )
        if field.kind == "group":
            inner = f"{path}." if path else prefix
            level = self._level(field.fields, value if path else given, inner)
            below = tuple(_known_together(level))
            return replace(block, blocks=below)
        if field.kind == "dynamiclist":
            rows, why = self._rows(field, value, path), self._why_less(field, path)
            return replace(block, rows=rows, why=why)
        choices = self._choices(field, value)
        value = input_values.for_inputs(field.kind, value)
        known = path in self.left and block.error is None
        block = replace(block, value=value, choices=choices)
        if known or field.read_only:
            block = replace(block, words=input_values.in_words(field.kind, value, choices))
        if known:
            return replace(block, kind=KNOWN, note=self.notes[path])
        if path not in self.notes or field.read_only:
            return block
        return replace(block, note=self.notes[path], opened=True, why=self._why(field, path))

    def _why(self, field: Field, path: str) -> Why | None:
        if not field.rules.correction_reason:
            return None
        name = f"{REASON}{path}"
        return Why(name, self.reasons.get(path, ""), self.messages.get(name))

    def _why_less(self, field: Field, path: str) -> Why | None:
        """Asked of a list only once a known row of it was taken out and no reason was given."""
        why = self._why(field, path)
        return why if why is not None and (why.value or why.error) else None

    def _choices(self, field: Field, value: Any) -> tuple[Choice, ...]:
        if field.kind not in ("radio", "select", "checklist"):
            return ()
        chosen = input_values.texts(value)
        return tuple(Choice(o.value, o.label, o.value in chosen) for o in self.options(field))

    def _rows(self, field: Field, value: Any, path: str) -> tuple[Row, ...]:
        rows = value if isinstance(value, Sequence) and not isinstance(value, str) else []
        return tuple(
            Row(
                n + 1,
                f"f-{path}.{n}",
                tuple(_known_together(self._level(field.fields, row, f"{path}.{n}."))),
            )
            for n, row in enumerate(rows)
        )

    def _message(self, path: str) -> str | None:
        if not path:
            return None
        names = [path, *(f"{path}-{part}" for part in (*DATE_PARTS, "time"))]
        return next((self.messages[name] for name in names if name in self.messages), None)


def _known_together(blocks: Iterator[Block]) -> Iterator[Block]:
    """What is known of questions that follow each other stands in one list."""
    run: list[Block] = []
    for block in blocks:
        if block.kind == KNOWN:
            run.append(block)
            continue
        if run:
            yield _known_list(run)
            run = []
        yield block
    if run:
        yield _known_list(run)


def _known_list(run: Sequence[Block]) -> Block:
    first = run[0]
    return Block(KNOWN_LIST, "", f"known-{first.path}", first.field, blocks=tuple(run))


def _hanging(radio: Field, following: Sequence[Field]) -> list[tuple[str, Field]]:
    """(value, field) for the questions right behind `radio` that open under one of its values."""
    hanging = []
    values = {option.value for option in radio.options}
    for question in following:
        match = REVEAL.fullmatch(question.hide or "")
        if not match or match[1] != radio.key or match[2] not in values:
            break
        if question.kind not in REVEALED or question.read_only:
            break
        hanging.append((match[2], question))
    return hanging


def server_decides(fields: Sequence[Field]) -> bool:
    """Whether some question opens that does not hang under a choice, where a browser shows it."""
    waiting = list(fields)
    while waiting:
        question = waiting.pop(0)
        if question.hide is not None or server_decides(question.fields):
            return True
        if question.kind == "radio" and not question.read_only:
            del waiting[: len(_hanging(question, waiting))]
    return False


def deciding(fields: Sequence[Field]) -> frozenset[str]:
    """Keys that stand in the conditions of these questions."""
    named: frozenset[str] = frozenset()
    for question in fields:
        named |= frozenset(WORD.findall(question.hide or "")) | deciding(question.fields)
    return named


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block in the order of the page."""
    for block in blocks:
        yield block
        for choice in block.choices:
            yield from walk(choice.blocks)
        yield from walk(block.blocks)
        for row in block.rows:
            yield from walk(row.blocks)


def paths(blocks: Sequence[Block]) -> frozenset[str]:
    """The answers a person could see on the page."""
    return frozenset(block.path for block in walk(blocks) if block.path)


def problems(blocks: Sequence[Block], messages: Mapping[str, str]) -> list[Problem]:
    """The error summary: in the order of the page, then what belongs to no question on it."""
    on_page: list[Problem] = []
    for block in walk(blocks):
        if block.error:
            on_page.append(Problem(block.error, block.target))
        if block.why is not None and block.why.error:
            on_page.append(Problem(block.why.error, f"why-{block.id}"))
    told = {problem.sentence for problem in on_page}
    return on_page + [Problem(text, None) for text in messages.values() if text not in told]
