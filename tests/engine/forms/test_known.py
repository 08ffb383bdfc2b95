"""What is known of a question is shown as known; only who confirms or corrects it states it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.casework import Refused
from app.casework.orders.answering import CONFIRMED, Answered, read
from app.engine.feel import World
from app.engine.forms import Form, begins, known
from tests.engine.forms.test_forms import findings_of
from tests.engine.forms.test_forms import read as form_of

WORLD = World(now=datetime(2026, 6, 3, 9, tzinfo=UTC))
REQUEST = {"name": "Zoë", "born": "2019-05-01", "known": True, "kinds": ["a", "b"], "note": " "}
CHILDREN = [{"name": "Ada", "sex": "f"}, {"name": "Ben", "sex": "m"}]


@dataclass(frozen=True)
class Sent:
    """What somebody sends."""

    given: dict[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    reasons: dict[str, str] = field(default_factory=dict)


def question(key: str, prefill: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    """A question that something is known of; `more`: further properties."""
    properties = {"prefill": f"={prefill}", **more}
    values = [{"value": value, "label": value.upper()} for value in ("a", "b", "c")]
    return {"type": kind, "key": key, "label": key.title(), "values": values,
            "properties": properties}  # fmt: skip


NAME = question("name", "records.request.name")
BORN = question("born", "records.request.born")
SOON = question("soon", "x + 1", rule="one more than before")
KINDS = question("kinds", "records.request.kinds", "checklist")
LIST = {
    "type": "dynamiclist", "path": "children", "label": "Children",
    "properties": {"prefill": "=records.request.children"},
    "components": [
        {"type": "textfield", "id": "n", "key": "name", "label": "Name"},
        {"type": "textfield", "id": "s", "key": "sex", "label": "Sex"},
        {"type": "textfield", "id": "h", "key": "home", "label": "Home"},
    ],
}  # fmt: skip


def scope(**more: Any) -> dict[str, Any]:
    return {"records": {"request": {**REQUEST, "children": CHILDREN}, **more}, "x": 4}


def answered(form: Form, sent: Sent, own: tuple[str, ...] = (), **more: Any) -> Answered:
    names = scope(**more)
    return read(form, sent, names, WORLD, known(form, names, WORLD, own))


@pytest.mark.parametrize(
    ("component", "value", "source"),
    [
        pytest.param(NAME, "Zoë", ("request", "name"), id="said elsewhere"),
        pytest.param(SOON, "5", None, id="worked out"),
        pytest.param(KINDS, ["a", "b"], ("request", "kinds"), id="several choices"),
        pytest.param(
            question("kind", "records.request.kinds[1]"), "a", None, id="a part of what was said"
        ),
        pytest.param(
            question("name", 'if records.x.name != null then "" else records.request.name'),
            "Zoë", ("request", "name"), id="by way of a condition",
        ),
        pytest.param(
            question("nick", "upper case(records.request.name)"), "ZOË", None, id="changed",
        ),
    ],
)  # fmt: skip
def test_what_is_known_says_where_it_was_said(
    component: dict[str, Any], value: Any, source: tuple[str, str] | None
) -> None:
    form = form_of(dict(component))
    cells = known(form, scope(), WORLD).cells
    (cell,) = cells.values()
    said = (cell.source.record, cell.source.path) if cell.source else None
    assert (cell.value, said) == (value, source)
    assert begins(form, scope(), WORLD, known(form, scope(), WORLD)) == {}


def test_a_form_that_is_sent_untouched_states_nothing() -> None:
    form = form_of(dict(NAME), dict(SOON))
    with pytest.raises(Refused) as refusal:
        answered(form, Sent())
    assert list(refusal.value.fields) == [CONFIRMED]


@pytest.mark.parametrize(
    ("given", "how"),
    [
        pytest.param(
            {}, {"how": "confirmed", "record": "request", "question": "name"}, id="left alone"
        ),
        pytest.param(
            {"name": " Zoë "}, {"how": "confirmed", "record": "request", "question": "name"},
            id="typed again",
        ),
        pytest.param(
            {"name": "Zoe"},
            {"how": "corrected", "record": "request", "question": "name", "was": "Zoë"},
            id="changed",
        ),
        pytest.param(
            {"name": ""},
            {"how": "corrected", "record": "request", "question": "name", "was": "Zoë"},
            id="taken out",
        ),
    ],
)  # fmt: skip
def test_an_answer_tells_what_became_of_what_was_known(
    given: dict[str, Any], how: dict[str, str]
) -> None:
    outcome = answered(form_of(dict(NAME)), Sent(given, confirmed=True))
    assert outcome.provenance == {"name": how}
    assert outcome.answers["name"] == (given.get("name", "Zoë").strip() or None)


def test_what_is_worked_out_keeps_its_rule() -> None:
    outcome = answered(form_of(dict(SOON)), Sent(confirmed=True))
    assert outcome.provenance == {"soon": {"how": "worked_out", "rule": "one more than before"}}


def test_what_the_form_only_shows_was_said_by_nobody() -> None:
    fixed = {**question("soon", "x + 1", rule="one more"), "readonly": True}
    outcome = answered(form_of(fixed), Sent())
    assert outcome.answers == {"soon": "5"}
    assert outcome.provenance == {"soon": {"how": "shown", "rule": "one more"}}


def test_what_was_corrected_needs_no_confirmation() -> None:
    outcome = answered(form_of(dict(NAME)), Sent({"name": "Zoe"}))
    assert outcome.provenance["name"]["how"] == "corrected"


def test_a_simple_answer_tells_nothing() -> None:
    form = form_of({"type": "textfield", "key": "name", "label": "Name"})
    assert answered(form, Sent({"name": "Zoe"})).provenance == {}


def test_no_box_of_a_list_that_is_left_alone_is_lost() -> None:
    outcome = answered(form_of(dict(KINDS)), Sent(confirmed=True))
    assert outcome.answers["kinds"] == ["a", "b"]


def test_a_date_that_decides_a_limit_is_corrected_with_a_reason() -> None:
    form = form_of(question("name", "records.request.name", correction_reason="true"))
    with pytest.raises(Refused) as refusal:
        answered(form, Sent({"name": "Zoe"}))
    assert refusal.value.fields == {"_why.name": "Enter why you correct “Name”"}
    outcome = answered(form, Sent({"name": "Zoe"}, reasons={"name": "She spells it so"}))
    assert outcome.provenance["name"]["reason"] == "She spells it so"


def test_rows_are_known_cell_by_cell_and_the_rest_is_asked() -> None:
    form = form_of(dict(LIST))
    assert sorted(known(form, scope(), WORLD).cells) == [
        "children.0.name", "children.0.sex", "children.1.name", "children.1.sex",
    ]  # fmt: skip
    outcome = answered(form, Sent({"children": [{"home": "Here"}, {}]}, confirmed=True))
    assert outcome.answers["children"] == [
        {"name": "Ada", "sex": "f", "home": "Here"}, {"name": "Ben", "sex": "m", "home": None},
    ]  # fmt: skip
    assert {how["how"] for how in outcome.provenance.values()} == {"confirmed"}


def test_a_row_that_is_taken_out_is_told_and_corrects_none_behind_it() -> None:
    form = form_of(dict(LIST))
    outcome = answered(form, Sent({"children": [{"name": "Ben", "sex": "m"}]}, confirmed=True))
    assert outcome.provenance.pop("children") == {
        "how": "corrected", "taken_out": [{"name": "Ada", "sex": "f"}],
    }  # fmt: skip
    assert {how["how"] for how in outcome.provenance.values()} == {"confirmed"}


@pytest.mark.parametrize(
    ("about", "sent", "path"),
    [
        pytest.param("name", [{"name": "Zoe"}, {}], "children.0.name", id="in a row"),
        pytest.param(
            "name", [{"name": "Bert", "sex": "m"}], "children.0.name",
            id="in a row that moved up when another was taken out",
        ),
        pytest.param("", [{"name": "Ben", "sex": "m"}], "children", id="a row taken out"),
    ],
)  # fmt: skip
def test_a_correction_in_a_list_is_made_with_its_reason(
    about: str, sent: list[dict[str, Any]], path: str
) -> None:
    reasoned = {"correction_reason": "true"}
    rows = [{**one, "properties": reasoned} if one["key"] == about else one
            for one in LIST["components"]]  # fmt: skip
    owned = {**LIST["properties"], **({} if about else reasoned)}
    form = form_of({**LIST, "properties": owned, "components": rows})
    with pytest.raises(Refused) as refusal:
        answered(form, Sent({"children": sent}, confirmed=True))
    label = "Name" if about else "Children"
    assert refusal.value.fields == {f"_why.{path}": f"Enter why you correct “{label}”"}
    said = Sent({"children": sent}, confirmed=True, reasons={path: "A slip of the pen"})
    assert answered(form, said).provenance[path]["reason"] == "A slip of the pen"


def test_what_was_said_to_this_very_question_before_stands_in_it() -> None:
    form = form_of(dict(NAME), dict(BORN))
    names = scope(other={"name": "Zoë"})
    before = known(form, names, WORLD, own=("request",))
    assert begins(form, names, WORLD, before) == {"name": "Zoë", "born": "2019-05-01"}
    assert before.cells == {}


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        pytest.param({"defaultValue": "x"}, "form-answers-itself", id="a default"),
        pytest.param(
            {"properties": {"prefill": "=now()"}}, "form-answers-itself", id="the clock"
        ),
        pytest.param(
            {"properties": {"prefill": '="Not known yet"'}}, "form-answers-itself", id="a constant"
        ),
        pytest.param(
            {"properties": {"prefill": "=days_after(today(), settings.n)"}}, "form-no-rule",
            id="worked out in silence",
        ),
        pytest.param(
            {"properties": {"harmless_default": "nobody is hurt"}}, "form-property",
            id="a reason for no default",
        ),
        pytest.param(
            {"validate": {"required": True}, "properties": {"required_if": "=a"}},
            "form-required-twice", id="required twice",
        ),
        pytest.param(
            {"type": "radio", "values": [{"value": "no", "label": "No"}],
             "properties": {"quick_answer": "nil", "quick_label": "Nobody"}}, "form-property",
            id="a quick answer that nobody could give",
        ),
        pytest.param(
            {"type": "radio", "values": [{"value": "no", "label": "No"}],
             "properties": {"quick_answer": "no"}}, "form-property",
            id="a quick answer that does not say what it states",
        ),
    ],
)  # fmt: skip
def test_an_owner_is_told_of_a_question_that_answers_itself(
    component: dict[str, Any], rule: str
) -> None:
    found = findings_of({"type": "textfield", "key": "a", "label": "A", **component})
    assert list(found) == [rule]


@pytest.mark.parametrize(
    "component",
    [
        pytest.param({"defaultValue": ""}, id="an empty default"),
        pytest.param({"properties": {"prefill": "=records.request.name"}}, id="what was said"),
        pytest.param(
            {"properties": {"prefill": "=x", "rule": "as counted"}}, id="worked out with its rule"
        ),
        pytest.param(
            {"defaultValue": "x", "properties": {"harmless_default": "a heading"}},
            id="a harmless default",
        ),
    ],
)
def test_an_owner_is_told_nothing_of_an_honest_question(component: dict[str, Any]) -> None:
    assert findings_of({"type": "textfield", "key": "a", "label": "A", **component}) == {}


def test_a_harmless_default_is_told_apart_while_nobody_changes_it() -> None:
    form = form_of(
        {"type": "textfield", "key": "a", "label": "A", "defaultValue": "Agenda",
         "properties": {"harmless_default": "a list of headings"}},
    )  # fmt: skip
    first = begins(form, {}, WORLD, known(form, {}, WORLD))
    assert answered(form, Sent(first)).provenance == {"a": {"how": "offered"}}
    assert answered(form, Sent({"a": "Mine"})).provenance == {}
