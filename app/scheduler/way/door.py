"""What a way out is: it reaches somebody, takes one message at a time, and says what became of it.

A sentence that comes from a server is cleaned here: no address, no line break, not at length.
"""

from __future__ import annotations

import os
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol, runtime_checkable

_ADDRESS = re.compile(r"<?[^\s<>@]*@[^\s<>]*>?")
_BREAK = re.compile(r"[\s\x00-\x1f\x7f]+")
_LONGEST = 200


class NotSent(Exception):
    """It was not sent; the sentence can be shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unreachable(NotSent):
    """Nothing can be sent at all at present, whatever the message is."""


class NotNow(NotSent):
    """This message was not taken this time; another may be."""


class Never(NotSent):
    """This message will not be taken, however often it is tried."""


class Way(Protocol):
    def reach(self) -> None:
        """Raises `Unreachable` where nothing could be sent; called before a link is made that
        would serve for nothing."""

    def send(self, message: EmailMessage) -> str | None:
        """One message to one address; what it is known by there, where that can be asked. Raises a
        `NotSent`; after `NotNow` it may have arrived all the same."""


@runtime_checkable
class Telling(Protocol):
    """A way that can be asked what became of a message."""

    def became(self, receipt: str) -> str | None:
        """Why it was not delivered, for people; "": it was, or nobody knows any more; None: it is
        under way. Raises `Unreachable`."""


def cleaned(said: bytes | str) -> str:
    """What a server said, fit for a page and a database."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    printable = "".join(c for c in _BREAK.sub(" ", text) if c.isprintable())
    return _ADDRESS.sub("…", printable).strip()[:_LONGEST]


def secret(name: str) -> str:
    """Out of the environment, or out of the file that NAME_FILE names; "": neither."""
    given = os.environ.get(name)
    if given is None and (file := os.environ.get(f"{name}_FILE")):
        given = Path(file).read_text(encoding="utf-8")
    return (given or "").strip()
