"""THE SEAM to the installation's log: what was allowed by two people or for a while is told here.

Every order about authority that changes no case calls `note` in its own transaction, before anybody
can look by what it gives. Until the chain `installation` is there, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from app.casework.cases.installation import Installation
from app.casework.commands import Command
from app.store import Unit


class AuthorityKind(StrEnum):
    """What an entry tells. A value stands in logs for ever."""

    AGREE_COVER = "AgreeCover"
    BREAK_GLASS = "BreakGlass"
    LIFT_EXCLUSION = "LiftExclusion"
    RECORD_CONFLICT = "RecordConflict"
    END_CONFLICT = "EndConflict"


def note(
    installation: Installation,
    unit: Unit,
    kind: AuthorityKind,
    command: Command,
    said: Mapping[str, Any],
    about: Iterable[str] = (),
) -> None:
    """`about`: ids of the people it is about."""
