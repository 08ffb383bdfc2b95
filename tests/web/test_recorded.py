"""What was recorded: each form as it was sent, for those who see the whole case."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser

FIELDS = [
    {"type": "textarea", "id": "a", "key": "what", "label": "What happened?"},
    {"type": "radio", "id": "b", "key": "how", "label": "How bad?",
     "values": [{"value": "x", "label": "Very bad"}]},
    {"type": "group", "id": "g", "label": "About you", "components": [
        {"type": "textfield", "id": "c", "key": "named", "label": "Your name"}]},
    {"type": "dynamiclist", "id": "d", "path": "people", "label": "Person", "components": [
        {"type": "textfield", "id": "e", "key": "name", "label": "Name"}]},
]  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    report = {"type": "default", "id": "report", "components": FIELDS}
    kit.deploy(
        diagram("start > task:tell > task:check > task:reply > end", tell={"groups": "clerk",
                "form": "report"}, check={"groups": "clerk"}, reply={"groups": "agency:police"}),
        form("tick", "note", required=False),
        {"forms/report.form": json.dumps(report).encode()},
    )  # fmt: skip
    done = kit.started("ann")
    given = {
        "what": "It <b>fell</b>.\nTwice.",
        "how": "x",
        "named": "Zoe",
        "people": [{"name": "Q"}],
    }
    kit.complete("ann", done.case, "tell", **given)
    return done.reference


def test_who_sees_the_case_reads_what_was_told_before(ann: Browser, case: str, kit: Kit) -> None:
    task = ann.visit(f"/cases/{case}/tasks/{kit.task(case, 'check')}")
    page = ann.visit(task.links()["Read what was recorded in this case"])
    words = page.words()
    for line in ("Tell Ann Archer", "What happened? It <b>fell</b>. Twice.", "How bad? Very bad",
                 "Your name Zoe", "Person 1: Name Q"):  # fmt: skip
        assert line in words, words
    assert "What was recorded" in ann.visit(f"/cases/{case}").links()
    assert (
        "looked at the case (what was recorded)"
        in ann.visit(f"/cases/{case}/history?show=all").words()
    )


def test_who_sees_only_a_part_reads_what_they_sent_and_nothing_else(
    browser_of: Callable[[str], Browser], case: str, kit: Kit
) -> None:
    kit.complete("ann", case, "check")
    pol = browser_of("pol")
    task = pol.visit(f"/cases/{case}/tasks/{kit.task(case, 'reply')}")
    assert "Read what was recorded in this case" not in task.links()
    assert "You have sent nothing yet." in pol.visit(f"/cases/{case}/recorded").words()
    kit.complete("pol", case, "reply", note="We know the family")
    page = pol.visit(f"/cases/{case}").words()
    assert "Nothing in this case waits for you." in page
    assert "No task is open." not in page and "No deadline" not in page
    sent = pol.visit(pol.visit(f"/cases/{case}").links()["What you sent"]).words()
    assert "We know the family" in sent
    assert "It <b>fell</b>." not in sent and "Very bad" not in sent
    browser_of("gil").visit(f"/cases/{case}/recorded", 404)
