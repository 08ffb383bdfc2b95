"""Decision tables: hit policies, requirements, what is found wrong, said in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World

WORLD = World(now=datetime(2026, 4, 1, 12, tzinfo=UTC))
DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def cells(tag: str, texts: list[str]) -> str:
    return "".join(f"<{tag}><text>{one.replace('<', '&lt;')}</text></{tag}>" for one in texts)


def table(
    rules: list[tuple[list[str], list[str]]],
    *,
    policy: str = 'hitPolicy="UNIQUE"',
    inputs: tuple[str, ...] = ("age", "kind"),
    outputs: tuple[str, ...] = ("route",),
    values: str = "",
    default: str = "",
) -> str:
    columns = "".join(
        f'<input label="{one.title()}"><inputExpression><text>{one}</text></inputExpression>'
        "</input>"
        for one in inputs
    )
    values = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    default = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    outs = "".join(f'<output name="{one}">{values}{default}</output>' for one in outputs)
    lines = "".join(
        f"<rule>{cells('inputEntry', tests)}{cells('outputEntry', results)}</rule>"
        for tests, results in rules
    )
    return f"<decisionTable {policy}>{columns}{outs}{lines}</decisionTable>"


def decision(box: str, *, id: str = "d1", name: str = "Route", requires: str = "") -> str:
    return f'<decision id="{id}" name="{name}">{requires}{box}</decision>'


def requires(kind: str, target: str) -> str:
    return f'<informationRequirement><{kind} href="#{target}"/></informationRequirement>'


def file(*parts: str, namespace: str = DMN13) -> bytes:
    head = f'<definitions xmlns="{namespace}" id="f" name="F" namespace="n">'
    return f"{head}{''.join(parts)}</definitions>".encode()


def literal(source: str, language: str = "") -> str:
    source = source.replace("<", "&lt;")
    return f"<literalExpression {language}><text>{source}</text></literalExpression>"


def read(*parts: str, namespace: str = DMN13) -> Decisions:
    """What the rules of these tables leave out or say twice is only warned of."""
    decisions, findings = read_decisions({"bpmn/d.dmn": file(*parts, namespace=namespace)})
    assert [one for one in findings if one.severity == "error"] == []
    return decisions


def outcome(box: str, scope: dict[str, Any]) -> Any:
    return read(decision(box)).evaluate("d1", scope, WORLD)


def sentences(*parts: str) -> dict[str, str]:
    _, findings = read_decisions({"bpmn/d.dmn": file(*parts)})
    return {one.rule: one.sentence for one in findings}


TWO_HITS = [(["< 18", "-"], ['"a"']), (["-", '"death","harm"'], ['"b"']), (["> 60", "-"], ['"c"'])]
BOTH = {"age": Decimal(10), "kind": "death"}


@pytest.mark.parametrize(
    ("policy", "values", "expected", "rules"),
    [
        ('hitPolicy="FIRST"', "", "a", ("rule 1",)),
        ('hitPolicy="PRIORITY"', '"c","b","a"', "b", ("rule 2",)),
        ('hitPolicy="RULE ORDER"', "", ["a", "b"], ("rule 1", "rule 2")),
        ('hitPolicy="OUTPUT ORDER"', '"b","a","c"', ["b", "a"], ("rule 2", "rule 1")),
        ('hitPolicy="COLLECT"', "", ["a", "b"], ("rule 1", "rule 2")),
        ('hitPolicy="COLLECT" aggregation="COUNT"', "", Decimal(2), ("rule 1", "rule 2")),
        ('hitPolicy="COLLECT" aggregation="MIN"', "", "a", ("rule 1", "rule 2")),
        ('hitPolicy="COLLECT" aggregation="MAX"', "", "b", ("rule 1", "rule 2")),
    ],
    ids=lambda one: one if isinstance(one, str) and one.startswith("hit") else "",
)
def test_hit_policy_decides_among_rules_that_apply_at_once(
    policy: str, values: str, expected: Any, rules: tuple[str, ...]
) -> None:
    found = outcome(table(TWO_HITS, policy=policy, values=values), BOTH)
    assert found.output == expected
    assert found.rules == rules
    assert found.inputs == {"Age": Decimal(10), "Kind": "death"}


def test_sum_adds_the_outputs_of_all_rules_that_apply() -> None:
    rules = [(["> 1", "-"], ["2.5"]), (["> 2", "-"], ["4"]), (["> 99", "-"], ["8"])]
    box = table(rules, policy='hitPolicy="COLLECT" aggregation="SUM"')
    assert outcome(box, {"age": Decimal(5), "kind": ""}).output == Decimal("6.5")


def test_unique_refuses_two_rules_that_apply_and_names_both() -> None:
    with pytest.raises(DecisionFault) as fault:
        outcome(table(TWO_HITS), BOTH)
    assert "Rules 1 and 2 apply at once" in fault.value.sentence
    assert "“Route”" in fault.value.sentence
    assert "Kind = death" in fault.value.sentence
    assert fault.value.element_id == "d1"


def test_any_refuses_different_outputs_and_takes_equal_ones() -> None:
    with pytest.raises(DecisionFault, match="different outputs"):
        outcome(table(TWO_HITS, policy='hitPolicy="ANY"'), BOTH)
    same = [(["< 18", "-"], ['"a"']), (["-", '"death"'], ['"a"'])]
    assert outcome(table(same, policy='hitPolicy="ANY"'), BOTH).output == "a"


def test_no_rule_applies_gives_the_default_output() -> None:
    rules = [(["> 99", "-"], ['"a"'])]
    assert outcome(table(rules, default='"none"'), BOTH).output == "none"
    assert outcome(table(rules, policy='hitPolicy="COLLECT"', default='"x"'), BOTH).output == ["x"]


def test_several_output_columns_give_a_context() -> None:
    box = table([(["-", "-"], ['"a"', "true"])], outputs=("route", "review"))
    assert outcome(box, BOTH).output == {"route": "a", "review": True}


@pytest.mark.parametrize(
    ("cell", "value", "applies"),
    [
        ('"a","b"', "b", True),
        ('not("a")', "b", True),
        ('not("a")', "a", False),
        ("[1..5]", Decimal(5), True),
        ("]1..5[", Decimal(5), False),
        ("-", None, True),
        ("", Decimal(1), True),
        ("null", None, True),
        ("> 3", None, False),
        ("true", True, True),
        ("? > 3 and ? < 9", Decimal(4), True),
    ],
)
def test_cell_matches_as_its_unary_tests_say(cell: str, value: Any, applies: bool) -> None:
    box = table([([cell, "-"], ['"yes"'])], default='"no"')
    found = outcome(box, {"age": value, "kind": None})
    assert (found.output == "yes") is applies


def test_required_decisions_are_worked_out_first_and_told_as_steps() -> None:
    first = decision(
        literal('if age < 18 then "child" else "adult"'),
        id="stage",
        name="stage",
        requires=requires("requiredInput", "age"),
    )
    second = decision(
        table([(['"child"', "-"], ['"yes"'])], inputs=("stage", "kind")),
        requires=requires("requiredDecision", "stage"),
    )
    decisions = read(first, second, '<inputData id="age" name="age"/>')
    found = decisions.evaluate("d1", {"age": Decimal(3), "kind": ""}, WORLD)
    assert found.output == "yes"
    assert [(one.decision, one.output) for one in found.steps] == [("stage", "child")]
    assert decisions.inputs("d1") == {"age", "kind"}
    assert decisions.ids == {"stage": "stage", "d1": "Route"}


def test_unknown_variable_is_named_with_decision_and_column() -> None:
    with pytest.raises(DecisionFault) as fault:
        outcome(table(TWO_HITS), {"aeg": Decimal(3), "kind": ""})
    assert "“Route”" in fault.value.sentence
    assert "Age" in fault.value.sentence


def test_unknown_decision_names_the_nearest() -> None:
    with pytest.raises(DecisionFault, match="Did you mean “d1”"):
        read(decision(table([]))).evaluate("d11", {}, WORLD)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        DMN13,
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_dmn_from_1_1_to_1_5_is_read(namespace: str) -> None:
    decisions = read(decision(table([(["-", "-"], ["1"])])), namespace=namespace)
    assert decisions.evaluate("d1", BOTH, WORLD).output == Decimal(1)


def test_another_version_is_refused_plainly() -> None:
    content = file(namespace="https://www.omg.org/spec/DMN/20990101/MODEL/")
    _, findings = read_decisions({"d.dmn": content})
    assert [one.rule for one in findings] == ["decision-namespace"]
    assert "save it as one of 1.1" in findings[0].sentence


def test_an_unreadable_cell_is_named_by_decision_rule_and_column() -> None:
    found = sentences(decision(table([(["-", "-"], ["1"]), (["> > 3", "-"], ["1"])])))
    assert found["decision-expression"].startswith(
        "Decision “Route”, rule 2, column “Age”: “> > 3” cannot be read."
    )


@pytest.mark.parametrize(
    ("rule", "parts", "says"),
    [
        (
            "decision-hit-policy",
            [decision(table([], policy='hitPolicy="BEST"'))],
            "the hit policy “BEST” is unknown",
        ),
        (
            "decision-hit-policy",
            [decision(table([], policy='hitPolicy="PRIORITY"'))],
            "needs the list of output values",
        ),
        (
            "decision-aggregation",
            [decision(table([], policy='hitPolicy="FIRST" aggregation="SUM"'))],
            "cannot be used with the hit policy First",
        ),
        ("decision-cells", [decision(table([(["-"], ["1"])]))], "rule 1"),
        (
            "decision-id-twice",
            [decision(table([])), decision(table([]))],
            "Two elements have the id “d1”",
        ),
        (
            "decision-missing-required",
            [decision(table([]), requires=requires("requiredDecision", "gone"))],
            "requires “gone”, which is not there",
        ),
        (
            "decision-cycle",
            [
                decision(table([]), requires=requires("requiredDecision", "d2")),
                decision(table([]), id="d2", requires=requires("requiredDecision", "d1")),
            ],
            "requires its own result in a circle",
        ),
        (
            "foreign-expression",
            [decision(literal("1", 'expressionLanguage="groovy"'))],
            "this is written in groovy; use FEEL",
        ),
        ("decision-empty", [decision("")], "decides nothing"),
    ],
    ids=lambda one: one if isinstance(one, str) and " " not in one else "",
)
def test_finding_says_what_is_wrong(rule: str, parts: list[str], says: str) -> None:
    assert says in sentences(*parts)[rule]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"\xff\xfe\x00",
        file("<decision/>"),
        file("<decision><decisionTable><rule><inputEntry/></rule></decisionTable></decision>"),
        file("<decision id='a'><context><contextEntry/></context></decision>"),
        file("<decision id='a'><invocation><binding/></invocation></decision>"),
    ],
)
def test_any_file_gives_findings_or_decisions_and_never_an_exception(content: bytes) -> None:
    decisions, _ = read_decisions({"bpmn/x.dmn": content})
    for one in decisions.ids:
        try:
            decisions.evaluate(one, {}, WORLD)
        except DecisionFault as fault:
            assert fault.sentence


def test_ids_are_repaired_where_the_file_has_none() -> None:
    content = file("<decision name='Plain'>" + table([(["-", "-"], ["1"])]) + "</decision>")
    decisions, findings = read_decisions({"d.dmn": content})
    assert findings == []
    assert decisions.evaluate("Plain", BOTH, WORLD).rules == ("rule 1",)
