"""How each order is asked on pages and over the API: casework's wording, with what the web adds.

That is a page of its own where the wording has no form, and bodies and answers of the API that do
not follow from what the order says. Who may give it, and when, is casework's table; how forms are
shown is `pages.orders`', how the API takes its orders `api.orders`'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, get_type_hints

from flask import url_for

from app.casework import ORDERS, WORDING, ApiWords, OrderForm, takes
from app.casework import commands as c
from app.web.api import bodies, covers, documents
from app.web.api.shapes import COUNT, TEXT, TRUTH, Body, Kind, Shape

Answers = Mapping[str, Any]


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
    body: Shape
    #: what the command takes, from the body
    reads: Callable[[Answers], dict[str, Any]]
    answer: Shape
    #: the answer, given what was done and the members of the path
    says: Callable[..., Body]
    #: where the answer is from now on, given it and the members of the path
    address: Callable[..., str] | None
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the API takes and answers, where that does not follow from what the order says."""

    body: Shape | None = None
    reads: Callable[[Answers], dict[str, Any]] | None = None
    answer: Shape = bodies.DONE
    says: Callable[..., Body] = _done
    address: Callable[..., str] | None = None
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    form: OrderForm | None = None
    #: endpoint of the page that asks it, where it has no form of that kind; "": no page does
    page: str = ""
    #: None: no program may give it
    api: Api | None = None


#: only time, another case or the installation gives it
NOBODY = Asked()
#: endpoint of the page of its own that asks an order without a form
_PAGES: Mapping[type[c.Command], str] = {
    c.StartCase: "start.send",
    c.Claim: "task.claim",
    c.Release: "task.release",
    c.SaveDraft: "task.send",
    c.TakeOverDraft: "task.send",
    c.CompleteTask: "task.send",
    c.TakeBack: "taking_back.send",
    c.RetryIncident: "stopped.retry",
    c.ProduceDocument: "documents.produce",
    c.LayBeside: "orders.send",
    c.SetCover: "cover.send",
    c.AgreeCover: "cover.agree",
    c.EndCover: "cover.end",
    c.BreakGlass: "glass.send",
    c.RecordConflict: "conflicts.send",
    c.EndConflict: "conflicts.end",
    c.SetHold: "retention.hold",
    c.LiftHold: "retention.lift",
    c.EraseContent: "retention.erase",
    c.KeepContent: "retention.keep",
    c.SendAgain: "mail.again",
    c.Deploy: "checking.check",
    c.Activate: "checking.activate",
}


#: endpoint of the first page of an order that several pages ask, one after the other
STEPS: Mapping[type[c.Command], str] = {c.DeliverMessage: "happenings.choose"}


def _completed(outcome: c.Done, case: str, task: str) -> Body:
    return bodies.COMPLETED.said(outcome, completed=outcome.completed(task))


def _case_address(said: Body) -> str:
    return url_for("api.getCase", case=said["case"])


_OWN: Mapping[type[c.Command], Own] = {
    c.StartCase: Own(
        body=bodies.START_CASE, address=_case_address, status=201,
        reads=lambda body: {"process": body["process"], **_answered(body)},
    ),
    c.CompleteTask: Own(
        body=bodies.COMPLETE_TASK, answer=bodies.COMPLETED, says=_completed,
        reads=lambda body: {
            **_answered(body), "version": body["version"], "documents": body["documents"] or {},
        },
    ),
    c.DeliverMessage: Own(
        body=bodies.MESSAGE,
        reads=lambda body: {
            "message": body["message"], "another": body["another"] or "",
            "given": body["payload"] or {}, "confirmed": bool(body["confirmed"]),
            "reasons": body["reasons"] or {},
        },
    ),
    c.ProduceDocument: Own(
        body=documents.PRODUCE_DOCUMENT, reads=documents.to_make, answer=documents.PRODUCED,
        says=documents.produced, address=documents.address, status=201,
    ),
    c.SetCover: Own(
        body=covers.SET_COVER, reads=covers.to_set, answer=covers.COVER_DONE, says=covers.done,
        status=201,
    ),
    c.AgreeCover: Own(answer=covers.COVER_DONE, says=covers.done),
    c.EndCover: Own(answer=covers.COVER_DONE, says=covers.done),
    c.RecordConflict: Own(answer=covers.CONFLICT_DONE, says=covers.conflict_done, status=201),
    c.EndConflict: Own(answer=covers.CONFLICT_DONE, says=covers.conflict_done),
}  # fmt: skip
#: how a member of a command's own type stands in a body
_KINDS: Mapping[Any, Kind] = {str: TEXT, bool: TRUTH, int: COUNT}


def _body(kind: type[c.Command], words: ApiWords) -> Shape:
    """What the order says beside the path, in the order's own name; what has a default may be
    left out. Raises `LookupError` for a member that JSON has no plain type for."""
    types, members, needed = get_type_hints(kind), {}, []
    for row in fields(kind):
        if row.name not in takes(kind) or f"{{{row.name}}}" in words.path:
            continue
        if types[row.name] not in _KINDS:
            where = f"{kind.__name__}.{row.name}"
            raise LookupError(f"Say in _OWN of app/web/orders.py what the API takes for {where}.")
        member = _KINDS[types[row.name]]
        about = words.about.get(row.name)
        members[row.name] = member(about) if about else member
        if row.default is MISSING and row.default_factory is MISSING:
            needed.append(row.name)
    return Shape(kind.__name__, members, tuple(needed)) if members else bodies.NOTHING


def _api(kind: type[c.Command]) -> Api | None:
    words, own = WORDING[kind].api, _OWN.get(kind, Own())
    if words is None:
        return None
    body = _body(kind, words) if own.body is None else own.body

    def as_named(sent: Answers) -> dict[str, Any]:
        """What is left out keeps the command's default."""
        return {name: value for name, value in sent.items() if value is not None}

    return Api(
        path=words.path, name=words.name, summary=words.summary, body=body,
        reads=own.reads or as_named, answer=own.answer, says=own.says, address=own.address,
        status=own.status,
    )  # fmt: skip


def _asked(kind: type[c.Command]) -> Asked:
    asked = Asked(form=WORDING[kind].form, page=_PAGES.get(kind, ""), api=_api(kind))
    return NOBODY if asked == NOBODY else asked


#: in the order in which a page names them
ASKED: Mapping[type[c.Command], Asked] = {kind: _asked(kind) for kind in WORDING}


def forms(about_task: bool) -> dict[str, type[c.Command]]:
    """Name of a form in its page's address → the order, of those about a task or a whole case;
    without those that several pages ask."""
    return {
        form.name: kind
        for kind, asked in ASKED.items()
        if (form := asked.form) is not None
        and kind not in STEPS
        and ("task" in takes(kind)) == about_task
    }


def offered(may: frozenset[str]) -> list[tuple[OrderForm, str]]:
    """The forms that a page of a case leads to, for somebody who may order this, each with the
    endpoint of its first page, where several ask it."""
    rows = (
        (ORDERS[kind].word, asked.form, STEPS.get(kind, ""))
        for kind, asked in ASKED.items()
        if "task" not in takes(kind)
    )
    return [(form, page) for word, form, page in rows if form is not None and word in may]
