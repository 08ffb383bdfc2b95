"""One task as a page needs it: form, scope, draft, deadline and who may do it.

Reading answers and completing is `tasks`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Cover, Person
from app.casework.cases import Colleague, Draft, Opened, alike, colleagues, draft_of, open_task
from app.casework.commands import Claim, CompleteTask, LookAcross, Release
from app.casework.desk import Desk
from app.casework.orders import (
    ORDERS,
    Signature,
    State,
    as_given,
    barred,
    people_needed,
    signature,
    states_of,
)
from app.casework.reading.answer_words import in_words
from app.casework.reading.look import Look, look, merged_with
from app.casework.reading.task.asked import Asked, Brief, asked_of, brief_of
from app.casework.reading.task.briefed_documents import (
    BriefedDocument,
    briefed_documents,
    kept,
)
from app.casework.reading.task.explaining import Explained, explained
from app.casework.reading.task.shown_records import ShownRecord, shown_records
from app.engine import feel
from app.engine.bpmn import Element
from app.store import DeadlineRow, TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A first signature as a page shows it."""

    #: the person's name, and whether it is the person who looks
    by: str
    own: bool
    at: datetime
    #: the answers as the form takes them, for who signs next
    given: Mapping[str, Any]
    #: (question, answer in words), in the order of the form
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    #: the reference
    case: str
    #: the person sees all of the case, not only their own part
    whole: bool
    process: str
    task: str
    element: str
    name: str
    label: str | None
    item: Mapping[str, Any]
    explain: str | None
    #: names of the groups, for people
    groups: tuple[str, ...]
    users: tuple[str, ...]
    assignee: str | None
    assignee_name: str | None
    may_claim: bool
    #: give back what they have taken themselves
    may_release: bool
    #: words of what they may order besides
    may: frozenset[str]
    may_complete: bool
    #: why the person may not do it
    refusal: str | None
    #: the case where the work goes on, where it is another one
    instead: str | None
    deadline: DeadlineRow | None
    asked: Asked
    #: what the task is about: a form of texts and read-only fields, with its own scope
    brief: Brief | None
    #: what was recorded at the steps that the task is about
    shows: tuple[ShownRecord, ...]
    #: the documents that the task is about, as they would be made now
    documents: tuple[BriefedDocument, ...] = ()
    draft: Mapping[str, Any] | None
    #: the same, with what it says besides; names of those whose answers lie beside it, by their id
    kept: Draft | None
    #: who else has begun it, as far as the person may know what they typed
    colleagues: tuple[Colleague, ...]
    writers: Mapping[str, str]
    draft_at: datetime | None
    version: int
    status: str | None
    opened_at: datetime
    #: how many different people have to give it: 1 or 2
    people: int
    #: what somebody gave first, while a second person is waited for
    signed: Signed | None
    #: the duty that the task serves, in law or guidance
    duty: str | None
    #: legal basis of the task itself, beside that of its deadline
    basis: str | None
    #: why it is offered, what comes next and what that waits for
    explained: Explained
    #: how many other cases may be about the same people; None: the step does not ask
    alike: int | None = None
    #: somebody without an account may be asked it by a link
    guest: bool = False
    #: for whom the person would do it, and until which day they cover for them
    covering: Cover | None = None


def task_page(
    desk: Desk,
    person: Person,
    case: str,
    task: str,
    at: datetime,
    since: Mapping[str, str] | None = None,
) -> TaskPage:
    """Raises `NotFound`; `Conflict` when somebody has done it meanwhile. `since`: id of a document
    → digest of the version that stood on the page from which the person comes."""
    row_of_policy = "task" if person.guest is None else "guest task"
    with look(desk, person, case, at, f"task {task}", by=row_of_policy) as seen:
        opened = open_task(seen.locked, person, task)
        row = opened.row
        element = seen.locked.loaded.element(row.process, row.element)
        page = _page(seen, opened, element)
        if element is None or not element.rules.brief_document:
            return page
        if opened.doer is None and not seen.whole:
            return page
        shown = briefed_documents(seen, element, since or {})
    return replace(page, documents=kept(desk, seen, shown))


