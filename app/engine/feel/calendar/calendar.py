"""Which days are working days, and sums with them. Words for the sums are made in `sums`.

A working day is not a Saturday or Sunday, nor a bank holiday of the region (in England and Wales
under the Banking and Financial Dealings Act 1971, with Good Friday and Christmas Day), nor a day
closed by configuration. The dates come from GOV.UK's list in the package govuk-bank-holidays,
always its offline copy. Beyond the years of that list nothing is guessed: bank holidays are
proclaimed (2022, 2023) and moved (2020), so a computed one could be wrong: it is a `Fault`.
"""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from govuk_bank_holidays.bank_holidays import BankHolidays

from app.engine import saying
from app.engine.errors import ExpressionFault
from app.engine.feel.calendar.sums import Skipped, Sum, counted_text, rolled_text

Roll = Literal["back", "forward", "none"]
ROLLS: tuple[Roll, ...] = ("back", "forward", "none")
REGIONS = ("england-and-wales", "scotland", "northern-ireland")
_DAY = timedelta(days=1)
_MOST_DAYS = 2000


@lru_cache(maxsize=8)
def _listed(region: str) -> dict[date, str]:
    """GOV.UK's bank holidays of a region, with their names."""
    if region not in REGIONS:
        raise ExpressionFault(
            f"There is no calendar for “{region}”; there are {', '.join(REGIONS)}."
        )
    rows = BankHolidays(use_cached_holidays=True).get_holidays(division=region)
    holidays = {}
    for row in rows:
        notes = str(row["notes"]).strip()
        holidays[row["date"]] = f"{row['title']}, {notes.lower()}" if notes else str(row["title"])
    return holidays


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays of one region with closures. `version` names exactly this content."""

    region: str
    holidays: Mapping[date, str]
    #: closed days with the reason ("" where none was given)
    closed: Mapping[date, str] = field(default_factory=dict)
    #: first and last day the list of holidays speaks of
    first: date = date.min
    last: date = date.max
    version: str = ""

    @classmethod
    def of(
        cls,
        region: str = REGIONS[0],
        closed: Iterable[date] | Mapping[date, str] = (),
        extra: Mapping[date, str] | None = None,
    ) -> Calendar:
        """The calendar of a region; `extra` holidays are those proclaimed since the list was
        made, `closed` the organisation's own days. ExpressionFault for an unknown region."""
        listed = _listed(region)
        closures = dict(closed) if isinstance(closed, Mapping) else dict.fromkeys(closed, "")
        first, last = date(min(listed).year, 1, 1), date(max(listed).year, 12, 31)
        return cls._of(region, {**listed, **(extra or {})}, closures, first, last)

    @classmethod
    def _of(
        cls, region: str, holidays: Mapping[date, str], closed: Mapping[date, str],
        first: date, last: date,
    ) -> Calendar:  # fmt: skip
        bare = cls(
            region, dict(sorted(holidays.items())), dict(sorted(closed.items())), first, last
        )
        text = json.dumps(bare.to_dict(), sort_keys=True, ensure_ascii=False)
        version = hashlib.sha256(text.encode()).hexdigest()[:12]
        return cls(region, bare.holidays, bare.closed, first, last, version)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able content; `from_dict` gives the same calendar with the same version."""
        return {
            "region": self.region,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "holidays": {day.isoformat(): name for day, name in self.holidays.items()},
            "closed": {day.isoformat(): why for day, why in self.closed.items()},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calendar:
        def days(name: str) -> dict[date, str]:
            return {date.fromisoformat(day): why for day, why in stored[name].items()}

        ends = (date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"]))
        return cls._of(stored["region"], days("holidays"), days("closed"), *ends)

    def why_not(self, day: date) -> str | None:
        """Why a day is no working day: "Good Friday", "Saturday", "closed: …"; None if it is one.
        ExpressionFault outside the years the list of holidays covers."""
        if not self.first <= day <= self.last:
            raise ExpressionFault(
                f"The list of bank holidays covers {self.first.year} to {self.last.year}; "
                f"{saying.day(day)} lies outside it."
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
        return Sum(counted[-1], counted_text(head, day, counted, skipped), self.version)

    def working_days_before(self, day: date, n: int) -> Sum:
        """The n-th working day before a day; for n = 0 the day itself or the working day before."""
        if n < 0:
            return self.working_days_after(day, -n)
        head = f"{saying.count(n, 'working day')} before {saying.day(day)}"
        if n == 0:
            return self._rolled_sum(head, day, "back")
        counted, skipped = self._count(day, n, -1)
        return Sum(counted[-1], counted_text(head, day, counted, skipped), self.version)

    def working_day(self, day: date, n: int) -> Sum:
        """Day n: Day 1 is the day itself if it is a working day, else the next one."""
        if n < 1:
            raise ExpressionFault("Days are counted from Day 1.")
        first_day = self.rolled(day, "forward")
        missed = [Skipped(d, self.why_not(d) or "") for d in _between(day, first_day)]
        counted, skipped = self._count(first_day, n - 1, 1)
        head = (
            f"Day {n}, with Day 1 on {saying.day(first_day)}"
            if n > 1
            else f"Day 1: {saying.day(first_day)}"
        )
        text = counted_text(head, first_day, counted, [*missed, *skipped])
        return Sum(counted[-1] if counted else first_day, text, self.version)

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
        return Sum(result, rolled_text(head, raw, why, result), self.version)


def _between(start: date, end: date) -> list[date]:
    """The days from start up to, without, end."""
    return [start + i * _DAY for i in range((end - start).days)]


@lru_cache(maxsize=1)
def default_calendar() -> Calendar:
    """England and Wales without closures."""
    return Calendar.of()
