"""Owns making a PDF in a process of its own, within bounds and outside of any transaction.

A PDF follows from the Word document, its title and its instant. Who needs it under a lock takes
one that is there, else says what is wanted (`Unprinted`), lets the lock go, has it made and comes
again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from app.bounded.line import LINE, Crowded
from app.engine import Fault

#: seconds of processor time: some three hundred pages
SECONDS = 4.0
_MEGABYTES = 1_500


@dataclass(frozen=True, slots=True)
class Wanted:
    word: bytes
    title: str
    at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return hashlib.sha256(self.word).hexdigest(), self.title, self.at.isoformat()


class Unprinted(Exception):
    """A PDF that is not made yet."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__("this PDF is not made yet")
        self.wanted = wanted


#: the one that was made for the order under way in this thread
_READY: ContextVar[tuple[tuple[str, str, str], bytes] | None] = ContextVar("ready", default=None)


def taken(wanted: Wanted) -> bytes:
    """The PDF, where it was made for this order. Raises `Unprinted`."""
    ready = _READY.get()
    if ready is None or ready[0] != wanted.key:
        raise Unprinted(wanted)
    return ready[1]


@contextmanager
def made(wanted: Wanted) -> Iterator[None]:
    """Makes it; inside, it can be `taken`. `Fault` when it cannot be made, or takes too much."""
    before = _READY.set((wanted.key, make(wanted)))
    try:
        yield
    finally:
        _READY.reset(before)


def make(wanted: Wanted, seconds: float | None = None) -> bytes:
    """The PDF. `Fault` when it cannot be made, or takes too much."""
    seconds = SECONDS if seconds is None else seconds
    about = json.dumps({"title": wanted.title, "at": wanted.at.isoformat()}).encode("ascii")
    try:
        said, content = LINE.answer(
            "print", wanted.word, about, seconds=seconds, megabytes=_MEGABYTES
        )
    except Crowded:
        raise Fault("Other PDFs are being made. Try again in a minute.") from None
    if content is None:
        sentence = said.get("fault") or (
            f"This PDF takes more than {seconds:g} s to make and was stopped. Make the Word "
            "version, or a document that says less."
        )
        raise Fault(str(sentence))
    return content
