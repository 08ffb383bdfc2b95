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
from app.engine.forms.columns import columns
from app.web.forms import input_values
from app.web.forms.blocks import DATE_PARTS, KNOWN, KNOWN_LIST, Block, Choice, Row, Why

#: "hide while <radio> is not <value>": the only condition a browser can show without the server
REVEAL = re.compile(r"""\s*(\w+)\s*!=\s*"([^"\\]*)"\s*""")
WORD = re.compile(r"[A-Za-z]\w*")
#: what may hang under a radio; repeated and nested groups are too much for one
REVEALED = {"textfield", "textarea", "number", "date", "time", "datetime"} | {
    "select",
    "checklist",
    "checkbox",
}


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
    #: path of a question → the earlier text that stands beside it
    earlier: Mapping[str, str] = field(default_factory=dict)

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
            return replace(block, rows=rows, why=why, columns=columns(field))
        choices = self._choices(field, value)
        value = input_values.for_inputs(field.kind, value)
        known = path in self.left and block.error is None
        earlier = self.earlier.get(path, "")
        block = replace(block, value=value, choices=choices, earlier=earlier)
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
        inside = self._cells if columns(field) else self._together
        return tuple(
            Row(n + 1, f"f-{path}.{n}", tuple(inside(field.fields, row, f"{path}.{n}.")))
            for n, row in enumerate(rows)
        )

    def _together(self, fields: Sequence[Field], row: Any, prefix: str) -> Iterator[Block]:
        return _known_together(self._level(fields, row, prefix))

    def _cells(self, fields: Sequence[Field], row: Any, prefix: str) -> Iterator[Block]:
        """In a table each answer stands in its column, and nothing hangs under another."""
        given = row if isinstance(row, Mapping) else {}
        asked = (field for field in fields if field.key and self._visible(field, prefix))
        return (self._block(field, given, prefix) for field in asked)

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
        if any(column.hide is not None for column in columns(question)):
            return True  # in a table nothing hangs under a choice
        if question.kind == "radio" and not question.read_only:
            del waiting[: len(_hanging(question, waiting))]
    return False


def deciding(fields: Sequence[Field]) -> frozenset[str]:
    """Keys that stand in the conditions of these questions."""
    named: frozenset[str] = frozenset()
    for question in fields:
        named |= frozenset(WORD.findall(question.hide or "")) | deciding(question.fields)
    return named
