"""Steps about a whole case (merge, suspend, cancel, members, a document …), and absence cover.

Each becomes the command that the pages give. What is looked into afterwards is `player`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from app.casework import SYSTEM, Command, EndCover, Person, SetCover, cover_page, takes
from app.documents import BY_LAW, read_documents
from app.engine import LONDON
from app.journeys.file import STEP_ORDERS, Instants, JourneyFault, Names, Step, StepOrder
from app.journeys.run.case_rows import FINDS
from app.journeys.stage import Cast, Stage, UnknownPerson, account


@dataclass(frozen=True, slots=True)
class Target:
    """What a step's order comes to, found out before it is given."""

    command: Command
    #: what is done, in words
    words: str
    #: the groups and people it is offered to; None where nothing is offered
    offered: tuple[str, ...] | None = None
    #: path of a question → the sample that stands in for an answer
    made_up: Mapping[str, Any] = field(default_factory=dict)


def target(
    step: Step, stage: Stage, cast: Cast, names: Names, instants: Instants, person: Person
) -> Target:
    """JourneyFault for what the step names and nobody knows, BadInstant."""
    order = step.order or ""
    if order in ("cover", "end_cover"):
        return _cover(step, stage, cast, instants, person)
    row = STEP_ORDERS[order]
    command: Any = row.command
    give = partial(command, actor=person, at=stage.now, case=stage.case(step.case))
    if order == "document":
        id = names.document(step.target, step.line_of("document"))
        about = read_documents(stage.program.files)[0][id].manifest
        words = f"{person.name} {row.does(about.title)}"
        gets_it = f"Recipient of “{about.title}”" if about.audience == BY_LAW else ""
        return Target(give(document=id, format="docx", recipient=gets_it), words, about.groups)
    if row.command in FINDS:
        reason = {"reason": step.reason} if "reason" in takes(row.command) else {}
        meant = FINDS[row.command](stage, cast, step, stage.case(step.case))
        return Target(give(**reason, **meant), f"{person.name} {row.does(step.target)}")
    said, shown = _said(step, stage, cast, row)
    return Target(give(**said), f"{person.name} {row.does(shown)}")


def _said(step: Step, stage: Stage, cast: Cast, row: StepOrder) -> tuple[dict[str, str], str]:
    """What an order about a whole case says: the reason, and what the step names. In words, too."""
    said = {"reason": step.reason} if "reason" in takes(row.command) else {}
    if row.bare:
        return said, ""
    (member,) = row.says
    if member == "into":  # `case` is the duplicate, the order names the case that goes on
        into = _other_case(stage, step)
        return {**said, member: into}, into
    if member == "person":
        who = known_person(stage, cast, step, step.target, row.words.key)
        return {**said, member: who}, step.target
    return {**said, member: step.target}, step.target


def known_person(
    stage: Stage, cast: Cast, step: Step, said: str, key: str, offered: Sequence[str] = ()
) -> str:
    """The account id of somebody whom a step names under `key`. JourneyFault."""
    try:
        return account(stage.desk, cast.person(said, offered), stage.now)
    except UnknownPerson as error:
        raise JourneyFault(str(error), line=step.line_of(key)) from error


def _other_case(stage: Stage, step: Step) -> str:
    try:
        return stage.ledger(step.target).reference
    except JourneyFault as fault:
        raise JourneyFault(fault.sentence, line=step.line_of("merge_into")) from fault


def _cover(step: Step, stage: Stage, cast: Cast, instants: Instants, actor: Person) -> Target:
    make = _set_cover if step.order == "cover" else _end_cover
    does = STEP_ORDERS[step.order or ""].does()
    words = f"{step.about['by']} {does} for {step.about['for']}"
    return Target(make(step, stage, cast, instants, actor), words)


def _set_cover(step: Step, stage: Stage, cast: Cast, instants: Instants, actor: Person) -> Command:
    """JourneyFault for a person whom nobody knows, BadInstant."""
    away, by = (_person(step, cast, key) for key in ("for", "by"))
    return SetCover(
        actor=actor,
        at=stage.now,
        person=account(stage.desk, away, stage.now),
        by=account(stage.desk, by, stage.now),
        first=_day(step.about["from"], instants),
        last=_day(step.about["until"], instants),
        reason=step.about["reason"],
    )


def _end_cover(step: Step, stage: Stage, cast: Cast, instants: Instants, actor: Person) -> Command:
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
