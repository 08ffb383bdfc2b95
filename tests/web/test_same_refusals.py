"""What a page refuses, nobody takes: the same, sent to the page, over the API and to the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from app.casework import SYSTEM, accounts
from app.casework import commands as c
from app.casework.errors import CaseworkError
from app.casework.orders import takes
from app.casework.people import changes
from app.web.orders import ASKED
from tests.kit import PEOPLE, Kit, diagram
from tests.rows import need_rows
from tests.web.conftest import Browser
from tests.web.test_api import ROOT

LONG = "x" * 2001
#: looks empty, and is no white space to every program
UNSEEN = "\N{ZERO WIDTH SPACE}"
DRAWN = (
    diagram(
        "start > task:check > throw:tell > catch:wait > end",
        check={"groups": "clerk,lead", "due": "=working_days_after(today(), 5)"},
        tell={"message": "checked"}, wait={"message": "reply"},
    ),
    diagram(
        "start:all_checked > task:file > end", process="filing", start_groups=None,
        all_checked={"message": "checked"}, file={"groups": "lead"},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One order as three senders write it."""

    order: type[c.Command]
    #: the fields of the page's form
    typed: Mapping[str, str]
    #: what a program says, the API's body where there is one
    said: Mapping[str, Any]
    #: what the command says, where that differs from the body
    command: Mapping[str, Any] | None = None


def reason(text: str) -> dict[str, str]:
    return {"reason": text}


def due(day: str, at: str = "") -> dict[str, str]:
    keys = ("due-day", "due-month", "due-year")
    return {**dict(zip(keys, day.split(), strict=True)), "at": at, "reason": "r"}


def message(name: str, **details: str) -> Sent:
    typed = {"message": name}
    for number, (key, value) in enumerate(details.items()):
        typed |= {f"details.{number}.name": key, f"details.{number}.value": value}
    return Sent(
        c.DeliverMessage, typed, {"message": name, "payload": details},
        {"message": name, "given": details},
    )  # fmt: skip


def cover(**changes: str) -> Sent:
    days = {"from": "2026-03-04", "until": "2026-03-06"}
    said = {"for": "ann", "by": "pol", **days, "reason": "Leave"} | changes
    typed = {name: said[name] for name in ("for", "by", "reason")}
    for name in days:
        year, month, day = said[name].split("-")
        typed |= {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}
    first, last = (date.fromisoformat(said[name]) for name in days)
    people = {"person": said["for"], "by": said["by"], "reason": said["reason"]}
    return Sent(c.SetCover, typed, said, people | {"first": first, "last": last})


#: key of a question → what is chosen or written, where it is no free text
CHOSEN = {"into": "T-2026-0002", "person": "pol", "to": "ben"}
#: the same, of an order about somebody else
CHOSEN_OF: Mapping[type[c.Command], dict[str, str]] = {c.LiftExclusion: {"person": "gil"}}
#: orders whose form has rows of its own below: what is typed is not what the order says
BELOW = (c.MoveDeadline, c.DeliverMessage)
FORMS = {kind: asked.form for kind, asked in ASKED.items() if asked.form and kind not in BELOW}
#: each order of these → its questions that are answered in words
TEXTS = {
    kind: [question for question in form.fields if question.kind == "textarea"]
    for kind, form in FORMS.items()
}


def full(order: type[c.Command]) -> dict[str, str]:
    """Every question answered, those in words at full length."""
    longest = {question.key: LONG[: question.max_length] for question in TEXTS[order]}
    chosen = CHOSEN | CHOSEN_OF.get(order, {})
    return {question.key: "r" for question in FORMS[order].fields} | chosen | longest


def answered(order: type[c.Command], **changes: str) -> Sent:
    keys = [question.key for question in FORMS[order].fields]
    said = {key: (full(order) | changes)[key] for key in keys}
    return Sent(order, said, said)


