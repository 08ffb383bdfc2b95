"""Orders about who may see a case or stand for whom: members, exclusions, cover, conflicts; and
about what is kept: holds, and the destruction of content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.casework.command import CaseCommand, Command


@dataclass(frozen=True, kw_only=True)
class AddMember(CaseCommand):
    #: person id
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExcludePerson(CaseCommand):
    #: person id
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LiftExclusion(CaseCommand):
    """Asks that somebody be let in again; given by a second person, it lets them in."""

    #: person id
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BreakGlass(CaseCommand):
    """Opens a case that the person does not belong to, for a while."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class SetCover(Command):
    """`by` covers for `person` on these days in London, both included."""

    #: id of the person who is away
    person: str
    #: id of the person who covers for them
    by: str
    first: date
    last: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class AgreeCover(Command):
    """From here on a proposed cover counts."""

    #: id of the cover
    cover: str


@dataclass(frozen=True, kw_only=True)
class EndCover(Command):
    """Ends a cover before its last day, at once."""

    #: id of the cover
    cover: str


@dataclass(frozen=True, kw_only=True)
class RecordConflict(Command):
    """Somebody is too close to a child, a family or an agency."""

    #: person id
    person: str
    #: with whom or what
    about: str


@dataclass(frozen=True, kw_only=True)
class EndConflict(Command):
    #: id of the entry
    conflict: str


@dataclass(frozen=True, kw_only=True)
class SetHold(CaseCommand):
    """From here on the content of the case cannot be destroyed."""

    #: as config.yaml names it
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LiftHold(CaseCommand):
    """Asks that a hold be lifted; given by a second person, it lifts it."""

    #: its number within the case: that of the history entry that set it
    hold: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EraseContent(CaseCommand):
    """Asks that the content of the case be destroyed; given by a second person, it is."""

    #: "due", or one of the causes of config.yaml for doing it earlier
    cause: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeepContent(CaseCommand):
    """Takes back that the content of the case be destroyed, while nobody has agreed to it."""

    reason: str
