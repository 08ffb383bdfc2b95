"""Owns how much work may be done at once: the budget of one order, and which file is looked at.

A budget holds steps of expressions *and* time. Who opens one says what follows when it is spent;
work outside of a budget (running a history again, a command's own process) is not bounded by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, thread_time

from app.engine.errors import Fault

#: steps of expressions that one order or one request may take in all. One expression has 100,000
#: (`feel.World`), less than a second's work; the longest order of our own content takes a tenth
MOST_STEPS = 500_000
#: seconds of processor time that it may take, whatever it does with them; waiting for a lock, a
#: database or other threads does not count
MOST_SECONDS = 3.0
#: … and by the clock from its first step on, for a machine that is very busy: a database ends what
#: holds a lock for longer (`store.database.connection`)
MOST_BY_CLOCK = 10.0


class Spent(Fault):
    """This needs more work than one order may take, so it was stopped, and nothing was changed."""

    #: the computer, by the clock alone: it is no fault of the order's
    busy = False


class OutOfTime(Spent):
    """The computer is very busy, so this was stopped, and nothing was changed. Try again."""

    def __init__(self, *, busy: bool) -> None:
        super().__init__(None if busy else Spent.__doc__)
        self.busy = busy


@dataclass(slots=True)
class Budget:
    """What is left. Once it is spent, every further look says so again: no part goes on without."""

    steps: int
    ends: float
    #: by the clock; it begins with the first step, as waiting for a lock does not count
    ends_by_clock: float | None = None
    spent: Spent | None = None

    def take(self, steps: int) -> None:
        self.steps -= steps
        now = monotonic()
        if self.ends_by_clock is None:
            self.ends_by_clock = now + MOST_BY_CLOCK
        if self.spent is None:
            if self.steps < 0:
                self.spent = Spent()
            elif thread_time() > self.ends or now > self.ends_by_clock:
                self.spent = OutOfTime(busy=thread_time() <= self.ends)
        if self.spent is not None:
            self.steps = -1
            raise self.spent


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)
_LOOKING: ContextVar[Callable[[str], None] | None] = ContextVar("looking", default=None)


@contextmanager
def budget(steps: int | None = None, seconds: float | None = None) -> Iterator[None]:
    """A budget of its own for what is done inside, in this thread."""
    most = MOST_STEPS if steps is None else steps
    longest = MOST_SECONDS if seconds is None else seconds
    before = _BUDGET.set(Budget(most, thread_time() + longest))
    try:
        yield
    finally:
        _BUDGET.reset(before)


@contextmanager
def unbounded() -> Iterator[None]:
    """Inside, no budget counts."""
    before = _BUDGET.set(None)
    try:
        yield
    finally:
        _BUDGET.reset(before)


def take(steps: int = 0) -> None:
    """Takes steps from the budget that is open, if there is one. Raises `Spent`."""
    given = _BUDGET.get()
    if given is not None:
        given.take(steps)


def left(most: int) -> int:
    """`most`, or what is left where that is less."""
    given = _BUDGET.get()
    return most if given is None else min(most, max(given.steps, 0))


@contextmanager
def telling(tell: Callable[[str], None]) -> Iterator[None]:
    """Inside, `tell` hears the path of each file that is looked at."""
    before = _LOOKING.set(tell)
    try:
        yield
    finally:
        _LOOKING.reset(before)


def looking_at(path: str) -> None:
    """Says which file of a set is looked at from here on."""
    tell = _LOOKING.get()
    if tell is not None:
        tell(path)
