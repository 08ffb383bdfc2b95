"""Rules that overlap, gaps between them, rules in vain: warned of where it can be decided."""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from app.engine.dmn.decisions import read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World
from tests.engine.dmn.test_decisions import decision, file
from tests.engine.dmn.test_level3 import item

TOP = Path(__file__).parents[3]
TYPES = (
    item("tAge", "<typeRef>number</typeRef><allowedValues><text>[0..17]</text></allowedValues>")
    + item("tOld", "<typeRef>tAge</typeRef><allowedValues><text>&gt; 10</text></allowedValues>")
    + item("tSides", "<typeRef>string</typeRef>", ' isCollection="true"')
)


def box(
    columns: str, *rules: str, policy: str = "UNIQUE", default: str = "", values: str = ""
) -> str:
    """`age:number, kind:string ("a","b")` and rules as `< 18 | - => "x"`."""
    inputs = ""
    for column in columns.split(";"):
        head, _, allowed = column.strip().partition(" = ")
        name, _, of = head.partition(":")
        more = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
        kind = f' typeRef="{of}"' if of else ""
        inputs += (
            f'<input label="{name.title()}"><inputExpression{kind}><text>{name}</text>'
            f"</inputExpression>{more}</input>"
        )
    lines = ""
    for rule in rules:
        asked, _, given = rule.partition(" => ")
        cells = "".join(
            f"<inputEntry><text>{escape(one.strip())}</text></inputEntry>"
            for one in asked.split(" | ")
        )
        lines += f"<rule>{cells}<outputEntry><text>{given or '1'}</text></outputEntry></rule>"
    known = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    known += f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" * bool(default)
    return (
        f'<decisionTable hitPolicy="{policy}">{inputs}<output name="o">{known}</output>{lines}'
        "</decisionTable>"
    )


def told(*parts: str, only: str = "") -> list[str]:
    _, findings = read_decisions({"bpmn/d.dmn": file(TYPES, *parts)})
    assert all(one.severity == "warning" for one in findings), findings
    assert all(one.sentence.startswith("Decision “Route”") for one in findings)
    return [
        one.sentence.removeprefix("Decision “Route”").lstrip(":, ")
        for one in findings
        if not only or one.rule == only
    ]


def test_the_tables_of_this_installation_are_whole() -> None:
    files = {str(one): one.read_bytes() for one in sorted((TOP / "bpmn").rglob("*.dmn"))}
    assert files
    assert read_decisions(files)[1] == []


ALLOWS_ONE = "The hit policy Unique allows one."


@pytest.mark.parametrize(
    ("columns", "rules", "example"),
    [
        pytest.param("age:number", ["< 18", ">= 17"], "Age = 17", id="intervals that meet"),
        pytest.param("age:number", ["[1..5]", "[5..9]"], "Age = 5", id="ends of both"),
        pytest.param("age:number", ["(1..5)", "(4..9)"], "Age = 4.5", id="between whole numbers"),
        pytest.param("age:number", ["> 10", "> 15"], "Age = 16", id="one within the other"),
        pytest.param("age:number", ["1, 2, 3", "3, 4"], "Age = 3", id="lists"),
        pytest.param("age:number", ["not(3)", "5"], "Age = 5", id="all but one"),
        pytest.param("age:number", ["? > 3 and ? < 9", "8"], "Age = 8", id="with a question mark"),
        pytest.param("kind:string", ['"a","b"', '"b"'], "Kind = “b”", id="texts"),
        pytest.param(
            "kind:string", ['not("a")', 'not("b")'], "Kind = any other text", id="all other texts"
        ),
        pytest.param("harm:boolean", ["true", "-"], "Harm = true", id="boolean"),
        pytest.param("harm:boolean", ["not(true)", "false"], "Harm = false", id="not of a boolean"),
        pytest.param(
            "on:date",
            ['< date("2026-03-02")', '>= @"2026-03-01"'],
            "On = 1 March 2026",
            id="days",
        ),
        pytest.param(
            "at:date and time",
            ['<= @"2026-03-02T10:00:00Z"', '>= @"2026-03-02T10:00:00Z"'],
            "At = 2 March 2026 at 10am",
            id="moments",
        ),
        pytest.param(
            "long:days and time duration", ['> @"P1D"', '>= @"P2D"'], "Long = P2D", id="durations"
        ),
        pytest.param(
            "long:years and months duration",
            ['<= @"P1Y"', '> @"P11M"'],
            "Long = P1Y",
            id="months",
        ),
        pytest.param(
            "age:number; kind:string",
            ['< 18 | "a"', '12 | "a","b"'],
            "Age = 12, Kind = “a”",
            id="two columns",
        ),
        pytest.param(
            "age:number; kind:string", ["12 | -", "< 13 | -"], "Age = 12", id="a column not asked"
        ),
        pytest.param(
            "age:number; age:number", ["> 3 | < 9", "8 | -"], "Age = 8", id="one thing asked twice"
        ),
        pytest.param("x", ['"a"', 'not("b")'], "X = “a”", id="a column without a type"),
        pytest.param(
            "x:string", ["null", 'null, "a"'], "X = nothing", id="nothing asked for twice"
        ),
    ],
)
def test_unique_rules_that_some_input_meets_both_are_told_with_it(
    columns: str, rules: list[str], example: str
) -> None:
    found = told(decision(box(columns, *rules)), only="decision-overlap")
    assert found == [f"rules 1 and 2 both match: {example}. {ALLOWS_ONE}"]


