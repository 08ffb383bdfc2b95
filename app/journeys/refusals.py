"""What a refusal says, and whether it is the one that a step expects."""

from __future__ import annotations

from app.casework.errors import CaseworkError, Refused
from app.journeys.reading import Step


class NotOpen(Exception):
    """A task that is known, but not open now."""

    def __init__(self, target: str, others: list[str]) -> None:
        listed = f"Open are {', '.join(others)}." if others else "No task is open."
        self.sentence = f"“{target}” is not open now. {listed}"
        super().__init__(self.sentence)


Refusal = CaseworkError | NotOpen
_COMMANDS = {
    "start": ("start", "start_case", "startcase"),
    "do": ("do", "complete", "complete_task", "completetask"),
    "message": ("message", "deliver_message", "delivermessage"),
    "merge_into": ("merge_into", "merge"),
    "unmerge": ("unmerge",),
    "cover": ("cover", "set_cover", "setcover"),
    "end_cover": ("end_cover", "endcover"),
}


def said_by(refusal: Refusal) -> str:
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    return " ".join([refusal.sentence, *(f"[{path}] {text}" for path, text in fields.items())])


def is_expected(step: Step, refusal: Refusal, said: str) -> bool:
    """The refusal names the field, command or text that was expected."""
    expected = (step.refused or "").strip().casefold()
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    paths = {path.casefold() for path in fields}
    if expected in paths or any(expected in path.split(".") for path in paths):
        return True
    commands = (*_COMMANDS[step.order or ""], step.target.casefold())
    kind = type(refusal).__name__.casefold()
    return expected in commands or expected == kind or expected in said.casefold()
