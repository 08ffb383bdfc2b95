"""A task says what it is about: its brief, what was recorded, what changed; to its people alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.casework import NotFound, Refused, views
from app.casework.views import TaskPage
from tests.kit import PEOPLE, Kit, diagram, form


def fields(id: str, *components: dict[str, Any]) -> dict[str, bytes]:
    named = [{"id": f"{id}_{n}", **one} for n, one in enumerate(components)]
    content = {"type": "default", "id": id, "schemaVersion": 18, "components": named}
    return {f"forms/{id}.form": json.dumps(content).encode()}


CHECKED = {
    "type": "textfield", "key": "what", "label": "What",
    "properties": {"prefill": "=records.draft.what"},
}  # fmt: skip
FILES = (
    diagram(
        "start > xor:again > task:draft > task:check > xor:good > end; good > xor:back > again",
        draft={"groups": "clerk", "form": "draft"},
        check={"groups": "lead", "form": "check", "shows": "draft", "brief": "about"},
        end={"condition": "default"},
        back={"condition": '=verdict = "bad"'},
    )
    | form("draft", "what", "why")
    | fields("check", CHECKED, {"type": "textfield", "key": "verdict", "label": "Verdict"})
    | fields(
        "about",
        {"type": "text", "text": "# About"},
        {
            "type": "textfield", "key": "child", "label": "Child", "readonly": True,
            "properties": {"prefill": "=records.draft.what"},
        },
    )
)  # fmt: skip


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(FILES)
    case = both.start("ann")
    both.later(minutes=1)
    both.complete("ann", case, "draft", what="Zoë", why="Because")
    both.later(minutes=1)
    return case


def page(kit: Kit, case: str, who: str, element: str) -> TaskPage:
    return views.task_page(kit.desk, PEOPLE[who], case, kit.task(case, element), kit.at)


def test_a_task_shows_what_was_recorded_with_whose_words_they_are(both: Kit, case: str) -> None:
    (shown,) = page(both, case, "lea", "check").shows
    assert (shown.name, shown.by, shown.seq) == ("Draft", PEOPLE["ann"].name, 2)
    assert [(one.question, one.words) for one in shown.answers] == [
        ("What", "Zoë"), ("Why", "Because"),
    ]  # fmt: skip
    assert shown.changed == ()


def test_what_is_known_names_the_step_and_the_person(both: Kit, case: str) -> None:
    asked = page(both, case, "lea", "check").asked
    (origin,) = asked.origins.values()
    assert (origin.step, origin.by) == ("Draft", (PEOPLE["ann"].name,))
    assert {path: cell.value for path, cell in asked.known.cells.items()} == {"what": "Zoë"}


def test_the_brief_is_filled_from_the_records(both: Kit, case: str) -> None:
    brief = page(both, case, "lea", "check").brief
    assert brief is not None
    assert brief.scope["records"]["draft"]["what"] == "Zoë"


def test_nobody_else_reads_it(both: Kit, case: str) -> None:
    with pytest.raises(NotFound):
        page(both, case, "out", "check")


def test_what_changed_since_somebody_worked_with_it_is_told(both: Kit, case: str) -> None:
    both.complete("lea", case, "check", what="Zoë", verdict="bad")
    both.later(minutes=1)
    both.complete("ann", case, "draft", what="Zoë", why="For another reason")
    both.later(minutes=1)
    (shown,) = page(both, case, "lea", "check").shows
    assert shown.changed == ("Why",)
    assert shown.seen_at is not None


def test_the_history_says_which_versions_were_before_them(both: Kit, case: str) -> None:
    both.complete("lea", case, "check", what="Zoe", verdict="good")
    entries = views.history_entries(both.desk, PEOPLE["ann"], case, both.at)
    (said,) = [one.said for one in entries if one.kind == "CompleteTask"][1:]
    assert said["shown"] == [2]
    assert said["provenance"] == {
        "what": {
            "how": "corrected", "record": "draft", "question": "what", "was": "Zoë", "entry": 2,
        },
    }  # fmt: skip


def test_a_task_that_is_sent_untouched_states_nothing(both: Kit, case: str) -> None:
    with pytest.raises(Refused) as refusal:
        both.complete("lea", case, "check")
    assert list(refusal.value.fields) == ["_confirmed"]
