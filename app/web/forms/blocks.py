"""What a form is on a page: blocks in their order, rows and cells, and the error summary over them.

How they come about is `layout`, how they are printed `components/form.html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.documents.word.changes import word_for_word
from app.engine import attached, saying
from app.engine.forms import Field
from app.web.forms import input_values

#: kinds of blocks beside those of fields: one answer that is known, and several together
KNOWN, KNOWN_LIST = "known", "known_list"
DATE_PARTS = ("day", "month", "year")
#: sentences of an error summary that lead to their questions
MOST_PROBLEMS = 40


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

    def cell(self, column: Field) -> Block | None:
        """In a table: what answers this column; None where it is not asked in this row."""
        return next((block for block in self.blocks if block.field.key == column.key), None)

    @property
    def known(self) -> str:
        """Paths of what is known in this row, as a button names them."""
        return " ".join(block.path for block in self.blocks if block.kind == KNOWN)


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
    #: of a list whose rows stand as a table
    columns: tuple[Field, ...] = ()
    #: of what is known: where it was said, or how it is worked out
    note: str = ""
    #: it is known, and the person corrects it
    opened: bool = False
    why: Why | None = None
    #: the text that the answer is compared with; "" where there is none
    earlier: str = ""

    @property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """What the answer says otherwise than the earlier text; () while nothing is answered."""
        now = " ".join(input_values.texts(self.value)).replace("\r\n", "\n").strip()
        return word_for_word(self.earlier.strip(), now) if self.earlier and now else ()

    @property
    def target(self) -> str:
        """Where the error summary's link leads: the first thing one can type into."""
        return f"{self.id}-day" if self.kind in ("date", "datetime") else self.id

    @property
    def typed(self) -> str:
        """A date in one box, as a cell of a table has it."""
        clock = self.value.get("time", "")
        day = "/".join(filter(None, (self.value[part] for part in DATE_PARTS)))
        return f"{day} {clock}".strip()

    @property
    def unknown(self) -> tuple[str, ...]:
        """What was chosen and is none of the answers, as a table from elsewhere may say it."""
        offered = {choice.value for choice in self.choices}
        chosen = input_values.texts(self.value)
        return tuple(text for text in chosen if text and text not in offered)

    @property
    def files(self) -> tuple[attached.Attached, ...]:
        """What a question for files has so far."""
        return tuple(attached.read_all(self.value))

    @property
    def accept(self) -> str:
        """How names of files may end that can be chosen."""
        return attached.in_words(self.field.accepts)

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
    others = [Problem(text, None) for text in messages.values() if text not in told]
    if len(on_page) > MOST_PROBLEMS:  # nobody reads hundreds; each stands at its question
        more = len(on_page) - MOST_PROBLEMS
        beyond = f"And {saying.count(more, 'more answer')} to put right, each marked below"
        on_page[MOST_PROBLEMS:] = [Problem(beyond, on_page[MOST_PROBLEMS].target)]
    return on_page + others
