"""A process that asks somebody without an account, and their mailbox; for tests of guests."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from app.casework.people import guests
from app.config import Mail
from app.scheduler.way import Unreachable
from tests.kit import PEOPLE, Kit, diagram, form
from tests.post import Post

ADDRESS, NUMBER = "jo@surgery.example.org", "01306 555 123"
MAIL = Mail("noreply@example.org", ring="Ring the team on 01306 555 000.")


def guest_form(**prefills: str) -> dict[str, bytes]:
    fields = [
        {"type": "textfield", "key": key, "id": f"g_{key}", "label": key.title(), "readonly": True,
         "properties": {"prefill": text}}
        for key, text in prefills.items()
    ]  # fmt: skip
    content = {"type": "default", "id": "whom", "schemaVersion": 18, "components": fields}
    return {"forms/whom.form": json.dumps(content).encode()}


WHOM = {
    "name": "=records.choose.name", "organisation": "=records.choose.organisation",
    "address": "=records.choose.address",
    "telephone": "=if records.correct.telephone = null then records.choose.telephone else "
    "records.correct.telephone",
}  # fmt: skip
FILES = {
    **diagram(
        "start > task:choose > and:fork; fork > task:reply > join; fork > task:correct > join;"
        "fork > task:other > and:join > end",
        choose={"groups": "clerk", "form": "chosen"},
        reply={"groups": "clerk", "form": "answer", "guest": "whom", "explain": "Please tell us."},
        correct={"groups": "clerk", "form": "number"},
        other={"groups": "clerk", "form": "answer", "guest": "whom"},
    ),
    **form("chosen", "name", "organisation", "address", "telephone", required=False),
    **form("number", "telephone"),
    **form("answer", "known"),
    **guest_form(**WHOM),
}


class Mailbox:
    """What the outbox sent; and what it could not send while the server is away."""

    def __init__(self, kit: Kit) -> None:
        self.letters: list[EmailMessage] = []
        self.away = False
        self.box = Post(kit.desk, self, MAIL)

    def reach(self) -> None:
        if self.away:
            raise Unreachable("The mail server cannot be reached (OSError).")

    def send(self, message: EmailMessage) -> None:
        self.reach()
        if "/guest-link/" in message.get_content():
            self.letters.append(message)

    def fetch(self, at: datetime) -> list[str]:
        """Secrets of the links that came in this delivery."""
        before = len(self.letters)
        self.box.deliver(at)
        return [secret_in(letter) for letter in self.letters[before:]]


def secret_in(letter: EmailMessage) -> str:
    found = re.search(r"/guest-link/(\S+)", letter.get_content().replace("=\n", ""))
    assert found
    return found[1]


def asked(kit: Kit, files: Mapping[str, bytes] | None = None, **more: Any) -> str:
    """The id of a case in which Jo is asked twice, by a link each."""
    kit.deploy(files or FILES)
    case = kit.start("ann")
    said = {"name": "Jo Bright", "organisation": "Elm Surgery", "address": ADDRESS}
    kit.complete("ann", case, "choose", **{**said, "telephone": NUMBER, **more})
    return case


def link_to(kit: Kit, case: str, element: str = "reply") -> str:
    """A link as it would be mailed."""
    task = kit.task(case, element)
    made = guests.invite(kit.desk, case, task, kit.at, timedelta(days=14))
    assert made is not None
    return made.secret


def code_for(kit: Kit, case: str, element: str = "reply", who: str = "ben") -> str:
    task = kit.task(case, element)
    return guests.read_out(kit.desk, PEOPLE[who], case, task, kit.at)[1]
