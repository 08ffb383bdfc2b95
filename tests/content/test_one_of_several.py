"""Of several rows, requests, conflicts or children the one that is meant is shown, not the newest.

In `list[item.kind = kind]` both sides are the row's own: inside a filter a name means the row's
entry first (DMN 1.5, 7.3.1.1), so every row fits. What compares a row with something around the
list binds the row in a `for`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.engine.forms import known, read_answers
from app.engine.forms.messages import said
from tests.content.test_true_words_of_reviews import SETTINGS, TOP, WORLD, case, form_of

OWN = re.compile(r"(\S*)\[[^\[\]]*\bitem\.(\w+)\b[^\[\]]*(?<![.\w])\2\b[^\[\]]*\]")
#: its rows have no entry of this name
MEANT_OUTSIDE = {"settings.organisations[item.value = value]"}
FILES = sorted([*TOP.glob("forms/*.form"), *TOP.glob("bpmn/*.bpmn"), *TOP.glob("bpmn/*.dmn")])

FIRST = {
    "request_title": "GP notes",
    "information": "All notes",
    "why": "No notes came",
    "purpose": "lcspr",
    "requester": "sp_la",
    "agency": "gp",
}
SECOND = {
    "request_title": "Bus videos",
    "information": "Camera 4",
    "why": "Who got on",
    "purpose": "rapid_review",
    "requester": "sp_police",
    "agency": "housing",
}
REQUESTS = {
    "records": {"state_information_request_all": [FIRST, SECOND]},
    "answer_by": None,
    "request_title": "GP notes",
    "agency": "gp",
    "legal_view": "back",
}
CONFLICTS = {
    "part": "Chair",
    "records": {
        "declare_conflict_all": [
            {"part": "Chair", "person": "Ada Chair", "interest": "Her school"},
            {"part": "Panel member", "person": "Ben Member", "interest": "His clinic"},
        ]
    },
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_filter_compares_a_row_with_itself(path: Path) -> None:
    found = [match.group(0) for match in OWN.finditer(path.read_text(encoding="utf-8"))]
    assert [one for one in found if one not in MEANT_OUTSIDE] == []


@pytest.mark.parametrize(
    ("name", "scope", "shown", "other"),
    [
        *(
            pytest.param(name, REQUESTS, "All notes", "Camera 4", id=name)
            for name in (
                "answer_information_request",
                "review_information_request",
                "send_information_request",
                "check_information",
                "escalate_refusal",
            )
        ),
        pytest.param(
            "decide_conflict", CONFLICTS, "Her school", "His clinic", id="decide_conflict"
        ),
        pytest.param("exclude_person", CONFLICTS, "Ada Chair", "Ben Member", id="exclude_person"),
        pytest.param(
            "name_replacement", CONFLICTS, "Ada Chair", "Ben Member", id="name_replacement"
        ),
    ],
)
def test_the_first_of_two_is_shown_its_own_words(
    name: str, scope: dict[str, Any], shown: str, other: str
) -> None:
    form = json.loads((TOP / f"forms/{name}.form").read_text(encoding="utf-8"))
    texts = [one["text"] for one in form["components"] if one["type"] == "text"]
    page = "\n".join(said(text, {"settings": SETTINGS, **scope}, WORLD) for text in texts)
    assert shown in page
    assert other not in page


def test_a_request_that_comes_back_is_the_one_that_was_stated() -> None:
    values = known(form_of("state_information_request"), case(**REQUESTS), WORLD).values
    assert {key: values.get(key) for key in ("request_title", "information", "why", "purpose")} == {
        key: FIRST[key] for key in ("request_title", "information", "why", "purpose")
    }


def test_the_other_conflict_takes_no_place_from_this_one() -> None:
    form = form_of("name_replacement")
    messages = [
        read_answers(form, {"person": person}, case(**CONFLICTS), WORLD).messages
        for person in ("Ada Chair", "Ben Member")
    ]
    assert ["person" in one for one in messages] == [True, False]


@pytest.mark.parametrize(
    ("name", "answers", "path"),
    [
        pytest.param(
            "choose_agencies",
            {"left_out": [{"kind": "gp", "reason": "x"}, {"kind": "education", "reason": "x"}]},
            "left_out.1.kind",
            id="two kinds left out",
        ),
        pytest.param(
            "choose_agencies",
            {"typed": [{"name": "The Barn"}, {"name": "Elm Club"}]},
            "typed.1.name",
            id="two organisations typed",
        ),
        pytest.param(
            "check_returns",
            {
                "next_step": "ask_further",
                "added_typed": [{"name": "The Barn"}, {"name": "Elm Club"}],
            },
            "added_typed.1.name",
            id="two further organisations typed",
        ),
    ],
)
def test_two_rows_that_differ_are_not_twice_the_same(
    name: str, answers: dict[str, Any], path: str
) -> None:
    assert path not in read_answers(form_of(name), answers, case(), WORLD).messages


def test_two_rows_that_are_the_same_are_told() -> None:
    twice = {
        "left_out": [{"kind": "gp", "reason": "x"}] * 2,
        "typed": [{"name": "A B"}, {"name": "a b "}],
    }
    messages = read_answers(form_of("choose_agencies"), twice, case(), WORLD).messages
    assert {"left_out.1.kind", "typed.1.name"} <= messages.keys()
