"""The one policy: who may do what, by which relation to the case, in which state of it.

Plain rows, asked by pages, the API, commands, lists, mails and exports alike. What stands in no row
nobody may. Who somebody is and what their roles allow is `access`'s; what an order does, `orders`'.
docs/policy.md is printed from here (tests/casework/policy_page.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.casework.rule import (
    ANY,
    ENDED,
    GUEST,
    MERGED,
    NO_CASE,
    PART,
    SIGHTS,
    SUSPENDED,
    TASK,
    WHOLE,
    Rule,
    State,
)

__all__ = [
    "ANY",
    "ENDED",
    "GUEST",
    "MERGED",
    "NO_CASE",
    "ORDERS",
    "PART",
    "RELATIONS",
    "RULES",
    "SIGHT",
    "SIGHTS",
    "SUSPENDED",
    "TASK",
    "VIEWS",
    "WHOLE",
    "Relation",
    "Rule",
    "State",
    "rule",
    "sight",
]


class Relation(StrEnum):
    """How somebody stands to a case. A covered person's relations count beside one's own."""

    EXCLUDED = "excluded"
    MEMBER = "member"
    OPENED = "opened"
    NONE = "none"


#: relation → how it comes about
RELATIONS: Mapping[Relation, str] = {
    Relation.EXCLUDED: "shut out of this case by name; it stands above every other relation",
    Relation.MEMBER: (
        "added by name; or a group or the person is or was offered a task of the case, or is told "
        "of it by a mail that the drawings send. It lasts when the task has ended"
    ),
    Relation.OPENED: "broke the glass with a stated reason, for an hour",
    Relation.NONE: (
        "nothing of these. A task that was given by name (“assign”) is no relation by itself"
    ),
}
#: what a role sees of cases in general → relation → what it sees of this case
SIGHT: Mapping[str, Mapping[Relation, str]] = {
    "none": {},
    "own": {Relation.MEMBER: "own", Relation.OPENED: "own"},
    "case": {Relation.MEMBER: "case", Relation.OPENED: "case"},
    "all": {Relation.MEMBER: "all", Relation.OPENED: "all", Relation.NONE: "all"},
}


def sight(sees: str, relation: Relation) -> str:
    """What somebody whose role sees so much of cases sees of one they stand so to; else "none"."""
    return SIGHT.get(sees, {}).get(relation, "none")


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
_ALWAYS: frozenset[State] = ANY
#: what is read: name → its row
VIEWS: Mapping[str, Rule] = {
    "work list": Rule(
        what="See a work list", sees=NO_CASE,
        bound="tasks offered to them or theirs, in cases of which they see at least a part",
    ),
    "case list": Rule(what="See a list of cases", sees=NO_CASE,
                      bound="cases of which they see at least a part"),
    "search": Rule(
        what="Search cases", sees=NO_CASE,
        bound="by reference those of which they see at least a part, by all else those they see in "
        "whole; each search is written down",
    ),
    "case": Rule(what="Open a case", sees=PART, also=_ALWAYS),
    "drawing": Rule(what="See where a case stands on its drawing", also=_ALWAYS),
    "parts": Rule(
        what="See whom a case names, who sees it, what it follows, its meetings", also=_ALWAYS
    ),
    "task": Rule(what="Open a task", sees=PART, also=_ALWAYS,
                 bound="who sees a part only: their own tasks"),
    "file": Rule(what="Open a file that came with answers", sees=PART, also=_ALWAYS,
                 bound="who may read the answers, and who is giving them"),
    "guest task": Rule(
        what="Open the one task of a link, and nothing else", sees=GUEST,
        also=frozenset({SUSPENDED}),
        bound="without an account, after a code; while the task and who is asked stay so",
    ),
    "guest contact": Rule(
        what="Read out a code to a guest; send or withdraw their link",
        bound="on the page of a task that somebody without an account is asked for",
    ),
    "history": Rule(what="Read or download a case’s history", also=_ALWAYS),
    "answers": Rule(
        what="Read what was recorded", sees=PART, also=_ALWAYS,
        bound="who sees a part only: what they sent themselves and what a form shows to them",
    ),
    "entries": Rule(what="Read whole entries", also=_ALWAYS),
    "documents": Rule(what="See a case’s documents", also=_ALWAYS),
    "document": Rule(
        what="Open a document", sees=PART, also=_ALWAYS,
        bound="who sees a part only: one that an own task lays before them",
    ),
    "leaving": Rule(what="See what a document holds before it leaves", also=_ALWAYS),
    "recording": Rule(what="See what can be recorded", power="message", also=_ALWAYS, hidden=True),
    "taking back": Rule(what="See what can be taken back", also=_ALWAYS),
    "alike": Rule(what="Compare cases", also=_ALWAYS, bound="of those they see in whole"),
    "deadlines": Rule(what="See days in many cases", sees=NO_CASE, bound="seen in whole"),
    "dead letters": Rule(
        what="See messages that nobody waits for", power="message", sees=NO_CASE,
        bound="of cases they see in whole",
    ),
    "covers": Rule(
        what="Read who covers for whom", sees=NO_CASE,
        bound="about themselves; all with the power “cover” or “audit”",
    ),
    "stopped": Rule(
        what="See what has stopped, in all cases", power="mend", sees=NO_CASE, hidden=True,
        bound="of cases they see in whole; of all others how many, and no more",
    ),
    "begun forms": Rule(what="Keep and throw away a form that starts a case, before it is sent",
                        sees=NO_CASE, bound="their own; the process is offered to them"),
    "figures": Rule(
        what="Read figures", power="figures", sees=NO_CASE, hidden=True,
        bound="late cases by name only where they see the case in whole; small numbers are marked"),
    "versions": Rule(
        what="Read diagrams, forms, mails and settings", power="deploy", sees=NO_CASE, hidden=True),
    "readers": Rule(
        what="Read who may come to read what is asked, by which way", power="deploy",
        or_power="audit", sees=NO_CASE, hidden=True, bound="no case is shown"),
    "accounts": Rule(
        what="Make, change and disable accounts, their links and tokens", power="accounts",
        sees=NO_CASE, hidden=True, bound="nobody changes their own roles"),
    "own account": Rule(
        what="See, change their own password, mail, sessions and tokens", sees=NO_CASE),
    "log": Rule(what="Read the installation’s log", power="audit", sees=NO_CASE, hidden=True),
    "case mail": Rule(what="See what of a case was mailed", power="mail", also=_ALWAYS),
    "mail page": Rule(
        what="See what was mailed, waits and failed; send again what is about no case",
        power="mail", sees=NO_CASE, hidden=True, bound="of cases they see in whole"),
    "conflicts": Rule(
        what="Read the register of conflicts", sees=NO_CASE,
        bound="their own; all with the power “members” or “audit”",
    ),
    "retention": Rule(
        what="See what is held, what is due to be destroyed and what was", power="retention",
        sees=NO_CASE, also=_ALWAYS, hidden=True,
        bound="of every case they are not shut out of, without its content",
    ),
    "mail": Rule(
        what="Be told of a case by mail", sees=PART, also=_ALWAYS,
        bound="by the powers and relations at the moment of sending",
    ),
}  # fmt: skip
RULES: Mapping[str, Rule] = {**ORDERS, **VIEWS}


def rule(name: str) -> Rule:
    """Raises `LookupError` for an order or a view that nobody wrote a row for."""
    if name not in RULES:
        raise LookupError(f"app/casework/policy.py has no row for {name}.")
    return RULES[name]
