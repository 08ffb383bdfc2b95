"""Which days are working days, and sums with them. Words for the sums are made in `sums`.

A working day is not a Saturday or Sunday, nor a bank holiday of the region (in England and Wales
under the Banking and Financial Dealings Act 1971, with Good Friday and Christmas Day), nor a day
closed by configuration. Where each list comes from, and what several regions have together, is
`holidays`'. Beyond the years of a list nothing is guessed: bank holidays are proclaimed (2022,
2023, 2026) and moved (2020), so a computed one could be wrong: it is an `UnknownHolidays`.

The house's calendar holds the named ones, by which limits count that no closure of the house moves.
"""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from app.engine import saying
from app.engine.errors import ExpressionFault, UnknownHolidays, suggestion
from app.engine.feel.calendar.holidays import REGIONS, OneOff, listed
from app.engine.feel.calendar.sums import Skipped, Sum, basis_text, counted_text, rolled_text

Roll = Literal["back", "forward", "none"]
ROLLS: tuple[Roll, ...] = ("back", "forward", "none")
#: what the house's own calendar is called in an expression
HOUSE = "house"
_DAY = timedelta(days=1)
_MOST_DAYS = 2000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays of a region, or of several, with closures. `version` names exactly this content."""

    region: str
    holidays: Mapping[date, str]
    #: closed days with the reason ("" where none was given)
    closed: Mapping[date, str] = field(default_factory=dict)
    #: first and last day the list of holidays speaks of
    first: date = date.min
    last: date = date.max
    version: str = ""
    #: how a sum says by which days it counted; "" says nothing
    called: str = ""
    #: holidays of which the day is kept from which they were known
    known_from: Mapping[date, date] = field(default_factory=dict)
    #: of the house's calendar: those that expressions choose by name
    named: Mapping[str, Calendar] = field(default_factory=dict)
    #: what this one is named; "" is the house's
    name: str = ""
    #: closures of the house that do not count here
    spared: frozenset[date] = frozenset()

    @classmethod
    def of(
        cls,
        region: str | Sequence[str] = REGIONS[0],
        closed: Iterable[date] | Mapping[date, str] = (),
        extra: Iterable[OneOff] | Mapping[date, str] = (),
        *,
        called: str = "",
        named: Mapping[str, Calendar] | None = None,
    ) -> Calendar:
        """The calendar of a region, or of several: a working day is then a holiday of none of them.
        `extra` holidays are those proclaimed since the list was made, `closed` the organisation's
        own days. ExpressionFault for an unknown region."""
        regions = [region] if isinstance(region, str) else list(region)
        if isinstance(extra, Mapping):
            extra = [OneOff(day, name, tuple(regions)) for day, name in extra.items()]
        found = listed(regions, extra)
        closures = dict(closed) if isinstance(closed, Mapping) else dict.fromkeys(closed, "")
        bare = cls(
            "+".join(regions), found.days, closures, found.first, found.last,
            called=called, known_from=found.known_from, named=named or {},
        )  # fmt: skip
        return bare._sealed()

    def _sealed(self) -> Calendar:
        """In order, with its version, its named ones told what the house's closures are."""
        tidy = replace(
            self,
            holidays=dict(sorted(self.holidays.items())),
            closed=dict(sorted(self.closed.items())),
            named={
                name: replace(
                    other, name=name, spared=frozenset(set(self.closed) - set(other.closed))
                )
                for name, other in sorted(self.named.items())
            },
        )
        text = json.dumps(tidy.to_dict(), sort_keys=True, ensure_ascii=False)
        return replace(tidy, version=hashlib.sha256(text.encode()).hexdigest()[:12])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able content; `from_dict` gives the same calendar with the same version. What was
        not there before is left out where it is empty, so that old calendars keep theirs."""
        later: dict[str, Any] = {
            "called": self.called,
            "known_from": {day.isoformat(): on.isoformat() for day, on in self.known_from.items()},
            "named": {name: other.to_dict() for name, other in self.named.items()},
        }
        return {
            "region": self.region,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "holidays": {day.isoformat(): name for day, name in self.holidays.items()},
            "closed": {day.isoformat(): why for day, why in self.closed.items()},
        } | {name: value for name, value in later.items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calendar:
        def days(name: str) -> dict[date, str]:
            return {date.fromisoformat(day): why for day, why in stored.get(name, {}).items()}

        bare = cls(
            stored["region"], days("holidays"), days("closed"),
            date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"]),
            called=stored.get("called", ""),
            known_from={d: date.fromisoformat(on) for d, on in days("known_from").items()},
            named={n: cls.from_dict(other) for n, other in stored.get("named", {}).items()},
        )  # fmt: skip
        return bare._sealed()

    @property
    def mark(self) -> str:
        """What a deadline keeps of the calendar it counted by: version, and name if it has one."""
        return f"{self.name}@{self.version}" if self.name else self.version

    def marked(self, mark: str) -> Calendar:
        """The one that a mark names; the house's where it names none that is there."""
        name, at, _ = mark.partition("@")
        return self.named.get(name, self) if at else self

    def chosen(self, name: str | None, known: date | None = None) -> Calendar:
        """The one that an expression names, with the holidays known on a day. ExpressionFault."""
        if name is None or name == HOUSE:
            return self.as_known(known)
        if name not in self.named:
            hint = suggestion(name, [HOUSE, *self.named])
            raise ExpressionFault(f"There is no calendar called “{name}”.{hint}")
        return self.named[name].as_known(known)

    def as_known(self, known: date | None) -> Calendar:
        """Without the holidays that became known later than this day."""
        late = [day for day, on in self.known_from.items() if known is not None and on > known]
        if not late:
            return self
        return replace(self, holidays={d: n for d, n in self.holidays.items() if d not in late})

    def why_not(self, day: date) -> str | None:
        """Why a day is no working day: "Good Friday", "Saturday", "closed: …"; None if it is one.
        ExpressionFault outside the years the list of holidays covers."""
        if not self.first <= day <= self.last:
            raise UnknownHolidays(
                f"The list of bank holidays covers {self.first.year} to {self.last.year}; "
                f"{saying.day(day)} lies outside it.",
                year=day.year,
            )
        if day.weekday() >= 5:
            return saying.weekday(day)
        if day in self.holidays:
            return self.holidays[day]
        if day in self.closed:
            return f"closed: {self.closed[day]}" if self.closed[day] else "closed"
        return None

    def is_working_day(self, day: date) -> bool:
        return self.why_not(day) is None

    def _count(self, start: date, n: int, sign: int) -> tuple[list[date], list[Skipped]]:
        """The next n working days from a start (not counted), and the days left out between."""
        if n > _MOST_DAYS:
            raise ExpressionFault(
                f"A sum of more than {_MOST_DAYS:,} working days is not worked out."
            )
        if start in (date.min, date.max):
            self.why_not(start)
        counted: list[date] = []
        skipped: list[Skipped] = []
        day = start
        while len(counted) < n:
            day += sign * _DAY
            why = self.why_not(day)
            if why is None:
                counted.append(day)
            else:
                skipped.append(Skipped(day, why))
        return counted, skipped

    def rolled(self, day: date, roll: Roll) -> date:
        """The day itself if it is a working day, else the nearest one back or forward."""
        sign = -_DAY if roll == "back" else _DAY
        while roll != "none" and self.why_not(day) is not None:
            day += sign
        return day

    def working_days_after(self, day: date, n: int) -> Sum:
        """The n-th working day after a day; the day itself is 0 and need not be a working day.
        For n = 0 the day itself or the next working day; a negative n counts back."""
        if n < 0:
            return self.working_days_before(day, -n)
        head = f"{saying.count(n, 'working day')} after {saying.day(day)}"
        if n == 0:
            return self._rolled_sum(head, day, "forward")
        counted, skipped = self._count(day, n, 1)
        text = counted_text(head, day, counted, skipped)
        return self._sum(counted[-1], text, day, counted[-1])

    def working_days_before(self, day: date, n: int) -> Sum:
        """The n-th working day before a day; for n = 0 the day itself or the working day before."""
        if n < 0:
            return self.working_days_after(day, -n)
        head = f"{saying.count(n, 'working day')} before {saying.day(day)}"
        if n == 0:
            return self._rolled_sum(head, day, "back")
        counted, skipped = self._count(day, n, -1)
        text = counted_text(head, day, counted, skipped)
        return self._sum(counted[-1], text, day, counted[-1])

    def working_day(self, day: date, n: int, first: int = 1) -> Sum:
        """Day n: Day 1 is the day itself if it is a working day, else the next one. With `first` 0
        that day is Day 0."""
        if n < first:
            raise ExpressionFault(f"Days are counted from Day {first}.")
        first_day = self.rolled(day, "forward")
        missed = [Skipped(d, self.why_not(d) or "") for d in _between(day, first_day)]
        counted, skipped = self._count(first_day, n - first, 1)
        head = (
            f"Day {n}, with Day {first} on {saying.day(first_day)}"
            if n > first
            else f"Day {first}: {saying.day(first_day)}"
        )
        text = counted_text(head, first_day, counted, [*missed, *skipped])
        result = counted[-1] if counted else first_day
        return self._sum(result, text, day - _DAY, result)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after start, up to and with end; negative backwards."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + i * _DAY for i in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working_day(day))

    def months_after(self, day: date, n: int, roll: Roll = "back") -> Sum:
        """The corresponding date n months on, or that month's last day (Interpretation: the
        corresponding-date rule, Dodds v Walker [1981] 1 WLR 1027), then rolled."""
        total = day.year * 12 + day.month - 1 + n
        year, month = divmod(total, 12)
        if not 1 <= year <= 9999:
            raise ExpressionFault(f"{saying.count(n, 'month')} after {saying.day(day)} is no date.")
        last = monthrange(year, month + 1)[1]
        raw = date(year, month + 1, min(day.day, last))
        head = f"{saying.count(n, 'month')} after {saying.day(day)}"
        if raw.day != day.day:
            head += f" ({saying.month(raw)} {raw.year} has no {day.day}th)".replace("31th", "31st")
        return self._rolled_sum(head, raw, roll)

    def days_after(self, day: date, n: int, roll: Roll = "none") -> Sum:
        """The n-th calendar day after a day, then rolled."""
        try:
            raw = day + timedelta(days=n)
        except OverflowError:
            raise ExpressionFault(
                f"{saying.count(n, 'day')} after {saying.day(day)} is no date."
            ) from None
        return self._rolled_sum(f"{saying.count(n, 'day')} after {saying.day(day)}", raw, roll)

    def _rolled_sum(self, head: str, raw: date, roll: Roll) -> Sum:
        result = self.rolled(raw, roll)
        why = self.why_not(raw) if result != raw else None
        text = rolled_text(head, raw, why, result)
        if result == raw and raw not in self.spared:
            return Sum(result, text, self.mark)
        return self._sum(result, text, raw - _DAY, raw)

    def _sum(self, result: date, text: str, start: date, end: date) -> Sum:
        """With the days that were counted by, and the house's closures that did not count."""
        first, last = sorted((start, end))
        spared = [
            day for day in sorted(self.spared)
            if first <= day <= last and day != start and self.is_working_day(day)
        ]  # fmt: skip
        return Sum(result, text + basis_text(self.called, spared, start.year), self.mark)


def _between(start: date, end: date) -> list[date]:
    """The days from start up to, without, end."""
    return [start + i * _DAY for i in range((end - start).days)]


@lru_cache(maxsize=1)
def default_calendar() -> Calendar:
    """England and Wales without closures."""
    return Calendar.of()
