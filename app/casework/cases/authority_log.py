"""What was allowed by two people or for a while, in the installation's log.

Every order about authority calls `note` in its own transaction, before anybody can look by what it
gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.casework.cases import installation_log
from app.casework.cases.installation import Installation
from app.casework.commands import Command
from app.store import Rows, Unit


class AuthorityKind(StrEnum):
    """What an entry tells. A value stands in logs for ever."""

    AGREE_COVER = "AgreeCover"
    BREAK_GLASS = "BreakGlass"
    LIFT_EXCLUSION = "LiftExclusion"
    RECORD_CONFLICT = "RecordConflict"
    END_CONFLICT = "EndConflict"
    SET_HOLD = "SetHold"
    LIFT_HOLD = "LiftHold"
    ERASE_CONTENT = "EraseContent"


def note(
    installation: Installation,
    unit: Unit,
    kind: AuthorityKind,
    command: Command,
    said: Mapping[str, Any],
    about: Iterable[str] = (),
    rows: Sequence[Rows] = (),
) -> None:
    """`about`: ids of the people it is about; `rows`: what of the tables was touched."""
    by, at = command.actor, command.at
    installation_log.record(installation, unit, kind, by, at, said, about=about, rows=rows)
