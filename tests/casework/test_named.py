"""Whom and what the answers name, kept in short for the page of a case: as long as it is true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from app.casework import look, views
from app.casework.reading.case.beside.named import Named
from app.store import Checkpoint, cases
from app.store.chain import checkpoints
from app.store.schema import checkpoint
from tests.kit import PEOPLE, Kit, diagram


def about_people(id: str) -> dict[str, bytes]:
    name: dict[str, Any] = {
        "type": "textfield", "id": f"{id}_name", "key": "name", "label": "Name",
        "properties": {"person_is": "name"},
    }  # fmt: skip
    people = {
        "type": "dynamiclist", "id": f"{id}_children", "path": "children", "label": "Children",
        "properties": {"persons": "child", "item": "child"}, "components": [name],
    }  # fmt: skip
    content = {"type": "default", "id": id, "components": [people]}
    return {f"forms/{id}.form": json.dumps(content).encode()}


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(
        diagram("start > task:tell > task:more > task:rest > end",
                tell={"groups": "clerk", "form": "tell"}, more={"groups": "clerk", "form": "more"},
                rest={"groups": "clerk"}),
        about_people("tell"), about_people("more"),
    )  # fmt: skip
    case = kit.start("ann")
    kit.complete("ann", case, "tell", children=[{"name": "Zoë Kaya"}])
    return case


def named(kit: Kit, case: str) -> Named:
    with look(kit.desk, PEOPLE["ann"], case, kit.at, None) as seen:
        return views.beside_of(seen).named


def test_a_second_look_takes_what_is_kept(kit: Kit, case: str) -> None:
    assert named(kit, case) == Named(about=("Z.K., child",), people=1)
    with kit.store.writing() as unit:
        key = cases.key_of(unit, case)
        kept = checkpoints.newest(unit, key, "named", 0)
        assert kept is not None
        stored = json.loads(kept.content) | {"people": 7}
        checkpoints.put(unit, key, [Checkpoint("named", 0, json.dumps(stored).encode())])
    assert named(kit, case).people == 7


@pytest.mark.parametrize("children", [[{"name": "Zoë Kaya"}, {"name": "Ben Oke"}], []])
def test_another_answer_about_people_makes_it_anew(
    kit: Kit, case: str, children: list[dict[str, str]]
) -> None:
    assert named(kit, case).people == 1
    kit.complete("ann", case, "more", children=children)
    known = named(kit, case)
    assert (known.people, len(known.about)) == (max(1, len(children)),) * 2


def test_what_is_kept_is_sealed_and_of_no_other_case(kit: Kit, case: str) -> None:
    named(kit, case)
    with kit.store.writing() as unit:
        bodies = unit.rows(select(checkpoint.c.body).where(checkpoint.c.about == "named"))
        assert bodies and not any(b"child" in body for (body,) in bodies)
        unit.run(text("UPDATE checkpoint SET about = 'drawings' WHERE about = 'named'"))
    assert named(kit, case).people == 1
