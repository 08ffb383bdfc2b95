"""The steps `cover` and `end_cover`: who covers for whom, in virtual time like everything else.

What a cover means is casework's.
"""

from __future__ import annotations

from datetime import date

from app.casework import SYSTEM, Command, EndCover, Person, SetCover, cover_page
from app.engine import LONDON
from app.journeys.file import Instants, JourneyFault, Step
from app.journeys.stage.cast import Cast, UnknownPerson
from app.journeys.stage.stage import Stage


def cover(step: Step, stage: Stage, cast: Cast, instants: Instants, actor: Person) -> Command:
    """JourneyFault for a person whom nobody knows, BadInstant."""
    away, by = (_person(step, cast, key) for key in ("for", "by"))
    return SetCover(
        actor=actor,
        at=stage.now,
        person=stage.account(away),
        by=stage.account(by),
        first=_day(step.about["from"], instants),
        last=_day(step.about["until"], instants),
        reason=step.about["reason"],
    )


def end_cover(step: Step, stage: Stage, cast: Cast, instants: Instants, actor: Person) -> Command:
    """JourneyFault for a person whom nobody knows, or when there is none to end."""
    pair = tuple(_person(step, cast, key).id for key in ("for", "by"))
    lines = cover_page(stage.desk, SYSTEM, stage.now).lines
    fitting = [line for line in lines if (line.person, line.by) == pair]
    if not fitting:
        said = f"{step.about['by']} does not cover for {step.about['for']}."
        raise JourneyFault(said, line=step.line_of("end_cover"))
    fitting.sort(key=lambda line: line.state == "ended")
    return EndCover(actor=actor, at=stage.now, cover=fitting[0].id)


def _person(step: Step, cast: Cast, key: str) -> Person:
    try:
        return cast.person(step.about[key])
    except UnknownPerson as error:
        raise JourneyFault(str(error), line=step.line_of(step.order or "")) from error


def _day(text: str, instants: Instants) -> date:
    return instants.read(text).astimezone(LONDON).date()
