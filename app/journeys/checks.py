"""What a journey checks: open tasks, deadlines, status, variables, history, mail, who sees what.

Each check looks only at what was written; the first that does not hold is named with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.audit.narrative import tell
from app.audit.wording import due as due_words
from app.audit.words import Words
from app.engine.feel import nearest
from app.journeys.cast import Cast, UnknownPerson
from app.journeys.claims import Claimed
from app.journeys.instants import LONDON, BadInstant, Instants
from app.journeys.ledger import Deadline, Ledger, Mail
from app.journeys.lines import JourneyFault
from app.journeys.mails import mail_text
from app.journeys.names import Names
from app.journeys.stage import Stage


class Checker:
    def __init__(self, stage: Stage, cast: Cast, names: Names, instants: Instants) -> None:
        self.stage, self.cast, self.names, self.instants = stage, cast, names, instants
        self.count = 0

    def check(self, claims: Iterable[Claimed], case: str | None) -> int:
        """How many held. JourneyFault."""
        ledger = self.stage.ledger(case)
        before = self.count
        for claim in claims:
            try:
                _CHECKS[claim.key](self, ledger, claim)
            except JourneyFault as fault:
                said = f"check {claim.key}: {fault.sentence}"
                raise JourneyFault(said, line=fault.line or claim.line) from fault
        return self.count - before

    def held(self, truth: bool, line: int, sentence: str) -> None:
        self.count += 1
        if not truth:
            raise JourneyFault(sentence, line=line)

    def open(self, ledger: Ledger, claim: Claimed) -> None:
        open_ = Counter(task.element for task in ledger.open_tasks())
        for said, wanted, line in claim.expected:
            element = self.names.element(said, line)
            found = open_[element]
            right = found > 0 if wanted is None else found == wanted
            expected = "open" if wanted is None else f"open {wanted} times"
            listed = _listed(open_) or "nothing"
            self.held(right, line, f"“{said}” should be {expected}; open is {listed}.")

    def not_open(self, ledger: Ledger, claim: Claimed) -> None:
        for said, line in claim.expected:
            element = self.names.element(said, line)
            found = ledger.open_tasks(element)
            self.held(not found, line, f"“{said}” is open.")

    def signed(self, ledger: Ledger, claim: Claimed) -> None:
        self._signed(ledger, claim, True)

    def not_signed(self, ledger: Ledger, claim: Claimed) -> None:
        self._signed(ledger, claim, False)

    def _signed(self, ledger: Ledger, claim: Claimed, wanted: bool) -> None:
        for said, line in claim.expected:
            open_ = ledger.open_tasks(self.names.element(said, line))
            self.held(bool(open_), line, f"“{said}” is not open.")
            found = any(task.id in ledger.signed for task in open_)
            now = "has been signed by a first person" if found else "has not been signed by anybody"
            self.held(found is wanted, line, f"“{said}” {now}.")

    def due(self, ledger: Ledger, claim: Claimed) -> None:
        for said, wanted, line in claim.expected:
            for one in self._deadlines(ledger, said, line):
                now = due_words(one.due, one.whole_day)
                right = self._is_due(wanted, one.due, one.whole_day, line)
                self.held(right, line, f"“{said}” is due by {now}, not {wanted} ({one.sum}).")

    def backstop(self, ledger: Ledger, claim: Claimed) -> None:
        for said, wanted, line in claim.expected:
            for one in self._deadlines(ledger, said, line):
                if one.backstop is None:
                    self.held(wanted is None, line, f"“{said}” has no backstop.")
                    continue
                now = due_words(one.backstop, one.backstop_whole_day)
                right = self._is_due(wanted, one.backstop, one.backstop_whole_day, line)
                self.held(right, line, f"The backstop of “{said}” is {now}, not {wanted}.")

    def sum(self, ledger: Ledger, claim: Claimed) -> None:
        for said, wanted, line in claim.expected:
            for one in self._deadlines(ledger, said, line):
                right = str(wanted).casefold() in one.sum.casefold()
                self.held(right, line, f"The sum of “{said}” is: {one.sum}")

    def late(self, ledger: Ledger, claim: Claimed) -> None:
        for said, line in claim.expected:
            found = self._all_deadlines(ledger, said, line)
            now = ", ".join(due_words(one.due, one.whole_day) for one in found)
            right = any(one.late(self.stage.now) for one in found)
            self.held(right, line, f"“{said}” is not late: it is due by {now}.")

    def not_late(self, ledger: Ledger, claim: Claimed) -> None:
        for said, line in claim.expected:
            found = self._all_deadlines(ledger, said, line)
            right = not any(one.late(self.stage.now) for one in found)
            self.held(right, line, f"“{said}” is late.")

    def status(self, ledger: Ledger, claim: Claimed) -> None:
        right = _snake(ledger.status) == _snake(claim.expected)
        now = ledger.status or "not set"
        self.held(right, claim.line, f"The status is {now}, not {claim.expected}.")

    def variables(self, ledger: Ledger, claim: Claimed) -> None:
        for name, wanted, line in claim.expected:
            if name not in ledger.variables:
                near = nearest(name, ledger.variables)
                hint = f" Did you mean “{near}”?" if near else ""
                self.held(wanted is None, line, f"No variable “{name}” was set.{hint}")
                continue
            now = ledger.variables[name]
            self.held(_equal(now, wanted), line, f"“{name}” is {now!s}, not {wanted}.")

    def history(self, ledger: Ledger, claim: Claimed) -> None:
        words = Words(self.stage.program, self.cast.names())
        told = [_bare(one.text) for one in tell(ledger.entries, words)]
        at = 0
        for wanted, line in claim.expected:
            rest = (n for n, text in enumerate(told[at:], at) if _bare(wanted) in text)
            found = next(rest, None)
            where = "" if at == 0 else " after the one before"
            last = f" The last was: {told[-1]}" if told else ""
            said = f"The history does not say “{wanted}”{where}.{last}"
            self.held(found is not None, line, said)
            at = (found or 0) + 1

    def mail(self, ledger: Ledger, claim: Claimed) -> None:
        for wanted, line in claim.expected:
            fitting = [one for one in ledger.mails if _fits(one, wanted)]
            texts = [mail_text(self.stage.program, one, ledger.reference) for one in fitting]
            right = any(_bare(wanted.get("contains", "")) in _bare(text) for text in texts)
            sent = "; ".join(f"{', '.join(one.to)}: {one.headers.get('template')}"
                             for one in ledger.mails) or "none"  # fmt: skip
            self.held(right, line, f"No mail fits {wanted}. Mails so far: {sent}.")

    def instances(self, ledger: Ledger, claim: Claimed) -> None:
        for said, wanted, line in claim.expected:
            found = ledger.instances[self.names.process(said, line)]
            self.held(found == wanted, line, f"“{said}” was started {found} times, not {wanted}.")

    def can_see(self, ledger: Ledger, claim: Claimed) -> None:
        for who, line, sight in self._sights(ledger, claim):
            self.held(sight != "none", line, f"“{who}” cannot see the case.")

    def cannot_see(self, ledger: Ledger, claim: Claimed) -> None:
        for who, line, sight in self._sights(ledger, claim):
            self.held(sight == "none", line, f"“{who}” can see the case.")

    def _sights(self, ledger: Ledger, claim: Claimed) -> Iterator[tuple[str, int, str]]:
        case = next(key for key, one in self.stage.ledgers.items() if one is ledger)
        for who, line in claim.expected:
            try:
                person = self.cast.person(who)
            except UnknownPerson as error:
                raise JourneyFault(str(error), line=line) from error
            here = self.stage.present(person)
            yield who, line, self.stage.desk.roles.sight(here, self.stage.members(case))

    def _deadlines(self, ledger: Ledger, said: str, line: int) -> list[Deadline]:
        found = ledger.deadlines_of(self.names.element(said, line))
        if not found:
            raise JourneyFault(f"“{said}” has no deadline so far.", line=line)
        return found

    def _all_deadlines(self, ledger: Ledger, said: str, line: int) -> list[Deadline]:
        element = self.names.element(said, line)
        found = [one for one in ledger.deadlines.values() if one.element == element]
        if not found:
            raise JourneyFault(f"“{said}” has no deadline so far.", line=line)
        return found

    def _is_due(self, wanted: Any, at: datetime, whole_day: bool, line: int) -> bool:
        text = str(wanted)
        try:
            if len(text) == len("2026-06-11") and text[4] == "-":
                end = datetime.combine(date.fromisoformat(text), time(23, 59, 59), LONDON)
                return at == end if not whole_day else at.astimezone(LONDON).date() == end.date()
            return abs(self.instants.read(text) - at) < timedelta(seconds=60)
        except (BadInstant, ValueError) as error:
            raise JourneyFault(str(error), line=line) from error


_CHECKS: Mapping[str, Callable[[Checker, Ledger, Claimed], None]] = {
    "open": Checker.open,
    "not_open": Checker.not_open,
    "signed": Checker.signed,
    "not_signed": Checker.not_signed,
    "due": Checker.due,
    "backstop": Checker.backstop,
    "sum": Checker.sum,
    "late": Checker.late,
    "not_late": Checker.not_late,
    "status": Checker.status,
    "variables": Checker.variables,
    "history": Checker.history,
    "mail": Checker.mail,
    "instances": Checker.instances,
    "can_see": Checker.can_see,
    "cannot_see": Checker.cannot_see,
}


def _listed(open_: Mapping[str, int]) -> str:
    return ", ".join(f"{key} ×{n}" if n > 1 else key for key, n in sorted(open_.items()) if n)


def _snake(text: str) -> str:
    """In progress → in_progress"""
    return "_".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def _bare(text: str) -> str:
    """Without quotation marks, case and odd spaces, which nobody wants to get right."""
    return " ".join(text.translate(_MARKS).split()).casefold()


_MARKS = dict.fromkeys(map(ord, "“”‘’'\""))


def _fits(mail: Mail, wanted: Mapping[str, str]) -> bool:
    to = wanted.get("to")
    template = wanted.get("template")
    if template is not None and mail.headers.get("template") != template:
        return False
    return to is None or any(to in (one, one.partition(":")[0]) for one in mail.to)


def _equal(now: Any, wanted: Any) -> bool:
    """A FEEL value and what YAML says of it."""
    if isinstance(now, bool) or isinstance(wanted, bool):
        return now is wanted
    if isinstance(now, Decimal | int):
        return isinstance(wanted, Decimal | int) and Decimal(now) == Decimal(wanted)
    if isinstance(now, datetime):
        here = now.astimezone(LONDON) if now.tzinfo else now
        return str(wanted).replace("T", " ") in (
            f"{here:%Y-%m-%d %H:%M}",
            f"{here:%Y-%m-%d %H:%M:%S}",
        )
    if isinstance(now, dict) and isinstance(wanted, dict):
        return now.keys() == wanted.keys() and all(_equal(now[k], wanted[k]) for k in now)
    if isinstance(now, list) and isinstance(wanted, list):
        return len(now) == len(wanted) and all(map(_equal, now, wanted))
    if now is None or wanted is None:
        return now is wanted
    return str(now) == str(wanted)
