"""What a case's page says beside where the case stands: about whom it is, what forbids that it is
destroyed, and how much there is of what stands on pages of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import store
from app.casework.mail.of_case import mails_of
from app.casework.reading.case.beside.holds import HeldFor, holds_on
from app.casework.reading.case.beside.meetings import may_meet
from app.casework.reading.case.beside.named import Named, named
from app.casework.reading.case.documents import files_made
from app.casework.reading.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """For who sees only their own part all is empty, but how often they sent something."""

    named: Named
    #: on it, or on a case that is one with it
    holds: tuple[HeldFor, ...]
    #: files that were made, of documents that the person may open
    files: int
    #: how often something was sent
    recorded: int
    #: state → how many mails; None for who may not see them
    mails: Mapping[str, int] | None
    #: its drawings call meetings
    meets: bool = False


def beside_of(seen: Look) -> Beside:
    unit, case = seen.unit, seen.row.id
    if not seen.whole:
        mine = store.work.answers.count(unit, case, seen.person.id)
        return Beside(named=Named(), holds=(), files=0, recorded=mine, mails=None)
    return Beside(
        named=named(seen),
        holds=holds_on(seen),
        files=files_made(seen),
        recorded=store.work.answers.count(unit, case),
        mails=mails_of(seen),
        meets=may_meet(seen),
    )
