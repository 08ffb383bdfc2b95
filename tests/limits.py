"""A limit on processor time that cuts off what does not come back.

Processor time, not time on the wall: what other programs do meanwhile is no fault of ours.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

#: the signal comes again, should one be lost in a place where Python drops exceptions
AGAIN_S = 1.0


class Overdue(BaseException):
    """Not an Exception, so that no `except Exception` on the way takes it for bad input."""


def _overdue(*_: object) -> None:
    raise Overdue


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises Overdue in its body after so many seconds of processor time of this process."""
    before = signal.signal(signal.SIGPROF, _overdue)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
