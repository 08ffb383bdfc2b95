"""Steps about a whole case: merge, unmerge, suspend, resume, cancel, members, a document.

Each becomes the command that the pages give. What is looked into afterwards is `player`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.casework.access import Person
from app.casework.orders import commands
from app.documents.documents import read_documents
from app.journeys.file import JourneyFault, Names, Step
from app.journeys.run.target import Target
from app.journeys.stage import Cast, Stage, UnknownPerson

#: the reasons that a journey gives where a step says none
REASONS = {
    "merge_into": "Both are about the same.",
    "unmerge": "They are not about the same after all.",
    "suspend": "It has to wait.",
    "resume": "It goes on.",
    "cancel": "It is not needed.",
    "exclude": "They are too close to it.",
    "add_member": "They are needed.",
    "move_deadline": "More time is needed.",
}
#: orders that are only given, with a reason
_SIMPLE: dict[str, tuple[Callable[..., commands.Command], str]] = {
    "unmerge": (commands.Unmerge, "undoes the merge"),
    "suspend": (commands.Suspend, "suspends the case"),
    "resume": (commands.Resume, "resumes the case"),
    "cancel": (commands.Cancel, "cancels the case"),
}


def target(step: Step, stage: Stage, cast: Cast, names: Names, person: Person) -> Target:
    """JourneyFault for what the step names and nobody knows."""
    order = step.order or ""
    about: dict[str, Any] = {"actor": person, "at": stage.now, "case": stage.case(step.case)}
    if order == "document":
        id = names.document(step.target, step.line_of("document"))
        template = read_documents(stage.program.files)[0][id]
        command = commands.ProduceDocument(**about, document=id, format="docx")
        words = f"{person.name} makes {template.manifest.title}"
        return Target(command, words, tuple(template.manifest.groups))
    reason = step.reason or REASONS[order]
    if order in _SIMPLE:
        kind, words = _SIMPLE[order]
        return Target(kind(**about, reason=reason), f"{person.name} {words}")
    if order == "merge_into":
        # `case` is the duplicate, the order names the case that goes on
        into = _other_case(stage, step)
        merge = commands.Merge(**about, into=into, reason=reason)
        return Target(merge, f"{person.name} merges the case into {into}")
    who = known_person(stage, cast, step, step.target, order)
    if order == "exclude":
        shut_out = commands.ExcludePerson(**about, person=who, reason=reason)
        return Target(shut_out, f"{person.name} excludes {step.target}")
    member = commands.AddMember(**about, person=who, reason=reason)
    return Target(member, f"{person.name} adds {step.target} to the case")


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