def test_every_question_of_an_order_has_an_answer() -> None:
    asked = {question.key for form in FORMS.values() for question in form.fields}
    in_words = {question.key for texts in TEXTS.values() for question in texts}
    need_rows(__file__, "CHOSEN", asked - in_words, CHOSEN)


REFUSED: dict[str, Sent] = {
    f"{order.__name__}: {question.key}, {what}": answered(order, **{question.key: text})
    for order, questions in TEXTS.items()
    for question in questions
    for what, text in {
        "none": "", "white space": " \n\t", "nothing to see": UNSEEN, "too long": LONG,
    }.items()
} | {
    f"{order.__name__}: {what}": answered(order, **{key: who})
    for order, form in FORMS.items()
    for key in {question.key for question in form.fields} & {"person", "to"}
    for what, who in {"nobody": "xyz", "disabled": "aud", "shut out": "gil", "blank": ""}.items()
    if not (order is c.LiftExclusion and what == "shut out")
} | {
    "MoveDeadline: no reason": Sent(
        c.MoveDeadline, due("9 3 2026") | reason(" "), {"due": date(2026, 3, 9), "reason": " "}),
    "MoveDeadline: a long reason": Sent(
        c.MoveDeadline, due("9 3 2026") | reason(LONG), {"due": date(2026, 3, 9), "reason": LONG}),
    "MoveDeadline: a slip of a year": Sent(
        c.MoveDeadline, due("9 3 2262"), {"due": date(2262, 3, 9), "reason": "r"}),
    "MoveDeadline: a year long gone": Sent(
        c.MoveDeadline, due("9 3 1026", "10:00"),
        {"due": datetime(1026, 3, 9, 10, tzinfo=UTC), "reason": "r"}),
    "Merge: into itself": Sent(c.Merge, *[{"into": "T-2026-0001", "reason": "r"}] * 2),
    "Merge: a case that is not there": Sent(c.Merge, *[{"into": "T-2026-9", "reason": "r"}] * 2),
    "message: nobody listens": message("unheard"),
    "message: a diagram sends it": message("checked"),
    "message: a merge says it": message("case_merged"),
    "message: none": message(""),
    "message: 21 details": message("reply", **{f"a{number}": "x" for number in range(21)}),
    "message: a name without a letter": message("reply", **{"12": "x"}),
    "message: a long name": message("reply", **{"n" * 501: "x"}),
    "message: a long value": message("reply", on="x" * 501),
    "cover: nobody is away": cover(**{"for": "xyz"}),
    "cover: a disabled person is away": cover(**{"for": "aud"}),
    "cover: by somebody without a role": cover(by="dra"),
    "cover: by themselves": cover(by="ann"),
    "cover: no reason": cover(reason=UNSEEN),
    "cover: a long reason": cover(reason="x" * 501),
    "cover: yesterday": cover(**{"from": "2026-03-03"}),
    "cover: backwards": cover(until="2026-03-03"),
    "cover: a slip of a year": cover(**{"from": "2260-03-04", "until": "2260-03-06"}),
}  # fmt: skip
TAKEN: dict[str, Sent] = {
    **{order.__name__: answered(order) for order in FORMS},
    "MoveDeadline": Sent(c.MoveDeadline, due("9 3 2026"), {"due": date(2026, 3, 9), "reason": "r"}),
    "message": message("reply", on="2026-03-09"),
    "cover": cover(),
    "cover: an auditor is away": cover(**{"for": "dra"}),
}  # fmt: skip


@pytest.fixture
def site(app: Flask, kit: Kit) -> Iterator[Flask]:
    kit.deploy(*DRAWN)
    yield app


