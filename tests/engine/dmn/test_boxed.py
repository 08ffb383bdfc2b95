"""Boxed expressions, knowledge models, decision services, types and imports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.engine.dmn.decisions import read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World
from tests.engine.dmn.test_decisions import DMN13, decision, file, literal, read, requires

PLAIN = World()
AS_DMN = World(strict=False)


def variable(name: str, type: str = "") -> str:
    return f'<variable name="{name}"' + (f' typeRef="{type}"/>' if type else "/>")


def entry(name: str | None, source: str, type: str = "") -> str:
    head = variable(name, type) if name else ""
    return f"<contextEntry>{head}{literal(source)}</contextEntry>"


def knows(target: str) -> str:
    return f'<knowledgeRequirement><requiredKnowledge href="#{target}"/></knowledgeRequirement>'


DOUBLE = (
    '<businessKnowledgeModel id="double" name="double"><encapsulatedLogic>'
    '<formalParameter name="n" typeRef="number"/>'
    f"{literal('n * 2')}</encapsulatedLogic></businessKnowledgeModel>"
)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (literal("1 + 1"), Decimal(2)),
        (
            f"<context>{entry('a', '1')}{entry('b', 'a + 1')}</context>",
            {"a": Decimal(1), "b": Decimal(2)},
        ),
        (f"<context>{entry('a', '1')}{entry(None, 'a + 5')}</context>", Decimal(6)),
        (f"<list>{literal('1')}{literal('n')}</list>", [Decimal(1), Decimal(3)]),
        (
            '<relation><column name="x"/><column name="the y"/>'
            f"<row>{literal('1')}{literal('2')}</row></relation>",
            [{"x": Decimal(1), "the y": Decimal(2)}],
        ),
        (
            f"<conditional><if>{literal('n > 2')}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>",
            Decimal(1),
        ),
        (
            f"<filter><in>{literal('[1, n, 5]')}</in><match>{literal('item > 2')}</match></filter>",
            [Decimal(3), Decimal(5)],
        ),
        (
            f"<filter><in>{literal('[{a: 1}, {a: 2}]')}</in>"
            f"<match>{literal('a = 2')}</match></filter>",
            [{"a": Decimal(2)}],
        ),
        (
            f'<for iteratorVariable="x"><in>{literal("[1, 2]")}</in>'
            f"<return>{literal('x * n')}</return></for>",
            [Decimal(3), Decimal(6)],
        ),
        (
            f'<for iteratorVariable="x"><in>{literal("[3..1]")}</in>'
            f"<return>{literal('x')}</return></for>",
            [Decimal(3), Decimal(2), Decimal(1)],
        ),
        (
            f'<some iteratorVariable="x"><in>{literal("[1, 2]")}</in>'
            f"<satisfies>{literal('x > n')}</satisfies></some>",
            False,
        ),
        (
            f'<every iteratorVariable="x"><in>{literal("[1, 2]")}</in>'
            f"<satisfies>{literal('n > x')}</satisfies></every>",
            True,
        ),
        (
            "<invocation><functionDefinition><formalParameter name='a'/>"
            f"{literal('a + n')}</functionDefinition><binding><parameter name='a'/>"
            f"{literal('4')}</binding></invocation>",
            Decimal(7),
        ),
    ],
    ids=lambda one: one[1:14] if isinstance(one, str) else "",
)
def test_boxed_expression_has_its_value(box: str, expected: Any) -> None:
    assert read(decision(box)).evaluate("d1", {"n": Decimal(3)}, PLAIN).output == expected


def test_inputs_are_the_names_a_box_does_not_give_itself() -> None:
    box = f"<context>{entry('a', 'x')}{entry('b', 'a + y')}</context>"
    assert read(decision(box)).inputs("d1") == {"x", "y"}


def test_knowledge_model_is_called_as_a_function_or_by_invocation() -> None:
    invocation = (
        f"<invocation>{literal('double')}<binding><parameter name='n'/>{literal('n + 1')}"
        "</binding></invocation>"
    )
    decisions = read(
        DOUBLE,
        decision(literal("double(n)"), requires=knows("double")),
        decision(invocation, id="d2", requires=knows("double")),
    )
    assert decisions.evaluate("d1", {"n": Decimal(3)}, PLAIN).output == Decimal(6)
    assert decisions.evaluate("d2", {"n": Decimal(3)}, PLAIN).output == Decimal(8)
    assert decisions.call("double", {"n": Decimal(4)}, PLAIN) == Decimal(8)
    assert decisions.inputs("d1") == {"n"}


def test_knowledge_model_may_call_itself_but_not_for_ever() -> None:
    logic = literal("if n <= 1 then 1 else n * fact(n - 1)")
    model = (
        '<businessKnowledgeModel id="fact" name="fact"><encapsulatedLogic>'
        f'<formalParameter name="n"/>{logic}</encapsulatedLogic></businessKnowledgeModel>'
    )
    decisions = read(model, decision(literal("fact(n)"), requires=knows("fact")))
    assert decisions.evaluate("d1", {"n": Decimal(5)}, PLAIN).output == Decimal(120)
    endless = read(
        model.replace("n - 1", "n + 1"), decision(literal("fact(n)"), requires=knows("fact"))
    )
    try:
        assert endless.evaluate("d1", {"n": Decimal(5)}, PLAIN).output is None
    except DecisionFault as fault:
        assert fault.sentence


def test_decision_service_sees_only_its_inputs() -> None:
    inner = decision(
        literal("base + 1"), id="d2", name="inner", requires=requires("requiredDecision", "base")
    )
    service = (
        '<decisionService id="s" name="serve"><outputDecision href="#d2"/>'
        '<inputDecision href="#base"/></decisionService>'
    )
    base = decision(literal("100"), id="base", name="base")
    outer = decision(
        literal("serve(1) + inner"), requires=requires("requiredDecision", "d2") + knows("s")
    )
    decisions = read(base, inner, service, outer)
    assert decisions.evaluate("d1", {}, PLAIN).output == Decimal(103)
    assert decisions.call("serve", {"base": Decimal(5)}, PLAIN) == Decimal(6)


TYPES = (
    '<itemDefinition name="tRoute"><typeRef>string</typeRef>'
    '<allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tRoutes" isCollection="true"><typeRef>tRoute</typeRef></itemDefinition>'
    '<itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef>'
    "</itemComponent></itemDefinition>"
)


@pytest.mark.parametrize(
    ("type", "source", "expected"),
    [
        ("tRoute", '"a"', "a"),
        ("tRoute", '["a"]', "a"),
        ("tRoutes", '"a"', ["a"]),
        ("tRoutes", '["a", "b"]', ["a", "b"]),
        ("tPair", "[1, 2]", [Decimal(1), Decimal(2)]),
        ("tPerson", '{name: "Sam", age: 3}', {"name": "Sam", "age": Decimal(3)}),
        ("number", "null", None),
        ("integer", "3", Decimal(3)),
        ("Any", '"x"', "x"),
    ],
)
def test_result_of_its_type_or_bent_to_it_stands(type: str, source: str, expected: Any) -> None:
    decisions = read(TYPES, decision(variable("r", type) + literal(source)))
    assert decisions.evaluate("d1", {}, PLAIN).output == expected


@pytest.mark.parametrize(
    ("type", "source"),
    [
        ("tPair", "[1]"),
        ("tRoute", '"c"'),
        ("tRoute", "1"),
        ("tRoutes", '["a", "c"]'),
        ("tPerson", "{age: 3}"),
    ],
)
def test_result_of_another_type_is_refused_by_name(type: str, source: str) -> None:
    decisions = read(TYPES, decision(variable("r", type) + literal(source)))
    with pytest.raises(DecisionFault, match=f"not of its type “{type}”"):
        decisions.evaluate("d1", {}, PLAIN)


def test_names_with_spaces_are_found_in_expressions() -> None:
    first = decision(literal("1"), id="a b", name="The first one")
    second = decision(literal("The first one + 1"), requires=requires("requiredDecision", "a b"))
    assert read(first, second).evaluate("d1", {}, PLAIN).output == Decimal(2)


def test_imported_decisions_are_found_under_the_imports_name() -> None:
    library = file(decision(literal("41"), id="x", name="x")).replace(
        b'namespace="n"', b'namespace="lib"'
    )
    imported = (
        f'<import name="lib" namespace="lib" importType="{DMN13}"/>'
        '<decision id="d1" name="d1"><informationRequirement><requiredDecision href="lib#x"/>'
        f"</informationRequirement>{literal('lib.x + 1')}</decision>"
    )
    decisions, findings = read_decisions({"a.dmn": file(imported), "b.dmn": library})
    assert findings == []
    assert decisions.evaluate("d1", {}, PLAIN).output == Decimal(42)
    _, alone = read_decisions({"a.dmn": file(imported)})
    assert {one.rule for one in alone} == {"decision-import", "decision-missing-required"}


def test_input_data_is_seen_by_standard_only_where_it_is_required() -> None:
    age = '<inputData id="age" name="age"/>'
    blind = decision(literal("age"))
    assert read(age, blind).evaluate("d1", {"age": Decimal(3)}, AS_DMN).output is None
    assert read(age, blind).evaluate("d1", {"age": Decimal(3)}, PLAIN).output == Decimal(3)
