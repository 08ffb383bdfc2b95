"""The one policy: who may do what, by which relation to the case, in which state of it.

Plain rows, asked by pages, the API, commands, lists, mails and exports alike. What stands in no row
nobody may. Who somebody is and what their roles allow is `access`'s; what an order does, `orders`'.
docs/policy.md is printed from here (tests/casework/policy_page.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.casework.policy.orders import ORDERS
from app.casework.policy.views import VIEWS
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


RULES: Mapping[str, Rule] = {**ORDERS, **VIEWS}


def rule(name: str) -> Rule:
    """Raises `LookupError` for an order or a view that nobody wrote a row for."""
    if name not in RULES:
        raise LookupError(f"app/casework/policy has no row for {name}.")
    return RULES[name]
