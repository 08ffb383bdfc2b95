"""No test reads a clock: processor time is limited, events are waited for.

What other programs do on the same machine is no fault of ours, so nothing here depends on it.
Beside them the same work takes up to three times the processor time: limits are far above that.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: the signal comes again, should one be lost in a place where Python drops exceptions
AGAIN_S = 1.0
#: far beyond what the busiest machine needs; about five minutes of asking
TRIES, PAUSE_S = 6000, 0.05
#: seconds for an answer of somebody else: a socket, a program, a browser
PATIENCE_S = 300


class Overdue(BaseException):
    """Not an Exception, so that no `except Exception` on the way takes it for bad input."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises Overdue in its body after so many seconds of processor time of this process."""

    def overdue(*_: object) -> None:
        raise Overdue(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, overdue)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def until(holds: Callable[[], object], what: Callable[[], object] = str) -> None:
    """Asks until `holds` is true; AssertionError with `what` when that never happens."""
    for _ in range(TRIES):
        if holds():
            return
        time.sleep(PAUSE_S)
    raise AssertionError(f"it never happened: {what()}")
