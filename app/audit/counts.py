"""How often which answer was given, by year, for the reports of a year.

Of each case the newest time counts that the step was done. Numbers only; no case and no person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import store
from app.casework import answers_in
from app.config import Count, Counts, Years, labels
from app.engine import Program, day_in_london, saying
from app.engine.forms import Field, level
from app.store import EndRow, Unit

NOT_ANSWERED = "Not answered"
UNREADABLE = "Content destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """How often one answer was given in one year."""

    label: str
    #: None: it is not shown, because it is small
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One question in one year."""

    year: int
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its answers, the latest year first."""

    count: Count
    years: tuple[Answers, ...]


def counted(
    unit: Unit,
    counts: Counts,
    years: Years,
    year: int | None,
    program: Program | None,
    sees: Callable[[set[str]], bool],
) -> tuple[tuple[Asked, ...], int]:
    """(each question with its answers, the number under which none is shown). `year`: the one asked
    for; None: all. `program`: the drawings whose words are used. `sees`: whether whoever reads it
    sees all of these cases, by id, in whole."""
    steps = sorted({count.step for count in counts.of})
    if not steps:
        return (), counts.suppress_under
    elements = store.queries.figures.elements_of(steps)
    newest = _newest(store.queries.figures.ends(unit, elements))
    keys = {key for count in counts.of for key in _keys(count)}
    given = {
        (case, task): None if body is None else answers_in(body, keys)
        for case, task, body in store.queries.figures.answered(unit, elements)
        if (case, task) in {(row.case_id, row.task) for row in newest.values()}
    }
    under = counts.under(unseen=not sees({row.case_id for row in newest.values()}))
    asked = []
    for count in counts.of:
        by: dict[int, Counter[str]] = {}
        words = _words(count, program)
        for row in newest.values():
            if not store.queries.figures.is_of(row, count.step):
                continue
            when = years.of(day_in_london(row.at))
            if year in (None, when):
                answers = given.get((row.case_id, row.task))
                by.setdefault(when, Counter()).update(_said(count, answers, words))
        asked.append(Asked(count=count, years=_years(by, under)))
    return tuple(asked), under


def _keys(count: Count) -> set[str]:
    return {count.path[0]} | ({count.ages.on} if count.ages else set())


def _newest(ends: Sequence[EndRow]) -> dict[tuple[str, str, str], EndRow]:
    """(case, process, element) → its last completion."""
    newest: dict[tuple[str, str, str], EndRow] = {}
    for row in sorted(ends, key=lambda row: (row.at, row.seq)):
        if row.how == "completed":
            newest[row.case_id, row.process, row.element] = row
    return newest


def _said(
    count: Count, answers: Mapping[str, Any] | None, words: Mapping[str, str]
) -> Iterator[str]:
    if answers is None:
        yield UNREADABLE
        return
    value = answers.get(count.path[0])
    each = value if len(count.path) == 2 and isinstance(value, list) else [value]
    for one in each:
        said = one.get(count.path[1]) if len(count.path) == 2 and isinstance(one, dict) else one
        if len(count.path) == 2 and not isinstance(one, dict):
            said = None
        if count.ages is not None:
            yield _band(said, answers.get(count.ages.on), count.ages.bands)
            continue
        several = said if isinstance(said, list) else [said]
        for part in several or [None]:
            yield _called(part, words)


def _called(value: Any, words: Mapping[str, str]) -> str:
    if value is None or value == "":
        return NOT_ANSWERED
    text = str(value)
    known = words.get(text)
    return known or saying.plain(text)


def _band(born: Any, on: Any, bands: Sequence[int]) -> str:
    if not isinstance(born, date) or not isinstance(on, date):
        return NOT_ANSWERED
    first, day = day_in_london(born), day_in_london(on)
    age = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    if age < bands[0]:
        return f"Under {bands[0]}"
    low = max(band for band in bands if band <= age)
    above = [band for band in bands if band > age]
    if not above:
        return f"{low} and over"
    return str(low) if above[0] == low + 1 else f"{low} to {above[0] - 1}"


def _words(count: Count, program: Program | None) -> dict[str, str]:
    """Value → what the form, or a list of the settings, calls it."""
    if program is None:
        return {}
    words = dict(labels(program.settings))
    for process in program.processes.values():
        element = process.elements.get(count.step)
        form = program.forms.get(element.form or "") if element is not None else None
        fields: Sequence[Field] = form.fields if form is not None else ()
        for key in count.path:
            fitting = [field for field in level(fields) if field.key == key]
            words |= {str(o.value): o.label for field in fitting for o in field.options}
            fields = [inner for field in fitting for inner in field.fields]
    return words


def _years(by: Mapping[int, Counter[str]], under: int) -> tuple[Answers, ...]:
    return tuple(
        Answers(
            year=year,
            numbers=tuple(
                Number(label=label, number=None if 0 < number < under else number)
                for label, number in sorted(by[year].items(), key=lambda one: (-one[1], one[0]))
            ),
        )
        for year in sorted(by, reverse=True)
    )
