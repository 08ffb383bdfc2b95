"""What is measured for the figures on timeliness, as config.yaml says it, and when a year begins.

Counting is the audit room's. Which steps and answers there are the diagrams know, not this.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from app.config.sections import ConfigError, Section
from app.engine import Program
from app.engine.bpmn import Element
from app.engine.feel import HOUSE
from app.engine.forms import level

LIMITS = ("due", "backstop")
_DAY_AND_MONTH = "%d %B %Y"


@dataclass(frozen=True, slots=True)
class Condition:
    """An answer that tells whether a time of the step is counted at all; no answer yet: it is."""

    #: the step that gives the answer
    step: str
    key: str
    #: counted where the answer is one of these
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One limit that is counted: how often was this step done within it?"""

    id: str
    name: str
    #: the legal basis, in words
    basis: str | None
    #: the steps whose deadline it is: ids of elements, or “process.element” where several have it
    tasks: tuple[str, ...]
    #: which of its deadline's two limits: "due" or "backstop"
    limit: str
    #: key of the answer that says when it really happened; None: when the step was done
    happened: str | None = None
    #: the step that gives this answer, where it is another one
    told_by: str | None = None
    #: name of the calendar by which days late are counted
    calendar: str = HOUSE
    #: None: every time is counted
    where: Condition | None = None
    #: steps before it whose backstop is this limit already: the duty has begun with the first
    begins: tuple[str, ...] = ()
    #: what shows that there is no duty after all: names of steps, or of events passed
    released: tuple[str, ...] = ()
    #: which of the deadline's two limits is only the local target; None: it has none
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Years:
    """Years that begin on one day of the calendar, each named by the year in which it begins."""

    month: int = 1
    day: int = 1

    @property
    def calendar(self) -> bool:
        return (self.month, self.day) == (1, 1)

    @property
    def begins(self) -> str:
        """1 April"""
        return f"{self.day} {month_name[self.month]}"

    def of(self, day: date) -> int:
        return day.year if (day.month, day.day) >= (self.month, self.day) else day.year - 1

    def name(self, year: int) -> str:
        """2026, or 2026/27"""
        return str(year) if self.calendar else f"{year}/{(year + 1) % 100:02}"

    def starts(self, year: int) -> date:
        """The first day of the year."""
        return date(year, self.month, self.day)

    def ends(self, year: int) -> date:
        """The last day of the year."""
        return date(year + 1, self.month, self.day) - timedelta(days=1)


def read_years(top: Section) -> Years:
    """“year_begins: 1 April”; without it years are those of the calendar. ConfigError."""
    text = top.text("year_begins", "1 January")
    try:
        day = datetime.strptime(f"{text} 2001", _DAY_AND_MONTH)  # no leap year: 29 February is none
    except ValueError as error:
        raise ConfigError(
            f"{top.file}: “year_begins” must be a day of every year such as 1 April, not {text!r}."
        ) from error
    return Years(day.month, day.day)


def read_measures(top: Section, calendars: Iterable[str] = ()) -> tuple[Measure, ...]:
    """The list under “timeliness”; `calendars` are the named ones. ConfigError."""
    read = partial(_measure, calendars=(HOUSE, *calendars))
    measures: tuple[Measure, ...] = top.each("timeliness", read, [])
    ids = [measure.id for measure in measures]
    for measure_id in ids:
        if ids.count(measure_id) > 1:
            raise ConfigError(
                f"{top.file}: two measures of “timeliness” have the id “{measure_id}”."
            )
    return measures


def _measure(section: Section, calendars: tuple[str, ...]) -> Measure:
    teller, _, key = section.text("happened", "").rpartition(".")
    return Measure(
        id=section.text("id"),
        name=section.text("name"),
        basis=section.text("basis", None),
        tasks=_steps(section, "task"),
        limit=section.choice("limit", section.text("limit"), LIMITS),
        happened=key or None,
        told_by=teller or None,
        calendar=section.choice("calendar", section.text("calendar", HOUSE), calendars),
        where=_condition(section.get("where", None) and section.section("where")),
        begins=_steps(section, "begins", []),
        released=_steps(section, "released", []),
        target=_target(section),
    )


def _condition(section: Section | None) -> Condition | None:
    if section is None:
        return None
    step, _, key = section.text("answer").rpartition(".")
    values = section.typed("is", list, "a list of values")
    if not step or not values or not all(isinstance(value, str) for value in values):
        raise ConfigError(
            f"{section.file}: “{section.where}” must name an answer as step.question,"
            " and a list of values."
        )
    section.finish()
    return Condition(step, key, tuple(values))


