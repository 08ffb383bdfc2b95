"""What a journey checks: status, variables, history, mail, instances, who sees what.

Each check looks only at what was written; what does not hold is named with its line. Checks of
tasks are `tasks`', of deadlines `deadlines`'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.audit.narrative import Words, tell
from app.engine import iso_second
from app.journeys.checks import (
    deadlines,
    mail,
    tasks,
)
from app.journeys.file import Claimed, JourneyFault, bare, hint, snake
from app.journeys.stage import Ledger, UnknownPerson, Verdict, Viewpoint, as_at

Check = Callable[[Viewpoint, Ledger, Any], Iterator[Verdict]]


class Checker:
    """Looks at one journey's cases. With `keep_going` every claim of a step is looked at."""

    def __init__(self, view: Viewpoint, *, keep_going: bool = False) -> None:
        self._view, self._keep_going = view, keep_going
        #: how many held
        self.count = 0

    def check(
        self, claims: Iterable[Claimed], case: str | None, who: str | None
    ) -> list[JourneyFault]:
        """What does not hold: with `keep_going` all of it, else at most the first."""
        faults: list[JourneyFault] = []
        view = replace(self._view, who=who)
        ledger = view.stage.ledger(case)
        for claim in claims:
            for fault in self._wrong(view, ledger, claim):
                faults.append(fault)
                if not self._keep_going:
                    return faults
        return faults

    def told(self) -> Iterator[JourneyFault]:
        """Each mail since the last look that names somebody, or that is told to who cannot open
        the case."""
        for ledger in self._view.stage.ledgers.values():
            for verdict in mail.since_last_look(self._view, ledger):
                if not verdict.holds:
                    yield JourneyFault(verdict.sentence)

    def _wrong(self, view: Viewpoint, ledger: Ledger, claim: Claimed) -> Iterator[JourneyFault]:
        try:
            for verdict in CHECKS[claim.key](view, ledger, claim.expected):
                self.count += verdict.holds
                if not verdict.holds:
                    yield _named(claim, verdict.sentence, verdict.line)
        except JourneyFault as fault:
            yield _named(claim, fault.sentence, fault.line)


def _named(claim: Claimed, sentence: str, line: int | None) -> JourneyFault:
    return JourneyFault(f"check {claim.key}: {sentence}", line=line or claim.line)


def _status(view: Viewpoint, ledger: Ledger, wanted: str) -> Iterator[Verdict]:
    now = ledger.status or "not set"
    holds = snake(ledger.status) == snake(wanted)
    strange = "" if holds else view.names.unknown_status(wanted)
    yield Verdict(holds, f"The status is {now}, not {wanted}.{strange}")


def _ended(view: Viewpoint, ledger: Ledger, wanted: bool) -> Iterator[Verdict]:
    now = "has ended" if ledger.ended else "has not ended"
    yield Verdict(ledger.ended is wanted, f"The case {now}.")


def _suspended(view: Viewpoint, ledger: Ledger, wanted: bool) -> Iterator[Verdict]:
    now = "is suspended" if ledger.suspended else "is not suspended"
    yield Verdict(ledger.suspended is wanted, f"The case {now}.")


def _variables(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    for about in expected:
        view.names.variable(about.name, about.line, ledger.variables)
        if about.name not in ledger.variables:
            near = hint(about.name, ledger.variables)
            sentence = f"No variable “{about.name}” was set.{near}"
            yield Verdict(about.expected is None, sentence, about.line)
            continue
        now = ledger.variables[about.name]
        sentence = f"“{about.name}” is {now!s}, not {about.expected}."
        yield Verdict(_equal(now, about.expected), sentence, about.line)


def _told(view: Viewpoint, ledger: Ledger) -> list[str]:
    calendar = view.stage.desk.settings.calendar
    words = Words(view.stage.program, view.cast.names(), calendar=calendar)
    return [sentence.text for sentence in tell(ledger.entries, words)]


def _history(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    told = _told(view, ledger)
    at = 0
    for wanted, line in expected:
        rest = (n for n, text in enumerate(told[at:], at) if bare(wanted) in bare(text))
        place = next(rest, None)
        where = "" if at == 0 else " after the one before"
        last = f" The last was: {told[-1]}" if told else ""
        yield Verdict(place is not None, f"The history does not say “{wanted}”{where}.{last}", line)
        at = (place or 0) + 1


def _not_history(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    told = _told(view, ledger)
    for unwanted, line in expected:
        said = next((text for text in told if bare(unwanted) in bare(text)), None)
        yield Verdict(said is None, f"The history says “{unwanted}”: {said}", line)


def _instances(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    for about in expected:
        count = ledger.instances[view.names.process(about.name, about.line)]
        times = "once" if count == 1 else f"{count} times"
        sentence = f"“{about.name}” was started {times}, not {about.expected}."
        yield Verdict(count == about.expected, sentence, about.line)


def _can_see(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    for who, line in expected:
        sees = _sight(view, ledger, who, line) != "none"
        yield Verdict(sees, f"“{who}” cannot see the case.", line)


def _cannot_see(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    for who, line in expected:
        sees = _sight(view, ledger, who, line) != "none"
        yield Verdict(not sees, f"“{who}” can see the case.", line)


def _sight(view: Viewpoint, ledger: Ledger, who: str, line: int) -> str:
    meant = view.names.slip(who, ledger.groups)
    if meant:
        raise JourneyFault(f"Nobody is called “{who}”. Did you mean “{meant}”?", line=line)
    case = next(key for key, other in view.stage.ledgers.items() if other is ledger)
    try:
        person = as_at(view.stage.desk, view.cast.person(who), view.stage.now)
    except UnknownPerson as error:
        raise JourneyFault(str(error), line=line) from error
    return view.stage.desk.roles.sight(person, view.stage.members(case))


CHECKS: Mapping[str, Check] = {
    "open": tasks.is_open,
    "not_open": tasks.not_open,
    "signed": tasks.signed,
    "not_signed": tasks.not_signed,
    "offered": tasks.offered,
    "page": tasks.page,
    "due": deadlines.due,
    "backstop": deadlines.backstop,
    "sum": deadlines.sum_says,
    "late": deadlines.late,
    "not_late": deadlines.not_late,
    "no_deadline": deadlines.no_deadline,
    "status": _status,
    "ended": _ended,
    "suspended": _suspended,
    "variables": _variables,
    "history": _history,
    "not_history": _not_history,
    "mail": mail.mail,
    "no_mail": mail.no_mail,
    "instances": _instances,
    "can_see": _can_see,
    "cannot_see": _cannot_see,
}


def _equal(now: Any, wanted: Any) -> bool:
    """A FEEL value and what YAML says of it."""
    if isinstance(now, bool) or isinstance(wanted, bool):
        return now is wanted
    if isinstance(now, Decimal | int):
        return isinstance(wanted, Decimal | int) and Decimal(now) == Decimal(wanted)
    if isinstance(now, datetime):
        seconds = iso_second(now)
        return str(wanted).replace("T", " ") in (seconds, seconds[: -len(":00")])
    if isinstance(now, dict) and isinstance(wanted, dict):
        return now.keys() == wanted.keys() and all(_equal(now[k], wanted[k]) for k in now)
    if isinstance(now, list) and isinstance(wanted, list):
        return len(now) == len(wanted) and all(map(_equal, now, wanted))
    if now is None or wanted is None:
        return now is wanted
    return str(now) == str(wanted)
