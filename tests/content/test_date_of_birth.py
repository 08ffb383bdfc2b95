"""A date of birth is asked as well as people know it; nothing is made a date that nobody gave."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.engine.feel import World
from app.engine.forms import Form, mentions, read_answers, read_form

ROOT = Path(__file__).resolve().parents[2]
WORLD = World(now=datetime(2026, 4, 1, 9, tzinfo=UTC))
SCOPE: dict[str, Any] = {"settings": {}, "records": {}, "persons": []}
LISTS = ("request_for_support", "cause_for_concern", "complete_cause_for_concern",
         "draft_notification")  # fmt: skip
FORMS = (*LISTS, "describe_added_child", "submit_form_a")
#: the questions this is about
ABOUT = ("legal_name", "dob", "dob_known", "birth_year", "edd")


def form_of(name: str) -> Form:
    form, _ = read_form(f"forms/{name}.form", (ROOT / f"forms/{name}.form").read_bytes())
    assert form is not None
    return form


def messages(name: str, child: dict[str, Any]) -> dict[str, str]:
    """What is said of the questions about name and birth, by the question's own key."""
    given = {"children": [child]} if name in LISTS else child
    found = read_answers(form_of(name), given, SCOPE, WORLD).messages
    place = "children.0." if name in LISTS else ""
    return {key: found[place + key] for key in ABOUT if place + key in found}


NAMED = {"legal_name": "Ada Example"}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "child",
    [
        pytest.param({"dob": "2016-03-31"}, id="a date, and no more"),
        pytest.param({"dob": "2016-03-31", "dob_known": "exact"}, id="exact"),
        pytest.param({"dob_known": "year", "birth_year": "2016"}, id="only the year"),
        pytest.param({"dob_known": "estimated", "birth_year": "2016"}, id="an estimated year"),
        pytest.param({"dob_known": "not_known"}, id="not known"),
    ],
)
def test_each_way_of_knowing_it_can_be_said(name: str, child: dict[str, Any]) -> None:
    assert messages(name, NAMED | child) == {}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("child", "about", "said"),
    [
        pytest.param({}, "dob", "If it is not known, say so below", id="nothing said"),
        pytest.param(
            {"dob_known": "exact"}, "dob", "If it is not known, say so below", id="exact, no date"
        ),
        pytest.param({"dob_known": "year"}, "birth_year", "Enter the year of birth", id="no year"),
        pytest.param(
            {"dob_known": "year", "birth_year": "2027"}, "birth_year", "this year or earlier",
            id="a year to come",
        ),
        pytest.param(
            {"dob": "2016-03-31", "dob_known": "not_known"}, "dob",
            "“How well is the date of birth known?” says", id="a date that is not known",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_question(
    name: str, child: dict[str, Any], about: str, said: str
) -> None:
    found = messages(name, NAMED | child)
    assert list(found) == [about]
    assert said in found[about]


@pytest.mark.parametrize("name", (*LISTS, "describe_added_child"))
def test_an_unborn_child_needs_no_name_and_is_told_what_to_enter(name: str) -> None:
    assert messages(name, {"edd": "2026-09-01"}) == {}
    assert "enter the expected date of birth" in messages(name, {})["legal_name"]


def test_what_is_not_known_stays_not_known() -> None:
    form = form_of("request_for_support")
    given = {"children": [{**NAMED, "dob_known": "not_known"}]}
    (child, *_) = mentions(form, read_answers(form, given, SCOPE, WORLD).answers)
    assert child.said == {"name": "Ada Example", "born_known": "not_known"}


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        pytest.param({"dob_known": "year", "birth_year": "2007"}, True, id="19 or 18"),
        pytest.param({"dob_known": "year", "birth_year": "2008"}, False, id="18 or 17"),
        pytest.param({"dob_known": "estimated", "birth_year": "2000"}, False, id="an estimate"),
    ],
)
def test_form_a_compares_the_age_with_a_year_that_is_sure(
    given: dict[str, Any], refused: bool
) -> None:
    answers = {**NAMED, "age_group": "under_18", "dod": "2026-03-31", **given}
    found = read_answers(form_of("submit_form_a"), answers, SCOPE, WORLD).messages
    assert ("age_group" in found) == refused


def test_a_year_is_no_date() -> None:
    form = form_of("describe_added_child")
    given = {**NAMED, "dob_known": "year", "birth_year": "2016"}
    (child,) = mentions(form, read_answers(form, given, SCOPE, WORLD).answers)
    assert (child.said["born_year"], child.said.get("born")) == (2016, None)
    assert not any(isinstance(value, date) for value in child.said.values())
