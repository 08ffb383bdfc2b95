"""What both are told by mail, and the installation's log, of a cover that is proposed, set, agreed
or ended; never the reason.
"""

from __future__ import annotations

from app import store
from app.casework import notices
from app.casework.cases import Installation, log_entry
from app.casework.command import Command
from app.engine import saying
from app.store import CoverRow, Rows, Unit

#: what both are told: {away}, {by}: names; {who}: who did it
SET = "{who} has said that {by} covers for {away}"
PROPOSED = (
    "{who} proposes that {by} covers for {away}. It counts once {away}, or another person who may "
    "say who covers, agrees to it on the page “Cover”: the days are"
)
AGREED = "{who} has agreed that {by} covers for {away}"
ENDED = "{who} has ended the cover of {by} for {away}, which was set"


def tell(unit: Unit, row: CoverRow, words: str, command: Command) -> None:
    """Both, whoever did it."""
    names = store.people.accounts.names(unit, [row.person, row.cover])
    said = words.format(
        who=command.actor.name,
        by=names.get(row.cover, row.cover),
        away=names.get(row.person, row.person),
    )
    text = (
        f"{said} from {saying.day(row.first)} to {saying.day(row.last)}.\n\n"
        "Who covers sees and does what the person who is away sees and does in cases.\n"
    )
    notices.tell(unit, [row.person, row.cover], "Absence cover", text, command.at)


def in_log(
    installation: Installation, unit: Unit, kind: str, command: Command, row: CoverRow
) -> None:
    """In the installation's log; the reason stays where it is sealed."""
    names = store.people.accounts.names(unit, [row.person, row.cover])
    said = {
        "cover": row.id, "person": row.person, "name": names.get(row.person, row.person),
        "cover_by": row.cover, "cover_name": names.get(row.cover, row.cover),
        "first": row.first, "last": row.last,
    }  # fmt: skip
    rows = [
        Rows("cover", {"id": row.id}),
        Rows("cover_agreed", {"cover": row.id}),
        Rows("cover_end", {"cover": row.id}),
    ]
    both = [row.person, row.cover]
    log_entry(installation, unit, kind, command.actor, command.at, said, about=both, rows=rows)
