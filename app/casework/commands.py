"""Every order there is, as frozen values: who gives it, when, and its idempotency key.

`case` is a case's id or its reference. Who may give it and what it does is in `table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.casework.authority_commands import (
    AddMember,
    AgreeCover,
    BreakGlass,
    EndConflict,
    EndCover,
    EraseContent,
    ExcludePerson,
    KeepContent,
    LiftExclusion,
    LiftHold,
    RecordConflict,
    SetCover,
    SetHold,
)
from app.casework.command import CaseCommand, Command, Done
from app.casework.drafts import Made, NewFile

__all__ = [
    "GUEST",
    "INCIDENT",
    "LET_GO",
    "SIGNAL",
    "TOOK_IN",
    "Activate",
    "AddMember",
    "AgreeCover",
    "Assign",
    "BreakGlass",
    "Cancel",
    "CaseCommand",
    "Claim",
    "Command",
    "CompleteTask",
    "DeliverMessage",
    "DeliverSignal",
    "Deploy",
    "Done",
    "EndConflict",
    "EndCover",
    "EraseContent",
    "ExcludePerson",
    "KeepContent",
    "LayBeside",
    "LiftExclusion",
    "LiftHold",
    "LookAcross",
    "Merge",
    "MoveDeadline",
    "ProduceDocument",
    "RecordConflict",
    "Release",
    "ReplanCase",
    "Resume",
    "RetryIncident",
    "SaveDraft",
    "SendAgain",
    "SetCover",
    "SetHold",
    "StartCase",
    "Suspend",
    "TakeBack",
    "TakeOverDraft",
    "Unmerge",
    "WakeCase",
]

#: the effect by which a signal reaches other cases: it becomes `DeliverSignal` in each
SIGNAL = "signal"
#: the effect by which somebody without an account gets a link to one task
GUEST = "guest"
#: how `Merge` and `Unmerge` stand in the history of the case that goes on
TOOK_IN, LET_GO = "CaseMerged", "CaseUnmerged"
#: kind of the entry by which something stopped
INCIDENT = "incident"


@dataclass(frozen=True, kw_only=True)
class StartCase(Command):
    process: str
    given: Mapping[str, Any] = field(default_factory=dict)
    #: what the form shows as known, and `given` leaves alone, is right
    confirmed: bool = False
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: id under which it was kept before it was sent; "": nowhere. What is kept there goes
    begun: str = ""
    #: the page it was typed on; None: none
    made: Made | None = None


@dataclass(frozen=True, kw_only=True)
class Claim(CaseCommand):
    task: str


@dataclass(frozen=True, kw_only=True)
class Release(CaseCommand):
    task: str


@dataclass(frozen=True, kw_only=True)
class Assign(CaseCommand):
    task: str
    #: person id
    to: str


@dataclass(frozen=True, kw_only=True)
class SaveDraft(CaseCommand):
    task: str
    given: Mapping[str, Any]
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: the page it was typed on; None: none, and it takes the place of an earlier draft
    made: Made | None = None
    #: what came with it, and `given` names
    files: tuple[NewFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TakeOverDraft(CaseCommand):
    """What a colleague has begun to answer comes into one's own draft; theirs stays."""

    task: str
    #: person id of the colleague
    person: str


@dataclass(frozen=True, kw_only=True)
class CompleteTask(CaseCommand):
    task: str
    given: Mapping[str, Any]
    #: the task's version when its form was shown
    version: int | None = None
    #: id of a document that the task shows → digest of the version that the person read
    documents: Mapping[str, str] = field(default_factory=dict)
    #: what the form shows as known, and `given` leaves alone, is right
    confirmed: bool = False
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: the page it was typed on; None: none
    made: Made | None = None


@dataclass(frozen=True, kw_only=True)
class DeliverMessage(CaseCommand):
    #: the message's name
    message: str
    #: the answers to the event's form; without a form, what the message carries
    given: Mapping[str, Any] = field(default_factory=dict)
    #: what the form shows as known, and `given` leaves alone, is right
    confirmed: bool = False
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: why it is another one, where the same was recorded before
    another: str = ""


@dataclass(frozen=True, kw_only=True)
class TakeBack(CaseCommand):
    """What a recorded event began is ended again, as long as nobody has done any of it."""

    #: number of the history entry by which it was recorded
    entry: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class SendAgain(CaseCommand):
    """A mail of the case goes to its person once more, as it would be written now."""

    #: id of the letter
    letter: str


@dataclass(frozen=True, kw_only=True)
class DeliverSignal(CaseCommand):
    """A signal that another case sent, where the settings let it cross; only those who wait."""

    #: the signal's name
    signal: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WakeCase(CaseCommand):
    """Fires the case's earliest due timer, just that one."""


@dataclass(frozen=True, kw_only=True)
class RetryIncident(CaseCommand):
    #: number of the history entry by which it stopped first
    incident: int


@dataclass(frozen=True, kw_only=True)
class MoveDeadline(CaseCommand):
    task: str
    #: a date lasts to its end in London
    due: date | datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReplanCase(CaseCommand):
    """Works out running deadlines and timers again, by today's calendar."""


@dataclass(frozen=True, kw_only=True)
class Suspend(CaseCommand):
    reason: str


@dataclass(frozen=True, kw_only=True)
class Resume(CaseCommand):
    reason: str


@dataclass(frozen=True, kw_only=True)
class Cancel(CaseCommand):
    reason: str


@dataclass(frozen=True, kw_only=True)
class Merge(CaseCommand):
    """`case` is the duplicate: from here on the other one stands for both."""

    #: reference (or id) of the case that goes on
    into: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LookAcross(CaseCommand):
    """Shows which other cases may be about the same people."""


@dataclass(frozen=True, kw_only=True)
class LayBeside(CaseCommand):
    """Shows another case beside this one, before they are merged."""

    #: its reference (or id)
    into: str


@dataclass(frozen=True, kw_only=True)
class Unmerge(CaseCommand):
    """`case` is the duplicate: both go on by themselves again."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ProduceDocument(CaseCommand):
    """Makes the next version of a document from what the case holds now."""

    #: id of the document
    document: str
    #: "docx" or "pdf"
    format: str
    #: each statement numbered, and in an annex who said it, when, on which form
    sources: bool = False
    #: who gets a document that goes by law, names and all
    recipient: str = ""
    #: digest of what was shown before it leaves
    seen: str = ""
    #: doubtful place → "replace" or "leave"
    decisions: Mapping[str, str] = field(default_factory=dict)
    #: words that are left out, too
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deploy(Command):
    #: path inside the deployment → content
    files: Mapping[str, bytes]
    note: str = ""
    activate: bool = False
    #: digest of the version that these files were made from; "": of none
    base: str = ""


@dataclass(frozen=True, kw_only=True)
class Activate(Command):
    digest: str