def _target(section: Section) -> str | None:
    given = section.text("target", None)
    if given is None:
        return None
    target = section.choice("target", given, LIMITS)
    if target == section.text("limit"):
        raise ConfigError(
            f"{section.file}: “{section.name('target')}” must be the other one than “limit”."
        )
    return target


def _steps(section: Section, key: str, *default: list[str]) -> tuple[str, ...]:
    given = section.get(key, *default)
    steps = given if isinstance(given, list) else [given]
    if not (steps or default) or not all(isinstance(step, str) and step for step in steps):
        raise ConfigError(
            f"{section.file}: “{section.name(key)}” must be the id of a step, or a list of them."
        )
    return tuple(dict.fromkeys(steps))


def remarks(measure: Measure, program: Program) -> list[str]:
    """What of a measure the diagrams do not have, a sentence each; it is counted all the same."""
    sentences = []
    for task in measure.tasks:
        drawn = _elements(program, task)
        if not drawn:
            sentences.append(f"There is no step of this name in the diagrams: {task}.")
        elif not any(_has_limit(element, measure.limit) for element in drawn.values()):
            sentences.append(f"The step {task} has no {_WORDS[measure.limit]} in the diagrams.")
        elif len(drawn) > 1:
            sentences.append(_shared(task, drawn))
    sentences += _duty_remarks(measure, program)
    if measure.where is not None:
        sentences += _condition_remarks(measure.where, program)
    if measure.happened is None:
        return sentences
    tellers = (measure.told_by,) if measure.told_by else measure.tasks
    for teller in tellers:
        drawn = _elements(program, teller)
        if not drawn and measure.told_by:
            sentences.append(f"There is no step of this name in the diagrams: {teller}.")
        elif drawn and not any(
            _asks(program, element, measure.happened) for element in drawn.values()
        ):
            sentences.append(
                f"The form of the step {teller} asks for no date “{measure.happened}”;"
                " the time at which the step was done is counted."
            )
    return sentences


def _duty_remarks(measure: Measure, program: Program) -> list[str]:
    sentences = []
    for step in measure.begins:
        drawn = _elements(program, step)
        if not drawn:
            sentences.append(f"There is no step of this name in the diagrams: {step}.")
        elif not any(_has_limit(element, "backstop") for element in drawn.values()):
            sentences.append(
                f"The step {step} has no backstop in the diagrams; the duty does not begin with it."
            )
    for name in measure.released:
        if not _elements(program, name):
            sentences.append(f"There is no step or event of this name in the diagrams: {name}.")
    if measure.target is not None and not any(
        _has_limit(element, measure.target)
        for task in measure.tasks
        for element in _elements(program, task).values()
    ):
        sentences.append(f"No step of it has a {_WORDS[measure.target]} in the diagrams.")
    return sentences


def _condition_remarks(where: Condition, program: Program) -> list[str]:
    drawn = _elements(program, where.step)
    if not drawn:
        return [f"There is no step of this name in the diagrams: {where.step}."]
    forms = (program.forms.get(element.form or "") for element in drawn.values())
    if any(field.key == where.key for form in forms if form for field in level(form.fields)):
        return []
    return [f"The form of the step {where.step} has no question “{where.key}”; all are counted."]


_WORDS = {"due": "due date", "backstop": "backstop"}


def _elements(program: Program, step: str) -> dict[str, Element]:
    """Process → its element of this name; a name in full means one process."""
    drawn = {
        id: process.elements[step]
        for id, process in program.processes.items()
        if step in process.elements
    }
    of, _, element = step.partition(".")
    if not drawn and of in program.processes and element in program.processes[of].elements:
        return {of: program.processes[of].elements[element]}
    return drawn


def _shared(step: str, drawn: Mapping[str, Element]) -> str:
    names = sorted(f"{process}.{step}" for process in drawn)
    return (
        f"The step {step} stands in {len(drawn)} processes, and all are counted."
        f" To count one, write {' or '.join(names)}."
    )


def _has_limit(element: Element, limit: str) -> bool:
    due = element.due or element.rules.deadline
    return bool(due and (limit == "due" or element.rules.backstop))


def _asks(program: Program, element: Element, key: str) -> bool:
    form = program.forms.get(element.form or "")
    fields = level(form.fields) if form is not None else ()
    return any(field.key == key and field.kind in ("date", "datetime") for field in fields)
