"""Beside a reference lists say what its owner allows, to who sees the whole case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.casework import views
from app.casework.indexing import index_behind
from app.engine.forms.properties import faults
from app.store import schema
from app.store.work import known_by
from app.store.work.tables import case_label
from tests.kit import PEOPLE, Kit, diagram

ZOE = {"name": "Zoë Kaya", "dob": "2019-05-01"}
NOBODY_SAID: tuple[str, ...] = ()


def asking(id: str, *, listed: bool = True) -> dict[str, bytes]:
    """A form about children and what happened; a carer, too, whom lists do not name."""
    mark = {"in_lists": "true"} if listed else {}
    who = [{"type": "textfield", "id": f"{id}_name", "key": "name", "label": "Name",
            "properties": {"person_is": "name"}},
           {"type": "datetime", "subtype": "date", "id": f"{id}_dob", "key": "dob",
            "dateLabel": "Born", "properties": {"person_is": "born"}}]  # fmt: skip
    children = {"type": "dynamiclist", "id": f"{id}_children", "path": "children",
                "label": "Children", "properties": {"persons": "child", **mark},
                "components": who}  # fmt: skip
    carer = {"type": "textfield", "id": f"{id}_carer", "key": "carer", "label": "Carer",
             "properties": {"persons": "carer", "person_is": "name"}}  # fmt: skip
    options = [{"label": "A child has died", "value": "died"},
               {"label": "A near miss", "value": "near"}]  # fmt: skip
    event = {"type": "radio", "id": f"{id}_event", "key": "event", "label": "What has happened?",
             "values": options, "properties": mark}  # fmt: skip
    kinds = {"type": "checklist", "id": f"{id}_kinds", "key": "kinds", "label": "Kinds",
             "values": [{"label": "Neglect", "value": "n"}, {"label": "Online", "value": "o"}],
             "properties": mark}  # fmt: skip
    text = {"type": "textfield", "id": f"{id}_words", "key": "words", "label": "In your words",
            "properties": mark}  # fmt: skip
    parts = [children, carer, event, kinds, text]
    content = {"type": "default", "id": id, "components": parts}
    return {f"forms/{id}.form": json.dumps(content).encode()}


@pytest.fixture
def kit_(kit: Kit) -> Kit:
    kit.deploy(
        diagram("start > task:tell > task:amend > task:reply > end",
                tell={"groups": "clerk", "form": "first"},
                amend={"groups": "clerk", "form": "second"}, reply={"groups": "agency:police"}),
        asking("first"), asking("second"),
    )  # fmt: skip
    return kit


def said(kit: Kit, who: str = "ann") -> tuple[str, ...]:
    """Of the only case, in somebody's list of cases."""
    (row,) = views.case_list(kit.desk, PEOPLE[who], kit.at).rows
    return row.in_short


ANSWERS: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "a child and what happened": (
        [{"children": [ZOE], "event": "died"}],
        ("Z.K., child, born 2019", "A child has died"),
    ),
    "two children": (
        [{"children": [ZOE, {"name": "Adam Kaya"}]}],
        ("Z.K., child, born 2019", "A.K., child"),
    ),
    "who is not marked is not told": ([{"carer": "Bea Kaya"}], NOBODY_SAID),
    "what somebody typed is not told": ([{"words": "Zoë Kaya fell"}], NOBODY_SAID),
    "several that are chosen": ([{"kinds": ["n", "o"]}], ("Neglect, Online",)),
    "what was chosen last stands": (
        [{"event": "near"}, {"event": "died"}],
        ("A child has died",),
    ),
    "what is not answered again stays": (
        [{"children": [ZOE], "event": "near"}, {"kinds": ["n"]}],
        ("Z.K., child, born 2019", "A near miss", "Neglect"),
    ),
    "a name that is corrected": (
        [{"children": [ZOE]}, {"children": [{"name": "Xenia Kaya", "dob": "2019-05-01"}]}],
        ("Z.K., child, born 2019", "X.K., child, born 2019"),
    ),
    "nothing answered": ([{}], NOBODY_SAID),
}


