"""What is wrong: faults that are raised, findings that a check of a file gives, and their phrases.

The faults are the engine room's one family of errors; no library's exception leaves it in another
form.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
MOST_SENTENCE = 500
#: letters that lie side by side on no keyboard matter less than the case of a name
_CLOSE_ENOUGH = 0.6


class Fault(Exception):
    """Something in the process cannot go on."""

    def __init__(
        self,
        sentence: str | None = None,
        *,
        element_id: str | None = None,
        process: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        #: id of the diagram element, decision or form field it is about
        self.element_id = element_id
        #: the process that holds the element; "": not known, or it is about no element
        self.process = process
        self.line = line
        self.column = column
        super().__init__(self.sentence)


class ExpressionFault(Fault):
    """This expression cannot be read or worked out."""


class UnknownHolidays(ExpressionFault):
    """This day lies beyond the bank holidays that are known."""

    def __init__(self, sentence: str | None = None, *, year: int) -> None:
        super().__init__(sentence)
        self.year = year


class DecisionFault(Fault):
    """This decision cannot be worked out."""


class NotExecutable(Fault):
    """This file cannot run."""


class NotOpen(Fault):
    """This task is not open."""


class Incident(Fault):
    """The case has stopped here and needs a person."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a check says about a file: rule, place and one plain sentence."""

    #: path inside the deployment, e.g. "bpmn/review.bpmn"
    file: str
    #: bpmnlint's rule name where there is one, ours otherwise, e.g. "no-implicit-start"
    rule: str
    #: plain English for a process owner, naming the element by its label and what to do instead
    sentence: str
    severity: Severity = "error"
    element_id: str | None = None
    #: 1-based line in the file
    line: int | None = None


def bounded(sentence: str) -> str:
    """The sentence, cut where it is too long: names and texts of a file may be as long as it."""
    return sentence if len(sentence) <= MOST_SENTENCE else sentence[: MOST_SENTENCE - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one; None when none is."""
    names = {other.casefold(): other for other in known}
    matches = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=_CLOSE_ENOUGH)
    return names[matches[0]] if matches else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” with the nearest known name, or nothing."""
    near = nearest(name, sorted(known))
    return f" Did you mean “{near}”?" if near else ""
