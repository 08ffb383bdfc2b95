"""`fill`: what a step leaves out is answered by samples; what is given is never touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.journeys import JourneyFailed
from tests.journeys.stories import PRESENT, story
from tests.kit import Kit, diagram


def field(kind: str, key: str, **more: Any) -> dict[str, Any]:
    required = {"label": key.title(), "validate": {"required": True}}
    return {"type": kind, "key": key, "id": f"f_{key}"} | required | more


CHOICES = {"values": [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]}
CHILDREN = {
    "type": "dynamiclist", "path": "children", "id": "f_children", "label": "Children",
    "isRepeating": True, "properties": {"min_items": "1"},
    "components": [field("textfield", "called"), field("radio", "well", **CHOICES)],
}  # fmt: skip
QUESTIONS: dict[str, dict[str, Any]] = {
    "textfield": field("textfield", "name"),
    "textarea": field("textarea", "story"),
    "number": field("number", "age"),
    "radio": field("radio", "agreed", **CHOICES),
    "select": field("select", "place", **CHOICES),
    "checklist": field("checklist", "kinds", **CHOICES),
    "checkbox": field("checkbox", "sure"),
    "date": {
        "type": "datetime", "subtype": "date", "key": "day", "id": "f_day", "dateLabel": "Day",
        "validate": {"required": True},
    },
    "time": {
        "type": "datetime", "subtype": "time", "key": "hour", "id": "f_hour", "timeLabel": "Hour",
        "timeInterval": 15, "validate": {"required": True},
    },
    "list": CHILDREN,
}  # fmt: skip
FACTS = ("textfield", "textarea", "number")
GO = "  - {at: 2026-06-01 10:15, who: clerk, start: p}\n"


def deploy(kit: Kit, *kinds: str) -> None:
    components = [QUESTIONS[kind] for kind in kinds]
    form = {"type": "default", "id": "all", "schemaVersion": 18, "components": components}
    drawn = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "all"})
    kit.deploy(drawn, {"forms/all.form": json.dumps(form).encode()})


@pytest.mark.parametrize("kind", QUESTIONS)
def test_fill_true_answers_every_kind_of_question(kit: Kit, kind: str) -> None:
    deploy(kit, kind)
    story(kit, GO + "  - {who: clerk, do: ask, fill: true}\n")


@pytest.mark.parametrize("kind", QUESTIONS)
def test_fill_facts_answers_names_numbers_and_texts_and_decides_nothing(
    kit: Kit, kind: str
) -> None:
    deploy(kit, kind)
    step = GO + "  - {who: clerk, do: ask, fill: facts}\n"
    if kind in FACTS:
        assert [one.line for one in story(kit, step).made_up] == [4]
        return
    with pytest.raises(JourneyFailed, match="another look"):
        story(kit, step)


def test_fill_facts_names_the_people_of_a_list_and_leaves_their_choices(kit: Kit) -> None:
    deploy(kit, "list")
    with pytest.raises(JourneyFailed) as caught:
        story(kit, GO + "  - {who: clerk, do: ask, fill: facts}\n")
    assert "[children.0.well]" in caught.value.sentence
    assert "[children.0.called]" not in caught.value.sentence
    given = "{children: [{well: yes}, {well: no}]}"
    result = story(kit, GO + f"  - {{who: clerk, do: ask, fill: facts, answers: {given}}}\n")
    assert list(result.made_up[0].answers) == ["children.0.called", "children.1.called"]


@pytest.mark.parametrize("how", ["true", "facts"])
@pytest.mark.parametrize("empty", ["''", "null", "[]"])
def test_what_was_left_empty_on_purpose_stays_empty(kit: Kit, empty: str, how: str) -> None:
    deploy(kit, "textfield", "list")
    key = "children" if empty == "[]" else "name"
    answers = {"children": "[{called: A, well: yes}]", "name": "Ann"} | {key: empty}
    said = ", ".join(f"{name}: {value}" for name, value in answers.items())
    step = f"  - {{who: clerk, do: ask, fill: {how}, answers: {{{said}}}, refused: {key}}}\n"
    story(kit, GO + step)


def test_a_list_that_is_left_out_is_filled_row_by_row(kit: Kit) -> None:
    deploy(kit, "list")
    result = story(kit, GO + "  - {who: clerk, do: ask, fill: true, answers: {children: [{}]}}\n")
    assert set(result.made_up[0].answers) == {"children.0.called", "children.0.well"}


def test_what_was_filled_is_listed_step_by_step(kit: Kit) -> None:
    deploy(kit, "textfield", "radio", "list")
    said: list[str] = []
    step = "  - {who: clerk, do: ask, answers: {agreed: no}}\n"
    result = story(kit, GO + step, head="fill: true\n", note=said.append)
    (made_up,) = result.made_up
    assert (made_up.order, made_up.line, made_up.file) == ("do ask", 5, "journey")
    assert set(made_up.answers) >= {"name", "children.0.called", "children.0.well"}
    assert "agreed" not in made_up.answers
    assert "filled in: name: Sample answer, children.0.called: Sample answer, " in said[0]
    assert said[0].lstrip().startswith(f"5  {PRESENT:%a}")


@pytest.mark.parametrize("head", ["fill: facts\n", ""], ids=["facts", "nothing"])
def test_fill_of_the_file_counts_for_every_step_that_says_no_other(kit: Kit, head: str) -> None:
    deploy(kit, "textfield", "radio")
    with pytest.raises(JourneyFailed, match=r"\[agreed\]") as caught:
        story(kit, GO + "  - {who: clerk, do: ask}\n", head=head)
    assert ("[name]" in caught.value.sentence) is (head == "")
    story(kit, GO + "  - {who: clerk, do: ask, fill: true}\n", head=head)
