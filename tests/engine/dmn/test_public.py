"""Faults that people reported of other products' decision tables, re-created, with what is right.

The files lie in `public_decisions/`, each with its report in its first comment.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.engine.dmn.decisions import read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World

CASES = Path(__file__).with_name("public_decisions")
WORLD = World()


def findings(name: str) -> dict[str, str]:
    return {one.rule: one.sentence for one in read_decisions(read(name))[1]}


def read(name: str) -> dict[str, bytes]:
    return {f"bpmn/{name}.dmn": (CASES / f"{name}.dmn").read_bytes()}


def output(name: str, **scope: Any) -> Any:
    return read_decisions(read(name))[0].evaluate("dec", scope, WORLD).output


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        pytest.param("102-no-inputs", {}, "A", id="a table without columns always decides"),
        pytest.param("114-not-list-contains", {"xs": ["a"]}, "ok", id="not around a function"),
        pytest.param("114-not-list-contains", {"xs": ["TEST"]}, "test", id="the function itself"),
        pytest.param("108-collect-SUM-empty", {"a": 5}, Decimal(900), id="a sum of two"),
        pytest.param("108-collect-SUM-empty", {"a": 0}, None, id="no sum of nothing"),
        pytest.param("108-collect-MIN-empty", {"a": 0}, None, id="no least of nothing"),
        pytest.param("108-collect-MAX-empty", {"a": 0}, None, id="no greatest of nothing"),
        pytest.param("108-collect-COUNT-empty", {"a": 0}, Decimal(0), id="nothing is counted as 0"),
        pytest.param("108-collect-list-empty", {"a": 0}, None, id="no list of nothing"),
        pytest.param("112-no-match", {"t": "a"}, "A", id="the rule there is"),
    ],
)
def test_a_table_gives_what_is_right(name: str, scope: dict[str, Any], expected: Any) -> None:
    assert output(name, **scope) == expected


@pytest.mark.parametrize(
    ("name", "scope", "says"),
    [
        pytest.param(
            "104-date-time-compare",
            {"d": date(2026, 6, 15)},
            "Decision “dec”: Column “d” holds the date 15 June 2026, "
            "and its type is date and time.",
            id="a day is no moment",
        ),
        pytest.param(
            "106-any-conflict",
            {"a": Decimal(2000), "t": "VIP"},
            "Decision “dec”: Rules 1 and 2 apply at once with different outputs",
            id="Any with different outputs",
        ),
        pytest.param(
            "112-no-match",
            {"t": "zzz"},
            "Decision “dec”: No rule applies, and the table has no default output. "
            "It was decided on t = zzz.",
            id="no rule applies",
        ),
    ],
)
def test_a_table_without_a_result_is_a_fault_in_a_case(
    name: str, scope: dict[str, Any], says: str
) -> None:
    with pytest.raises(DecisionFault) as fault:
        output(name, **scope)
    assert fault.value.sentence.startswith(says)
    assert fault.value.element_id == "dec"


@pytest.mark.parametrize(
    ("name", "rule", "says"),
    [
        pytest.param(
            "102b-rule-without-input-entry",
            "decision-cells",
            "rule 1: it has more or fewer cells than columns",
            id="a rule without its cells",
        ),
        pytest.param(
            "106-any-conflict",
            "decision-overlap",
            "rules 1 and 2 both match: a = 1001, t = “VIP”",
            id="rules that disagree",
        ),
        pytest.param(
            "110-unquoted-text",
            "decision-unquoted",
            "is read as the name of a value, which nothing here gives",
            id="a text without its marks",
        ),
        pytest.param(
            "112-no-match", "decision-gap", "no rule matches t = any other text", id="a gap"
        ),
        pytest.param(
            "116-trailing-comma", "decision-expression", "A value is missing", id="a comma too many"
        ),
        pytest.param(
            "118-wrong-hit",
            "decision-aggregation",
            "“SUM” cannot be used with the hit policy Unique",
            id="a sum of one rule",
        ),
    ],
)
def test_what_is_wrong_in_the_file_is_found(name: str, rule: str, says: str) -> None:
    assert says in findings(name)[rule]


@pytest.mark.parametrize(
    "name", ["102-no-inputs", "108-collect-list-empty", "114-not-list-contains"]
)
def test_a_sound_table_has_no_finding(name: str) -> None:
    assert findings(name) == {}
