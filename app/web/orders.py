"""How each order is asked: its form, or the page that asks it, and its part of the API; a row each.

Who may give it, and when, is casework's table. How forms are shown is `pages.orders`', how the API
takes its orders `api.orders`'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.casework import DAY, DETAILS, ORDERS, takes
from app.casework import commands as c
from app.casework.orders.questions import REASON
from app.web.api import bodies, covers, documents
from app.web.api.shapes import Body, Shape
from app.web.pages import order_forms
from app.web.pages.order_forms import Answers, Form, as_named


def _answered(body: Answers) -> dict[str, Any]:
    return {
        "given": body["answers"] or {},
        "confirmed": bool(body["confirmed"]),
        "reasons": body["reasons"] or {},
    }


def _done(outcome: c.Done, **_: str) -> Body:
    return bodies.DONE.said(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    #: as OpenAPI writes it; its members are the command's too
    path: str
    name: str
    summary: str
    body: Shape = bodies.NOTHING
    #: what the command takes, from the body
    reads: Callable[[Answers], dict[str, Any]] = as_named
    answer: Shape = bodies.DONE
    #: the answer, given what was done and the members of the path
    says: Callable[..., Body] = _done
    #: where the answer is from now on, given it and the members of the path
    address: Callable[..., str] | None = None
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    form: Form | None = None
    #: endpoint of the page that asks it, where it has no form of that kind; "": no page does
    page: str = ""
    #: None: no program may give it
    api: Api | None = None


#: only time, another case or the installation gives it
NOBODY = Asked()
_CASE = "/cases/{case}"
_TASK = "/cases/{case}/tasks/{task}"


def _completed(outcome: c.Done, case: str, task: str) -> Body:
    return bodies.COMPLETED.said(outcome, completed=outcome.completed(task))


def _case_address(said: Body) -> str:
    return url_for("api.getCase", case=said["case"])


#: in the order in which a page names them
ASKED: Mapping[type[c.Command], Asked] = {
    c.StartCase: Asked(page="start.send", api=Api(
        path="/cases", name="startCase", summary="Start a case", body=bodies.START_CASE,
        reads=lambda body: {"process": body["process"], **_answered(body)},
        address=_case_address, status=201,
    )),
    c.Claim: Asked(page="task.claim", api=Api(
        path=f"{_TASK}/claim", name="claimTask", summary="Take a task",
    )),
    c.Release: Asked(page="task.release", api=Api(
        path=f"{_TASK}/release", name="releaseTask", summary="Give a task back",
    )),
    c.SaveDraft: Asked(page="task.send"),
    c.CompleteTask: Asked(page="task.send", api=Api(
        path=f"{_TASK}/complete", name="completeTask",
        summary="Complete a task with answers, or sign one that needs two people",
        body=bodies.COMPLETE_TASK,
        reads=lambda body: {**_answered(body), "version": body["version"]},
        answer=bodies.COMPLETED, says=_completed,
    )),
    c.Assign: Asked(form=Form(
        name="assign", title="Give this task to somebody", button="Give the task",
        explain="Nobody else can complete the task until they give it back.",
        fields=(order_forms.whom("to", "Who should do it", "Select who should do it"),),
        done="The task was given to them.",
    )),
    c.MoveDeadline: Asked(form=Form(
        name="deadline", title="Move the deadline", button="Move the deadline",
        explain="The old deadline, the new one and your reason are recorded. "
        "A limit set by law stays what it is.",
        fields=(DAY, order_forms.TIME, REASON), done="The deadline was moved.",
        reads=order_forms.new_due,
    )),
    c.DeliverMessage: Asked(
        form=Form(
            name="message", title="Record that something has happened", button="Record it",
            explain="The case goes on where it waits for this. If nothing waits for it yet, it is "
            "kept.",
            fields=(order_forms.MESSAGE, DETAILS), done="It was recorded.",
            reads=order_forms.happened,
        ),
        api=Api(
            path=f"{_CASE}/messages", name="sendMessage", summary="Deliver a message to a case",
            body=bodies.MESSAGE,
            reads=lambda body: {"message": body["message"], "given": body["payload"] or {}},
        ),
    ),
    c.Suspend: Asked(form=Form(
        name="suspend", title="Suspend this case", button="Suspend the case",
        explain="Nobody can complete tasks until the case is resumed. Deadlines keep running.",
        fields=(REASON,), done="The case is suspended.",
    )),
    c.Resume: Asked(form=Form(
        name="resume", title="Resume this case", button="Resume the case",
        explain="Tasks can be completed again. What fell due in the meantime happens now.",
        fields=(REASON,), done="The case goes on.",
    )),
    c.AddMember: Asked(form=Form(
        name="add", title="Add a person to this case", button="Add the person",
        explain="They will see the case as far as their role allows.",
        fields=(order_forms.whom("person", "Who should see this case", "Select a person"), REASON),
        done="The person was added.", link="Add a person",
    )),
    c.ExcludePerson: Asked(form=Form(
        name="exclude", title="Shut a person out of this case", button="Shut the person out",
        explain="From now on the case does not exist for them, whatever their role or group.",
        fields=(
            order_forms.whom("person", "Who must not see this case", "Select a person"), REASON,
        ),
        done="The person was shut out.", link="Shut a person out", warning=True,
    )),
    c.Merge: Asked(
        form=Form(
            name="merge", title="Merge into another case", button="Merge the cases",
            explain="Use this when both cases are about the same. The other case goes on and is "
            "told what this one knows; its deadlines may move. This case can then only be read: "
            "its tasks and timers rest. Everybody who sees this case will see the other one, as "
            "far as their role allows. You can undo it until the other case has passed a step "
            "that settles it.",
            fields=(order_forms.INTO, REASON), warning=True,
            done="The case was merged. The work goes on in the other one.",
        ),
        api=Api(
            path=f"{_CASE}/merge", name="mergeCase", summary="Merge a case into another one",
            body=bodies.MERGE,
        ),
    ),
    c.Unmerge: Asked(
        form=Form(
            name="unmerge", title="Undo the merge", button="Undo the merge",
            explain="This case goes on where it was. What fell due in the meantime happens now. "
            "The other case counts its dates without this one again.",
            fields=(REASON,), done="The merge was undone. This case goes on.",
        ),
        api=Api(
            path=f"{_CASE}/unmerge", name="unmergeCase", summary="Undo the merge of a case",
            body=bodies.UNMERGE,
        ),
    ),
    c.Cancel: Asked(form=Form(
        name="cancel", title="Cancel this case", button="Cancel the case for good",
        explain="All open tasks are closed and nothing more will happen in it. "
        "What was done stays on record. This cannot be undone.",
        fields=(REASON,), done="The case was cancelled.", warning=True,
    )),
    c.ProduceDocument: Asked(page="documents.produce", api=Api(
        path=f"{_CASE}/documents", name="produceDocument",
        summary="Make the next version of a document", body=documents.PRODUCE_DOCUMENT,
        reads=documents.to_make,
        answer=documents.PRODUCED, says=documents.produced, address=documents.address, status=201,
    )),
    c.SetCover: Asked(page="cover.send", api=Api(
        path="/covers", name="setCover", summary="Say who covers for whom, on which days",
        body=covers.SET_COVER, reads=covers.to_set, answer=covers.COVER_DONE, says=covers.done,
        status=201,
    )),
    c.EndCover: Asked(page="cover.end", api=Api(
        path="/covers/{cover}/end", name="endCover", summary="End a cover before its last day",
        answer=covers.COVER_DONE, says=covers.done,
    )),
    c.Deploy: Asked(page="checking.check"),
    c.Activate: Asked(page="checking.activate"),
    c.DeliverSignal: NOBODY,
    c.WakeCase: NOBODY,
    c.ReplanCase: NOBODY,
}  # fmt: skip


def forms(about_task: bool) -> dict[str, type[c.Command]]:
    """Name of a form in its page's address → the order, of those about a task or a whole case."""
    return {
        form.name: kind
        for kind in ORDERS
        if (form := ASKED[kind].form) is not None and ("task" in takes(kind)) == about_task
    }


def offered(may: frozenset[str]) -> list[Form]:
    """The forms that a page of a case leads to, for somebody who may order this."""
    about = set(forms(about_task=False).values())
    rows = ((ORDERS[kind].word, asked.form) for kind, asked in ASKED.items() if kind in about)
    return [form for word, form in rows if form is not None and word in may]
