"""One row of the policy: who may do something, by what they see of a case, in which states of it.

The rows themselves are `policy`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a case can be besides open; it may be several at once."""

    SUSPENDED = "suspended"
    MERGED = "merged"
    ENDED = "ended"


SUSPENDED, MERGED, ENDED = State
ANY = frozenset(State)
#: ways of seeing a case, least first
SIGHTS = ("none", "guest", "own", "case", "all")
#: of a case, one task alone: by a link and a code, without an account
GUEST = frozenset({"guest"})
#: by which all of a case is seen
WHOLE = frozenset({"case", "all"})
#: by which something of it is seen
PART = frozenset({"own", *WHOLE})
TASK = PART | GUEST
#: it is about no case: whatever somebody with an account sees
NO_CASE = frozenset(SIGHTS) - GUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: who may do it, by what they see of the case, in which states of the case."""

    #: in the words of the printed table
    what: str
    #: what a role must allow; None: nothing beyond what is seen
    power: str | None = None
    #: a power that does as well
    or_power: str | None = None
    #: who may do it without the power, in words; the order itself asks
    unless: str = ""
    #: what they must see of the case
    sees: frozenset[str] = WHOLE
    #: states in which it may be done, beside an open case
    also: frozenset[State] = frozenset()
    #: the state that it ends, so that it can be done in no other
    ends: State | None = None
    #: with this sentence everybody but the installation is refused
    system: str = ""
    #: who may not do it is not told that there is such a thing
    hidden: bool = False
    #: any further bound, in words; the order or the view itself asks
    bound: str = ""

    def fits(self, states: frozenset[State]) -> bool:
        """Whether it may be done in a case that is all this."""
        return states <= self.also and (self.ends is None or self.ends in states)

    def allows(self, may: Callable[[str], bool]) -> bool:
        """Whether somebody whose roles allow this has the power, whatever the case says."""
        return any(
            power is None or may(power) for power in (self.power, self.or_power or self.power)
        )

    def reaches(self, sight: str) -> bool:
        """Whether it may be done by somebody who sees so much of the case."""
        return sight in self.sees
