"""A form that asks much is a list of topics, one a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.forms import Field, Form, sections
from app.engine.forms.reader import read_form

TOP = Path(__file__).resolve().parents[2]
#: with more questions than this a form is long (docs/process-owners.md, “Long forms”)
LONG = 12
#: questions of one topic that a person still reads as one
MOST_OF_A_TOPIC = 20
NO_QUESTION = {"text", "separator", "group", "dynamiclist"}

#: long, and one page all the same → why
ONE_PAGE = {
    "return_form_b": "most agencies hold no record and send two answers from the top of the page",
    "inform_family": "what came of it opens only what belongs to it; half of it is never shown",
}


def shipped() -> list[Form]:
    read = (
        read_form(f"forms/{path.name}", path.read_bytes())[0]
        for path in sorted((TOP / "forms").rglob("*.form"))
    )
    return [form for form in read if form is not None]


def count(field: Field, *, rows: bool = True) -> int:
    """`rows`: what a list asks in each row; else it counts once, as its rows are up to the case."""
    if field.kind == "dynamiclist" and not rows:
        return 1
    below = sum(count(inner, rows=rows) for inner in field.fields)
    return (field.kind not in NO_QUESTION) + below


def questions(form: Form) -> int:
    return sum(count(field) for field in form.fields)


FORMS = {form.id: form for form in shipped()}
LONG_ONES = [id for id, form in FORMS.items() if questions(form) > LONG]


@pytest.mark.parametrize("id", LONG_ONES)
def test_a_long_form_is_asked_topic_by_topic(id: str) -> None:
    assert bool(sections(FORMS[id])) is (id not in ONE_PAGE), ONE_PAGE.get(id, "it has no sections")


def test_each_form_that_stays_one_page_is_long_and_says_why() -> None:
    assert set(ONE_PAGE) <= set(LONG_ONES)


@pytest.mark.parametrize("id", [id for id in LONG_ONES if id not in ONE_PAGE])
def test_no_topic_is_itself_a_long_page_and_all_questions_stand_in_one(id: str) -> None:
    form = FORMS[id]
    for section in sections(form):
        asked = sum(count(field, rows=False) for field in section.of(form))
        assert 1 <= asked <= MOST_OF_A_TOPIC, (section.title, asked)
