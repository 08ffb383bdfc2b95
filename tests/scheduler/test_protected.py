"""What only some may read is refused at sending, by whichever way it came there: mails, signals."""

from __future__ import annotations

import json
from email.message import EmailMessage
from functools import partial

import pytest

from app.casework.views import told_page
from app.scheduler.signals import spread, spread_waiting
from app.store.work import messages
from tests.kit import PEOPLE, Kit, diagram, form
from tests.post import MAIL, Letterbox, Post

SETTINGS = {
    "roles": ["clerk", "lead", "agency"],
    "role_sight": {"clerk": "case", "lead": "case", "agency": "own"},
    "classes": [
        {"value": "process", "label": "How it goes", "ordinary": True},
        {"value": "health", "label": "Health", "readers": ["whole_case"]},
    ],
    "signals_across_cases": ["fire"],
}
HARM = "A broken left arm"


def files(
    to: str, word: str = "=note", template: str = "Subject: x\n\n{word}", *, also: str = ""
) -> dict[str, bytes]:
    """Of two questions one is protected; a mail and a signal say the other's answer. `also`: a
    role that may read it."""
    readers = json.dumps(["whole_case", *also.split()])
    return {
        **diagram(
            "start > task:tell > send:say > throw:alarm > task:act > end",
            var={"note": "null"},
            tell={"groups": "clerk", "form": "tell", "out": "=note -> note"},
            say={"effect": "mail", "to": to, "template": "late", "word": word},
            alarm={"signal": "fire", "in": "=note -> note"},
            act={"groups": "clerk,agency:gp"},
        ),
        **diagram(
            "start > catch:heard > task:hear > end",
            process="w",
            heard={"signal": "fire"},
            hear={"groups": "clerk"},
        ),
        **form("tell", "harm", properties={"class": "health"}),
        **_both(),
        "forms/mail/late.txt": template.encode(),
        "settings.json": json.dumps(SETTINGS).replace('["whole_case"]', readers).encode(),
    }


def _both() -> dict[str, bytes]:
    (path, content), *_ = form("tell", "harm", properties={"class": "health"}).items()
    told = json.loads(content)
    (noted,) = json.loads(next(iter(form("tell", "note").values())))["components"]
    return {path: json.dumps({**told, "components": [*told["components"], noted]}).encode()}


def sent(kit: Kit, case: str) -> tuple[list[EmailMessage], list[str]]:
    """(mails that left, why others did not)."""
    box = Letterbox()
    Post(kit.desk, box, MAIL, partial(spread, kit.desk)).deliver(kit.at)
    with kit.store.reading() as unit:
        return box.got, [row.fault for row in messages.outbox_of(unit, case) if row.fault]


NOTES = {
    "the same words": (HARM, True),
    "in a sentence, written otherwise": ("It is a BROKEN  left-arm, they say", True),
    "other words": ("Nothing to add", False),
    "a part of a longer word": ("a broken left armour", False),
}


@pytest.mark.parametrize(("note", "refused"), NOTES.values(), ids=NOTES.keys())
def test_a_mail_that_says_a_protected_answer_is_not_sent(
    kit: Kit, note: str, refused: bool
) -> None:
    kit.deploy(files("agency:gp"))
    case = kit.start("ann")
    kit.complete("ann", case, "tell", harm=HARM, note=note)
    mails, faults = sent(kit, case)
    told = told_page(kit.desk, PEOPLE["gil"], case, kit.at).mails
    assert bool(told) is not refused, "nor does the case's page show it to them"
    assert bool(mails) is not refused
    assert any("“Health”" in fault for fault in faults) is refused


@pytest.mark.parametrize(
    ("also", "to", "got"),
    [
        pytest.param("", "clerk", "ann ben", id="who sees the whole case"),
        pytest.param("agency", "agency:gp", "gil", id="who has the role"),
        pytest.param("agency", "clerk, agency:gp", "ann ben gil", id="both"),
    ],
)
def test_to_those_who_may_read_it_it_is_sent(kit: Kit, also: str, to: str, got: str) -> None:
    kit.deploy(files(to, also=also))
    case = kit.start("ann")
    kit.complete("ann", case, "tell", harm=HARM, note=HARM)
    mails, _ = sent(kit, case)
    assert sorted(mail["To"].partition("@")[0] for mail in mails) == got.split()


@pytest.mark.parametrize(("note", "heard"), [(HARM, []), ("Nothing to add", ["hear"])])
def test_a_signal_that_carries_a_protected_answer_reaches_no_other_case(
    kit: Kit, note: str, heard: list[str]
) -> None:
    kit.deploy(files("clerk"))
    waiting, case = kit.start("ann", process="w"), kit.start("ann")
    kit.complete("ann", case, "tell", harm=HARM, note=note)
    spread_waiting(kit.desk, kit.at)
    assert kit.open(waiting) == heard
    with kit.store.reading() as unit:
        faults = [row.fault for row in messages.outbox_of(unit, case) if row.effect != "mail"]
    assert any("“Health”" in str(fault) for fault in faults) is not bool(heard)
