"""The text of a mail that a journey looks into."""

from __future__ import annotations

from app.audit.wording import value
from app.engine.drawing.program import Program
from app.journeys_ledger import Mail


def mail_text(program: Program, mail: Mail, reference: str) -> str:
    """Template with its fields, and the plain headers behind it."""
    name = str(mail.headers.get("template") or "")
    template = program.files.get(f"forms/mail/{name}.txt", b"").decode(errors="replace")
    fields = {key: value(one) for key, one in mail.headers.items()}
    text = template.replace("{reference}", reference)
    for key, said in fields.items():
        text = text.replace(f"{{{key}}}", said)
    return "\n".join([text, *fields.values()])
