"""A small process for tests of journeys, with one of everything, and how a story is played.

A clerk asks; each agency answers in a process that is called for it; the lead decides, which takes
two people. On the way a mail is sent and another case may be told of it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.config.dated import Named
from app.config.installation import CalendarSettings, Config, Mail, Role, SignIn
from app.journeys import Result, play
from tests.kit import ROLES, Kit, diagram, form
from tests.word_documents import document, word

PRESENT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
FILES = (
    diagram(
        "start > task:ask > call:inform > task:answer > send:tell > task:decide > catch:hear > end;"
        " boundary:late > send:chase > end:chased",
        var={"wanted": '""', "who": '["police", "gp"]', "number": "0", "news": '""'},
        ask={
            "groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 5)",
            "backstop": "=working_days_after(today(), settings.backstop_days)",
            "status": "Being asked",
        },
        inform={"process": "part"},
        answer={
            "groups": '="agency:" + item', "over": "=who", "item": "item", "form": "reply",
            "due": "=working_days_after(today(), 3)",
        },
        tell={"effect": "mail", "to": "agency:police", "template": "told"},
        late={"on": "answer", "timer": "=due", "interrupting": "false"},
        chase={"effect": "mail", "to": "lead", "template": "late"},
        decide={"groups": "lead", "people": "2", "form": "decision"},
        hear={"message": "call", "out": "=news -> news"},
    )
    | diagram("start > send:note > end", process="part", note={
        "effect": "mail", "to": "clerk", "template": "begun"})
    | diagram("start > task:rest > end", process="idle", rest={"groups": '=settings.nobody'})
    | form("ask", "wanted")
    | form("reply", "text", "more")
    | form("decision", "decided")
    | document(
        "note", word("The answer is «=records.ask.wanted».", footer="For «=case.reference»")
    )
    | {
        "forms/mail/told.txt": b"Subject: All told\n\nThe case {reference} is answered.",
        "forms/mail/late.txt": b"Subject: Late\n\nAn answer is late.",
        "forms/mail/begun.txt": b"Subject: Begun\n\nIt has begun.",
        "settings.json": b'{"backstop_days": 10, "nobody": []}',
    }
)  # fmt: skip
START = "  - {at: 2026-06-01 10:15, who: clerk, start: p, case: A}\n"
ASKED = START + "  - {who: clerk, do: ask, answers: {wanted: yes}}\n"
ANSWERED = ASKED + (
    "  - {who: agency, do: answer, for: {item: police}, answers: {text: a, more: b}}\n"
    "  - {who: agency, do: answer, for: {item: gp}, answers: {text: a, more: b}}\n"
)


def story(kit: Kit, steps: str, head: str = "", **more: Any) -> Result:
    """Plays these steps (lines of YAML), behind a head of lines."""
    said: list[str] = []
    text = f"title: Test\n{head}steps:\n{steps}"
    return play(text, kit.desk, present=PRESENT, own_time=True, say=said.append, **more)


def installed(folder: Path) -> Config:
    """The small process as an installation of its own in this folder, with room for journeys."""
    for path, content in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "bpmn/journeys").mkdir()
    return Config(
        title="T", organisation=(Named("O"),), database=f"sqlite:///{folder}/x.db", reference="T",
        calendar=CalendarSettings("england-and-wales", ()),
        roles={one.id: Role(one.id, one.name, one.sees, one.may) for one in ROLES.values()},
        people=(), settings=json.loads(FILES["settings.json"]), mail=Mail("a@example.org"),
        sign_in=SignIn(), demo=None, secrets_dir=folder / "secrets", root=folder,
    )  # fmt: skip
