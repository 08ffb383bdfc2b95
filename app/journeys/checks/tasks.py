"""Checks of tasks: what is open, signed, to whom it is offered, what its page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.journeys.checks.shown_texts import page_texts
from app.journeys.file import About, JourneyFault, bare
from app.journeys.stage import Ledger, Task, UnknownPerson, Verdict, Viewpoint, called, tasks_meant

#: what a check writes for a task that is offered to nobody
NOBODY = "nobody"


def is_open(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    there = ledger.open_tasks()
    listed = _listed(there)
    if not expected:
        yield Verdict(not there, f"Nothing should be open; open is {listed}.")
    for about in expected:
        spots = view.names.tasks(about.name, about.line)
        for label, tasks in _by_label(ledger, ledger.open_tasks(spots), spots, about):
            wanted = about.expected
            holds = bool(tasks) if wanted is None else len(tasks) == wanted
            how = "open" if wanted is None else f"open {wanted} times"
            sentence = f"{called(about, label)} should be {how}; open is {listed}."
            yield Verdict(holds, sentence, about.line)


def not_open(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for about in expected:
        spots = view.names.tasks(about.name, about.line)
        for label, tasks in _by_label(ledger, ledger.open_tasks(spots), spots, about):
            yield Verdict(not tasks, f"{called(about, label)} is open.", about.line)


def signed(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    return _signed(view, ledger, expected, True)


def not_signed(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    return _signed(view, ledger, expected, False)


def _signed(
    view: Viewpoint, ledger: Ledger, expected: Sequence[About], wanted: bool
) -> Iterator[Verdict]:
    for about in expected:
        spots = view.names.tasks(about.name, about.line)
        if not view.names.for_two(spots):
            sentence = f"“{about.name}” needs one person, so nobody signs it first."
            raise JourneyFault(sentence, line=about.line)
        for label, there in _by_label(ledger, ledger.open_tasks(spots), spots, about):
            yield Verdict(bool(there), f"{called(about, label)} is not open.", about.line)
            is_signed = any(task.id in ledger.signed for task in there)
            now = (
                "has been signed by a first person"
                if is_signed
                else "has not been signed by anybody"
            )
            yield Verdict(is_signed is wanted, f"{called(about, label)} {now}.", about.line)


def offered(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    """To these groups and people and nobody else."""
    people = view.cast.names()
    for about in expected:
        tasks = ledger.open_tasks(view.names.tasks(about.name, about.line))
        wanted = {said for said in about.expected if said != NOBODY}
        for said in wanted:
            view.names.group(said, about.line, people)
        yield Verdict(bool(tasks), f"“{about.name}” is not open.", about.line)
        for task in tasks:
            now = {*task.groups, *task.users}
            label = f" for {task.label}" if task.label else ""
            sentence = f"“{about.name}”{label} is offered to {', '.join(sorted(now)) or NOBODY}."
            yield Verdict(now == wanted, sentence, about.line)


def page(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    """As it opens for `who`: with their draft, what a first person signed, or first answers."""
    case = next(key for key, other in view.stage.ledgers.items() if other is ledger)
    for about in expected:
        tasks = ledger.open_tasks(view.names.tasks(about.name, about.line))
        yield Verdict(bool(tasks), f"“{about.name}” is not open.", about.line)
        for task in tasks[:1]:
            told = page_texts(view.stage, case, task.id, _person(view, task, about.line))
            for text in about.expected:
                holds = any(bare(text) in bare(shown) for shown in told)
                sentence = f"The page of “{about.name}” does not say “{text}”."
                yield Verdict(holds, sentence, about.line)


def _person(view: Viewpoint, task: Task, line: int) -> str | None:
    try:
        return view.cast.person(view.who, task.groups).id if view.who else None
    except UnknownPerson as error:
        raise JourneyFault(str(error), line=line) from error


def _by_label(
    ledger: Ledger, tasks: Sequence[Task], spots: frozenset[tuple[str, str]], about: About
) -> Iterator[tuple[str | None, list[Task]]]:
    labels = about.which or (None,)
    return zip(labels, tasks_meant(ledger, tasks, spots, about), strict=True)


def _listed(tasks: Sequence[Task]) -> str:
    counted = sorted(Counter(task.element for task in tasks).items())
    return ", ".join(f"{key} ×{n}" if n > 1 else key for key, n in counted) or "nothing"
