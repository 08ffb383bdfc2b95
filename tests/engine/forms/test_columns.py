"""Which column of a table answers which question, and what a cell says as an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.engine.forms import Field, Option, read_form
from app.engine.forms import columns as tabular
from app.engine.forms.properties import FieldRules


def field(key: str, kind: str, label: str, *, name: str = "", headings: str = "") -> Field:
    known = tuple(headings.split(", ")) if headings else ()
    return Field(
        key=key, kind=kind, id=key, label=label, rules=FieldRules(name=name or None, headings=known)
    )


KINDS = (
    Option("info", "Information"),
    Option("key", "Key episode"),
    Option("good", "Good practice"),
)
YES_NO = (Option("yes", "Yes"), Option("no", "No"), Option("unknown", "The record does not say"))
WHO = (Option("child", "The child"), Option("parent", "A parent or carer"))
ASKED = (
    field("day", "date", "Date", headings="Date of event, When"),
    field("source", "textfield", "Where does it stand?", headings="Source, Record"),
    field("what", "textarea", "What happened?", headings="Event, Details"),
    field("response", "textarea", "What did your agency do or decide?", headings="Action taken"),
    field("kind", "radio", "What kind of event is it?", headings="Significance"),
    field("seen", "checklist", "Who was seen?"),
    field("alone", "radio", "Was the child seen alone?"),
)
OPTIONS = {"kind": KINDS, "seen": WHO, "alone": YES_NO}

HEADINGS = {
    "the questions themselves": (
        "Date|What happened?|Who was seen?", {"day": 0, "what": 1, "seen": 2}
    ),
    "capitals and stops do not count": ("DATE:|What happened", {"day": 0, "what": 1}),
    "the keys, as an export has them": ("day|source|what", {"day": 0, "source": 1, "what": 2}),
    "what agencies call them": (
        "Date of event|Details|Action taken|Significance",
        {"day": 0, "what": 1, "response": 2, "kind": 3},
    ),
    "more words than ours": ("Date of event (UK)|Record number", {"day": 0, "source": 1}),
    "in another order": ("Event|When", {"what": 0, "day": 1}),
    "a word in common by chance": ("Agency|Child|Practitioner", {}),
    "two that are alike: the nearer one": ("Date recorded|Date", {"day": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADINGS)
def test_a_column_is_known_by_its_heading(name: str) -> None:
    line, expected = HEADINGS[name]
    assert tabular.guessed(line.split("|"), [], ASKED, OPTIONS) == expected


def test_without_headings_dates_and_choices_are_known_by_what_stands_there() -> None:
    rows = [["1", "3/4/26", "Key episode", "A visit"], ["2", "46115", "information", "A call"]]
    assert tabular.guessed((), rows, ASKED, OPTIONS) == {"day": 1, "kind": 2}


def test_yes_and_no_answer_no_question_by_themselves() -> None:
    assert tabular.guessed((), [["Yes"], ["No"]], ASKED, {"alone": YES_NO[:2]}) == {}


ROWS = {
    "in the first row": ([["Date", "Event"], ["3/4/26", "x"]], 0),
    "below a title": ([["Chronology of our agency", ""], ["Date", "Event"], ["3/4/26", "x"]], 1),
    "nowhere": ([["3/4/26", "x"], ["4/4/26", "y"]], None),
    "in words of their own": ([["Tag", "Vorgang"], ["3/4/26", "x"]], 0),
    "a text is none": ([["x", "y"], ["z", "w"]], None),
}


@pytest.mark.parametrize("name", ROWS)
def test_where_the_headings_stand(name: str) -> None:
    rows, expected = ROWS[name]
    assert tabular.heading_row(rows, ASKED) == expected


DAYS = {
    "3/4/2026": date(2026, 4, 3), "3/4/26": date(2026, 4, 3), "03.04.26": date(2026, 4, 3),
    "3-4-26": date(2026, 4, 3), "3 April 2026": date(2026, 4, 3), "3 Apr 26": date(2026, 4, 3),
    "Friday 3 April 2026": date(2026, 4, 3), "2026-04-03": date(2026, 4, 3),
    "46115": date(2026, 4, 3), "12/11/98": date(1998, 11, 12), "1/2/49": date(2049, 2, 1),
    "31/2/26": None, "4/13/26": None, "April 2026": None, "12345": None, "461150": None, "": None,
    "about Easter": None,
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_cell_says_a_day_as_it_is_written_here_or_as_a_spreadsheet_keeps_it(text: str) -> None:
    assert tabular.as_day(text) == DAYS[text]


GIVEN: list[tuple[str, tuple[Option, ...], str, Any]] = [
    ("date", (), "3/4/26", "3/4/2026"),
    ("date", (), "31/2/26", "31/2/26"),
    ("radio", KINDS, "key EPISODE", "key"),
    ("radio", KINDS, "info", "info"),
    ("radio", KINDS, "Good", "good"),
    ("radio", KINDS, "Key episode (see report)", "Key episode (see report)"),
    ("radio", KINDS, "", ""),
    ("radio", YES_NO, "Y", "yes"),
    ("radio", YES_NO, "N", "no"),
    ("select", YES_NO, "The record does not say", "unknown"),
    ("checklist", WHO, "The child; A parent or carer", ["child", "parent"]),
    ("checklist", WHO, "child and parent", ["child", "parent"]),
    ("checklist", WHO, "Child, grandmother", ["child", "grandmother"]),
    ("checklist", WHO, "", []),
    ("checkbox", (), "yes", True),
    ("checkbox", (), "x", True),
    ("checkbox", (), "No", False),
    ("checkbox", (), "perhaps", "perhaps"),
    ("number", (), "1,200", "1,200"),
    ("textarea", (), "first\nsecond", "first\nsecond"),
]


@pytest.mark.parametrize(("kind", "options", "text", "answer"), GIVEN)
def test_a_cell_is_an_answer_or_stays_the_words_that_it_is(
    kind: str, options: tuple[Option, ...], text: str, answer: Any
) -> None:
    assert tabular.given(field("x", kind, "X"), text, options) == answer


def test_a_date_with_the_month_in_front_is_noticed() -> None:
    assert tabular.month_first(["3/4/2026", "04/13/2026"]) == "04/13/2026"
    assert tabular.month_first(["3/4/2026", "13/4/2026", "31/31/2026"]) is None
    assert [tabular.either_way(t) for t in ("3/4/26", "3/3/26", "13/4/26")] == [True, False, False]


def test_only_a_list_of_plain_answers_stands_as_a_table() -> None:
    rows = Field(key="rows", kind="dynamiclist", id="r", fields=ASKED, rules=FieldRules(table=True))
    hint = Field(key="", kind="text", id="t", label="Read this")
    group = Field(key="", kind="group", id="g", fields=ASKED)
    assert tabular.columns(rows) == ASKED
    assert tabular.columns(replace(rows, fields=(hint, *ASKED))) == ASKED
    assert tabular.columns(replace(rows, rules=FieldRules())) == ()
    assert tabular.columns(replace(rows, fields=(*ASKED, group))) == ()


def test_a_list_that_was_meant_as_a_table_and_cannot_be_one_is_told() -> None:
    inner = {"type": "group", "id": "g", "label": "Author", "components": [
        {"type": "textfield", "id": "n", "key": "n", "label": "N"}]}  # fmt: skip
    rows = {"type": "dynamiclist", "id": "r", "path": "rows", "label": "Rows",
            "components": [inner], "properties": {"table": "true"}}  # fmt: skip
    document = {"type": "default", "id": "f", "components": [rows]}
    form, findings = read_form("forms/f.form", json.dumps(document).encode())
    assert form is not None
    (finding,) = findings
    assert finding.sentence == (
        "“Rows” cannot stand as a table: the group “Author” fits into no cell."
    )
