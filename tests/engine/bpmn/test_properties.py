"""Properties are read once, as types; a value that cannot stand is told with what can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.engine.bpmn.properties import ProcessRules, Rules, process_rules_of, rules_of
from app.engine.forms.properties import FieldRules, faults, field_rules, texts_of
from app.validation.deployment import check
from tests.kit import diagram

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, Rules(), id="nothing said"),
        pytest.param({"people": "2"}, Rules(people=2), id="two people"),
        pytest.param({"people": "3"}, Rules(), id="what cannot stand says nothing"),
        pytest.param({"people": "²"}, Rules(), id="a digit that is no number"),
        pytest.param({"replan": "true"}, Rules(replan=True), id="yes"),
        pytest.param({"replan": "yes"}, Rules(), id="another word for yes"),
        pytest.param({"from_people": "false"}, Rules(from_people=False), id="no is not unsaid"),
        pytest.param({"not_done_by": " a, b,,"}, Rules(not_done_by=("a", "b")), id="ids"),
        pytest.param({"backstop": "=today()"}, Rules(backstop="=today()"), id="FEEL stays FEEL"),
        pytest.param({"status": ""}, Rules(), id="empty is unsaid"),
        pytest.param({"colour": "red"}, Rules(), id="somebody else's"),
    ],
)
def test_an_elements_properties_are_typed(given: dict[str, str], expected: Rules) -> None:
    assert rules_of(given) == expected


def test_a_processs_properties_are_typed() -> None:
    given = {
        "start_groups": "clerk",
        "after_start": "We ring you.",
        "goes_on_when_merged": "true",
        "var:x": "1",
    }
    assert process_rules_of(given) == ProcessRules(
        "clerk", "We ring you.", goes_on_when_merged=True
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"past": True}, FieldRules(past=True), id="a truth value of JSON"),
        pytest.param({"past": "false"}, FieldRules(), id="no"),
        pytest.param({"open": "false"}, FieldRules(open=False), id="closed"),
        pytest.param({"rows": 3}, FieldRules(rows=3), id="a number of JSON"),
        pytest.param({"rows": None}, FieldRules(), id="null"),
        pytest.param({"required_if": "= x"}, FieldRules(required_if="x"), id="FEEL with ="),
        pytest.param(
            {"validate": "=a", "validate.more": "b"},
            FieldRules(conditions={"validate": "a", "validate.more": "b"}),
            id="several conditions",
        ),
    ],
)
def test_a_fields_properties_are_typed(given: dict[str, Any], expected: FieldRules) -> None:
    assert field_rules(texts_of(given)) == expected


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        pytest.param({"past": "yes"}, "date", "It can be “true” or “false”.", id="no truth value"),
        pytest.param({"rows": "many"}, "textarea", "a whole number from 1 to 100", id="no number"),
        pytest.param({"max_items": "600"}, "dynamiclist", "from 0 to 500", id="more rows than fit"),
        pytest.param({"past": "true"}, "textfield", "“date” or “datetime”", id="on no date"),
        pytest.param({"inline": "true"}, "select", "belongs to “radio”", id="on no radios"),
        pytest.param({"width": "13"}, "textfield", "It can be 2, 3,", id="a width of no style"),
        pytest.param({"prefil": "x"}, "textfield", "Did you mean “prefill”?", id="misspelt"),
        pytest.param({"error.requird": "x"}, "date", "“error.required”", id="a message misspelt"),
    ],
)
def test_a_fields_property_without_effect_is_told(
    given: dict[str, str], kind: str, said: str
) -> None:
    (sentence,) = faults(given, kind)
    assert said in sentence


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        pytest.param({"people": "3"}, "value “3”. It can be 1 or 2.", id="people"),
        pytest.param({"replan": "yes"}, "value “yes”. Say “true”, or remove it.", id="replan"),
        pytest.param({"seals_merges": "1"}, "Say “true”, or remove it.", id="seals merges"),
    ],
)
def test_a_wrong_value_names_the_element_and_what_is_allowed(
    facts: dict[str, str], said: str
) -> None:
    files = diagram("start > task:ask > end", ask={"groups": "clerk", **facts})
    found = [one for one in check(files).findings if one.severity == "error"]
    assert [one.element_id for one in found] == ["ask"]
    assert said in found[0].sentence


def test_a_list_longer_than_any_is_cut_and_told() -> None:
    listed = {"type": "dynamiclist", "path": "rows", "id": "r", "properties": {"max_items": "600"}}
    content = {"components": [{**listed, "components": [{"type": "textfield", "key": "a"}]}]}
    found = check({"forms/f.form": json.dumps(content).encode()}).findings
    assert [(one.rule, one.severity) for one in found] == [("form-property", "warning")]
    assert "a whole number from 0 to 500" in found[0].sentence


def test_no_text_of_a_property_is_compared_elsewhere() -> None:
    """Whoever needs one takes it typed, so that a value means the same to everybody."""
    folder = ROOT / "app"
    own = {"properties.py", "form_properties.py"}
    paths = [path for path in folder.rglob("*.py") if path.name not in own]
    assert [path.name for path in paths if ".properties.get(" in path.read_text()] == []
