"""How often which answer was given, by year, for the reports of a year.

Of each case the newest time counts that the step was done. Numbers only; no case and no person.
What is kept of an answer is its value; the words for it are those of the day on which one looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import store
from app.audit.shares import ANSWER, Amounts, asked
from app.casework import answers_in
from app.config import Count, Counts, labels
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


#: how what was answered is kept: no answer, one that nobody can read, a band of ages, a value
_NOTHING, _LOST, _BAND, _VALUE = "n", "u", "b", "v"


def given(
    unit: Unit, counts: Counts, cases: Sequence[str] | None = None
) -> Iterator[tuple[str, Amounts]]:
    """(case id, what it adds), of each case in which a counted step was done. `cases`: ids of those
    that are read; None: all."""
    steps = sorted({count.step for count in counts.of})
    if not steps:
        return
    elements = store.queries.figures.elements_of(steps)
    newest = _newest(store.queries.figures.ends(unit, elements, cases))
    places = {(row.case_id, row.task) for row in newest.values()}
    keys = {key for count in counts.of for key in _keys(count)}
    answers = {
        (case, task): None if body is None else answers_in(body, keys)
        for case, task, body in store.queries.figures.answered(unit, elements, cases)
        if (case, task) in places
    }
    for row in newest.values():
        day = day_in_london(row.at).toordinal()
        said: Amounts = Counter()
        for count in counts.of:
            if store.queries.figures.is_of(row, count.step):
                for value in _said(count, answers.get((row.case_id, row.task))):
                    said[asked(count.id), day, ANSWER, value] += 1
        yield row.case_id, said


def counted(
    sums: Amounts, counts: Counts, year: int | None, program: Program | None, under: int
) -> tuple[Asked, ...]:
    """Each question with its answers. `year`: the one asked for; None: all. `program`: the drawings
    whose words are used. `under`: no smaller number is shown."""
    by: dict[str, dict[int, list[tuple[str, int]]]] = {}
    for (id, when, sort, value), number in sums.items():
        if sort == ANSWER and year in (None, when):
            by.setdefault(id, {}).setdefault(when, []).append((value, number))
    told = []
    for count in counts.of:
        words = _words(count, program)
        years: dict[int, Counter[str]] = {}
        for when, values in by.get(asked(count.id), {}).items():
            years[when] = Counter()
            for value, number in values:
                years[when][_called(value, words)] += number
        told.append(Asked(count=count, years=_years(years, under)))
    return tuple(told)


def _keys(count: Count) -> set[str]:
    return {count.path[0]} | ({count.ages.on} if count.ages else set())


def _newest(ends: Sequence[EndRow]) -> dict[tuple[str, str, str], EndRow]:
    """(case, process, element) → its last completion."""
    newest: dict[tuple[str, str, str], EndRow] = {}
    for row in sorted(ends, key=lambda row: (row.at, row.seq)):
        if row.how == "completed":
            newest[row.case_id, row.process, row.element] = row
    return newest


def _said(count: Count, answers: Mapping[str, Any] | None) -> Iterator[str]:
    if answers is None:
        yield _LOST
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
            yield _NOTHING if part is None or part == "" else f"{_VALUE}{part}"


def _called(value: str, words: Mapping[str, str]) -> str:
    sort, text = value[0], value[1:]
    if sort == _VALUE:
        return words.get(text) or saying.plain(text)
    return {_NOTHING: NOT_ANSWERED, _LOST: UNREADABLE, _BAND: text}[sort]


def _band(born: Any, on: Any, bands: Sequence[int]) -> str:
    if not isinstance(born, date) or not isinstance(on, date):
        return _NOTHING
    first, day = day_in_london(born), day_in_london(on)
    age = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    if age < bands[0]:
        return f"{_BAND}Under {bands[0]}"
    low = max(band for band in bands if band <= age)
    above = [band for band in bands if band > age]
    if not above:
        return f"{_BAND}{low} and over"
    return f"{_BAND}{low}" if above[0] == low + 1 else f"{_BAND}{low} to {above[0] - 1}"


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
