"""Which meaning of drawings, tables and expressions is in force: today's, or that of an old entry.

Every history entry names the meaning it was written under. Running it again follows that meaning
where the code still knows it (`followed`), else tells entry and reason. Numbers only grow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: the meaning under which new entries are written
TODAY = 3
_STEPS = re.compile(r"steps (\d+)$")


@dataclass(frozen=True, slots=True)
class Change:
    #: the first meaning that has it
    since: int
    #: what it is called wherever it is told, e.g. "repeating timers"
    name: str
    #: what was, and what is now, in one sentence for an auditor
    sentence: str
    #: an old entry is run again as it was meant then
    followed: bool


CHANGES: tuple[Change, ...] = (
    Change(
        since=2,
        name="repeating timers",
        sentence="A repeating timer made up for every interval that it had missed, and counted "
        "each from the one before; now it fires once for all it missed, then on its grid.",
        followed=True,
    ),
    Change(
        since=2,
        name="days of a timer",
        sentence="A timer's day was 24 hours; now it is a day of the calendar, so the clock time "
        "in London stays the same when the clocks change.",
        followed=True,
    ),
    Change(
        since=2,
        name="order of undoing",
        sentence="Compensation handlers were all begun at once and did not reach into called "
        "processes; now they run one after the other, the newest first, those of called "
        "processes among them.",
        followed=True,
    ),
    Change(
        since=2,
        name="clock times in sums",
        sentence="A deadline's sum said clock times as 14:05; now it says them as 2:05pm.",
        followed=True,
    ),
    Change(
        since=2,
        name="hidden questions",
        sentence="A mapping of a question that was hidden set its variable to null; now it leaves "
        "the variable as it was.",
        followed=True,
    ),
    Change(
        since=2,
        name="correlation keys",
        sentence="A message went to who had waited longest, whatever key was drawn; now it goes to "
        "the one whose key it carries.",
        followed=True,
    ),
    Change(
        since=2,
        name="types of decision columns",
        sentence="An input or output of a decision table that was not of the type of its column "
        "was taken as it came; it is a fault now.",
        followed=True,
    ),
    Change(
        since=2,
        name="no rule of a decision applies",
        sentence="A decision table that gives one result gave nothing where no rule applied and it "
        "states no default; it is a fault now.",
        followed=True,
    ),
    Change(
        since=2,
        name="failing knowledge models",
        sentence="A knowledge model or decision service that failed, or was called wrongly, gave "
        "nothing to the expression that called it; it is a fault now.",
        followed=True,
    ),
    Change(
        since=2,
        name="days as instants in decisions",
        sentence="A day given where a decision declares a date and time was midnight in UTC; it is "
        "midnight in London now.",
        followed=True,
    ),
    Change(
        2,
        "tests of another kind",
        "A cell of a decision table, or an “in”, counted a value of another kind as not met, so "
        "that “not(…)” matched it, and a cell “true” matched what is neither true nor false; "
        "now it cannot be said, and the rule does not apply.",
        followed=True,
    ),
    Change(
        2,
        "numbers as text",
        "A number forgot the zeros after its last digit when it was written or stored (12.5 for "
        "12.50); now it keeps them.",
        followed=True,
    ),
    Change(
        2,
        "equal and later",
        "Two times within one second were equal, and one of them later as well; now they are "
        "only equal.",
        followed=True,
    ),
    Change(
        2,
        "a date as date and time",
        "“date and time” of a date, and a date where a function of one’s own wants a date and "
        "time, was midnight in UTC; now it is midnight in London.",
        followed=True,
    ),
    Change(
        2,
        "a date beside a date and time",
        "A date that is taken from a date and time, or the other way round, counted as midnight "
        "in UTC; now it is midnight in London.",
        followed=False,
    ),
    Change(
        2,
        "clock times in zones",
        "A clock time that is skipped in spring kept its face, and a year outside 1 to 9999 had "
        "the clock of another; now the one moves on, and the other has its own.",
        followed=False,
    ),
    Change(
        2,
        "small repairs of expressions",
        '“get or else” of an unknown name was a fault, number("+5") null, is empty({}) false, an '
        "empty list with an index from a variable an empty list, and (= 10) equal to [10..10].",
        followed=True,
    ),
    Change(
        2,
        "a dot in a pattern",
        "A dot in a pattern matched a carriage return; now it matches neither sign that ends a "
        "line.",
        followed=False,
    ),
    Change(
        3,
        "the sum of a deadline",
        "A deadline told the last sum that its expression worked out; now it tells the one that "
        "gave the date, and the bare date where none did.",
        followed=True,
    ),
    Change(
        3,
        "no backstop",
        "A backstop whose expression gave null was a fault; now there is none.",
        followed=True,
    ),
)


def of_engine(engine: str) -> int:
    """The meaning that an entry's `engine` names ("SpiffWorkflow 3.2.0; steps 1" → 1)."""
    named = _STEPS.search(engine)
    return int(named[1]) if named else 1


def told_since(meaning: int) -> tuple[Change, ...]:
    """What means something else today than under `meaning`, and is not followed when run again."""
    return tuple(change for change in CHANGES if change.since > meaning and not change.followed)
