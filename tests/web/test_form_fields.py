"""How a form is laid out: what opens under what, values kept, messages in their place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.casework.views import Asked
from app.engine.feel import World
from app.engine.forms import NOTHING_KNOWN
from app.engine.forms.fields import Field, Form, Option
from app.web.forms import submission
from app.web.forms.blocks import problems, walk
from app.web.forms.page import Filled, fill

YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def field(key: str, kind: str = "textfield", **more: Any) -> Field:
    return Field(key=key, kind=kind, id=key or "none", label=key.title(), **more)


def filled(
    *fields: Field, given: dict[str, Any] | None = None, messages: dict[str, str] | None = None
) -> Filled:
    form = Form(id="f", file="", title="F", fields=fields, digest="")
    asked = Asked(
        name="Page", form=form, scope={}, world=World(), known=NOTHING_KNOWN, origins={}, steps={}
    )
    return fill(asked, given, messages)


def known(**more: Any) -> Field:
    return field("known", "radio", options=YES_NO, **more)


def test_a_question_behind_its_radio_opens_under_the_choice() -> None:
    page = filled(known(), field("why", hide='known != "no"'))
    (radio,) = page.blocks
    assert [[b.path for b in choice.blocks] for choice in radio.choices] == [[], ["why"]]
    assert page.shown is None, "the browser can show it alone"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            (known(), field("x"), field("why", hide='known != "no"')), id="not right behind"
        ),
        pytest.param((known(), field("why", hide='not(known = "no")')), id="another condition"),
        pytest.param(
            (known(), field("why", "group", hide='known != "no"', fields=(field("x"),))),
            id="a group",
        ),
        pytest.param(
            (known(), field("why", "dynamiclist", hide='known != "no"', fields=(field("x"),))),
            id="a list",
        ),
    ],
)
def test_other_conditions_are_settled_by_the_server(fields: tuple[Field, ...]) -> None:
    closed = filled(*fields, given={"known": "yes"})
    opened = filled(*fields, given={"known": "no"})
    assert "why" not in {b.path for b in walk(closed.blocks)}
    assert "why" in {b.path for b in walk(opened.blocks)}
    assert closed.shown is not None, "else nobody is told that more is asked"


def test_only_conditions_of_the_server_make_the_page_remember_what_it_showed() -> None:
    page = filled(known(), field("why", hide='not(known = "no")'), given={"known": "yes"})
    assert page.shown == "known"


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        pytest.param(
            "date", "2026-04-02", {"day": "2", "month": "4", "year": "2026", "time": ""}, id="date"
        ),
        pytest.param(
            "datetime",
            "2026-04-02T14:05",
            {"day": "2", "month": "4", "year": "2026", "time": "14:05"},
            id="date and time",
        ),
        pytest.param(
            "date",
            {"day": "31", "month": "feb"},
            {"day": "31", "month": "feb", "year": "", "time": ""},
            id="no real date",
        ),
        pytest.param("checkbox", "true", True, id="ticked"),
        pytest.param("checkbox", None, False, id="not ticked"),
        pytest.param("number", Decimal("1.50"), "1.50", id="number"),
        pytest.param("textarea", "<b>", "<b>", id="text as typed"),
    ],
)
def test_inputs_hold_what_was_typed(kind: str, given: Any, value: Any) -> None:
    (block,) = filled(field("x", kind), given={"x": given}).blocks
    assert block.value == value


@pytest.mark.parametrize(
    ("label", "left"),
    [("# Page", None), ("# Page\nMore", "More"), ("# Other", "# Other"), ("More", "More")],
)
def test_a_heading_that_repeats_the_page_is_left_out(label: str, left: str | None) -> None:
    text = Field(key="", kind="text", id="t", label=label)
    assert [b.field.label for b in filled(text, field("x")).blocks if b.kind == "text"] == (
        [left] if left else []
    )


def test_a_read_only_field_shows_what_is_known_whatever_is_sent() -> None:
    (block,) = filled(field("x", read_only=True, default="known"), given={"x": "forged"}).blocks
    assert block.words == "known"


def test_messages_lead_to_their_inputs_in_the_order_of_the_page() -> None:
    rows = field("rows", "dynamiclist", fields=(field("day", "date"), field("what")))
    page = filled(
        field("last"),
        rows,
        given={"rows": [{}, {}]},
        messages={"rows.1.day": "No date", "last": "Empty", "gone": "Elsewhere"},
    )
    assert [(p.sentence, p.target) for p in page.problems] == [
        ("Empty", "f-last"),
        ("No date", "f-rows.1.day-day"),
        ("Elsewhere", None),
    ]


def test_a_message_about_part_of_a_date_stands_at_the_date() -> None:
    page = filled(field("day", "date"), given={}, messages={"day-month": "No month"})
    assert problems(page.blocks, {})[0].target == "f-day-day"


class TestPost:
    def read(self, *pairs: tuple[str, str]) -> submission.Posted:
        return submission.read(MultiDict(pairs))

    def test_ours_are_no_answers(self) -> None:
        posted = self.read(
            ("csrf_token", "t"), ("_action", "draft"), ("_key", "k"), ("a", "1\r\n2")
        )
        assert (posted.given, posted.action, posted.key) == ({"a": "1\n2"}, "draft", "k")

    def test_a_row_without_ticks_is_still_a_row(self) -> None:
        posted = self.read(("_rows", "rows:2"), ("rows.0.a", "x"))
        assert posted.given == {"rows": [{"a": "x"}, {}]}

    def test_no_rows_are_no_rows(self) -> None:
        assert self.read(("_rows", "rows:0")).given == {"rows": []}

    @pytest.mark.parametrize(
        ("action", "rows"),
        [
            ("add:rows", [{"a": "1"}, {"a": "2"}, {}]),
            ("remove:rows.0", [{"a": "2"}]),
            ("remove:rows.7", [{"a": "1"}, {"a": "2"}]),
            ("remove:rows.x", [{"a": "1"}, {"a": "2"}]),
            ("add:", [{"a": "1"}, {"a": "2"}]),
        ],
    )
    def test_rows_come_and_go(self, action: str, rows: list[dict[str, str]]) -> None:
        posted = self.read(("rows.0.a", "1"), ("rows.1.a", "2"))
        submission.change_rows(posted.given, action)
        assert posted.given["rows"] == rows

    @pytest.mark.parametrize("path", ["a.b.c", "0.1", ".", "a..b", "rows.0.a.b", "rows.9.x"])
    def test_nonsense_paths_change_nothing_that_was_typed(self, path: str) -> None:
        posted = self.read(("rows.0.a", "1"), ("_rows", f"{path}:3"))
        submission.change_rows(posted.given, f"add:{path}")
        assert posted.given["rows"][0]["a"] == "1"

    def test_everything_typed_can_be_given_back(self) -> None:
        given = {"a": "1", "rows": [{"b": "2"}], "day": {"day": "3"}}
        assert list(submission.unnamed(given)) == [
            ("Answer 1", "1"),
            ("Answer 2", "2"),
            ("Answer 3", "3"),
        ]

    def test_what_was_typed_is_given_back_in_the_words_of_the_form(self) -> None:
        choice = {"options": (Option("x", "Very bad"), Option("y", "Less"))}
        rows = (Field("b", "textfield", "b", label="Name"),)
        fields = [
            Field("a", "radio", "a", label="How bad?", **choice),
            Field("several", "checklist", "s", label="Which?", **choice),
            Field("rows", "dynamiclist", "r", label="Person", fields=rows),
            Field("day", "date", "d", label="When?"),
            Field("told_dfe", "checkbox", "t", label="The DfE was told"),
            Field("empty", "textfield", "e", label="Anything else?"),
        ]
        given = {
            "a": "x", "several": ["x", "y"], "rows": [{"b": "Zoë"}],
            "day": {"day": "3", "month": "4", "year": "2026"}, "told_dfe": True, "empty": "",
        }  # fmt: skip
        assert list(submission.worded(fields, given)) == [
            ("How bad?", "Very bad"), ("Which?", "Very bad, Less"), ("Person 1: Name", "Zoë"),
            ("When?", "3 4 2026"), ("The DfE was told", "Ticked"),
        ]  # fmt: skip
