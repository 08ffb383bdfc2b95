"""The order that sends a mail of a case once more; what that means for a letter is `letters`'."""

from __future__ import annotations

from app import store
from app.casework.cases import LockedCase
from app.casework.commands import Done, SendAgain
from app.casework.errors import NotFound
from app.casework.letters import addressee, once_more


def send_again(locked: LockedCase, command: SendAgain) -> Done:
    """Raises NotFound for a letter that is not of this case, Conflict while it is being sent."""
    unit = locked.unit
    letter = store.work.letters.find(unit, locked.row.id, command.letter)
    if letter is None:
        raise NotFound
    said = {"letter": letter.id, "person": letter.person or "", "name": addressee(unit, letter)}
    once_more(unit, letter, command.at)
    return locked.record(command, said=said)
