"""Casework's one family of errors; each carries what the person needs to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.documents import REPLACE, Found, Survey
from app.engine import Finding


class CaseworkError(Exception):
    """This cannot be done."""

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        super().__init__(self.sentence)


class Refused(CaseworkError):
    """This was refused, and nothing changed."""

    def __init__(
        self,
        sentence: str | None = None,
        fields: Mapping[str, str] | None = None,
        *,
        findings: Sequence[Finding] = (),
        given: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        #: path of the field → what is wrong with it
        self.fields = dict(fields or {})
        #: what a check says about files that were to be deployed
        self.findings = tuple(findings)
        #: what the person had typed
        self.given = given


class Undecided(Refused):
    """Somebody must look at what names people in it before it leaves."""

    def __init__(
        self,
        sentence: str,
        fields: Mapping[str, str] | None = None,
        *,
        survey: Survey,
        open: Sequence[Found],
    ) -> None:
        super().__init__(sentence, fields)
        self.survey = survey
        #: doubtful places without a decision
        self.open = tuple(open)

    def all_replaced(self) -> dict[str, str]:
        """The decisions of somebody for whom whatever may be a name is one."""
        return {place.key: REPLACE for place in self.open}


class Elsewhere(Refused):
    """You have typed more for this form in another window. All of it is in the form now: check it,
    then send the form again."""

    def __init__(self) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))


class Unusable(Refused):
    """The version of the diagrams that this case runs on cannot be used."""


class NotFound(CaseworkError):
    """There is nothing here that you may see."""


class Conflict(CaseworkError):
    """Somebody else was first."""

    def __init__(
        self,
        sentence: str | None = None,
        *,
        by: str | None = None,
        when: datetime | None = None,
        given: Mapping[str, Any] | None = None,
        instead: str | None = None,
        still_open: bool = False,
    ) -> None:
        super().__init__(sentence)
        #: reference of the case where the work goes on, where it is another one
        self.instead = instead
        #: what it is about can still be done, after another look
        self.still_open = still_open
        #: name of the person who was first, where there is one
        self.by = by
        self.when = when
        #: what the loser had typed; it is also kept as their draft
        self.given = given


class Throttled(CaseworkError):
    """Too many attempts; please wait."""

    def __init__(self, sentence: str | None = None, *, seconds: int = 0) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class SecondNeeded(CaseworkError):
    """Something else than the password is needed too."""

    def __init__(self, ticket: str) -> None:
        super().__init__()
        #: says, sealed, who it is that has come half the way
        self.ticket = ticket


class Overloaded(Throttled):
    """Many people are signing in at this moment. Please try again in a few seconds."""
