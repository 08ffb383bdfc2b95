"""A draft as it is kept: the answers as typed, reasons of corrections, and what was typed twice.

It is written as one mapping of answers, so that the release before this one still reads it: what is
no answer stands under names that no question has.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.casework.drafts.merging import Made, Together, cleared, digest, together
from app.engine import feel

_PAGE, _REASONS, _APART, _TAKEN = "_page", "_reasons", "_apart", "_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The other answer to a question that was answered in two places."""

    path: str
    value: Any
    #: id of the person whose it is; "": the draft's own, from another window
    by: str = ""
    #: when it was saved
    at: datetime | None = None

    @property
    def mark(self) -> tuple[str, str]:
        """By which it is named when the person has chosen."""
        return self.path, digest(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed, as a page sends it."""

    given: Mapping[str, Any]
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: None: it comes from no page, and takes the place of what was kept
    made: Made | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    given: Mapping[str, Any]
    reasons: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[Apart, ...] = ()
    #: the page that was saved last
    page: str = ""
    #: id of a colleague whose answers it went on with → when
    taken: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, content: bytes) -> Draft:
        held = dict(feel.codec.loads(content))
        page, reasons, apart = (held.pop(name, None) for name in (_PAGE, _REASONS, _APART))
        taken = held.pop(_TAKEN, None)
        return cls(
            given=held, reasons=reasons or {}, page=page or "", taken=taken or {},
            apart=tuple(Apart(**entry) for entry in apart or ()),
        )  # fmt: skip

    def written(self) -> dict[str, Any]:
        """As one mapping, for the codec."""
        apart = [
            {"path": entry.path, "value": entry.value, "by": entry.by, "at": entry.at}
            for entry in self.apart
        ]
        ours = {_PAGE: self.page, _REASONS: dict(self.reasons), _APART: apart}
        ours[_TAKEN] = dict(self.taken)
        return {**self.given, **{name: value for name, value in ours.items() if value}}

    def content(self) -> bytes:
        """As `read` takes it."""
        return feel.codec.dumps(self.written())


def after(was: Draft | None, typed: Typed, saved_at: datetime | None = None, by: str = "") -> Draft:
    """The draft once this is saved too. `saved_at`: when the earlier one was; `by`: whose that is,
    where it is somebody else's."""
    given, made = deepcopy(dict(typed.given)), typed.made
    if made is None:
        return Draft(given=given, reasons=typed.reasons)
    cleared(given, made.stood)
    if was is None:
        return Draft(given=given, reasons=typed.reasons, page=made.page)
    own = was.page == made.page
    both = together(made, given, was.given, own=own)
    twice = [
        Apart(path=path, value=value, by=by, at=saved_at) for path, value in both.twice.items()
    ]
    apart = {entry.mark: entry for entry in (*_unsettled(was, made), *twice)}
    reasons = dict(typed.reasons) if own else _both(typed.reasons, was.reasons)
    return Draft(
        given=both.given,
        reasons=reasons,
        apart=tuple(apart.values()),
        page=made.page,
        taken=was.taken,
    )


def elsewhere(was: Draft, typed: Typed) -> bool:
    """Whether the draft says more than what is about to be sent: something was typed in another
    window, or is kept twice and not chosen."""
    made = typed.made
    if made is None:
        return False
    given = deepcopy(dict(typed.given))
    cleared(given, made.stood)
    own = was.page == made.page
    both: Together = together(made, given, was.given, own=own)
    return bool(both.twice or both.taken or _unsettled(was, made))


def _unsettled(was: Draft, made: Made) -> list[Apart]:
    return [entry for entry in was.apart if entry.mark not in made.settled]


def _both(mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Reasons of both; where they differ, one behind the other."""
    reasons = {**theirs, **mine}
    for path in mine.keys() & theirs.keys():
        if theirs[path] not in mine[path]:
            reasons[path] = f"{mine[path]}\n{theirs[path]}"
    return reasons


def gone_on(
    mine: Draft | None, theirs: Draft, whose: str, saved_at: datetime, at: datetime
) -> Draft:
    """My draft with what a colleague (`whose`: their id) has begun: what I left empty comes from
    them, what we both answered is kept twice."""
    own = mine or Draft(given={})
    both = together(Made(page="", stood={}), own.given, theirs.given)
    twice = [
        Apart(path=path, value=value, by=whose, at=saved_at) for path, value in both.twice.items()
    ]
    apart = {entry.mark: entry for entry in (*own.apart, *theirs.apart, *twice)}
    return Draft(
        given=both.given,
        reasons=_both(own.reasons, theirs.reasons),
        apart=tuple(apart.values()),
        taken={**own.taken, whose: at},
    )