@pytest.mark.parametrize(
    ("columns", "rules"),
    [
        pytest.param("age:number", ["< 18", ">= 18"], id="intervals side by side"),
        pytest.param("age:number", ["[1..5)", "5", "(5..9]"], id="open ends"),
        pytest.param("on:date", ['< @"2026-03-02"', '> @"2026-03-01"'], id="no day between"),
        pytest.param("kind:string", ['"a"', 'not("a")'], id="a text and all others"),
        pytest.param("kind:string; n:number", ['"a" | -', '"b" | 1'], id="apart in one column"),
        pytest.param("age:number; age:number", ["> 3 | < 9", "- | 9"], id="apart on both"),
        pytest.param('kind:string = "a","b"', ['not("a")', 'not("b")'], id="no other text comes"),
        pytest.param("n:number", ["> limit", "3"], id="what only a case can say"),
        pytest.param("s:tSides", ['list contains(?, "a")', '"a"'], id="lists"),
        pytest.param("s:string", ['< "m"', '"b"'], id="texts by their order"),
    ],
)
def test_unique_rules_that_no_input_is_known_to_meet_both_are_not_told(
    columns: str, rules: list[str]
) -> None:
    assert told(decision(box(columns, *rules)), only="decision-overlap") == []


def test_any_is_told_where_outputs_differ_and_first_never() -> None:
    rules = ["< 18 => 1", "> 10 => 1", "> 15 => 2"]
    (found, other) = told(decision(box("n:number", *rules, policy="ANY")), only="decision-overlap")
    assert found.startswith("rules 1 and 3 both match: N = 16. The hit policy Any needs them to")
    assert other.startswith("rules 2 and 3 both match")
    for policy in ("FIRST", "COLLECT", "RULE ORDER"):
        assert told(decision(box("n:number", *rules, policy=policy)), only="decision-overlap") == []


@pytest.mark.parametrize(
    ("columns", "rules", "example"),
    [
        pytest.param("age:number", ["< 18", "> 18"], "Age = 18", id="the end itself"),
        pytest.param("age:number", ["<= 17", ">= 18"], "Age = 17.5", id="between whole numbers"),
        pytest.param("age:number", ["[0..17]", ">= 17"], "Age = -1", id="below all"),
        pytest.param("age:tAge", ["< 10"], "Age = 10", id="what the type lets in"),
        pytest.param("age:tOld", ["[0..12]"], "Age = 13", id="what both types let in"),
        pytest.param("harm:boolean", ["true"], "Harm = false", id="boolean"),
        pytest.param("kind:string", ['"a"', '"b"'], "Kind = any other text", id="other texts"),
        pytest.param('kind:string = "a","b"', ['"a"'], "Kind = “b”", id="one of the values"),
        pytest.param("on:date", ['< @"2026-03-01"'], "On = 1 March 2026", id="a day"),
        pytest.param(
            "harm:boolean; kind:string",
            ["true | -", 'false | "a"'],
            "Harm = false, Kind = any other text",
            id="two columns",
        ),
        pytest.param(
            "a:boolean; b:boolean; c:boolean",
            ["true | - | -", "- | true | -", "- | - | true"],
            "A = false, B = false, C = false",
            id="three columns",
        ),
    ],
)
@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
def test_an_input_that_no_rule_matches_is_told(
    columns: str, rules: list[str], example: str, policy: str
) -> None:
    found = told(decision(box(columns, *rules, policy=policy)), only="decision-gap")
    assert found == [f"no rule matches {example}. Add a rule for it, or a default output."]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (box("age:number", "< 18", ">= 18"), "the whole line"),
        (box("age:integer", "<= 17", ">= 18"), "whole numbers"),
        (box("age:tAge", "< 10", ">= 10"), "all that the type lets in"),
        (box("harm:boolean", "true", "false"), "both, and nothing answered is no gap"),
        (box('kind:string = "a","b"', '"a"', '"b"'), "all values"),
        (box("on:date", '<= @"2026-03-01"', '>= @"2026-03-02"'), "all days"),
        (box("age:number", "< 18", default="0"), "a default"),
        (box("age:number", "< 18", policy="COLLECT"), "none is a result"),
        (box("age:number", "< 18", ">= limit"), "only a case can say"),
        (
            box("a:boolean; b:boolean", "true | -", "- | true", "false | false", policy="FIRST"),
            "ors",
        ),
        (box("s:tSides", 'list contains(?, "a")'), "a list"),
    ],
    ids=lambda one: one if " " in one and "<" not in one else "",
)
def test_no_gap_is_told_where_there_is_none(table: str, why: str) -> None:
    assert told(decision(table), only="decision-gap") == [], why