class Senders:
    """Lea sends the same order three ways, each in a fresh case."""

    def __init__(self, site: Flask, kit: Kit, lea: Browser) -> None:
        self.site, self.kit, self.lea = site, kit, lea
        changes.disable(kit.desk, SYSTEM, "aud", kit.at)
        self.head = {
            "Authorization": f"Bearer {accounts.new_token(kit.desk, PEOPLE['lea'], 't', kit.at)}"
        }

    def fresh(self, order: type[c.Command]) -> tuple[str, str]:
        """Reference and task of a case in which the order could be given."""
        kit = self.kit
        case, other = (kit.started("lea") for _ in "ab")
        kit.do(c.ExcludePerson, "lea", case=case.case, person="gil", reason="a cousin")
        if order is c.Resume:
            kit.do(c.Suspend, "lea", case=case.case, reason="wait")
        if order is c.Unmerge:
            kit.do(c.Merge, "lea", case=case.case, into=other.reference, reason="same")
        return case.reference, kit.task(case.case, "check")

    def page(self, sent: Sent, case: str, task: str) -> int:
        form = ASKED[sent.order].form
        if form is None:
            path = "/cover"
        elif "task" in takes(sent.order):
            path = f"/cases/{case}/tasks/{task}/orders/{form.name}"
        elif sent.order is c.DeliverMessage:
            return self.recorded(sent, case)
        else:
            path = f"/cases/{case}/orders/{form.name}"
        token = self.lea.visit(path).form()["csrf_token"]
        data = {"csrf_token": token, "_action": "complete", **sent.typed}
        answer = self.lea.client.post(path, data=data)
        if b'name="_beside"' in answer.data:  # both cases were shown: it is sent once more
            beside = {"_beside": sent.typed["into"]}
            answer = self.lea.client.post(path, data=data | beside)
        looked = sent.order is c.LookAcross and answer.status_code == 200
        return 302 if looked else answer.status_code

    def recorded(self, sent: Sent, case: str) -> int:
        """What no page leads to has none; without a form no page asks for details."""
        path = f"/cases/{case}/orders/message/{sent.said['message']}"
        if sent.said["payload"] and sent in REFUSED.values():
            return 422
        page = self.lea.client.get(path)
        if page.status_code != 200:
            return 422
        token = self.lea.visit(path).form()["csrf_token"]
        data = {"csrf_token": token, "_action": "record"}
        return self.lea.client.post(path, data=data).status_code

    def api(self, sent: Sent, case: str) -> int | None:
        api = ASKED[sent.order].api
        if api is None:
            return None
        path = ROOT + api.path.replace("{case}", case)
        return self.site.test_client().post(path, json=sent.said, headers=self.head).status_code

    def desk(self, sent: Sent, case: str, task: str) -> str:
        said = dict(sent.said if sent.command is None else sent.command)
        about = {} if sent.order is c.SetCover else {"case": case}
        about |= {"task": task} if "task" in takes(sent.order) else {}
        try:
            self.kit.do(sent.order, "lea", **about, **said)
        except CaseworkError:
            return "refused"
        return "done"


@pytest.fixture
def senders(site: Flask, kit: Kit, browser_of: Callable[[str], Browser]) -> Senders:
    return Senders(site, kit, browser_of("lea"))


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_a_page_refuses_is_refused_whoever_sends_it(senders: Senders, sent: Sent) -> None:
    case, task = senders.fresh(sent.order)
    assert senders.page(sent, case, task) == 422
    assert senders.api(sent, case) in (None, 409, 422)
    assert senders.desk(sent, case, task) == "refused"


@pytest.mark.parametrize("sender", ["page", "api", "desk"])
@pytest.mark.parametrize("sent", TAKEN.values(), ids=TAKEN)
def test_what_a_page_takes_is_taken_whoever_sends_it(
    senders: Senders, sent: Sent, sender: str
) -> None:
    case, task = senders.fresh(sent.order)
    if sender == "page":
        assert senders.page(sent, case, task) == 302
    elif sender == "api":
        assert senders.api(sent, case) in (None, 200, 201)
    else:
        assert senders.desk(sent, case, task) == "done"
