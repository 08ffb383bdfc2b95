"""How long a case's content is kept, what holds it longer, and why it may go earlier: plain values.

The configuration file says them, for nothing of it is the same everywhere. What orders do with them
is `orders.retention`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.engine import saying

#: the cause of a destruction whose time is over
DUE = "due"
#: where nothing is said
BEGUN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    id: str
    name: str
    #: ids of the processes that a case may have begun with; none: all that no other rule names
    processes: tuple[str, ...]
    #: counted from the day in London on which the case ended
    years: int
    #: why so long, in words
    basis: str

    def over(self, ended: date) -> date:
        """The day on which the content has been kept long enough."""
        try:
            return ended.replace(year=ended.year + self.years)
        except ValueError:  # 29 February
            return date(ended.year + self.years, 3, 1)

    def sum(self, ended: date) -> str:
        """25 years from 12 March 2026: until 12 March 2051"""
        lasts = saying.count(self.years, "year")
        return f"{lasts} from {saying.short_day(ended)}: until {saying.short_day(self.over(ended))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    rules: tuple[RetentionRule, ...] = ()
    #: kind of hold → its name
    holds: Mapping[str, str] = field(default_factory=dict)
    #: cause of a destruction before its time → its name
    early: Mapping[str, str] = field(default_factory=dict)
    #: how many days a start form that somebody has begun waits for them, after it was last saved
    begun_days: int = BEGUN_DAYS

    def rule(self, process: str) -> RetentionRule | None:
        """Of the case that began with this process; None: its content is kept."""
        own = [rule for rule in self.rules if process in rule.processes]
        others = [rule for rule in self.rules if not rule.processes]
        return next(iter((*own, *others)), None)

    def rule_name(self, id: str) -> str:
        """In words; the id of a rule that there is no more."""
        return next((rule.name for rule in self.rules if rule.id == id), id)

    def cause_name(self, cause: str) -> str:
        return "Its time is over" if cause == DUE else self.early.get(cause, cause)

    def told(self) -> dict[str, Any]:
        """As it stands among the settings in force, JSON-able; empty where nothing is said."""
        begun = {} if self.begun_days == BEGUN_DAYS else {"begun_days": self.begun_days}
        if not (self.rules or self.holds or self.early):
            return begun
        rules = [
            {"basis": rule.basis, "id": rule.id, "name": rule.name,
             "processes": list(rule.processes), "years": rule.years}
            for rule in self.rules
        ]  # fmt: skip
        return begun | {"early": dict(self.early), "holds": dict(self.holds), "rules": rules}
