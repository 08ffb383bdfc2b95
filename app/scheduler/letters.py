"""Turns an effect "mail" into messages: to whom, from which template, in which envelope.

How a template is filled is `documents.mail`'s, what no mail may say `withheld`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from app import store
from app.casework import Installation, policy, standing_for
from app.config import Mail
from app.documents import BREAK, NoLetter, addressees, enveloped, worded
from app.engine import day_in_london, feel, value
from app.scheduler.withheld import demand_nobody_named, demand_theirs
from app.store import CaseRow, OutboxRow, PersonRow, Unit

#: who may be told of a case
_RULE = policy.rule("mail")


@dataclass(frozen=True, slots=True)
class Letter:
    person: PersonRow
    message: EmailMessage


def letters(
    unit: Unit,
    row: OutboxRow,
    mail: Mail,
    installation: Installation,
    at: datetime,
) -> list[Letter]:
    """One message for each person it is for who has an address and sees the case now."""
    case = store.cases.find(unit, row.case_id)
    if case is None:
        raise NoLetter("The case does not exist.")
    headers = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
    template = str(headers.get("template") or "")
    path = f"forms/mail/{template}.txt"
    content = store.deployments.files(unit, case.deployment).get(path)
    if content is None:
        raise NoLetter(f"There is no template “{template}” in this case's deployment.")
    fields = {
        name: value(header) for name, header in headers.items() if name not in ("to", "template")
    }
    fields["reference"] = case.reference
    fields["link"] = f"{mail.address.rstrip('/')}/cases/{case.reference}"
    demand_nobody_named(installation, unit, case, fields)
    words = content.decode(errors="replace")
    subject, text = worded(words, fields)
    if "{link}" not in words:
        text = f"{text.rstrip()}\n\nOpen the case: {fields['link']}\n"
    people = recipients(unit, case, headers.get("to"), installation, at)
    demand_theirs(installation, unit, case, list(fields.values()), headers.get("to"), people, at)
    return [
        Letter(person, _message(row, person, mail, subject, text))
        for person in people
        if person.email
    ]


def recipients(
    unit: Unit, case: CaseRow, to: Any, installation: Installation, at: datetime
) -> list[PersonRow]:
    """`to`: a group or person id, several with commas, or a list of them; nobody twice, and nobody
    who sees nothing of the case at this moment."""
    roles, members = installation.roles, store.cases.members(unit, case.id)

    def told(row: PersonRow) -> bool:
        return _RULE.reaches(roles.sight(installation.person(row, at), members))

    people: dict[str, PersonRow] = {}
    for name in standing_for(unit, case, addressees(to)):
        person = store.people.accounts.find(unit, name)
        groups = roles.successions.groups(name, at, members.part)
        several = (
            [person]
            if person and not person.disabled
            else _in_groups(unit, groups, day_in_london(at))
        )
        people |= {person.id: person for person in several if told(person)}
    return list(people.values())


def _in_groups(unit: Unit, groups: Iterable[str], day: date) -> list[PersonRow]:
    several = (store.people.accounts.in_group(unit, group, day) for group in groups)
    return [person for group in several for person in group]


def _message(
    row: OutboxRow, person: PersonRow, mail: Mail, subject: str, text: str
) -> EmailMessage:
    if person.email is None or BREAK.search(person.email) or BREAK.search(mail.sender):
        raise NoLetter("An address would hold a line break.")
    id = f"{row.case_id}.{row.id}.{person.id}"
    return enveloped(mail.sender, person.email, subject, text, row.at, id)
