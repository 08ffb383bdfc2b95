"""What orders ask in words, and what is no answer to it: the same for pages and every other caller.

Pages show these questions; the orders read what was given by them once more, so that nobody can
say over another way what a page would not take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.casework.errors import Refused
from app.engine import LONDON, skipped
from app.engine.feel import World
from app.engine.forms import Field, FieldRules, Form, Wrong, read_answers, read_value

REASON = Field(
    key="reason", kind="textarea", id="reason", label="Reason",
    hint="It is recorded in the history of the case.", required=True, max_length=2000,
    messages={"required": "Enter a reason"},
)  # fmt: skip
RECIPIENT = Field(
    key="recipient", kind="textfield", id="recipient", label="Who gets it?",
    hint="The body that needs the names by law, and who there. It is recorded in the history.",
    required=True, max_length=200, messages={"required": "Enter who gets it"},
)  # fmt: skip
DAY = Field(
    key="due", kind="date", id="due", label="New deadline", hint="For example, 27 3 2026",
    required=True, messages={"required": "Enter the new deadline"},
)  # fmt: skip
DETAILS = Field(
    key="details", kind="dynamiclist", id="details", label="What it says",
    hint="Only if the process needs it. Ask the process owner for the names.",
    rules=FieldRules(item="detail"), max_items=20,
    fields=(
        Field(key="name", kind="textfield", id="name", label="Name", pattern=r"[A-Za-z]\w*"),
        Field(key="value", kind="textfield", id="value", label="Value"),
    ),
)  # fmt: skip
ANOTHER = Field(
    key="another", kind="textarea", id="another", label="Why is this another one?",
    hint="It is recorded in the history of the case.", required=True, max_length=2000,
    messages={"required": "Enter why this is another one"},
)  # fmt: skip
TIME = Field(
    key="at", kind="time", id="at", label="Time of day",
    hint="Leave it empty when the task is due by the end of the day",
)  # fmt: skip
INTO = Field(
    key="into", kind="textfield", id="into", label="Reference of the other case",
    hint="The case that goes on. It stands at the top of that case’s page.", required=True,
    max_length=60, messages={"required": "Enter the reference of the other case"},
)  # fmt: skip
#: of all that a message without a form carries, in characters
MOST_DETAILS = 40_000
_SAID = Form(id="message", file="", title="", fields=(DETAILS,), digest="")


def whom(key: str, label: str, message: str) -> Field:
    """A choice whose options the page knows; `message`: when nobody is chosen."""
    return Field(
        key=key, kind="select", id=key, label=label, required=True, messages={"required": message}
    )


def new_due(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What `MoveDeadline` takes, from the answers to `DAY`, `TIME` and `REASON`."""
    day, time = answers["due"], answers.get("at")
    due = datetime.combine(day, time.replace(tzinfo=None), LONDON) if time else day
    return {"due": due, "reason": answers["reason"]}


def text(given: str, question: Field, sentence: str = "") -> str:
    """What was written, as a page would keep it.

    Raises `Refused`; `sentence`: when nothing was, else what the page says then.
    """
    written = read_value(question, given, {}, World())
    if isinstance(written, Wrong):
        raise Refused(written.sentence, {question.key: written.sentence})
    if written is None:
        empty = question.messages["required"]
        raise Refused(sentence or f"{empty}.", {question.key: empty})
    return str(written)


def reason(given: str, sentence: str = "Say why.", question: Field = REASON) -> str:
    """The reason as a page would keep it. Raises `Refused`; `sentence`: when there is none."""
    return text(given, question, sentence)


def no_such_case() -> Refused:
    """Of the other case of an order: what the person may not see is not there."""
    seen = {INTO.key: "Enter the reference of a case that you can see"}
    return Refused("There is no case with this reference.", seen)


def wrong_day(given: date | datetime, label: str) -> str | None:
    """What a page would say of a day so far away that it must be a slip."""
    question = replace(DAY, label=label)
    day = given.date() if isinstance(given, datetime) else given
    read = read_value(question, day.isoformat(), {}, World())
    return read.sentence if isinstance(read, Wrong) else None


def never(given: date | datetime) -> str | None:
    """What a page would say of an instant that clocks in London skip."""
    return skipped(given) if isinstance(given, datetime) else None


def details(given: Mapping[str, Any]) -> None:
    """Raises `Refused` for what nobody could type as the content of a message, and for more of it
    than a page would take, however it is nested."""
    if _length(given, MOST_DETAILS) > MOST_DETAILS:
        sentence = f"Say it in {MOST_DETAILS:,} characters or fewer"
        raise Refused(f"{sentence}.", {"payload": sentence})
    rows = [
        {"name": name, "value": value if isinstance(value, str) else ""}
        for name, value in given.items()
    ]
    wrong = read_answers(_SAID, {"details": rows}, {}, World()).messages
    if wrong:
        sentence = next(iter(wrong.values()))
        raise Refused(f"{sentence}.", {"payload": sentence})


def _length(given: Any, most: int) -> int:
    """About how much is said, names and marks included; it looks no further than over `most`."""
    length, left = 0, [given]
    while left and length <= most:
        part = left.pop()
        if isinstance(part, Mapping):
            left += [*part.keys(), *part.values()]
            length += 2 * len(part)
        elif isinstance(part, (list, tuple)):
            left += part
            length += len(part)
        else:
            length += len(str(part)) if not isinstance(part, int) else part.bit_length()
        length += 1
    return length
