"""The rows of orders: who may change what. How rows are read is the package’s."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.rule import ANY, ENDED, MERGED, NO_CASE, PART, SUSPENDED, TASK, Rule

_TASK_STILL = "offered to them, or theirs; nobody else has taken it"
#: orders: the command's name → its row. In the order of a case's life
ORDERS: Mapping[str, Rule] = {
    "StartCase": Rule(
        what="Start a case", power="start", sees=NO_CASE, hidden=True,
        bound="the process is offered to one of their groups",
    ),
    "CompleteTask": Rule(
        what="Complete or sign a task", sees=TASK, bound=f"{_TASK_STILL}; two people where it says",
    ),
    "SaveDraft": Rule(
        what="Keep a draft of a task", sees=TASK, also=frozenset({SUSPENDED}),
        bound="offered to them, or theirs",
    ),
    "TakeOverDraft": Rule(what="Go on with what a colleague has begun", sees=PART, bound=_TASK_STILL
                          + "; both see the case in whole, or are of one organisation"),
    "Claim": Rule(what="Take a task", sees=PART, bound=_TASK_STILL),
    "Release": Rule(
        what="Give a task back", power="assign", unless="whoever it is offered to, while nobody "
        "else has taken it", sees=PART,
    ),
    "Assign": Rule(
        what="Give a task to somebody", power="assign",
        bound="only to who holds one of the groups it is offered to and may see the case; it gives "
        "no more than the task",
    ),
    "MoveDeadline": Rule(what="Move a deadline", power="move_deadline"),
    "DeliverMessage": Rule(
        what="Record that something has happened", power="message", also=frozenset({ENDED}),
        bound="only what the diagrams of this case offer to people",
    ),
    "TakeBack": Rule(
        what="Take back what was recorded", power="message", unless="whoever recorded it"),
    "ProduceDocument": Rule(
        what="Make a document", also=frozenset({SUSPENDED, ENDED}),
        bound="one that is meant for one of their groups",
    ),
    "LookAcross": Rule(what="See other cases about the same people", power="look_across"),
    "LayBeside": Rule(what="Lay two cases side by side", power="merge"),
    "Merge": Rule(what="Merge into another case", power="merge", bound="sees both in whole"),
    "ExcludePerson": Rule(
        what="Shut a person out", power="members", also=ANY, bound="nobody who audits every case",
    ),
    "LiftExclusion": Rule(
        what="Let a person in again who was shut out", power="members", also=ANY,
        bound="two people, neither of them the one who was shut out",
    ),
    "AddMember": Rule(what="Add a person", power="members", also=ANY, bound="never oneself"),
    "Unmerge": Rule(
        what="Undo a merge", power="merge", also=frozenset({MERGED, ENDED}), ends=MERGED,
    ),
    "Suspend": Rule(what="Suspend a case", power="suspend"),
    "Resume": Rule(
        what="Resume a case", power="suspend", also=frozenset({SUSPENDED}), ends=SUSPENDED,
    ),
    "Cancel": Rule(what="Cancel a case", power="cancel", also=frozenset({SUSPENDED})),
    "BreakGlass": Rule(
        what="Break the glass: an hour’s sight of a case they do not belong to",
        power="break_glass", sees=NO_CASE, also=ANY, hidden=True,
        bound="not shut out; a stated reason; whoever answers for the data is told",
    ),
    "SetHold": Rule(
        what="Hold a case, so that its content cannot be destroyed", power="retention",
        sees=NO_CASE, also=ANY, hidden=True, bound="not shut out of it",
    ),
    "LiftHold": Rule(
        what="Lift a hold", power="retention", sees=NO_CASE, also=ANY, hidden=True,
        bound="two people, neither of them shut out of the case",
    ),
    "EraseContent": Rule(
        what="Destroy the content of a case", power="retention", sees=NO_CASE, also=ANY,
        hidden=True, bound="two people, neither of them shut out of the case; only when it has "
        "ended, no hold stands on it or on a case merged with it, and its time is over or an "
        "earlier destruction has one of the causes of config.yaml",
    ),
    "KeepContent": Rule(
        what="Take back that the content of a case be destroyed", power="retention", sees=NO_CASE,
        also=ANY, hidden=True, bound="not shut out of it; while no second person has agreed",
    ),
    "SetCover": Rule(
        what="Say who covers for somebody", power="cover", sees=NO_CASE,
        unless="anybody who works on cases, for themselves",
        bound="counts once the person who is away agrees, or a second holder of the power",
    ),
    "AgreeCover": Rule(
        what="Agree to a cover", power="cover", sees=NO_CASE, unless="the person who is away",
        bound="not who proposed it, not who covers",
    ),
    "EndCover": Rule(what="End a cover early", power="cover", sees=NO_CASE,
                     unless="the person who is away"),
    "RecordConflict": Rule(what="Record a conflict", power="members", sees=NO_CASE,
                           unless="anybody, their own"),
    "EndConflict": Rule(
        what="End an entry on a conflict", power="members", sees=NO_CASE,
        unless="whose it is, where they recorded it themselves",
    ),
    "DeliverSignal": Rule(what="Bring a signal of another case", also=ANY,
                          system="Only another case sends a signal."),
    "WakeCase": Rule(
        what="Fire a timer", also=frozenset({MERGED, ENDED}),
        system="Only the clock wakes a case.",
    ),
    "SendAgain": Rule(what="Send a mail of a case again", power="mail", also=ANY),
    "RetryIncident": Rule(what="Try again what stopped", power="mend", also=frozenset({MERGED})),
    "ReplanCase": Rule(what="Plan a case again", power="move_deadline", also=ANY),
    "Deploy": Rule(
        what="Propose diagrams, forms, mails and settings", power="deploy", sees=NO_CASE,
        bound="the first ones of an installation count at once",
    ),
    "Activate": Rule(
        what="Make a version count", power="deploy", sees=NO_CASE, bound="not who proposed it",
    ),
}  # fmt: skip
