"""Every new row of a marked list is told to the drawings, once, and followed from that moment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.audit.verification import verify_case
from app.casework import look, views
from tests.kit import PEOPLE, Kit, diagram

MARKS = {"matters": "action", "matter_named": "named"}


def question(id: str, key: str, part: str) -> dict[str, Any]:
    return {"type": "textfield", "id": f"{id}_{key}", "key": key, "label": key.title(),
            "properties": {"matter_is": part}}  # fmt: skip


def asking(id: str, **properties: str) -> dict[str, bytes]:
    """A form that names matters; `properties`: of its list."""
    parts = ("text", "owner", "status", "evidence")
    rows = {"type": "dynamiclist", "id": f"{id}_list", "path": "actions", "label": "Actions",
            "properties": MARKS | properties,
            "components": [question(id, part, part) for part in parts]}  # fmt: skip
    return {f"forms/{id}.form": json.dumps(
        {"type": "default", "id": id, "components": [rows]}).encode()}  # fmt: skip


def followed() -> dict[str, bytes]:
    """Begun by each one that is named."""
    drawn = diagram(
        "start > task:act > end",
        process="follow", start_groups=None,
        var={"matter": "null", "text": "null"},
        start={"message": "named"},
        act={"groups": "clerk", "form": "act", "label": '="No. " + string(matter)'},
    )  # fmt: skip
    number = {"type": "number", "id": "no", "key": "no", "label": "Number",
              "properties": {"matter_is": "number"}}  # fmt: skip
    fields = [number, question("act", "how", "status"), question("act", "shown", "evidence")]
    act = {"type": "default", "id": "act", "components": fields}
    return {**drawn, "forms/act.form": json.dumps(act).encode()}


@pytest.fixture
def case(kit: Kit) -> str:
    report = asking("report", prefill="=for m in matters return {text: m.text, owner: m.owner}")
    kit.deploy(
        diagram("start > task:meet > task:write > end", meet={"groups": "clerk", "form": "meet"},
                write={"groups": "clerk", "form": "report"}),
        asking("meet"), report, followed(),
    )  # fmt: skip
    return kit.start("ann")


def rows(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "owner": "Ann"} for text in texts]


def labels(kit: Kit, case: str) -> list[str]:
    return sorted(task.label for task in kit.tasks(case) if task.label)


def test_each_new_row_begins_what_follows_it_and_a_known_one_begins_nothing(
    kit: Kit, case: str
) -> None:
    kit.complete("ann", case, "meet", actions=rows("Visit", "Write"))
    assert labels(kit, case) == ["No. 1", "No. 2"]
    kit.complete("ann", case, "write", actions=rows("Visit", "Write", "Audit"))
    assert labels(kit, case) == ["No. 1", "No. 2", "No. 3"]


def test_the_page_of_the_case_tells_how_each_stands(kit: Kit, case: str) -> None:
    kit.complete("ann", case, "meet", actions=rows("Visit", "Write"))
    kit.complete("ann", case, "act", no="1", how="done", shown="The note")
    with look(kit.desk, PEOPLE["ann"], case, kit.at, None) as seen:
        matters, short = views.matter_lines(seen), views.beside_of(seen).named
    told = [(line.number, line.text, line.stands, line.closed, line.shown) for line in matters]
    assert told == [
        (1, "Visit", "Done, with evidence", True, ("The note",)),
        (2, "Write", "Open", False, ()),
    ]
    assert (len(short.matters), short.open_matters, short.late_matters(kit.at)) == (2, 1, 0)


def test_a_history_in_which_matters_were_named_runs_again(kit: Kit, case: str) -> None:
    kit.complete("ann", case, "meet", actions=rows("Visit", "Write"))
    kit.complete("ann", case, "write", actions=rows("Visit", "Audit"))
    found = verify_case(kit.desk.store, case)
    assert found.replay is not None and found.replay.wrong_seq is None, found
