"""What is kept: a page of what is due, held, asked for and destroyed; a page of each such case; and
the questions that lead to a hold, to its end, to a destruction, and away from it.

Who may, and what stands against it, is the desk's to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Command, EraseContent, KeepContent, LiftHold, Refused, SetHold, views
from app.casework.orders.retention.words import CAUSE, HOLD, KIND, POWER, REASON, SURE
from app.casework.views import Asked, RetentionCase
from app.engine.forms import Field, Option, read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person, require

bp = Blueprint("retention", __name__, url_prefix="/retention")

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One of the orders, as it is asked."""

    order: type[Command]
    title: str
    explain: str
    button: str
    #: what is asked before the reason
    asks: tuple[Field, ...]
    #: said when it is done
    done: str


QUESTIONS: Mapping[str, Question] = {
    "hold": Question(
        SetHold, "Hold this case",
        "From now on nothing of the case can be destroyed, nor of a case that is merged with it. "
        "What was asked for before, to destroy it, is over. It takes two people to lift a hold.",
        "Hold the case", (KIND,), "The case is held.",
    ),
    "lift": Question(
        LiftHold, "Lift a hold",
        "Two people must say so: the first asks for it, the second, by the same page, lifts it.",
        "Lift the hold", (HOLD,), "It was recorded.",
    ),
    "erase": Question(
        EraseContent, "Destroy the content of this case",
        "Two people must say so. You are the first: nothing is destroyed yet, and you or any other "
        "can take it back. When a second person agrees, by the same page, the key of the case is "
        "destroyed at once, and all that was recorded, made or kept with it. Nobody can undo that. "
        "What stays is who did something and when, and who decided this.",
        "Ask for it", (CAUSE,), "It was recorded. A second person must agree to it.",
    ),
    "keep": Question(
        KeepContent, "Keep the content of this case",
        "What was asked for, to destroy it, is over. It can be asked for again, by two people.",
        "Keep the content", (), "The content is kept.",
    ),
}  # fmt: skip
#: for the second person, whose click does it
AGREE = Question(
    EraseContent,
    "Destroy the content of this case now",
    "You are the second person: with your click the key of the case is destroyed at once, and all "
    "that was recorded, made or kept with it. There is no way back, neither for you nor for who "
    "runs the program. If you doubt it, keep the content: it can be asked for again.",
    "Destroy the content now",
    (CAUSE, SURE),
    "",
)


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


@bp.get("/<case>/<any(hold, lift, erase, keep):step>")
def question(case: str, step: str) -> str:
    kept = _case(case)
    return _render(kept, _question(kept, step), {})


def _question(kept: RetentionCase, step: str) -> Question:
    second = kept.asked is not None and not kept.mine
    return AGREE if step == "erase" and second else QUESTIONS[step]


@bp.post("/<case>/hold")
def hold(case: str) -> Answer:
    return _send(case, "hold")


@bp.post("/<case>/lift")
def lift(case: str) -> Answer:
    return _send(case, "lift")


@bp.post("/<case>/erase")
def erase(case: str) -> Answer:
    return _send(case, "erase")


@bp.post("/<case>/keep")
def keep(case: str) -> Answer:
    return _send(case, "keep")


def _send(case: str, step: str) -> Answer:
    kept = _case(case)
    question = _question(kept, step)
    posted, asked = submission.read(request.form), _asked(kept, question)
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, {}, asked.world)
    if reading.messages:
        return _render(kept, question, posted.given, dict(reading.messages)), 422
    order: Any = question.order
    said = {key: value for key, value in reading.answers.items() if key != SURE.key}
    try:
        desk().do(order(actor=person(), at=now(), key=posted.key, case=case, **said))
    except Refused as error:
        messages = {"": error.sentence} | dict(error.fields)
        return _render(kept, question, posted.given, messages), 422
    if question is AGREE:
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
    choices = {
        field.key: [Option(value, label) for value, label in options[field.key]]
        for field in question.asks
        if field.key in options
    }
    return ask("retention", question.title, (*question.asks, REASON), choices)


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
    return render_template(
        "retention/question.html",
        kept=kept,
        question=question,
        filled=filled,
        warns=question is AGREE,
    )
