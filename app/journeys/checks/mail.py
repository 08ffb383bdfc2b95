"""Checks of mail: what was put in the outbox so far, and what was not.

The words looked into are the same as are sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.casework import Person, as_person
from app.documents import STANDING_FOR, NoLetter, worded
from app.engine import Program, value
from app.journeys.file import MailClaim, bare
from app.journeys.stage import (
    Ledger,
    Mail,
    UnknownPerson,
    Verdict,
    Viewpoint,
    as_at,
    people_named_in,
)

#: a day, or a clock time behind one, as machines write them
_MACHINES = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d(:\d\d|Z)")


def mail(view: Viewpoint, ledger: Ledger, expected: Sequence[MailClaim]) -> Iterator[Verdict]:
    for wanted in expected:
        mails = _fitting(view, ledger, wanted)
        holds = bool(mails) if wanted.times is None else len(mails) == wanted.times
        so_far = f"Mails so far: {_listed(ledger.mails)}."
        if wanted.times is None:
            sentence = f"No mail fits {wanted}. {so_far}"
        else:
            fit = {0: "No mail fits", 1: "1 mail fits"}.get(len(mails), f"{len(mails)} mails fit")
            sentence = f"{fit} {wanted}; {wanted.times or 'none'} should. {so_far}"
        yield Verdict(holds, sentence, wanted.line)


def no_mail(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    """`True`: none at all."""
    if expected is True:
        listed = _listed(ledger.mails)
        yield Verdict(not ledger.mails, f"There should be no mail. Mails so far: {listed}.")
        return
    for unwanted in expected:
        mails = _fitting(view, ledger, unwanted)
        sentence = f"A mail fits {unwanted}: {_listed(mails)}."
        yield Verdict(not mails, sentence, unwanted.line)


def since_last_look(view: Viewpoint, ledger: Ledger) -> Iterator[Verdict]:
    """Of each mail since the last look: it names nobody of the case, says times as people do, and
    its recipients can open the case."""
    fresh = ledger.mails[ledger.looked_at :]
    ledger.looked_at = len(ledger.mails)
    if fresh:
        case = next(key for key, other in view.stage.ledgers.items() if other is ledger)
        yield from _naming(view, ledger, case, fresh)
        yield from _unopenable(view, case, fresh)


def _naming(view: Viewpoint, ledger: Ledger, case: str, fresh: Sequence[Mail]) -> Iterator[Verdict]:
    texts = [_text(view.stage.program, sent, ledger.reference) for sent in fresh]
    for sent, names in zip(fresh, people_named_in(view.stage.desk, case, texts), strict=True):
        said = ", ".join(f"“{name}”" for name in names)
        sentence = f"The mail {sent.headers.get('template')} names a person of the case: {said}."
        yield Verdict(not names, sentence)
    for sent, text in zip(fresh, texts, strict=True):
        for odd in _MACHINES.finditer(text):
            template = sent.headers.get("template")
            yield Verdict(False, f"The mail {template} says “{odd[0]}”, as machines write times.")


def _unopenable(view: Viewpoint, case: str, fresh: Sequence[Mail]) -> Iterator[Verdict]:
    """Nobody is told who is shut out of the case; they get no mail."""
    members = view.stage.members(case)
    for sent in fresh:
        for recipient in sent.to:
            person = _holder(view, recipient)
            if person is None or members.get(as_person(person.id), False):
                continue
            template = sent.headers.get("template")
            sentence = f"“{recipient}” is told by mail ({template}) and cannot open the case."
            yield Verdict(view.stage.desk.roles.sight(person, members) != "none", sentence)


def _holder(view: Viewpoint, recipient: str) -> Person | None:
    """Somebody whom this means; None: those who are in the case already, or nobody of this
    journey."""
    if recipient in STANDING_FOR:
        return None
    try:
        return as_at(view.stage.desk, view.cast.person(recipient), view.stage.now)
    except UnknownPerson:
        return None


def _fitting(view: Viewpoint, ledger: Ledger, wanted: MailClaim) -> list[Mail]:
    """JourneyFault for a template or recipient that nobody knows."""
    if wanted.template is not None:
        view.names.template(wanted.template, wanted.line)
    if wanted.to is not None:
        view.names.group(wanted.to, wanted.line, view.cast.names())
    fitting = (sent for sent in ledger.mails if _fits(sent, wanted))
    if wanted.contains is None:
        return list(fitting)
    text = bare(wanted.contains)
    return [
        sent for sent in fitting if text in bare(_text(view.stage.program, sent, ledger.reference))
    ]


def _fits(sent: Mail, wanted: MailClaim) -> bool:
    if wanted.template is not None and sent.headers.get("template") != wanted.template:
        return False
    to = wanted.to
    return to is None or any(
        to in (recipient, recipient.partition(":")[0]) for recipient in sent.to
    )


def _listed(mails: Sequence[Mail]) -> str:
    return "; ".join(f"{', '.join(sent.to)}: {sent.headers.get('template')}" for sent in mails) or (
        "none"
    )


def _text(program: Program, sent: Mail, reference: str) -> str:
    """Subject and text; behind them the plain fields, for a template that leaves them out."""
    name = str(sent.headers.get("template") or "")
    template = program.files.get(f"forms/mail/{name}.txt", b"").decode(errors="replace")
    fields = {key: value(header) for key, header in sent.headers.items()} | {"reference": reference}
    try:
        written = worded(template, fields)
    except NoLetter:
        written = ("", template)
    return "\n".join([*written, *fields.values()])