@pytest.mark.parametrize(
    ("columns", "rules", "says"),
    [
        pytest.param(
            "n:number",
            ["> 10", "> 15", "-"],
            ["rule 2 is never reached: rule 1 before it matches all that it asks for."],
            id="by one rule",
        ),
        pytest.param(
            "n:number",
            ["< 10", ">= 10", "3", "null"],
            ["rule 3 is never reached: rule 1 before it matches all that it asks for."],
            id="nothing answered still reaches a rule",
        ),
        pytest.param(
            "n:number",
            ["< 10", ">= 10", "[3..12]"],
            ["rule 3 is never reached: the rules before it match all that it asks for."],
            id="by several together",
        ),
        pytest.param("n:number", ["< 3", ">= 3", "-"], [], id="a last rule for no answer"),
        pytest.param("x", ["< 3", ">= 3", "null", "-"], [], id="a last rule for other kinds"),
        pytest.param("n:number", ["> limit", "> limit"], [], id="what only a case can say"),
    ],
)
def test_a_rule_that_is_never_reached_is_told(
    columns: str, rules: list[str], says: list[str]
) -> None:
    table = box(columns, *rules, policy="FIRST")
    assert told(decision(table), only="decision-rule-hidden") == says


@pytest.mark.parametrize(
    ("columns", "cell"),
    [
        pytest.param("n:number", "[5..3]", id="an interval turned round"),
        pytest.param("n:tAge", "> 18", id="beyond what the type lets in"),
        pytest.param('k:string = "a","b"', '"c"', id="not among the values"),
        pytest.param("h:boolean", "? = true and ? = false", id="a contradiction"),
    ],
)
def test_a_rule_that_nothing_meets_is_told(columns: str, cell: str) -> None:
    label = columns[0].upper()
    assert told(decision(box(columns, "-", cell, policy="FIRST"))) == [
        f"rule 2 never applies: no value of “{label}” meets it."
    ]


@pytest.mark.parametrize(
    ("type_name", "cell", "says"),
    [
        pytest.param("boolean", '"yes"', "the text “yes”", id="a text for a truth value"),
        pytest.param("string", "true", "true", id="a truth value for a text"),
        pytest.param("string", "12", "the number 12", id="a number for a text"),
        pytest.param("number", '"12"', "the text “12”", id="a text for a number"),
        pytest.param("number", '> @"2026-03-01"', "the date 1 March 2026", id="a day for a number"),
        pytest.param("date and time", '< date("2026-03-01")', "the date", id="a day for a moment"),
        pytest.param("string", 'not(0, "a")', "the number 0", id="in a list"),
        pytest.param("string", "[1..3]", "the number 1", id="in an interval"),
        pytest.param("tAge", '"x"', "the text “x”", id="a type of the model"),
    ],
)
def test_a_cell_of_another_kind_than_its_column_is_told(
    type_name: str, cell: str, says: str
) -> None:
    (found,) = told(decision(box(f"x:{type_name}", cell, default="0")), only="decision-cell-kind")
    assert found.startswith(f"rule 1, column “X”: it is compared with {says}")
    assert f"the type of the column is {type_name}" in found