@pytest.mark.parametrize(("given", "told"), ANSWERS.values(), ids=ANSWERS)
def test_a_list_says_what_the_owner_allows(
    kit_: Kit, given: list[dict[str, Any]], told: tuple[str, ...]
) -> None:
    case = kit_.start("ann")
    for task, answers in zip(("tell", "amend"), given, strict=False):
        kit_.complete("ann", case, task, **answers)
    assert said(kit_) == told


def test_a_choice_without_the_mark_is_not_told(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:tell > end", tell={"groups": "clerk", "form": "plain"}),
        asking("plain", listed=False),
    )
    kit.complete("ann", kit.start("ann"), "tell", children=[ZOE], event="near")
    assert said(kit) == NOBODY_SAID


def test_who_sees_a_part_of_the_case_is_told_nothing_of_it(kit_: Kit) -> None:
    case = kit_.start("ann")
    kit_.complete("ann", case, "tell", children=[ZOE])
    kit_.complete("ann", case, "amend")
    assert said(kit_, "ann") == ("Z.K., child, born 2019",)
    assert said(kit_, "pol") == NOBODY_SAID
    work = views.work_list(kit_.desk, PEOPLE["pol"], kit_.at)
    assert [(row.element, row.in_short) for row in work.rows] == [("reply", NOBODY_SAID)]


def test_nothing_readable_stands_in_the_file(kit_: Kit) -> None:
    case = kit_.start("ann")
    kit_.complete("ann", case, "tell", children=[ZOE], event="near")
    kit_.store.close()
    file = Path(str(kit_.store.engine.url.database))
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"Z.K." not in held
    assert b"born 2019" not in held


def test_a_case_whose_key_was_destroyed_says_nothing(kit_: Kit) -> None:
    case = kit_.start("ann")
    kit_.complete("ann", case, "tell", children=[ZOE])
    with kit_.store.writing() as unit:
        unit.run(delete(schema.case_key).where(schema.case_key.c.case_id == case))
    assert said(kit_) == NOBODY_SAID


def test_it_is_made_for_cases_from_before(kit_: Kit) -> None:
    case = kit_.start("ann")
    kit_.complete("ann", case, "tell", children=[ZOE])
    with kit_.store.writing() as unit:
        unit.run(delete(case_label))
        known_by.forget(unit, case)
    assert said(kit_) == NOBODY_SAID
    assert index_behind(kit_.desk) == 1
    assert said(kit_) == ("Z.K., child, born 2019",)


def test_a_case_that_says_nothing_keeps_no_row(kit_: Kit) -> None:
    kit_.complete("ann", kit_.start("ann"), "tell", words="Something")
    with kit_.store.reading() as unit:
        assert not unit.rows(select(case_label))


MARKS = {
    "a choice": ({"in_lists": "true"}, "radio", True),
    "people in a list": ({"in_lists": "true", "persons": "child"}, "dynamiclist", True),
    "a question about a person": ({"in_lists": "true", "persons": "child"}, "textfield", True),
    "a text": ({"in_lists": "true"}, "textfield", False),
    "a date": ({"in_lists": "true"}, "date", False),
    "a list of something": ({"in_lists": "true"}, "dynamiclist", False),
}


@pytest.mark.parametrize(("given", "kind", "right"), MARKS.values(), ids=MARKS)
def test_its_owner_is_told_where_the_mark_has_no_effect(
    given: dict[str, str], kind: str, right: bool
) -> None:
    assert (list(faults(given, kind)) == []) is right


def test_who_sees_a_part_is_not_told_how_much_waits_for_others(kit_: Kit) -> None:
    case = kit_.start("ann")
    kit_.complete("ann", case, "tell", event="died")
    kit_.complete("ann", case, "amend")
    (theirs,) = views.case_list(kit_.desk, PEOPLE["pol"], kit_.at).rows
    (ours,) = views.case_list(kit_.desk, PEOPLE["ann"], kit_.at).rows
    assert (theirs.open_tasks, theirs.due, theirs.in_short) == (None, None, NOBODY_SAID)
    assert ours.open_tasks == 1
