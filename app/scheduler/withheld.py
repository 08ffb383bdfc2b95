"""Who may be told of a case, and what no mail of it may say: whom it names, and answers that not
everybody may read whom it reaches. A mail that would is never sent; its row in the outbox says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import store
from app.casework import Installation, LockedCase, policy
from app.casework.cases import named_in_texts
from app.casework.cases.protected import Protected
from app.documents import STANDING_FOR, NoLetter, addressees
from app.store import CaseRow, Members, PersonRow, Unit
from app.validation.lint.readers import WHOLE

_RULE = policy.rule("mail")


def may_be_told(installation: Installation, row: PersonRow, members: Members, at: datetime) -> bool:
    """Whoever sees something of the case at this moment."""
    return _RULE.reaches(installation.roles.sight(installation.person(row, at), members))


def demand_nobody_named(
    installation: Installation, unit: Unit, case: CaseRow, fields: Mapping[str, str]
) -> None:
    """What was recorded of a person reaches nobody by mail, whatever the drawing says."""
    locked = LockedCase(installation, unit, case, store.cases.key_of(unit, case.id))
    named = named_in_texts(locked, ["\n".join(fields.values())])
    if any(named):
        raise NoLetter("Not sent: it would name a person of the case.")


def demand_theirs(
    installation: Installation, unit: Unit, case: CaseRow, texts: list[str], to: Any,
    people: Iterable[PersonRow], at: datetime,
) -> None:  # fmt: skip
    """What only some may read reaches nobody else by mail, whatever the drawing says."""
    roles, members = installation.roles, store.cases.members(unit, case.id)
    standing = STANDING_FOR.intersection(addressees(to))
    each = []
    for row in people:
        person = installation.person(row, at).within(members)
        whole = {WHOLE} if roles.sees_whole(person, members) else set[str]()
        each.append(person.roles | person.former | whole | standing)
    locked = LockedCase(installation, unit, case, store.cases.key_of(unit, case.id))
    class_ = Protected(locked).said(texts, lambda readers: all(readers & names for names in each))
    if class_ is not None:
        raise NoLetter(f"Not sent: it would say answers (“{class_}”) that not all may read.")
