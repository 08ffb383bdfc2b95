"""How each order is said, one row each: its sentence in the history, its form, its part of the API,
its words in a journey.

Plain data, read by the rooms that say it: `audit.narrative`, `web.orders`, `journeys.file`. What
only a function can say, and what an answer of the API looks like, stands there. Who may give an
order and what it does is `table`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework import commands as c
from app.casework.orders.authority.words import AUTHORITY
from app.casework.orders.order import ApiWords, OrderForm, StepWords, Wording
from app.casework.orders.questions import (
    DAY,
    INTO,
    REASON,
    TIME,
    new_due,
    whom,
)
from app.casework.orders.retention.words import RETENTION

_CASE = "/cases/{case}"
_TASK = "/cases/{case}/tasks/{task}"
#: time, another case or the installation gives it, or a page of its own asks it
_UNSAID = Wording(history=None, form=None, api=None, step=None)


class _Rows(dict[type[c.Command], Wording]):
    """An order without a row is told at once, by whoever reads the wording first."""

    def __missing__(self, kind: type[c.Command]) -> Wording:
        raise LookupError(f"app/casework/orders/wording.py has no row for {kind.__name__}.")


#: in the order in which a page names them
WORDING: Mapping[type[c.Command], Wording] = _Rows({
    c.StartCase: Wording(
        history=None, form=None,
        api=ApiWords(path="/cases", name="startCase", summary="Start a case"),
        step=StepWords(key="start", does="starts"),
    ),
    c.Claim: Wording(
        history=("task", "{actor} took {task} {when}."), form=None,
        api=ApiWords(path=f"{_TASK}/claim", name="claimTask", summary="Take a task"),
        step=StepWords(key="claim", does="takes"),
    ),
    c.Release: Wording(
        history=("task", "{actor} gave back {task} {when}."), form=None,
        api=ApiWords(path=f"{_TASK}/release", name="releaseTask", summary="Give a task back"),
        step=StepWords(key="release", does="gives back"),
    ),
    c.SaveDraft: Wording(
        history=("task", "{actor} saved a draft of {task} {when}."), form=None, api=None,
        step=StepWords(key="draft", does="drafts"),
    ),
    c.TakeOverDraft: Wording(
        history=(
            "task",
            "{actor} went on with what {name} had begun of {task} and saved on {saved} {when}.",
        ),
        form=None, api=None,
        step=StepWords(
            key="take_over", does="goes on with what a colleague has begun of", needs="to"
        ),
    ),
    c.CompleteTask: Wording(
        history=None, form=None,
        api=ApiWords(
            path=f"{_TASK}/complete", name="completeTask",
            summary="Complete a task with answers, or sign one that needs two people",
        ),
        step=StepWords(key="do", does="does", also=("complete",)),
    ),
    c.Assign: Wording(
        history=("task", "{actor} assigned {task} to {to} {when}."),
        form=OrderForm(
            name="assign", title="Give this task to somebody", button="Give the task",
            explain="Nobody else can complete the task until they give it back.",
            fields=(whom("to", "Who should do it", "Select who should do it"),),
            done="The task was given to them.",
        ),
        api=None,
        step=StepWords(key="assign", does="assigns", needs="to"),
    ),
    c.MoveDeadline: Wording(
        history=None,
        form=OrderForm(
            name="deadline", title="Move the deadline", button="Move the deadline",
            explain="The old deadline, the new one and your reason are recorded. "
            "A limit set by law stays what it is.",
            fields=(DAY, TIME, REASON), done="The deadline was moved.", reads=new_due,
        ),
        api=None,
        step=StepWords(
            key="move_deadline", does="moves the deadline of", reason="More time is needed.",
            needs="to",
        ),
    ),
    c.DeliverMessage: Wording(
        history=None,
        form=OrderForm(
            name="message", title="Record that something has happened", button="Record it",
            explain="Choose what has happened. You answer a few questions about it, then see what "
            "will follow and who will be told, before anything is recorded.",
            fields=(), done="It was recorded.",
        ),
        api=ApiWords(
            path=f"{_CASE}/messages", name="sendMessage",
            summary="Record that something has happened, by the answers to its form",
        ),
        step=StepWords(key="message", does="arrives"),
    ),
    c.TakeBack: Wording(
        history=("message", "{actor} took back “{name}” (entry {entry}) {when}.{because}"),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/take-back", name="takeBack",
            summary="Take back what was recorded, while nobody has worked on what it began",
            about={"entry": "number of the history entry by which it was recorded"},
        ),
        step=StepWords(
            key="take_back", does="takes back", reason="It was recorded by mistake.",
        ),
    ),
    c.SendAgain: Wording(
        history=("mail", "{actor} had a mail to {person} sent again {when}."), form=None,
        api=ApiWords(
            path=f"{_CASE}/mail/{{letter}}/send-again", name="sendAgain",
            summary="Send a mail of a case again",
        ),
        step=StepWords(key="send_again", does="has a mail sent again to"),
    ),
    c.Suspend: Wording(
        history=("case", "{actor} suspended the case {when}.{because}"),
        form=OrderForm(
            name="suspend", title="Suspend this case", button="Suspend the case",
            explain="Nobody can complete tasks until the case is resumed. Deadlines keep running.",
            fields=(REASON,), done="The case is suspended.",
        ),
        api=None,
        step=StepWords(key="suspend", does="suspends the case", reason="It has to wait."),
    ),
    c.Resume: Wording(
        history=("case", "{actor} resumed the case {when}.{because}"),
        form=OrderForm(
            name="resume", title="Resume this case", button="Resume the case",
            explain="Tasks can be completed again. What fell due in the meantime happens now.",
            fields=(REASON,), done="The case goes on.",
        ),
        api=None,
        step=StepWords(key="resume", does="resumes the case", reason="It goes on."),
    ),
    **AUTHORITY,
    **RETENTION,
    c.LookAcross: Wording(
        history=(
            "case", "{actor} looked which other cases may be about the same people {when}."
            " Shown: {references}.",
        ),
        form=OrderForm(
            name="alike", title="Other cases about the same people", button="See them",
            explain="Shows the cases that share a name, a date of birth, a number or a reference "
            "with this one, of those that you can see. Who looks, when, and which cases were "
            "shown is recorded in the history of this case.",
            fields=(), done="The look was recorded.",
        ),
        api=None,
        step=StepWords(key="look_across", does="looks for the same people in other cases"),
    ),
    c.LayBeside: Wording(
        history=("case", "{actor} looked at this case beside {into} {when}."),
        form=None, api=None,
        step=StepWords(key="lay_beside", does="lays the case beside"),
    ),
    c.Merge: Wording(
        history=("case", "{actor} merged this case into {into} {when}.{because}"),
        beside=("case", "{actor} merged {reference} into this case {when}.{because}"),
        form=OrderForm(
            name="merge", title="Merge into another case", button="Merge the cases",
            explain="Use this when both cases are about the same. The other case goes on and is "
            "told what this one knows; its deadlines may move. This case can then only be read: "
            "its tasks and timers rest. Everybody who sees this case will see the other one, as "
            "far as their role allows. You can undo it until the other case has passed a step "
            "that settles it.",
            fields=(INTO, REASON), warning=True,
            done="The case was merged. The work goes on in the other one.",
        ),
        api=ApiWords(
            path=f"{_CASE}/merge", name="mergeCase", summary="Merge a case into another one",
            about={"into": "reference of the case that goes on"},
        ),
        step=StepWords(
            key="merge_into", does="merges the case into", reason="Both are about the same.",
        ),
    ),
    c.Unmerge: Wording(
        history=("case", "{actor} undid the merge into {from} {when}.{because}"),
        beside=("case", "{actor} undid the merge of {reference} into this case {when}.{because}"),
        form=OrderForm(
            name="unmerge", title="Undo the merge", button="Undo the merge",
            explain="This case goes on where it was. What fell due in the meantime happens now. "
            "The other case counts its dates without this one again.",
            fields=(REASON,), done="The merge was undone. This case goes on.",
        ),
        api=ApiWords(
            path=f"{_CASE}/unmerge", name="unmergeCase", summary="Undo the merge of a case",
        ),
        step=StepWords(
            key="unmerge", does="undoes the merge", reason="They are not about the same after all.",
        ),
    ),
    c.Cancel: Wording(
        history=("case", "{actor} cancelled the case {when}.{because}"),
        form=OrderForm(
            name="cancel", title="Cancel this case", button="Cancel the case for good",
            explain="All open tasks are closed and nothing more will happen in it. "
            "What was done stays on record. This cannot be undone.",
            fields=(REASON,), done="The case was cancelled.", warning=True,
        ),
        api=None,
        step=StepWords(key="cancel", does="cancels the case", reason="It is not needed."),
    ),
    c.ProduceDocument: Wording(
        history=(
            "document",
            "{actor} made “{title}”, version {version} ({format}){sources}{gets_it} {when}."
            " SHA-256: {sha256}.{says}",
        ),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/documents", name="produceDocument",
            summary="Make the next version of a document",
        ),
        step=StepWords(key="document", does="makes"),
    ),
    c.Deploy: _UNSAID,
    c.Activate: _UNSAID,
    c.DeliverSignal: Wording(
        history=("message", "The signal “{signal}” came from another case {when}."),
        form=None, api=None, step=None,
    ),
    c.WakeCase: _UNSAID,
    c.RetryIncident: Wording(
        history=("trouble", "{actor} had what stopped in entry {incident} tried again {when}."),
        form=None,
        api=ApiWords(
            path=f"{_CASE}/incidents/{{incident}}/retry", name="retryIncident",
            summary="Have what has stopped tried again at once",
            about={"incident": "number of the history entry by which it stopped first"},
        ),
        step=StepWords(key="retry", does="has tried again what stopped at"),
    ),
    c.ReplanCase: _UNSAID,
})  # fmt: skip
