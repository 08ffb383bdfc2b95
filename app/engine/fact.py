"""What every fact of a case is; the kinds of facts are `events`'."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Event):
    """A fact about an element or a flow."""

    #: the process that holds it: inside a call activity the called one; "": it was not told
    process: str = ""
