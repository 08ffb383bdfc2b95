"""Steps that journeys do not name are done by the player; one that names one does it itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.journeys import JourneyFailed
from tests.journeys.stories import FILES, START, story
from tests.kit import Kit

ROW = {"do": "ask", "who": "clerk", "answers": '={wanted: settings.asked_for + "!"}'}


def played(kit: Kit, *rows: Any) -> Kit:
    settings = {**json.loads(FILES["settings.json"]), "asked_for": "help", "played": rows}
    kit.deploy({**FILES, "settings.json": json.dumps(settings).encode()})
    return kit


def test_a_step_that_no_journey_names_is_done_as_it_opens(kit: Kit) -> None:
    steps = START + (
        "  - check:\n"
        "      open: {answer: 2}\n"
        "      due: {answer: 2026-06-04}\n"
        "      history: [completed]\n"
    )
    story(played(kit, ROW), steps)


def test_what_it_answers_is_feel_over_the_settings(kit: Kit) -> None:
    check = "  - check: {variables: {wanted: help!}}\n"
    story(played(kit, ROW), START + check)


@pytest.mark.parametrize(
    "names_it",
    [
        "  - {who: clerk, do: ask, answers: {wanted: mine}}\n",
        "  - {who: clerk, do: p.ask, answers: {wanted: mine}}\n",
        "  - check: {open: [ask]}\n",
        "  - check: {due: {ask: 2026-06-08}}\n",
    ],
    ids=["does it", "by process and id", "checks that it is open", "checks its day"],
)
def test_a_journey_that_names_it_does_it_itself(kit: Kit, names_it: str) -> None:
    story(played(kit, ROW), START + names_it)


def test_it_is_done_where_a_later_case_reaches_it_too(kit: Kit) -> None:
    other = "  - {who: clerk, start: p, case: B}\n"
    check = "  - {case: B, check: {open: {answer: 2}}}\n"
    story(played(kit, ROW), START + other + check)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"do": "aks", "who": "clerk"}, "Did you mean “ask”"),
        ({"do": "ask"}, "a row says “do”, “who”"),
        ({"do": "ask", "who": "clerk", "answer": {}}, "a row says “do”, “who”"),
        ({"do": "ask", "who": "lead", "answers": {}}, "settings.played: ask"),
        ({"do": "ask", "who": "clerk", "answers": "={wanted: (}"}, "settings.played: ask"),
    ],
    ids=["unknown step", "nobody", "unknown key", "an answer is missing", "no FEEL"],
)
def test_a_row_that_cannot_be_played_is_told(kit: Kit, row: Any, told: str) -> None:
    with pytest.raises(JourneyFailed) as failed:
        story(played(kit, row), START)
    assert told in str(failed.value)
