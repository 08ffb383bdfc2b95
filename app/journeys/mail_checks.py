"""Checks of mail: what was put in the outbox so far, and what was not.

The words looked into are the same as are sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.audit.wording import value
from app.engine.drawing.program import Program
from app.journeys.claims import MailClaim
from app.journeys.ledger import Ledger, Mail
from app.journeys.lines import bare
from app.journeys.viewpoint import Verdict, Viewpoint
from app.scheduler.letters import NoLetter, worded


def mail(view: Viewpoint, ledger: Ledger, expected: Sequence[MailClaim]) -> Iterator[Verdict]:
    for wanted in expected:
        found = _fitting(view, ledger, wanted)
        holds = bool(found) if wanted.times is None else len(found) == wanted.times
        so_far = f"Mails so far: {_listed(ledger.mails)}."
        if wanted.times is None:
            sentence = f"No mail fits {wanted}. {so_far}"
        else:
            fit = {0: "No mail fits", 1: "1 mail fits"}.get(len(found), f"{len(found)} mails fit")
            sentence = f"{fit} {wanted}; {wanted.times or 'none'} should. {so_far}"
        yield Verdict(holds, sentence, wanted.line)


def no_mail(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    """`True`: none at all."""
    if expected is True:
        listed = _listed(ledger.mails)
        yield Verdict(not ledger.mails, f"There should be no mail. Mails so far: {listed}.")
        return
    for unwanted in expected:
        found = _fitting(view, ledger, unwanted)
        sentence = f"A mail fits {unwanted}: {_listed(found)}."
        yield Verdict(not found, sentence, unwanted.line)


def _fitting(view: Viewpoint, ledger: Ledger, wanted: MailClaim) -> list[Mail]:
    """JourneyFault for a template or recipient that nobody knows."""
    if wanted.template is not None:
        view.names.template(wanted.template, wanted.line)
    if wanted.to is not None:
        view.names.group(wanted.to, wanted.line, view.cast.names())
    fitting = (one for one in ledger.mails if _fits(one, wanted))
    if wanted.contains is None:
        return list(fitting)
    text = bare(wanted.contains)
    return [
        one for one in fitting if text in bare(_text(view.stage.program, one, ledger.reference))
    ]


def _fits(sent: Mail, wanted: MailClaim) -> bool:
    if wanted.template is not None and sent.headers.get("template") != wanted.template:
        return False
    to = wanted.to
    return to is None or any(to in (one, one.partition(":")[0]) for one in sent.to)


def _listed(mails: Sequence[Mail]) -> str:
    return "; ".join(f"{', '.join(one.to)}: {one.headers.get('template')}" for one in mails) or (
        "none"
    )


def _text(program: Program, sent: Mail, reference: str) -> str:
    """Subject and text; behind them the plain fields, for a template that leaves them out."""
    name = str(sent.headers.get("template") or "")
    template = program.files.get(f"forms/mail/{name}.txt", b"").decode(errors="replace")
    fields = {key: value(one) for key, one in sent.headers.items()} | {"reference": reference}
    try:
        written = worded(template, fields)
    except NoLetter:
        written = ("", template)
    return "\n".join([*written, *fields.values()])
