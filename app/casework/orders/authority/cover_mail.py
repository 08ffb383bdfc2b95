"""What both are told by mail when a cover is proposed, set, agreed or ended; never the reason."""

from __future__ import annotations

from app import store
from app.casework import notices
from app.casework.command import Command
from app.engine import saying
from app.store import CoverRow, Unit

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
