"""How the orders about authority are said: rows of the wording, in the order in which a page names
them.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework import commands as c
from app.casework.orders.order import ApiWords, OrderForm, StepWords, Wording
from app.casework.orders.questions import REASON, whom

_CASE = "/cases/{case}"

AUTHORITY: Mapping[type[c.Command], Wording] = {
    c.AddMember: Wording(
        history=("case", "{actor} gave {person} access to the case {when}.{because}"),
        form=OrderForm(
            name="add", title="Add a person to this case", button="Add the person",
            explain="They will see the case as far as their role allows.",
            fields=(whom("person", "Who should see this case", "Select a person"), REASON),
            done="The person was added.", link="Add a person",
        ),
        api=None,
        step=StepWords(key="add_member", does="adds {} to the case", reason="They are needed."),
    ),
    c.ExcludePerson: Wording(
        history=None,
        form=OrderForm(
            name="exclude", title="Shut a person out of this case", button="Shut the person out",
            explain="From now on the case does not exist for them, whatever their role or group.",
            fields=(whom("person", "Who must not see this case", "Select a person"), REASON),
            done="The person was shut out.", link="Shut a person out", warning=True,
        ),
        api=None,
        step=StepWords(key="exclude", does="excludes", reason="They are too close to it."),
    ),
    c.LiftExclusion: Wording(
        history=None,
        form=OrderForm(
            name="lift", title="Let a person in again", button="Let the person in again",
            explain="Two people must say so: the first asks for it, the second, by the same page, "
            "lets the person in. They then see the case as far as their role and group allow.",
            fields=(whom("person", "Who should see this case again", "Select a person"), REASON),
            done="It was recorded.", link="Let in again who was shut out",
        ),
        api=ApiWords(
            path=f"{_CASE}/lift-exclusion", name="liftExclusion",
            summary="Ask that a person who was shut out be let in again, or agree to it",
            about={"person": "id of the person who was shut out"},
        ),
        step=StepWords(
            key="lift_exclusion", does="lets in again", reason="They are not close to it.",
        ),
    ),
    c.BreakGlass: Wording(
        history=(
            "case", "{actor} broke the glass {when}: they see this case for an hour.{because}",
        ),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/break-glass", name="breakGlass",
            summary="See a case for an hour that you do not belong to, with a stated reason",
        ),
        step=StepWords(
            key="break_glass", does="breaks the glass", reason="Nobody else can be reached.",
        ),
    ),
    c.SetCover: Wording(
        history=None, form=None,
        api=ApiWords(
            path="/covers", name="setCover", summary="Say who covers for whom, on which days",
        ),
        step=StepWords(key="cover", does="covers", about=("for", "by", "from", "until", "reason")),
    ),
    c.AgreeCover: Wording(
        history=None, form=None,
        api=ApiWords(
            path="/covers/{cover}/agree", name="agreeCover", summary="Agree to a proposed cover",
        ),
        step=None,
    ),
    c.EndCover: Wording(
        history=None, form=None,
        api=ApiWords(
            path="/covers/{cover}/end", name="endCover", summary="End a cover before its last day",
        ),
        step=StepWords(key="end_cover", does="no longer covers", about=("for", "by")),
    ),
    c.RecordConflict: Wording(
        history=None, form=None,
        api=ApiWords(
            path="/conflicts", name="recordConflict",
            summary="Record that somebody is too close to a child, a family or an agency",
            about={"person": "id of the person", "about": "with whom or what"},
        ),
        step=None,
    ),
    c.EndConflict: Wording(
        history=None, form=None,
        api=ApiWords(
            path="/conflicts/{conflict}/end", name="endConflict",
            summary="End an entry on a conflict",
        ),
        step=None,
    ),
}  # fmt: skip
