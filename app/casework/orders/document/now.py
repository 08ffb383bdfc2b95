"""The documents that a task shows, as they would be made from the case now.

Which versions of them there are, and who had which before them, is `versions`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.cases import LockedCase
from app.casework.cases.document_scope import case_scope
from app.casework.cases.publication import decided_last
from app.casework.orders.documents import missing
from app.documents import Part, Template, digest, outlined, surveyed
from app.engine import Fault
from app.engine.bpmn import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsNow:
    """A document as it would be made from the case now."""

    template: Template
    parts: tuple[Part, ...] = ()
    #: of what is said, in hex; "": it cannot be made yet
    digest: str = ""
    #: why it cannot be made: names of the tasks that must be done, or a fault
    missing: tuple[str, ...] = ()
    fault: str = ""
    #: how many places may be names, and nobody has decided of them
    undecided: int = 0

    @property
    def id(self) -> str:
        return self.template.manifest.id


def reads_now(locked: LockedCase, element: Element | None, at: datetime) -> tuple[ReadsNow, ...]:
    """Of every document that the drawing names for the task, in its order.

    Where several do the same step beside each other, each has the same version before them: what
    the others answer there is not in it.
    """
    named = element.rules.brief_document if element is not None else ()
    known = locked.loaded.documents
    templates = [known[id] for id in named if id in known]
    if element is None or not templates:
        return ()
    step = (locked.loaded.holder(element.process, element.id), element.id)
    scope = case_scope(locked, step if element.loop is not None else None)
    return tuple(_reads_now(locked, template, scope, locked.at(at)) for template in templates)


def _reads_now(
    locked: LockedCase, template: Template, scope: Mapping[str, Any], at: datetime
) -> ReadsNow:
    lacking = missing(locked, template, scope["records"])
    if lacking:
        return ReadsNow(template=template, missing=lacking)
    world, hidden, undecided = locked.world(at), None, 0
    try:
        if template.manifest.outward:
            survey = surveyed(template, scope, world, at)
            decisions, also = decided_last(locked, template.manifest.id)
            hidden = survey.hidden(decisions, survey.left_out(also))
            undecided = sum(each.key not in decisions for each in survey.doubtful)
        parts = outlined(template, scope, world, at, hidden)
    except Fault as fault:
        return ReadsNow(template=template, fault=fault.sentence)
    return ReadsNow(template=template, parts=parts, digest=digest(parts), undecided=undecided)
