"""The matters that a case follows, as its page lists them, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.casework.cases import Followed, followed, step_name
from app.casework.reading.look import Look
from app.engine import day_in_london
from app.engine.forms.person_words import NOT_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    #: of the matter in this case, by first mention
    number: int
    #: what the owner of the form calls it: “action”
    kind: str
    text: str
    owner: str
    due: date | None
    #: in words
    stands: str
    #: nothing is left to do
    closed: bool
    #: not closed when its day was over
    late: bool
    named_on: date
    #: the step whose form named it first
    named_in: str
    #: what shows that it was done and what it changed, else why it stopped or moved
    shown: tuple[str, ...]


def matter_lines(
    seen: Look, named_in: Collection[tuple[str, str]] | None = None
) -> tuple[MatterLine, ...]:
    """Every matter of the case, in the order in which they were named; or only those that these
    steps, as (process, step), named first."""
    return tuple(
        _line(seen, one)
        for one in followed(seen.locked)
        if named_in is None or (one.process, one.step) in named_in
    )


def _line(seen: Look, one: Followed) -> MatterLine:
    matter = one.matter
    today = day_in_london(seen.at)
    shown = (matter.evidence, matter.effect)
    return MatterLine(
        number=matter.matter,
        kind=matter.kind,
        text=matter.text,
        owner=matter.answers_for_it or NOT_SAID,
        due=matter.due,
        stands=matter.stands,
        closed=matter.closed,
        late=not matter.closed and matter.due is not None and matter.due < today,
        named_on=day_in_london(one.named_at),
        named_in=step_name(seen.locked, one.process, one.step),
        shown=tuple(text for text in shown if text) or ((matter.reason,) if matter.reason else ()),
    )
