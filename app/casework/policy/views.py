"""The rows of what may be looked at: pages, lists, files, mails. How rows are read is `rule`’s."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.rule import ANY, GUEST, NO_CASE, PART, SUSPENDED, Rule, State

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
    "published": Rule(
        what="Find again what cases published", sees=NO_CASE,
        bound="what its manifest means for everybody or for one of their roles, of no case that "
        "they are shut out of; all that came of it, and the way to the case, where they see it",
    ),
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
