"""What a refusal says, and whether it is the one that a step expects."""

from __future__ import annotations

from collections.abc import Sequence

from app.casework import CaseworkError, NotFound, Refused
from app.journeys.file import STEP_ORDERS, Step


class NotOpen(Exception):
    """A task that is known, but not open now."""

    def __init__(self, target: str, others: list[str]) -> None:
        listed = f"Open are {', '.join(others)}." if others else "No task is open."
        self.sentence = f"“{target}” is not open now. {listed}"
        super().__init__(self.sentence)


Refusal = CaseworkError | NotOpen


def not_offered(step: Step, offered: Sequence[str]) -> str:
    """Why an order about something that is there comes to nothing: to whom it is offered."""
    what = {
        "start": f"“{step.target}” can be started by hand",
        "document": f"“{step.target}” can be made",
    }.get(step.order or "", f"“{step.target}” is open, but offered")
    if step.order in ("start", "document"):
        to = f"by {', '.join(offered)}" if offered else "by nobody"
    else:
        to = f"to {', '.join(offered)}" if offered else "to nobody: no group and no person is named"
    return f"{what} {to}; {step.who} may not, or may not see the case."


def said_by(step: Step, refusal: Refusal, offered: Sequence[str] | None = None) -> str:
    """In a sentence. `offered`: to whom it is, where it is there and only not offered to them."""
    if isinstance(refusal, NotFound) and offered is not None:
        return not_offered(step, offered)
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    return " ".join([refusal.sentence, *(f"[{path}] {text}" for path, text in fields.items())])


def is_expected(step: Step, refusal: Refusal, said: str) -> bool:
    """The refusal names the field, command or text that was expected."""
    expected = (step.refused or "").strip().casefold()
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    paths = {path.casefold() for path in fields}
    if expected in paths or any(expected in path.split(".") for path in paths):
        return True
    row = STEP_ORDERS.get(step.order or "")
    names = {*(row.names if row else ()), step.target.casefold()}
    kind = type(refusal).__name__.casefold()
    told = f"{said} {refusal.sentence}".casefold()
    return expected in names or expected == kind or expected in told
