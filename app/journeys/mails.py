"""The text of a mail that a journey looks into: the same words as are sent."""

from __future__ import annotations

from app.audit.wording import value
from app.engine.drawing.program import Program
from app.journeys.ledger import Mail
from app.scheduler.letters import NoLetter, worded


def mail_text(program: Program, mail: Mail, reference: str) -> str:
    """Subject and text; behind them the plain fields, for a template that leaves them out."""
    name = str(mail.headers.get("template") or "")
    template = program.files.get(f"forms/mail/{name}.txt", b"").decode(errors="replace")
    fields = {key: value(one) for key, one in mail.headers.items()} | {"reference": reference}
    try:
        written = worded(template, fields)
    except NoLetter:
        written = ("", template)
    return "\n".join([*written, *fields.values()])
