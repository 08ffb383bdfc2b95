"""How the orders about what is kept are said, and what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.casework import commands as c
from app.casework import policy
from app.casework.orders import questions
from app.casework.orders.order import ApiWords, StepWords, Wording
from app.engine.forms import Field

POWER = policy.rule("SetHold").power or ""
KIND = questions.whom("kind", "Why is the case held?", "Select why the case is held")
CAUSE = questions.whom("cause", "Why is it destroyed?", "Select why it is destroyed")
HOLD = questions.whom("hold", "Which hold?", "Select the hold")
SURE = Field(
    key="sure", kind="checkbox", id="sure", required=True,
    label="I know that it is destroyed at once, and that nobody can undo it",
    messages={"required": "Confirm that you know that nobody can undo it"},
)  # fmt: skip
#: the words go with the case, so that they may say what they have to
REASON = replace(
    questions.REASON,
    hint="It is recorded in the history of the case, and is destroyed with it.",
)

_CASE = "/cases/{case}"
RETENTION: Mapping[type[c.Command], Wording] = {
    c.SetHold: Wording(
        history=("case", "{actor} held the case {when}: {hold}. Nothing of it can be destroyed."
                 "{because}"),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/hold", name="setHold",
            summary="Hold a case, so that its content cannot be destroyed",
            about={"kind": "one of the kinds of hold of config.yaml"},
        ),
        step=StepWords(key="hold", does="holds the case:", reason="It is needed elsewhere."),
    ),
    c.LiftHold: Wording(
        history=None, form=None,
        api=ApiWords(
            path=f"{_CASE}/lift-hold", name="liftHold",
            summary="Ask that a hold be lifted, or agree to it",
            about={"hold": "its number: that of the history entry that set it"},
        ),
        step=StepWords(key="lift_hold", does="lifts the hold", reason="It is needed no more."),
    ),
    c.EraseContent: Wording(
        history=("case", "{actor} asked that the content of the case be destroyed {when}, which a "
                 "second person must agree to: {because_of}.{because}"),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/erase", name="eraseContent",
            summary="Ask that the content of a case be destroyed, or agree to it",
            about={"cause": "“due”, or one of the causes of config.yaml for doing it earlier"},
        ),
        step=StepWords(
            key="erase", does="destroys the content:", reason="It was kept long enough.",
        ),
    ),
    c.KeepContent: Wording(
        history=("case", "{actor} took back that the content of the case be destroyed {when}, as it"
                 " had been asked for: {because_of}.{because}"),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/keep", name="keepContent",
            summary="Take back that the content of a case be destroyed",
        ),
        step=StepWords(
            key="keep", does="keeps the content after all", reason="It is needed after all.",
        ),
    ),
}  # fmt: skip
