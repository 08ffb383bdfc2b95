"""How long content is kept, as config.yaml says it under “retention”.

The periods are the partnership's own to set; none is built in, and without a rule a case is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.casework.retention import BEGUN_DAYS, DUE, RetentionRule
from app.casework.retention import Retention as Retention
from app.config.sections import ConfigError, Section

#: it stands in the open in the last entry of a history, and says nothing of anybody
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_YEARS = 150
_MOST_DAYS = 366


def read_retention(top: Section) -> Retention:
    """Rules, holds and causes. ConfigError."""
    if top.get("retention", None) is None:
        return Retention()
    section = top.section("retention")
    rules: tuple[RetentionRule, ...] = section.each("rules", _rule, [])
    read = Retention(
        rules=rules, holds=_names(section, "holds"), early=_names(section, "early"),
        begun_days=_begun_days(section),
    )  # fmt: skip
    ids = [rule.id for rule in rules]
    for id in ids:
        if ids.count(id) > 1:
            raise ConfigError(f"{top.file}: two of “retention.rules” have the id “{id}”.")
    if sum(not rule.processes for rule in rules) > 1:
        raise ConfigError(f"{top.file}: two of “retention.rules” are for all other processes.")
    if DUE in read.early:
        raise ConfigError(f"{top.file}: “retention.early.{DUE}” means that the time is over.")
    section.finish()
    return read


def _begun_days(section: Section) -> int:
    days = section.number("begun_days", BEGUN_DAYS)
    if not 1 <= days <= _MOST_DAYS:
        raise ConfigError(
            f"{section.file}: “{section.name('begun_days')}” must be from 1 to {_MOST_DAYS}, not"
            f" {days}."
        )
    return days


def _rule(section: Section) -> RetentionRule:
    years = section.number("years")
    if not 1 <= years <= _MOST_YEARS:
        raise ConfigError(
            f"{section.file}: “{section.name('years')}” must be from 1 to {_MOST_YEARS}, not"
            f" {years}."
        )
    processes = section.typed("processes", list, "a list of processes", [])
    return RetentionRule(
        id=_id(section, section.text("id")),
        name=section.text("name"),
        processes=tuple(str(process) for process in processes),
        years=years,
        basis=section.text("basis"),
    )


def _names(section: Section, key: str) -> Mapping[str, str]:
    named = section.section(key, {})
    return {_id(named, name): named.text(name) for name in list(named.raw)}


def _id(section: Section, id: Any) -> str:
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise ConfigError(
            f"{section.file}: “{section.where}” names {id!r}; it may have small letters, digits and"
            " “_” only."
        )
    return id