def _page(seen: Look, opened: Opened, element: Element | None) -> TaskPage:
    locked, unit, row = seen.locked, seen.unit, opened.row
    theirs, away = opened.doer is not None, opened.for_whom(seen.person)
    _, offers = locked.task(row.task) or (row, [])
    names = seen.names([row.assignee, *(offer[2:] for offer in offers if offer.startswith("p:"))])
    first = signature(locked, row)
    refusal, name = _refusal(seen, opened, element, names, first), locked.group_name
    states, doer = _states(seen, row), opened.doer
    kept, draft_at = (theirs and draft_of(locked, row.task, seen.person.id)) or (None, None)
    return TaskPage(
        whole=seen.whole,
        case=seen.row.reference,
        process=row.process,
        task=row.task,
        element=row.element,
        name=row.name,
        label=row.label,
        item=feel.codec.loads(row.item.encode()) if row.item else {},
        explain=_explain(element),
        groups=tuple(name(offer[2:], seen.at) for offer in offers if offer.startswith("g:")),
        users=tuple(names.get(offer[2:], offer[2:]) for offer in offers if offer.startswith("p:")),
        assignee=row.assignee,
        assignee_name=names.get(row.assignee or "", row.assignee),
        may_claim=theirs and _may_claim(row, seen.person, states),
        may_release=doer is not None and row.assignee == doer.id and ORDERS[Release].fits(states),
        may=seen.may(states),
        may_complete=refusal is None,
        refusal=refusal,
        instead=merged_with(seen)[0] if row.resting else None,
        deadline=store.work.deadlines.find(unit, seen.row.id, row.task),
        asked=asked_of(seen, row, theirs=theirs),
        brief=brief_of(seen, row, element) if theirs or seen.whole else None,
        shows=shown_records(seen, row, element) if theirs or seen.whole else (),
        draft=kept.given if kept else None,
        kept=kept,
        colleagues=tuple(colleagues(locked, opened, seen.person, seen.at)),
        writers=seen.names([entry.by for entry in kept.apart]) if kept and kept.apart else {},
        draft_at=draft_at,
        version=row.version,
        status=seen.row.status,
        opened_at=row.opened_at,
        people=people_needed(element),
        signed=_signed(seen, first),
        duty=element.rules.duty if element is not None else None,
        basis=element.rules.basis if element is not None else None,
        explained=explained(seen, row, offers),
        alike=_alike(seen, element),
        guest=element is not None and element.rules.guest is not None,
        covering=next((cover for cover in seen.person.covers if cover.person is away), None),
    )


def _may_claim(row: TaskRow, person: Person, states: frozenset[State]) -> bool:
    free = row.assignee is None and row.signed_by != person.id
    return free and ORDERS[Claim].fits(states)


def _alike(seen: Look, element: Element | None) -> int | None:
    """The number says nothing of the cases; to see which they are is an order."""
    asks = element is not None and element.rules.look_for_persons
    return len(alike(seen.locked, seen.person)) if asks and seen.offers(LookAcross) else None


def _signed(seen: Look, first: Signature | None) -> Signed | None:
    if first is None:
        return None
    form = seen.locked.form(first.form)
    return Signed(
        by=first.name,
        own=first.by == seen.person.id,
        at=first.at,
        given=as_given(form, first),
        words=in_words(seen, form, first.answers, first.at),
    )


def _explain(element: Element | None) -> str | None:
    if element is None:
        return None
    return element.rules.explain or element.documentation


def _states(seen: Look, row: TaskRow) -> frozenset[State]:
    """What the case is for the task: some go on in a merged one."""
    states = states_of(seen.row)
    return states if row.resting else states - {State.MERGED}


def _refusal(
    seen: Look,
    opened: Opened,
    element: Element | None,
    names: Mapping[str, str],
    first: Signature | None,
) -> str | None:
    row, doer = opened.row, opened.doer
    if doer is None:
        return "This task is offered to others."
    if not ORDERS[CompleteTask].fits(_states(seen, row)):
        into = merged_with(seen)[0] or "another case"
        merged = f"This case was merged into {into}. It can only be read."
        return merged if row.resting else "This case is suspended."
    if row.assignee not in (None, doer.id):
        return f"{names.get(str(row.assignee), row.assignee)} has taken this task."
    return barred(seen.locked, seen.person, row, element, first, opened.for_whom(seen.person))
