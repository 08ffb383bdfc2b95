"""What a person decides before a document leaves: which doubtful words are names, and who gets it.

Where names stand in a document is the room `documents`'; making it is `orders.documents`'.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.casework.commands import ProduceDocument
from app.casework.errors import Refused, Undecided
from app.casework.orders import questions
from app.documents import BY_LAW, LEAVE, OUTWARD, REPLACE, Found, Survey

#: words of one document that somebody hides beside what was seen
MOST_WORDS = 100
LONGEST_WORD = 200


def recipient(audience: str, command: ProduceDocument) -> dict[str, Any]:
    """What the history keeps of who gets it. Raises `Refused`."""
    if audience != BY_LAW:
        return {}
    return {"recipient": questions.text(command.recipient, questions.RECIPIENT)}


def decided(
    audience: str, command: ProduceDocument, survey: Survey | None
) -> tuple[list[Found] | None, dict[str, Any]]:
    """What else is hidden, and what the history keeps of the decisions. Raises `Undecided`.

    A decision names its place by statement and letters, with a digest of what the statement says;
    no name stands in it.
    """
    if audience != OUTWARD or survey is None:
        return None, {}
    also = _also(command, survey)
    known = {one.key for one in survey.doubtful}
    answers = {key: said for key, said in command.decisions.items() if key in known}
    wrong = {key: said for key, said in answers.items() if said not in (REPLACE, LEAVE)}
    open_ = [one for one in survey.doubtful if one.key not in answers or one.key in wrong]
    if command.seen != survey.digest:
        first = not command.seen
        raise Undecided(
            "Look at what is replaced before this document leaves, and decide what is doubtful."
            if first
            else "What this document says has changed meanwhile. Look at it once more.",
            survey=survey,
            open=open_,
        )
    if open_:
        raise Undecided(
            "Decide of each doubtful place whether it is replaced or left as it is.",
            {one.key: "Select whether this is replaced" for one in open_},
            survey=survey,
            open=open_,
        )
    hidden = Counter(one.place.instead for one in survey.certain)
    hidden.update(one.place.instead for one in survey.doubtful if answers[one.key] == REPLACE)
    said: dict[str, Any] = {"seen": survey.digest, "hidden": dict(sorted(hidden.items()))}
    if answers:
        said["decisions"] = answers
    if also:
        said["also"] = [one.key for one in also]
    return also, said


def _also(command: ProduceDocument, survey: Survey) -> list[Found]:
    words = [word for each in command.also if (word := each.strip())]
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        sentence = f"At most {MOST_WORDS} words, each of at most {LONGEST_WORD} characters."
        raise Refused(sentence, {"also": sentence})
    found = survey.words(words)
    absent = [word for word, places in found.items() if not places]
    if absent:
        sentence = f"“{absent[0]}” stands nowhere in this document"
        raise Refused(f"{sentence}.", {"also": sentence})
    return [one for places in found.values() for one in places]
