"""Turns an effect "mail" into messages: to whom, from which template, in which envelope.

How a template is filled is `documents.mail`'s, what no mail may say `withheld`'s; the rows of
single messages are those of `store.work.letters`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from app import store
from app.casework import Installation, standing_for
from app.config import Mail
from app.documents import HOW, addressees, enveloped, worded
from app.documents import NoLetter as NoLetter
from app.engine import day_in_london, feel, value
from app.scheduler.invitations import invite
from app.scheduler.withheld import demand_nobody_named, demand_theirs, may_be_told
from app.store import CaseRow, LetterRow, OutboxRow, PersonRow, Unit

NO_ADDRESS = "No email address is known for them."


class NotMeant(Exception):
    """It is for this person no more; the sentence can be shown."""


def mail_to(
    unit: Unit,
    letter: LetterRow,
    mail: Mail,
    installation: Installation,
    at: datetime,
) -> EmailMessage:
    """The message of a letter of a case, as it is sent now. NoLetter, NotMeant, Sealed."""
    effect = store.work.messages.find_effect(unit, letter.case_id, letter.source)
    case = store.cases.find(unit, letter.case_id)
    if effect is None or case is None:
        raise NoLetter("The case does not exist.")
    person = store.people.accounts.find(unit, letter.person or "")
    members = store.cases.members(unit, case.id)
    if person is None or person.disabled or not may_be_told(installation, person, members, at):
        raise NotMeant("Not sent: they do not see the case any more.")
    if not person.email:
        raise NoLetter(NO_ADDRESS)
    subject, text = words(unit, effect, case, mail, installation, at)[1:]
    message = enveloped(mail.sender, person.email, subject, text, effect.at, message_id(letter))
    invite(unit, message, effect, case, mail, at)
    return message


def message_id(letter: LetterRow) -> str:
    """The same at each try; another once somebody has it sent anew."""
    id = f"{letter.case_id}.{letter.id}" if letter.case_id else letter.id
    if letter.kind == store.work.letters.DAILY:
        id = f"{id}.{letter.about}"
    return f"{id}.again{letter.again}" if letter.again else id


def words(
    unit: Unit,
    row: OutboxRow,
    case: CaseRow,
    mail: Mail,
    installation: Installation,
    at: datetime,
) -> tuple[list[PersonRow], str, str]:
    """(those it is for now, subject, text) of an effect. NoLetter, Sealed."""
    headers = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
    template = str(headers.get("template") or "")
    path = f"forms/mail/{template}.txt"
    content = store.deployments.files(unit, case.deployment).get(path)
    if content is None:
        raise NoLetter(f"There is no template “{template}” in this case's deployment.")
    fields = {name: value(header) for name, header in headers.items() if name not in HOW}
    fields["reference"] = case.reference
    fields["link"] = f"{mail.address.rstrip('/')}/cases/{case.reference}"
    demand_nobody_named(installation, unit, case, fields)
    to = headers.get("to")
    people = recipients(unit, case, to, installation, at)
    demand_theirs(installation, unit, case, list(fields.values()), to, people, at)
    drawn = content.decode(errors="replace")
    subject, text = worded(drawn, fields)
    if "{link}" not in drawn:
        text = f"{text.rstrip()}\n\nOpen the case: {fields['link']}\n"
    return people, subject, text


def recipients(
    unit: Unit, case: CaseRow, to: Any, installation: Installation, at: datetime
) -> list[PersonRow]:
    """`to`: a group or person id, several with commas, or a list of them; nobody twice, and nobody
    who sees nothing of the case at this moment."""
    members = store.cases.members(unit, case.id)
    people: dict[str, PersonRow] = {}
    for name in standing_for(unit, case, addressees(to)):
        person = store.people.accounts.find(unit, name)
        groups = installation.roles.successions.groups(name, at, members.part)
        several = (
            [person]
            if person and not person.disabled
            else _in_groups(unit, groups, day_in_london(at))
        )
        people |= {row.id: row for row in several if may_be_told(installation, row, members, at)}
    return list(people.values())


def _in_groups(unit: Unit, groups: Iterable[str], day: date) -> list[PersonRow]:
    several = (store.people.accounts.in_group(unit, group, day) for group in groups)
    return [person for group in several for person in group]
