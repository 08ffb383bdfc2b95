"""Owns the calendars of config.yaml: the house's, the named ones, and holidays the list lacks.

What a working day is and how it is counted is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.config.sections import ConfigError, Section
from app.engine.feel import HOUSE, REGIONS, OneOff
from app.engine.feel import Calendar as Calendar


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    #: its bank holidays count; of several regions a holiday in any of them
    region: str | tuple[str, ...]
    #: days on which the organisation is closed though the country works
    closed: tuple[date, ...] = ()
    #: how a sum names it
    called: str = ""


@dataclass(frozen=True, slots=True)
class Others:
    """What stands beside the house's calendar."""

    named: Mapping[str, CalendarSettings] = field(default_factory=dict)
    #: proclaimed since the list of bank holidays was made
    holidays: tuple[OneOff, ...] = ()

    def around(self, house: CalendarSettings) -> Calendar:
        """The house's calendar, which holds the named ones."""
        named = {name: self._one(row, {}) for name, row in self.named.items()}
        return self._one(house, named)

    def _one(self, row: CalendarSettings, named: Mapping[str, Calendar]) -> Calendar:
        return Calendar.of(row.region, row.closed, self.holidays, called=row.called, named=named)

    def told(self) -> dict[str, Any]:
        """What a deployment knows of them: name → whether closures move it. Where others are named
        the house's is the one for closures, whether it has any now or not."""
        if not self.named:
            return {}
        closes = {name: bool(row.closed) for name, row in self.named.items()}
        return {"calendars": {HOUSE: True, **closes}}


def read_others(top: Section) -> Others:
    named = top.section("calendars", {})
    for name in list(named.raw):
        if name == HOUSE or not isinstance(name, str) or not name:
            raise ConfigError(
                f"{top.file}: “calendars.{name}” cannot be used: “{HOUSE}” is the calendar under "
                "“calendar”. Give this one another name."
            )
    rows = {name: read_calendar(named.section(name)) for name in list(named.raw)}
    return Others(rows, top.each("holidays", _holiday, []))


def read_calendar(section: Section) -> CalendarSettings:
    """`region` says one, `regions` several."""
    several = "regions" in section.raw
    given = section.typed("regions", list, "a list of regions") if several else []
    region = "" if several else section.text("region")
    closed = section.typed("closed", list, "a list of dates", [])
    called = section.text("called", "")
    section.finish()
    for day in closed:
        _checked_day(section, "closed", day)
    if not several:
        return CalendarSettings(section.choice("region", region, REGIONS), tuple(closed), called)
    if not given:
        raise ConfigError(f"{section.file}: “{section.name('regions')}” names no region.")
    regions = tuple(section.choice("regions", each, REGIONS) for each in given)
    return CalendarSettings(regions, tuple(closed), called)


def _holiday(section: Section) -> OneOff:
    day = _checked_day(section, "day", section.get("day"))
    regions = section.typed("regions", list, "a list of regions")
    known = section.get("known_from", None)
    row = OneOff(
        day,
        section.text("name"),
        tuple(section.choice("regions", region, REGIONS) for region in regions),
        None if known is None else _checked_day(section, "known_from", known),
    )
    section.finish()
    return row


def _checked_day(section: Section, key: str, value: Any) -> date:
    if type(value) is not date:
        raise ConfigError(f"{section.file}: “{section.name(key)}” holds {value!r}, not a date.")
    return value
