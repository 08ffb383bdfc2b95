"""What is kept: a page of what is due, held, asked for and destroyed; a page of each such case; and
the three questions that lead to a hold, to its end, and to a destruction.

Who may, and what stands against it, is the desk's to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Command, EraseContent, LiftHold, Refused, SetHold, views
from app.casework.orders.retention.words import CAUSE, HOLD, KIND, POWER, REASON
from app.casework.views import Asked, RetentionCase
from app.engine.forms import Field, Option, read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person, require

bp = Blueprint("retention", __name__, url_prefix="/retention")

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three orders, as it is asked."""

    order: type[Command]
    title: str
    explain: str
    button: str
    choice: Field
    #: said when it is done
    done: str


QUESTIONS: Mapping[str, Question] = {
    "hold": Question(
        SetHold, "Hold this case",
        "From now on nothing of the case can be destroyed, nor of a case that is merged with it. "
        "What was asked for before, to destroy it, is over. It takes two people to lift a hold.",
        "Hold the case", KIND, "The case is held.",
    ),
    "lift": Question(
        LiftHold, "Lift a hold",
        "Two people must say so: the first asks for it, the second, by the same page, lifts it.",
        "Lift the hold", HOLD, "It was recorded.",
    ),
    "erase": Question(
        EraseContent, "Destroy the content of this case",
        "Two people must say so: the first asks for it; when the second agrees, by the same page, "
        "the key of the case is destroyed, and all that was recorded, made or kept with it. Nobody "
        "can undo it. What stays is who did something and when, and who decided this.",
        "Destroy the content", CAUSE, "It was recorded. A second person must agree to it.",
    ),
}  # fmt: skip


@bp.before_request
def _only_who_may() -> None:
    require(POWER)


@bp.get("")
def page() -> str:
    kept = views.retention_page(desk(), person(), now())
    return render_template("retention/page.html", kept=kept)


@bp.get("/find")
def find() -> Response:
    """By the reference that was typed: also a case that goes on can be held."""
    case = request.args.get("case", "").strip()
    return redirect(url_for(".case", case=case) if case else url_for(".page"))


@bp.get("/<case>")
def case(case: str) -> str:
    return render_template("retention/case.html", kept=_case(case))


@bp.get("/<case>/<any(hold, lift, erase):step>")
def question(case: str, step: str) -> str:
    return _render(_case(case), QUESTIONS[step], {})


@bp.post("/<case>/hold")
def hold(case: str) -> Answer:
    return _send(case, QUESTIONS["hold"])


@bp.post("/<case>/lift")
def lift(case: str) -> Answer:
    return _send(case, QUESTIONS["lift"])


@bp.post("/<case>/erase")
def erase(case: str) -> Answer:
    return _send(case, QUESTIONS["erase"])


def _send(case: str, question: Question) -> Answer:
    kept = _case(case)
    posted, asked = submission.read(request.form), _asked(kept, question)
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, {}, asked.world)
    if reading.messages:
        return _render(kept, question, posted.given, dict(reading.messages)), 422
    order: Any = question.order
    try:
        desk().do(order(actor=person(), at=now(), key=posted.key, case=case, **reading.answers))
    except Refused as error:
        messages = {"": error.sentence} | dict(error.fields)
        return _render(kept, question, posted.given, messages), 422
    if question.order is EraseContent and kept.asked is not None:
        flash(f"The content of {kept.case} was destroyed.", "success")
        return redirect(url_for(".page"))
    flash(question.done, "success")
    return redirect(url_for(".case", case=case))


def _case(case: str) -> RetentionCase:
    return views.retention_case(desk(), person(), case, now())


def _asked(kept: RetentionCase, question: Question) -> Asked:
    options: Mapping[str, Sequence[tuple[str, str]]] = {
        "kind": kept.kinds,
        "hold": [(str(hold.number), _hold(hold)) for hold in kept.own_holds],
        "cause": kept.causes,
    }
    key = question.choice.key
    choices = {key: [Option(value, label) for value, label in options[key]]}
    return ask("retention", question.title, (question.choice, REASON), choices)


def _hold(hold: views.HoldLine) -> str:
    if hold.lift_by is None:
        return hold.name
    return f"{hold.name}: {'you' if hold.mine else hold.lift_by} asked that it be lifted"


def _render(
    kept: RetentionCase,
    question: Question,
    given: Mapping[str, Any],
    messages: Mapping[str, str] | None = None,
) -> str:
    filled = fill(_asked(kept, question), given, messages or {})
    return render_template("retention/question.html", kept=kept, question=question, filled=filled)