def test_a_text_without_its_marks_is_told_unless_something_gives_the_name() -> None:
    table = box("x:string; y:string", "VIP | -", "y | -", policy="FIRST", default="0")
    (found,) = told(decision(table), only="decision-unquoted")
    assert found.startswith("rule 1, column “X”: “VIP” is read as the name of a value")


def test_an_output_that_its_column_does_not_know_is_told() -> None:
    table = box("x:number", '- => "c"', values='"a","b"')
    (found,) = told(decision(table))
    assert found == "rule 1, output “o”: it gives “c”, which is not among the values of the output."


def test_what_is_told_names_its_table_inside_a_decision() -> None:
    inner = box("age:number", "< 18")
    context = f'<context><contextEntry><variable name="e"/>{inner}</contextEntry></context>'
    assert told(decision(context)) == [
        "entry “e”: no rule matches Age = 18. Add a rule for it, or a default output."
    ]


def test_a_finding_points_to_its_decision_and_line() -> None:
    lines = decision(box("n:number", "< 18", "> 10")).replace("<rule>", "\n<rule>")
    _, findings = read_decisions({"bpmn/d.dmn": file(lines)})
    assert [(one.rule, one.element_id, one.line) for one in findings] == [
        ("decision-overlap", "d1", 3)
    ]


# An independent judge: tables over small worlds, where every input can be tried.

_CELLS = {
    "number": ["-", "1", "2", "< 2", ">= 2", "[1..3)", "not(2)", "1, 3", "> 3", "null"],
    "boolean": ["-", "true", "false", "not(true)", "null"],
    "string": ["-", '"a"', '"b"', 'not("a")', '"a","b"', "null"],
}
_VALUES: dict[str, list[Any]] = {
    "number": [Decimal(one) for one in ("0", "1", "1.5", "2", "2.5", "3", "4")],
    "boolean": [True, False],
    "string": ["a", "b", "z"],
}


@pytest.mark.parametrize("seed", range(120))
def test_what_is_told_of_random_tables_is_what_trying_every_input_shows(seed: int) -> None:
    chance = random.Random(seed)
    kinds = [chance.choice(list(_CELLS)) for _ in range(chance.randint(1, 3))]
    rules = [
        " | ".join(chance.choice(_CELLS[kind]) for kind in kinds)
        for _ in range(chance.randint(1, 5))
    ]
    columns = "; ".join(f"c{number}:{kind}" for number, kind in enumerate(kinds))
    decisions, findings = read_decisions({"d.dmn": file(decision(box(columns, *rules)))})
    said = {one.rule for one in findings}
    outcomes = {"decision-overlap": False, "decision-gap": False}
    null = ["null" in column for column in zip(*(rule.split(" | ") for rule in rules), strict=True)]
    for values in product(*([*_VALUES[kind], None] for kind in kinds)):
        scope = {f"c{number}": value for number, value in enumerate(values)}
        untold = any(value is None and not asks for value, asks in zip(values, null, strict=True))
        try:
            decisions.evaluate("d1", scope, World())
        except DecisionFault as fault:
            overlaps = "apply at once" in fault.sentence
            outcomes["decision-overlap"] |= overlaps and not untold
            outcomes["decision-gap"] |= not overlaps and None not in values
    for rule, happens in outcomes.items():
        assert (rule in said) is happens, (rule, columns, rules)


def test_a_table_too_large_to_judge_is_passed_over() -> None:
    assert told(decision(box("n:number", *(str(one) for one in range(2000))))) == []


def test_a_table_whose_gaps_are_a_puzzle_is_judged_or_passed_over_in_bounded_steps() -> None:
    """Rules over three of thirty truth values each: finding a gap is as hard as puzzles get."""
    chance = random.Random(7)
    rules = []
    for _ in range(130):
        cells = ["-"] * 30
        for place in chance.sample(range(30), 3):
            cells[place] = chance.choice(["true", "false"])
        rules.append(" | ".join(cells))
    columns = "; ".join(f"c{one}:boolean" for one in range(30))
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_name == "uncovered"

    sys.setprofile(count)
    try:
        found = told(decision(box(columns, *rules, policy="FIRST")))
    finally:
        sys.setprofile(None)
    assert 0 < calls < 200_000
    assert len(found) <= 1 + len(rules)
