"""Owns how a table that somebody brings in becomes rows of a list: which of its columns answers
which question, and what the text of a cell is as a given answer.

Nothing is judged here and nothing is lost: a text that is no answer stays a text, and
`validation` says of it what it says of a typed one. How a file becomes rows is `documents.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.engine.characters import plainly
from app.engine.forms.cells import unanswered
from app.engine.forms.dates import typed_day
from app.engine.forms.fields import Field, Option
from app.engine.forms.messages import name_of

#: kinds whose answer fits into a cell
PLAIN = frozenset(
    {"textfield", "textarea", "number", "date", "time", "datetime", "checkbox", "radio", "select",
     "checklist"}
)  # fmt: skip
_NO_CELL = ("group", "dynamiclist", "filepicker")
CHOICES = frozenset({"radio", "select", "checklist", "checkbox"})
#: below this likeness a heading and a question have only words in common by chance
_ALIKE = 0.5
#: rows by which the content of a column is judged
_LOOKED_AT = 50
_SMALL = frozenset(
    {"a", "an", "and", "are", "did", "do", "does", "for", "how", "in", "is", "it", "of", "on", "or",
     "the", "to", "was", "were", "you", "your"}
)  # fmt: skip
_YES = frozenset({"yes", "y", "true", "x", "✓", "✔", "1", "ticked"})
_NO = frozenset({"no", "n", "false", "", "0"})
#: how spreadsheets count days (“1900 system”), and which of them are days of this time
_DAY_ZERO, _SERIALS = date(1899, 12, 30), range(18_000, 74_000)
_SHORT_YEAR = re.compile(r"(\d{1,2})([ /.\-]+)(\d{1,2}|[A-Za-z]{3,9})([ /.,\-]+)(\d{2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[ /.\-]+(\d{1,2})[ /.\-]+(\d{2}|\d{4})", re.ASCII)
_SEVERAL = re.compile(r"\s*(?:[;,\n/|]|\band\b)\s*", re.IGNORECASE)


def columns(field: Field) -> tuple[Field, ...]:
    """What a table with the rows of this list asks in its columns; () when it is no such list."""
    if field.kind != "dynamiclist" or not field.rules.table:
        return ()
    asked = tuple(inner for inner in field.fields if inner.kind not in ("text", "separator"))
    return asked if all(inner.kind in PLAIN for inner in asked) else ()


def no_tables(fields: Iterable[Field]) -> Iterator[tuple[Field, str]]:
    """Each list whose rows were meant as a table and cannot be one, with a sentence why."""
    for field in fields:
        if field.kind == "dynamiclist" and field.rules.table and not columns(field):
            inner = next((i for i in field.fields if i.kind in _NO_CELL), None)
            why = f"the {inner.kind} “{inner.label or inner.key}” fits into no cell" if inner else (
                "it asks nothing"
            )  # fmt: skip
            yield field, f"“{field.label or field.key}” cannot stand as a table: {why}."
        yield from no_tables(field.fields)


def guessed(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    asked: Sequence[Field],
    options: Mapping[str, Sequence[Option]],
) -> dict[str, int]:
    """Key of a question → number of the column that seems to answer it: by its heading, else by
    what stands in it. A column answers one question."""
    likely = sorted(
        (
            (-_likeness(heading, field), place, number, field.key)
            for number, heading in enumerate(headings)
            for place, field in enumerate(asked)
        ),
    )
    taken: dict[str, int] = {}
    for weight, _, number, key in likely:
        if -weight >= _ALIKE and key not in taken and number not in taken.values():
            taken[key] = number
    width = max((len(row) for row in rows), default=0)
    for field in asked:
        free = [n for n in range(width) if n not in taken.values()]
        if field.key not in taken:
            fitting = [n for n in free if _fits(field, _texts(rows, n), options)]
            if len(fitting) == 1 or (fitting and field.kind in ("date", "datetime")):
                taken[field.key] = fitting[0]
    return taken


def heading_row(rows: Sequence[Sequence[str]], asked: Sequence[Field]) -> int | None:
    """Number of the row that holds the headings; None when the first row is an answer already."""
    weights = [
        sum(max(_likeness(cell, field) for field in asked) >= _ALIKE for cell in row if cell)
        for row in rows[:10]
    ]
    best = max(weights, default=0)
    if best >= 2 or (best == 1 and len(asked) == 1):
        return weights.index(best)
    first = rows[0] if rows else ()
    dates = any(as_day(cell) is not None for cell in first)
    later = any(as_day(cell) is not None for row in rows[1:6] for cell in row)
    return 0 if later and not dates and all(len(cell) < 60 for cell in first) else None


def given(field: Field, text: str, options: Sequence[Option]) -> Any:
    """The text of a cell as somebody would have given it on the form."""
    if field.kind == "date":
        day = as_day(text)
        return text if day is None else f"{day.day}/{day.month}/{day.year}"
    if field.kind == "checkbox":
        low = text.strip().casefold()
        return True if low in _YES else False if low in _NO else text
    if field.kind in ("radio", "select"):
        return text if not text else _chosen(text, options) or text
    if field.kind == "checklist":
        whole = _chosen(text, options)
        parts = [part for part in _SEVERAL.split(text) if part]
        return [whole] if whole else [_chosen(part, options) or part for part in parts]
    return text


def as_day(text: str) -> date | None:
    """The day that a cell says: as people type one, with a year of two digits, or as the number
    that a spreadsheet keeps. The day stands before the month, as it is written here."""
    text = plainly(text)
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _DAY_ZERO + timedelta(days=int(text))
    match = _SHORT_YEAR.fullmatch(text)
    if match:  # a case looks back: a year of two digits is one of this century or of the last
        short = int(match[5])
        text = f"{text[: match.start(5)]}{2000 + short if short < 50 else 1900 + short}"
    return typed_day(text)


def month_first(texts: Iterable[str]) -> str | None:
    """A date of this column that can only be one with the month in front, as in America."""
    for text in texts:
        match = _NUMBERS.fullmatch(plainly(text))
        if match and int(match[1]) <= 12 < int(match[2]) <= 31:
            return text
    return None


def either_way(text: str) -> bool:
    """Whether it is another day with the month in front."""
    match = _NUMBERS.fullmatch(plainly(text))
    return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= 12


def without_blank_tail(rows: Sequence[Any], kept: int) -> list[Any]:
    """The rows without those at the end that nobody has answered; the first `kept` stay."""
    left = [*rows, *({} for _ in range(kept - len(rows)))]
    while len(left) > kept and unanswered(left[-1]):
        left.pop()
    return left


def _likeness(heading: str, field: Field) -> float:
    """1 when the heading is what the question is called, 0 when they share no word."""
    words = _words(heading)
    if not words:
        return 0.0
    best = 0.0
    for name in (field.key.replace("_", " "), field.label, name_of(field), *field.rules.headings):
        other = _words(name)
        if not other:
            continue
        if words == other:
            return 1.0
        both = set(words) & set(other) - _SMALL
        either = (set(words) | set(other)) - _SMALL
        best = max(best, 0.9 * len(both) / len(either) if either else 0.0)
        if set(other) - _SMALL and set(other) - _SMALL <= set(words):
            best = max(best, 0.6)
    return best


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _texts(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number] for row in rows[:_LOOKED_AT] if number < len(row) and row[number]]


def _fits(field: Field, texts: Sequence[str], options: Mapping[str, Sequence[Option]]) -> bool:
    """What stands in the column can be nothing but answers to this question."""
    if not texts:
        return False
    if field.kind in ("date", "datetime"):
        return sum(as_day(text) is not None for text in texts) > len(texts) / 2
    known = options.get(field.key, ())
    if field.kind not in ("radio", "select", "checklist") or len(known) < 2:
        return False
    if {_plain(option.label) for option in known} <= _YES | _NO:
        return False  # yes and no answer any question
    answers = (given(field, text, known) for text in texts)
    values = {option.value for option in known}
    return all(set(a if isinstance(a, list) else [a]) <= values for a in answers)


def _chosen(text: str, options: Sequence[Option]) -> str | None:
    low = _plain(text)
    for option in options:
        if low in (_plain(option.label), _plain(option.value)):
            return option.value
    if low in _YES | _NO:
        wanted = "yes" if low in _YES else "no"
        return next((o.value for o in options if _plain(o.label) == wanted and low), None)
    # “Key episode (see report)” is none of ours: only the beginning of a label is taken for it.
    begun = [o.value for o in options if len(low) > 2 and _plain(o.label).startswith(low)]
    return begun[0] if len(begun) == 1 else None


def _plain(text: str) -> str:
    return " ".join(_words(text)) or text.strip().casefold()
