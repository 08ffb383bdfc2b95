"""Owns which holidays regions have: GOV.UK's list, what several share, one-off ones beside it.

The dates come from the package govuk-bank-holidays, always its offline copy. What a working day is
and how it is counted, `calendar` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from app.engine import saying
from app.engine.errors import ExpressionFault

REGIONS = ("england-and-wales", "scotland", "northern-ireland")
_SAID = dict(zip(REGIONS, ("England and Wales", "Scotland", "Northern Ireland"), strict=True))


@dataclass(frozen=True, slots=True)
class OneOff:
    """A holiday that the list lacks."""

    day: date
    name: str
    regions: tuple[str, ...]
    #: the day on which it became known; None: always was
    known_from: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    days: dict[date, str]
    known_from: dict[date, date]
    #: the years of which the list of every region speaks
    first: date
    last: date


@lru_cache(maxsize=8)
def _of_region(region: str) -> dict[date, str]:
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


def listed(regions: Sequence[str], extra: Iterable[OneOff]) -> Listed:
    """What is a holiday in any of the regions. ExpressionFault for one that nobody knows."""
    lists = {region: dict(_of_region(region)) for region in regions}
    first = max(date(min(days).year, 1, 1) for days in lists.values())
    last = min(date(max(days).year, 12, 31) for days in lists.values())
    known_from: dict[date, date] = {}
    for row in extra:
        here = [r for r in row.regions if r in lists and row.day not in lists[r]]
        for region in here:
            lists[region][row.day] = row.name
        if here and row.known_from is not None:
            known_from[row.day] = row.known_from
    every = sorted(set().union(*lists.values()))
    return Listed({day: _name(day, lists) for day in every}, known_from, first, last)


def _name(day: date, lists: dict[str, dict[date, str]]) -> str:
    """Its name; of several regions, where it is one, unless it is one in all of them."""
    where = [region for region, days in lists.items() if day in days]
    name = lists[where[0]][day]
    if len(where) == len(lists):
        return name
    return f"{name}, {saying.joined(_SAID[region] for region in where)}"
