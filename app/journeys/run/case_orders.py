"""Steps about a whole case: merge, unmerge, suspend, resume, cancel, members, a document.

Each becomes the command that the pages give. What is looked into afterwards is `player`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from app.casework import Person
from app.documents import read_documents
from app.journeys.file import STEP_ORDERS, JourneyFault, Names, Step
from app.journeys.run.target import Target
from app.journeys.stage import Cast, Stage, UnknownPerson


def target(step: Step, stage: Stage, cast: Cast, names: Names, person: Person) -> Target:
    """JourneyFault for what the step names and nobody knows."""
    order = step.order or ""
    row, words = STEP_ORDERS[order], f"{person.name} {STEP_ORDERS[order].does}"
    command: Any = row.command
    give = partial(command, actor=person, at=stage.now, case=stage.case(step.case))
    if order == "document":
        id = names.document(step.target, step.line_of("document"))
        about = read_documents(stage.program.files)[0][id].manifest
        return Target(give(document=id, format="docx"), f"{words} {about.title}", about.groups)
    if row.bare:
        return Target(give(reason=step.reason), words)
    if order == "merge_into":
        # `case` is the duplicate, the order names the case that goes on
        into = _other_case(stage, step)
        return Target(give(into=into, reason=step.reason), f"{words} {into}")
    who = known_person(stage, cast, step, step.target, order)
    to = " to the case" if order == "add_member" else ""
    return Target(give(person=who, reason=step.reason), f"{words} {step.target}{to}")


def known_person(
    stage: Stage, cast: Cast, step: Step, said: str, key: str, offered: Sequence[str] = ()
) -> str:
    """The account id of somebody whom a step names under `key`. JourneyFault."""
    try:
        return stage.account(cast.person(said, offered))
    except UnknownPerson as error:
        raise JourneyFault(str(error), line=step.line_of(key)) from error


def _other_case(stage: Stage, step: Step) -> str:
    try:
        return stage.ledger(step.target).reference
    except JourneyFault as fault:
        raise JourneyFault(fault.sentence, line=step.line_of("merge_into")) from fault
