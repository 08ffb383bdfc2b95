"""Reading people's answers: typed values, or one sentence a field."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from app.engine import saying
from app.engine.feel import World
from app.engine.forms.answers import (
    Reading,
    filled,
    given_again,
    initial,
    offered,
    options,
    read_answers,
    shown,
    unflatten,
    unknown,
    worded,
)
from app.engine.forms.fields import Form, Option
from app.engine.forms.reader import read_form

#: Wednesday 1 April 2026, 13:00 in London
WORLD = World(now=datetime(2026, 4, 1, 12, tzinfo=UTC))


def form(*components: dict[str, Any]) -> Form:
    document = {"components": [{"id": f"F{n}", **one} for n, one in enumerate(components)]}
    found, findings = read_form("forms/sample.form", json.dumps(document).encode())
    assert found is not None, findings
    return found


def read(components: list[dict[str, Any]], given: Any, **scope: Any) -> Reading:
    return read_answers(form(*components), given, scope, WORLD)


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "a", "label": "Date of event", **more}


def when(subtype: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "datetime",
        "subtype": subtype,
        "key": "a",
        "dateLabel": "Date of event",
        **more,
    }


def choice(kind: str, **more: Any) -> dict[str, Any]:
    values = [{"value": one, "label": one.upper()} for one in ("yes", "no", "x")]
    return {"type": kind, "key": "a", "label": "Agency", "values": values, **more}


REQUIRED: dict[str, Any] = {"validate": {"required": True}}


@pytest.mark.parametrize(
    ("component", "given", "typed"),
    [
        (field("textfield"), "  two\nlines ", "two lines"),
        (field("textarea"), " two\r\nlines ", "two\nlines"),
        (field("textfield"), "", None),
        (field("number"), "1,250.50", Decimal("1250.50")),
        (field("number"), 3, Decimal(3)),
        (field("number"), " -2 ", Decimal(-2)),
        (field("checkbox"), "on", True),
        (field("checkbox"), None, False),
        (field("checkbox"), ["false", "true"], True),
        (choice("radio"), "x", "x"),
        (choice("radio"), True, "yes"),
        (choice("select"), "", None),
        (choice("checklist"), ["x", "yes", "x"], ["yes", "x"]),
        (choice("checklist"), "no", ["no"]),
        (choice("checklist"), None, []),
        (when("date"), "2026-04-02", date(2026, 4, 2)),
        (when("date"), {"day": "2", "month": "4", "year": "2026"}, date(2026, 4, 2)),
        (when("date"), {"day": "2", "month": "April", "year": "2026"}, date(2026, 4, 2)),
        (when("date"), {"day": "02", "month": "apr", "year": "2026"}, date(2026, 4, 2)),
        (when("date"), "2 April 2026", date(2026, 4, 2)),
        (when("date"), "2/4/2026", date(2026, 4, 2)),
        (when("date"), {"day": "29", "month": "2", "year": "2024"}, date(2024, 2, 29)),
        (when("date"), "2nd April 2026", date(2026, 4, 2)),
        (when("date"), "2nd of April, 2026", date(2026, 4, 2)),
        (when("date"), "2\u200bApril 2026", date(2026, 4, 2)),
        (when("date"), "April 2, 2026", date(2026, 4, 2)),
        (when("date"), "Thursday 2 April 2026", date(2026, 4, 2)),
        (when("date"), "Thu, 2 Apr 2026", date(2026, 4, 2)),
        (when("date"), "\uff12/\uff14/\uff12\uff10\uff12\uff16", date(2026, 4, 2)),
        (when("date"), {"day": "2 April 2026", "month": "", "year": ""}, date(2026, 4, 2)),
        (
            when("datetime"),
            "Thursday 2 April 2026 at 2:05pm",
            datetime(2026, 4, 2, 13, 5, tzinfo=UTC),
        ),
        (field("number"), "£1,250.50", Decimal("1250.50")),
        (
            field("textfield", validate={"validationType": "phone"}),
            "tel: 01632 960 001",
            "01632 960 001",
        ),
        (field("textfield", validate={"validationType": "phone"}), "01632/960001", "01632/960001"),
        (
            field("textfield", validate={"validationType": "email"}),
            "mailto:a@example.org",
            "a@example.org",
        ),
        (field("textfield", properties={"mod11": "true"}), "943.476.5919", "9434765919"),
        (when("date"), {"day": "", "month": "", "year": ""}, None),
        (when("time"), "14:05", time(14, 5)),
        (when("time"), "2.05pm", time(14, 5)),
        (when("time"), "12am", time(0, 0)),
        (when("time"), "midday", time(12, 0)),
        (when("datetime"), "2026-04-02T14:05", datetime(2026, 4, 2, 13, 5, tzinfo=UTC)),
        (when("datetime"), "2026-01-02 14:05", datetime(2026, 1, 2, 14, 5, tzinfo=UTC)),
        (when("datetime"), "2026-04-02T14:05Z", datetime(2026, 4, 2, 14, 5, tzinfo=UTC)),
        (when("datetime"), "2026-04-02T14:05:00+02:00", datetime(2026, 4, 2, 12, 5, tzinfo=UTC)),
        (
            when("datetime"),
            {"day": "2", "month": "4", "year": "2026", "time": "2:05 pm"},
            datetime(2026, 4, 2, 13, 5, tzinfo=UTC),
        ),
        (when("datetime"), datetime(2026, 4, 2, 14, 5), datetime(2026, 4, 2, 13, 5, tzinfo=UTC)),
    ],
)
def test_answer_is_typed(component: dict[str, Any], given: Any, typed: Any) -> None:
    found = read([component], {"a": given})
    assert found.messages == {}
    assert found.answers["a"] == typed
    assert type(found.answers["a"]) is type(typed)


@pytest.mark.parametrize(
    ("component", "given", "says"),
    [
        (field("textfield", **REQUIRED), "", "Enter date of event"),
        (field("textfield", label="NHS number", **REQUIRED), " ", "Enter NHS number"),
        (
            field("textarea", label="What happened?", **REQUIRED),
            "",
            "Enter your answer to “What happened?”",
        ),
        (choice("radio", **REQUIRED), "", "Select agency"),
        (choice("checklist", **REQUIRED), [], "Select agency"),
        (field("checkbox", **REQUIRED), False, "Select date of event"),
        (when("date", **REQUIRED), {"day": "", "month": "", "year": ""}, "Enter date of event"),
        (
            field("textfield", validate={"minLength": 5}),
            "abc",
            "Date of event must be 5 characters or more",
        ),
        (
            field("textarea", validate={"maxLength": 3}),
            "abcd",
            "Date of event must be 3 characters or less",
        ),
        (field("textfield"), "x" * 501, "Date of event must be 500 characters or less"),
        (
            field("textarea", label="What happened?", validate={"maxLength": 3}),
            "abcd",
            "Shorten your answer to “What happened?” to 3 characters or less",
        ),
        (
            field(
                "textarea",
                label="Why?",
                properties={"name": "Why it is moved"},
                validate={"minLength": 5},
            ),
            "abcd",
            "Your answer to “Why it is moved” must be 5 characters or more",
        ),
        (
            field(
                "textarea",
                label="Why?",
                properties={"name": "The reasons"},
                validate={"maxLength": 3},
            ),
            "abcd",
            "The reasons must be 3 characters or less",
        ),
        (
            field("number", label="How many came?"),
            "twelve",
            "Your answer to “How many came?” must be a number, like 12",
        ),
        (
            field("textfield", label="Where to?", validate={"validationType": "email"}),
            "me@home",
            "Enter your answer to “Where to?” in the correct format, like name@example.com",
        ),
        (
            choice("radio", label="Which agency?"),
            "other",
            "Select your answer to “Which agency?” from the list",
        ),
        (field("number"), "twelve", "Date of event must be a number, like 12"),
        (field("number"), "1e5", "Date of event must be a number, like 12"),
        (field("number"), "NaN", "Date of event must be a number, like 12"),
        (field("number"), "9" * 40, "Date of event must be a number, like 12"),
        (field("number", decimalDigits=0), "1.5", "Date of event must be a whole number"),
        (field("number", validate={"min": 2}), "1", "Date of event must be 2 or more"),
        (field("number", validate={"max": 2}), "3", "Date of event must be 2 or less"),
        (choice("radio"), "other", "Select agency from the list"),
        (choice("checklist"), ["yes", "other"], "Select agency from the list"),
        (
            field("textfield", validate={"pattern": "^[A-Z]+$"}),
            "abc",
            "Date of event must be in the correct format",
        ),
        (
            field("textfield", label="Email", validate={"validationType": "email"}),
            "me@home",
            "Enter email in the correct format, like name@example.com",
        ),
        (
            when("date"),
            {"day": "31", "month": "2", "year": "2026"},
            "Date of event must be a real date",
        ),
        (
            when("date"),
            {"day": "29", "month": "2", "year": "2026"},
            "Date of event must be a real date",
        ),
        (
            when("date"),
            {"day": "3", "month": "", "year": "2026"},
            "Date of event must include a month",
        ),
        (
            when("date"),
            {"day": "3", "month": "", "year": ""},
            "Date of event must include a month and a year",
        ),
        (
            when("date"),
            {"day": "3", "month": "4", "year": "26"},
            "Date of event: the year must include 4 numbers",
        ),
        (when("date"), "tomorrow", "Date of event must be a real date"),
        (when("date"), "Friday 2 April 2026", "Date of event: 2 April 2026 is a Thursday"),
        (when("date"), "Mon " * 5000, "Date of event must be a real date"),
        (when("date"), "0001-01-01", "Date of event must be a real date"),
        (when("time"), "25:00", "Date of event must be a real time, like 2:05pm or 14:05"),
        (when("time"), "14", "Date of event must be a real time, like 2:05pm or 14:05"),
        (
            when("datetime"),
            {"day": "3", "month": "4", "year": "2026", "time": ""},
            "Date of event must include a time",
        ),
        (
            when("datetime"),
            {"day": "", "month": "4", "year": "2026", "time": ""},
            "Date of event must include a day and a time",
        ),
        (
            when("datetime"),
            {"day": "", "month": "", "year": "", "time": "14:00"},
            "Date of event must include a day, a month and a year",
        ),
        (when("datetime"), "2026-13-02T14:05", "Date of event must be a real date and time"),
        (
            when("date", properties={"past": "true"}),
            "2026-04-02",
            "Date of event must be today or in the past",
        ),
        (
            when("datetime", properties={"past": "true"}),
            "2026-04-01T13:01",
            "Date of event must be today or in the past",
        ),
        (
            when("date", properties={"future": "true"}),
            "2026-03-31",
            "Date of event must be today or in the future",
        ),
        (
            field("textfield", properties={"mod11": "true"}),
            "485 777 3456",
            "Date of event is not valid: check the digits",
        ),
        (
            field("textfield", properties={"mod11": "true"}),
            "485 777",
            "Date of event must be 10 digits, like 485 777 3456",
        ),
        (
            field("textfield", properties={"name": "Your reason", "required_if": "=1 = 1"}),
            "",
            "Enter your reason",
        ),
    ],
)
def test_answer_that_cannot_stand_gets_one_sentence(
    component: dict[str, Any], given: Any, says: str
) -> None:
    assert read([component], {"a": given}).messages == {"a": says}


@pytest.mark.parametrize(
    ("component", "given"),
    [
        (when("date", properties={"past": "true"}), "2026-04-01"),
        (when("datetime", properties={"past": "true"}), "2026-04-01T13:00"),
        (when("date", properties={"future": "true"}), "2026-04-01"),
        (field("textfield", properties={"mod11": "true"}), "943 476 5919"),
        (field("textfield", validate={"validationType": "phone"}), "+44 (0)1483 517898"),
        (field("textfield", validate={"pattern": "b"}), "abc"),
    ],
)
def test_answer_on_the_edge_may_stand(component: dict[str, Any], given: Any) -> None:
    assert read([component], {"a": given}).messages == {}


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2026-03-29T00:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T02:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T00:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T01:30+00:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_clock_change_a_time_that_comes_twice_is_the_first(given: str, instant: datetime) -> None:
    assert read([when("datetime")], {"a": given}).answers["a"] == instant


def test_clock_change_a_time_that_was_skipped_is_refused() -> None:
    found = read([when("datetime")], {"a": "2026-03-29T01:30"})
    assert found.messages == {
        "a": "Date of event must be a real time: the clocks went forward on 29 March 2026 "
        "and 1:30am did not happen"
    }


def test_own_sentence_of_the_form_wins() -> None:
    one = field("textfield", properties={"error.required": "Tell us who"}, **REQUIRED)
    assert read([one], {}).messages == {"a": "Tell us who"}


def test_hidden_answer_is_dropped_and_not_asked_for() -> None:
    parts = [
        choice("radio"),
        {
            **field("textfield", conditional={"hide": '=a != "yes"'}),
            "key": "b",
            **REQUIRED,
        },
    ]
    assert read(parts, {"a": "no", "b": "secret"}).answers == {"a": "no"}
    assert read(parts, {"a": "no", "b": "secret"}).messages == {}
    assert read(parts, {"a": "yes", "b": ""}).messages == {"b": "Enter date of event"}
    assert shown(form(*parts), {"a": "yes"}, {}, WORLD) == {"a", "b"}
    assert shown(form(*parts), {"a": "x"}, {}, WORLD) == {"a"}


def test_answer_hidden_by_a_hidden_answer_is_dropped_too() -> None:
    def after(key: str, other: str) -> dict[str, Any]:
        return {**choice("radio"), "key": key, "conditional": {"hide": f'={other} != "yes"'}}

    parts = [after("c", "b"), after("b", "a"), choice("radio")]
    assert read(parts, {"a": "no", "b": "yes", "c": "yes"}).answers == {"a": "no"}


def test_conditions_that_contradict_each_other_come_to_an_end() -> None:
    parts = [
        {**field("textfield"), "conditional": {"hide": "=b != null"}},
        {**field("textfield"), "key": "b", "conditional": {"hide": "=a = null"}},
    ]
    assert read(parts, {"a": "1", "b": "2"}).messages == {}


LIST: dict[str, Any] = {
    "type": "dynamiclist",
    "path": "events",
    "label": "Events",
    "properties": {"item": "event"},
    "components": [
        {**when("date", **REQUIRED), "id": "d"},
        {**choice("radio"), "key": "kind", "id": "k"},
        {
            **field("textfield", conditional={"hide": '=this.kind != "yes"'}, **REQUIRED),
            "key": "why",
            "label": "Why",
            "id": "w",
        },
    ],
}


def test_rows_are_read_each_on_its_own_and_messages_say_which() -> None:
    rows = [
        {"a": "2026-04-01", "kind": "no", "why": "dropped"},
        {"a": {"day": "31", "month": "2", "year": "2026"}, "kind": "yes", "why": ""},
    ]
    found = read([LIST], {"events": rows})
    assert found.messages == {
        "events.1.a": "Date of event must be a real date for event 2",
        "events.1.why": "Enter why for event 2",
    }
    assert found.answers["events"][0] == {"a": date(2026, 4, 1), "kind": "no"}


def test_blank_rows_are_left_out_unless_the_list_needs_them() -> None:
    blank = {"a": {"day": "", "month": "", "year": ""}, "kind": ""}
    assert read([LIST], {"events": [blank, {"a": "2026-04-01"}]}).answers["events"] == [
        {"a": date(2026, 4, 1), "kind": None}
    ]
    needed = {**LIST, "properties": {"min_items": "1", "item": "event"}}
    found = read([needed], {"events": [blank]})
    assert found.messages == {"events.0.a": "Enter date of event for event 1"}
    assert len(found.answers["events"]) == 1


def test_a_list_that_needs_rows_says_so_where_its_rows_ask_for_nothing() -> None:
    loose = {**LIST, "components": [{**choice("radio"), "id": "k"}]}
    needed = {**loose, "properties": {"min_items": "2", "item": "event"}}
    assert read([needed], {"events": [{"a": "x"}]}).messages == {"events": "Add at least 2 events"}


def test_a_row_that_is_still_as_the_form_began_it_is_blank() -> None:
    begun = {**choice("radio", defaultValue="no"), "key": "kind", "id": "k"}
    rows = {**LIST, "components": [LIST["components"][0], begun]}
    assert read([rows], {"events": [{"a": "", "kind": "no"}]}).answers == {"events": []}
    assert read([rows], {"events": [{"a": "", "kind": "x"}]}).messages


def test_a_page_shows_first_answers_for_questions_that_opened_since() -> None:
    parts = [
        choice("radio"),
        {**choice("radio", defaultValue="x", conditional={"hide": "=a = null"}), "key": "b"},
        {**field("checkbox", defaultValue=True), "key": "c"},
    ]
    assert filled(form(*parts), {"a": "yes"}, {}, WORLD) == {"a": "yes", "b": "x"}


def test_too_many_rows_are_refused() -> None:
    short = {**LIST, "properties": {"max_items": "1", "item": "event"}}
    found = read([short], {"events": [{"a": "2026-04-01"}] * 2})
    assert found.messages == {"events": "Give no more than 1 event"}


def test_group_with_a_path_nests_and_without_one_does_not() -> None:
    inner = [{**field("textfield"), "id": "x", **REQUIRED}]
    nested = {"type": "group", "path": "contact", "components": inner}
    flat = {"type": "group", "label": "Contact", "components": inner}
    assert read([nested], {"contact": {"a": "1"}}).answers == {"contact": {"a": "1"}}
    assert read([nested], {}).messages == {"contact.a": "Enter date of event"}
    assert read([flat], {"a": "1"}).answers == {"a": "1"}


def test_prefill_comes_from_records_variables_and_settings() -> None:
    parts = [
        {**when("datetime", properties={"prefill": "=records.report.at"})},
        {**choice("radio", properties={"prefill": "=quadrant"}), "key": "b"},
        {**field("textfield", properties={"prefill": "=settings.none.at.all"}), "key": "c"},
        {**field("number", defaultValue=3), "key": "d"},
    ]
    scope = {
        "records": {"report": {"at": datetime(2026, 4, 1, 9, 30, tzinfo=UTC)}},
        "quadrant": "x",
        "settings": {},
    }
    assert initial(form(*parts), scope, WORLD) == {"a": "2026-04-01T10:30", "b": "x", "d": "3"}


def test_prefilled_rows_take_the_list_of_a_record() -> None:
    known = {**LIST, "properties": {"prefill": "=records.x.rows"}}
    rows = [{"a": date(2026, 4, 1), "kind": "no", "other": "not asked here"}]
    first = initial(form(known), {"records": {"x": {"rows": rows}}}, WORLD)
    assert first == {"events": [{"a": "2026-04-01", "kind": "no"}]}
    assert read([known], {}, records={"x": {"rows": rows}}).answers["events"] == [
        {"a": date(2026, 4, 1), "kind": "no"}
    ]


def test_absent_key_takes_the_first_answer_but_an_unticked_box_stays_unticked() -> None:
    parts = [
        field("textfield", defaultValue="x"),
        {**field("checkbox", defaultValue=True), "key": "b"},
    ]
    assert read(parts, {}).answers == {"a": "x", "b": False}
    assert read(parts, {"a": ""}).answers == {"a": None, "b": False}


def test_read_only_answer_cannot_be_changed() -> None:
    one = field("textfield", readonly=True, properties={"prefill": "=route"})
    assert read([one], {"a": "forged"}, route="drawn").answers == {"a": "drawn"}


def test_condition_over_several_answers_must_be_true() -> None:
    later = {
        **when("date", properties={"validate": "=b >= a", "error.validate": "End after the start"}),
        "key": "b",
    }
    assert read([when("date"), later], {"a": "2026-04-02", "b": "2026-04-01"}).messages == {
        "b": "End after the start"
    }
    assert read([when("date"), later], {"a": "2026-04-01", "b": "2026-04-02"}).messages == {}
    assert read([when("date"), later], {"a": "2026-04-01", "b": ""}).messages == {}


def test_own_answers_hide_variables_of_the_same_name() -> None:
    parts = [
        {**field("textfield"), "key": "b", "conditional": {"hide": '=a != "x"'}},
        field("textfield"),
    ]
    assert shown(form(*parts), {}, {"a": "x"}, WORLD) == {"a"}


def test_draft_has_no_messages_and_keeps_what_was_typed() -> None:
    given = {"a": {"day": "31", "month": "2", "year": "x"}}
    found = read_answers(form(when("date", **REQUIRED)), given, {}, WORLD, draft=True)
    assert (found.messages, found.answers, found.given) == ({}, {"a": None}, given)


def test_options_are_worked_out_from_the_scope() -> None:
    one = form({**field("select"), "valuesExpression": "=settings.agencies"})
    agencies = [{"value": "gp", "label": "GP"}, "police"]
    found = options(one.fields[0], {"settings": {"agencies": agencies}}, WORLD)
    assert found == (Option("gp", "GP"), Option("police", "police"))
    assert options(one.fields[0], {}, WORLD) == ()


def test_texts_are_worked_out_for_the_reader() -> None:
    one = form({"type": "text", "text": "Due {{due}} for {{settings.name}}{{nothing}}."})
    scope = {"due": datetime(2026, 4, 2, 13, 5, tzinfo=UTC), "settings": {"name": "us"}}
    assert worded(one, scope, WORLD).fields[0].label == "Due 2 April 2026 at 2:05pm for us."


def test_names_of_an_html_form_become_nested_answers() -> None:
    pairs = [
        ("_csrf", "x"),
        ("a", "1"),
        ("contact.name", "Sam"),
        ("events.10.a", "later"),
        ("events.2.a-day", "3"),
        ("events.2.a-month", "4"),
        ("events.2.a-time", "14:00"),
        ("tags", "x"),
        ("tags", "y"),
        ("one[]", "z"),
        ("a.b", "clash"),
        ("bad name", "x"),
        ("events.99999.a", "x"),
        ("__proto__", "x"),
    ]
    assert unflatten(pairs) == {
        "a": "1",
        "contact": {"name": "Sam"},
        "events": [{"a": {"day": "3", "month": "4", "time": "14:00"}}, {"a": "later"}],
        "tags": ["x", "y"],
        "one": ["z"],
    }


def test_key_that_no_question_has_names_the_nearest() -> None:
    one = form(field("textfield"), LIST)
    found = unknown(one, {"events": [{"kidn": "x"}], "zzz": 1})
    assert found["events.0.kidn"] == "This form asks nothing called “kidn”. Did you mean “kind”?"
    assert found["zzz"] == "This form asks nothing called “zzz”."


@pytest.mark.parametrize(
    "given",
    [
        {"events": "x", "a": {"x": 1}, "b": [[[]]]},
        {"events": [None, 3, [], {"a": {"day": [1]}}], "a": ["2026-04-01"], "b": {}},
        {"events": {"0": {"a": "x"}}, "a": 10**400, "b": {"day": None}},
        {"a": "\x00\x01", "b": float("nan")},
        {"a": b"bytes", "b": object()},
    ],
)
def test_any_given_value_gives_answers_or_messages_and_never_an_exception(given: Any) -> None:
    parts = [
        LIST,
        when("datetime"),
        {**field("number"), "key": "b"},
        {**choice("radio"), "key": "c"},
    ]
    assert isinstance(read(parts, given).messages, dict)


def test_a_text_somebody_typed_does_not_become_a_link_in_another_form() -> None:
    one = form({"type": "text", "text": "Said: {{records.x.y}}"})
    scope = {"records": {"x": {"y": "[click](https://evil.example)"}}}
    assert "](" not in worded(one, scope, WORLD).fields[0].label


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (time(14, 5), "2:05pm"),
        (time(9, 0), "9am"),
        (time(12, 0), "midday"),
        (time(0, 0), "midnight"),
        (date(2026, 4, 2), "2 April 2026"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "1 July 2026 at midday"),
        (Decimal("1.50"), "1.50"),
        (["a", True, None], "a and yes"),
    ],
)
def test_values_are_said_as_people_read_them(value: Any, said: str) -> None:
    assert saying.text(value) == said


EVERY_KIND = (
    {"type": "textfield", "key": "line", "label": "Line", "defaultValue": "known before"},
    {"type": "textarea", "key": "text", "label": "Text"},
    {"type": "number", "key": "count", "label": "Count", "decimalDigits": 2},
    {"type": "checkbox", "key": "sure", "label": "Sure"},
    {"type": "datetime", "subtype": "date", "key": "day", "dateLabel": "Day"},
    {"type": "datetime", "subtype": "datetime", "key": "at", "dateLabel": "At"},
    {"type": "datetime", "subtype": "time", "key": "clock", "timeLabel": "Clock"},
    {"type": "radio", "key": "one", "label": "One", "values": [{"value": "y", "label": "Y"}]},
    {"type": "checklist", "key": "some", "label": "Some", "values": [{"value": "y", "label": "Y"}]},
    {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [
        {"type": "textfield", "key": "name", "label": "Name", "id": "rows_name"}]},
    {"type": "group", "path": "inner", "label": "Inner", "components": [
        {"type": "datetime", "subtype": "date", "key": "on", "dateLabel": "On", "id": "inner_on"}]},
)  # fmt: skip
GIVEN = {
    "everything": {
        "line": "a", "text": "b\r\nc", "count": "1,200.50", "sure": "on", "day": "2026-03-29",
        "at": "2026-10-25T01:30+00:00", "clock": "2:05pm", "one": "y", "some": ["y"],
        "rows": [{"name": "r"}, {"name": "s"}], "inner": {"on": "1 4 2026"},
    },
    "nothing, though something is known before": {"line": "", "some": [], "rows": []},
    "seconds, and a row left out": {"at": "2026-03-02T09:30:15Z", "rows": [{}, {"name": "s"}]},
}  # fmt: skip


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN.keys())
def test_answers_given_again_are_the_same_answers(given: dict[str, Any]) -> None:
    asked = form(*EVERY_KIND)
    first = read_answers(asked, given, {}, WORLD)
    again = given_again(asked, first.answers)
    assert json.loads(json.dumps(again)) == again, "as a page or a program could give them"
    assert read_answers(asked, again, {}, WORLD).answers == first.answers
    assert read_answers(asked, filled(asked, again, {}, WORLD), {}, WORLD).answers == first.answers


def rows_of_two() -> Form:
    asked = {"hide": "=b != null", "key": "c"}
    second = {**field("textfield"), "key": "c", "conditional": {"hide": asked["hide"]}}
    first = {**field("textfield"), "key": "b"}
    counted = {**field("textfield"), "key": "n", "conditional": {"hide": "=count(a) > 0"}}
    rows = {"type": "dynamiclist", "path": "a", "label": "Rows", "components": [first, second]}
    return form(rows, counted)


def test_a_row_that_was_added_shows_what_it_asks_and_counts_for_nothing() -> None:
    given = {"a": [{"b": "x"}, {}]}
    settled = {"a", "a.0.b"}
    assert shown(rows_of_two(), given, {}, WORLD) == settled
    assert offered(rows_of_two(), given, {}, WORLD) == settled | {"a.1.b", "a.1.c"}
    assert offered(rows_of_two(), {"a": [{}]}, {}, WORLD) == {"a", "n", "a.0.b", "a.0.c"}


def test_the_forms_own_message_quotes_the_answers_and_ours_works_nothing_out() -> None:
    said = {"validate.v": "=a != b", "error.validate.v": "“{{a}}” stands twice, {{1 + 1}} times"}
    parts = [field("textfield", properties=said), {**field("textfield"), "key": "b"}]
    assert read(parts, {"a": "x{{1+1}}", "b": "x{{1+1}}"}).messages == {
        "a": "“x{{1+1}}” stands twice, 2 times"
    }
    choices = [choice("radio")]
    told = read(choices, {"a": "{{1 + 1}}"}).messages["a"]
    assert "2" not in told


def test_what_a_message_quotes_must_be_readable() -> None:
    broken = {"validate": "=true", "error.validate": "Not {{(}}"}
    document = {"components": [{"id": "F", **field("textfield", properties=broken)}]}
    _, findings = read_form("forms/sample.form", json.dumps(document).encode())
    assert [finding.rule for finding in findings] == ["form-expression"]
