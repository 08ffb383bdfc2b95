"""Orders that need a PDF: it takes long, so it is made with no lock held, and the order is given
again with it.
"""

from __future__ import annotations

from collections.abc import Callable

from app.bounded import Unprinted, made
from app.casework.commands import CaseCommand, Done
from app.casework.errors import Refused
from app.engine import Fault

#: times that one is made for an order, while others change the case
_PRINTS = 3


def with_print(do: Callable[[CaseCommand], Done], command: CaseCommand) -> Done:
    """`do` takes the lock and lets it go. Raises `Refused` when there can be no PDF."""
    try:
        return do(command)
    except Unprinted as unprinted:
        wanted = unprinted.wanted
    for _ in range(_PRINTS):
        try:
            with made(wanted):
                return do(command)
        except Unprinted as unprinted:
            wanted = unprinted.wanted
        except Fault as error:
            raise Refused(error.sentence) from error
    raise Refused("The case changed while the PDF was made. Ask for it again.")
