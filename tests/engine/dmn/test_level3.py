"""What DMN 1.5 asks of level 3: types, knowledge models, services, imports, tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World
from tests.engine.dmn.test_decisions import (
    DMN13,
    cells,
    decision,
    file,
    literal,
    read,
    requires,
    table,
)

AS_DMN = World(strict=False)


def variable(name: str, type: str = "") -> str:
    return f'<variable name="{name}"' + (f' typeRef="{type}"/>' if type else "/>")


def knows(target: str) -> str:
    return f'<knowledgeRequirement><requiredKnowledge href="{target}"/></knowledgeRequirement>'


def needs(kind: str, href: str) -> str:
    return f'<informationRequirement><{kind} href="{href}"/></informationRequirement>'


def data(name: str, type: str = "") -> str:
    return f'<inputData id="i_{name}" name="{name}">{variable(name, type)}</inputData>'


def bkm(name: str, body: str, *parameters: str, type: str = "", more: str = "") -> str:
    formal = "".join(
        f'<formalParameter name="{one.partition(":")[0]}"'
        + (f' typeRef="{one.partition(":")[2]}"/>' if ":" in one else "/>")
        for one in parameters
    )
    kind = f' typeRef="{type}"' if type else ""
    return (
        f'<businessKnowledgeModel id="b_{name}" name="{name}">{variable(name)}'
        f"<encapsulatedLogic{kind}>{formal}{body}</encapsulatedLogic>{more}</businessKnowledgeModel>"
    )


def item(name: str, inner: str, more: str = "") -> str:
    return f'<itemDefinition name="{name}"{more}>{inner}</itemDefinition>'


def part(name: str, type: str, more: str = "") -> str:
    return f'<itemComponent name="{name}"{more}><typeRef>{type}</typeRef></itemComponent>'


TYPES = (
    item("tAge", "<typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues>")
    + item("tKind", '<typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>')
    + item("tNames", "<typeRef>string</typeRef>", ' isCollection="true"')
    + item("tPerson", part("name", "string") + part("age", "tAge"))
    + item("tPeople", "<typeRef>tPerson</typeRef>", ' isCollection="true"')
    + item("tHome", part("who", "tPerson", ' isCollection="true"') + part("full address", "string"))
)


def models(**files: bytes) -> Decisions:
    decisions, findings = read_decisions({f"bpmn/{k}.dmn": v for k, v in files.items()})
    assert findings == []
    return decisions


def result(*parts: str, scope: dict[str, Any] | None = None, world: World = AS_DMN) -> Any:
    try:
        return read(*parts).evaluate("d1", scope or {}, world).output
    except DecisionFault:
        return None


# declared types


@pytest.mark.parametrize(
    ("source", "type", "expected"),
    [
        ("5", "tAge", Decimal(5)),
        ("130", "tAge", None),
        ('"c"', "tKind", None),
        ('["a"]', "tNames", ["a"]),
        ('"a"', "tNames", ["a"]),
        ('["a", 1]', "tNames", None),
        ('{name: "x", age: 3}', "tPerson", {"name": "x", "age": Decimal(3)}),
        ('{name: "x", age: 300}', "tPerson", None),
        ('{name: "x", age: null}', "tPerson", {"name": "x", "age": None}),
        ('[{name: "x", age: 3}]', "tPerson", {"name": "x", "age": Decimal(3)}),
        ('{name: "x", age: 3}', "tPeople", [{"name": "x", "age": Decimal(3)}]),
        (
            '{who: [{name: "x", age: 1}], full address: "y"}',
            "tHome",
            {"who": [{"name": "x", "age": Decimal(1)}], "full address": "y"},
        ),
        ('{who: [{name: "x", age: "1"}], full address: "y"}', "tHome", None),
        ('@"2026-03-25"', "date and time", "2026-03-25T00:00:00Z"),
        ("function(a) a", "number", None),
        ("1", "unknownType", Decimal(1)),
        ("1", "feel:number", Decimal(1)),
        ('"1"', "feel:number", None),
    ],
)
def test_result_is_of_its_declared_type_or_null(source: str, type: str, expected: Any) -> None:
    found = result(TYPES, decision(variable("r", type) + literal(source)))
    if isinstance(expected, str) and expected.endswith("Z"):
        assert found.isoformat().replace("+00:00", "Z") == expected
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("5 instance of tAge", True),
        ('"5" instance of tAge', False),
        ('{name: "x", age: 3} instance of tPerson', True),
        ("{age: 3} instance of tPerson", False),
        ('[{name: "x", age: 3}] instance of tPeople', True),
        ("[1] instance of tPeople", False),
        ('["a"] instance of tNames', True),
        ('["a"] instance of list<string>', True),
        ('{who: [], full address: "y"} instance of tHome', True),
        ("(function(p: tAge) p + 1)(2)", Decimal(3)),
        ('(function(p: tAge) p + 1)("2")', None),
        ('(function(p: tPerson) p.name)({name: "x", age: 1})', "x"),
    ],
)
def test_named_types_can_be_asked_for_in_expressions(source: str, expected: Any) -> None:
    assert result(TYPES, decision(literal(source))) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a", "a!"), ("c", None), (Decimal(1), None), (None, None), (["a"], "a!")],
    ids=["allowed", "not allowed", "another type", "null", "list of one"],
)
def test_input_is_of_its_declared_type_or_null(given: Any, expected: Any) -> None:
    parts = (
        TYPES,
        data("k", "tKind"),
        decision(literal('k + "!"'), requires=requires("requiredInput", "i_k")),
    )
    assert result(*parts, scope={"k": given}) == expected


# knowledge models and invocations


def test_knowledge_model_may_be_a_table_with_parameters() -> None:
    body = table([(["< 18"], ['"young"']), ([">= 18"], ['"old"'])], inputs=("years",))
    made = bkm("grade", body, "years:number", type="string")
    call = (
        f"<invocation>{literal('grade')}<binding><parameter name='years'/>{literal('age + 1')}"
        "</binding></invocation>"
    )
    for box in (call, literal("grade(age + 1)"), literal("grade(years: age + 1)")):
        parts = (
            data("age", "number"),
            made,
            decision(box, requires=requires("requiredInput", "i_age") + knows("#b_grade")),
        )
        assert result(*parts, scope={"age": Decimal(16)}) == "young"
        assert result(*parts, scope={"age": Decimal(17)}) == "old"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("1, 2", Decimal(3)),
        ("b: 2, a: 1", Decimal(3)),
        ("1", None),
        ("1, 2, 3", None),
        ("a: 1, c: 2", None),
        ('1, "x"', None),
    ],
    ids=["placed", "named", "too few", "too many", "wrong name", "wrong type"],
)
def test_arguments_of_a_knowledge_model(arguments: str, expected: Any) -> None:
    made = bkm("add", literal("a + b"), "a:number", "b:number", type="number")
    assert (
        result(made, decision(literal(f"add({arguments})"), requires=knows("#b_add"))) == expected
    )


def test_knowledge_models_use_each_other_and_hold_contexts() -> None:
    inner = (
        f"<context><contextEntry>{variable('twice')}{literal('n * 2')}</contextEntry>"
        f"<contextEntry>{literal('twice + one()')}</contextEntry></context>"
    )
    parts = (
        bkm("one", literal("1")),
        bkm("calc", inner, "n", more=knows("#b_one")),
        decision(literal("calc(5)"), requires=knows("#b_calc")),
    )
    assert result(*parts) == Decimal(11)


def test_knowledge_model_gives_a_function() -> None:
    body = f"<functionDefinition><formalParameter name='m'/>{literal('n * m')}</functionDefinition>"
    parts = (bkm("times", body, "n"), decision(literal("times(3)(4)"), requires=knows("#b_times")))
    assert result(*parts) == Decimal(12)


def test_functions_in_a_context_may_call_each_other() -> None:
    fact = (
        "<functionDefinition><formalParameter name='n' typeRef='number'/>"
        + literal("if n < 2 then 1 else n * fact(n - 1)")
        + "</functionDefinition>"
    )
    box = (
        f"<context><contextEntry>{variable('fact')}{fact}</contextEntry>"
        f"<contextEntry>{literal('fact(5)')}</contextEntry></context>"
    )
    assert result(decision(box)) == Decimal(120)


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_of_another_kind_are_refused(kind: str) -> None:
    box = f'<functionDefinition kind="{kind}">{literal("1")}</functionDefinition>'
    _, findings = read_decisions({"bpmn/a.dmn": file(decision(box))})
    assert [(one.rule, one.element_id) for one in findings] == [("foreign-expression", "d1")]


# decision services


def services(*outputs: str) -> str:
    out = "".join(f'<outputDecision href="#{one}"/>' for one in outputs)
    return (
        f'<decisionService id="s" name="serve">{variable("serve")}{out}'
        '<encapsulatedDecision href="#mid"/><inputDecision href="#base"/>'
        '<inputData href="#i_k"/></decisionService>'
    )


PARTS = (
    data("k", "number")
    + decision(literal("100"), id="base", name="base")
    + decision(
        literal("base + k"),
        id="mid",
        name="mid",
        requires=requires("requiredDecision", "base") + requires("requiredInput", "i_k"),
    )
    + decision(
        literal("mid * 2"), id="top", name="top", requires=requires("requiredDecision", "mid")
    )
    + decision(
        literal("mid * 3"), id="two", name="two", requires=requires("requiredDecision", "mid")
    )
)


@pytest.mark.parametrize(
    ("outputs", "source", "expected"),
    [
        (("top",), "serve(1, 2)", Decimal(6)),
        (("top",), "serve(k: 1, base: 2)", Decimal(6)),
        (("top", "two"), "serve(1, 2)", {"top": Decimal(6), "two": Decimal(9)}),
        (("top",), "serve(1)", None),
        (("top",), 'serve("x", 2)', None),
    ],
    ids=["placed", "named", "several outputs", "too few", "wrong type"],
)
def test_decision_service_as_a_function(
    outputs: tuple[str, ...], source: str, expected: Any
) -> None:
    parts = (PARTS, services(*outputs), decision(literal(source), requires=knows("#s")))
    assert result(*parts) == expected


# tables


@pytest.mark.parametrize(
    ("policy", "values", "default", "expected"),
    [
        ("UNIQUE", "", '"none"', "none"),
        ("FIRST", "", "", None),
        ("PRIORITY", '"c","a","none"', '"none"', "none"),
        ("COLLECT", "", '"none"', ["none"]),
        ("RULE ORDER", "", '"none"', ["none"]),
        ("OUTPUT ORDER", '"c","none"', '"none"', ["none"]),
    ],
)
def test_default_where_no_rule_applies(
    policy: str, values: str, default: str, expected: Any
) -> None:
    box = table(
        [(["1"], ['"a"'])],
        policy=f'hitPolicy="{policy}"',
        inputs=("n",),
        values=values,
        default=default,
    )
    assert result(decision(box), scope={"n": Decimal(2)}) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("PRIORITY", {"x": "hi", "y": Decimal(2)}),
        ("OUTPUT ORDER", [{"x": "hi", "y": Decimal(2)}, {"x": "lo", "y": Decimal(1)}]),
        ("RULE ORDER", [{"x": "lo", "y": Decimal(1)}, {"x": "hi", "y": Decimal(2)}]),
        ("COLLECT", [{"x": "lo", "y": Decimal(1)}, {"x": "hi", "y": Decimal(2)}]),
        ("FIRST", {"x": "lo", "y": Decimal(1)}),
        ("UNIQUE", None),
        ("ANY", None),
    ],
)
def test_several_outputs_under_each_policy(policy: str, expected: Any) -> None:
    columns = "<input><inputExpression><text>n</text></inputExpression></input>"
    outputs = (
        '<output name="x"><outputValues><text>"hi","lo"</text></outputValues></output>'
        '<output name="y"/>'
    )
    rules = "".join(
        f"<rule>{cells('inputEntry', [test])}{cells('outputEntry', out)}</rule>"
        for test, out in (("> 1", ['"lo"', "1"]), ("> 2", ['"hi"', "2"]))
    )
    box = f'<decisionTable hitPolicy="{policy}">{columns}{outputs}{rules}</decisionTable>'
    assert result(decision(box), scope={"n": Decimal(3)}) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", Decimal(6)), ("MIN", Decimal(1)), ("MAX", Decimal(3)), ("COUNT", Decimal(3))],
)
def test_aggregation(aggregation: str, expected: Decimal) -> None:
    box = table(
        [(["-"], [n]) for n in "123"],
        inputs=("n",),
        policy=f'hitPolicy="COLLECT" aggregation="{aggregation}"',
    )
    assert result(decision(box), scope={"n": Decimal(1)}) == expected


@pytest.mark.parametrize(
    ("cell", "value", "applies"),
    [
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a")', "a", False),
        ("null", None, True),
        ("not(null)", "a", True),
        ("-", None, True),
        ("", "x", True),
        ("[1..3)", Decimal(3), False),
        ("(1..3]", Decimal(3), True),
        ("]1..3[", Decimal(1), False),
        ("< 5, > 10", Decimal(11), True),
        ("limit", Decimal(7), True),
        ("< limit", Decimal(6), True),
        ("[1..limit]", Decimal(7), True),
        ("? * 2 = 8", Decimal(4), True),
        ("even(?)", Decimal(4), True),
        ("even(?)", Decimal(5), False),
        ("[1, 2, 3]", Decimal(2), True),
        ('list contains(?, "a")', ["a", "b"], True),
        ('"a"', ["a", "b"], False),
        ("count(?) > 1", ["a", "b"], True),
        ("true", True, True),
        ("not(true)", False, True),
        ('> @"2026-01-01"', "date", True),
        ('starts with(?, "a")', "abc", True),
        ("= 3", Decimal(3), True),
        ("!= 3", Decimal(3), False),
        ("in [1..3]", Decimal(2), None),
        ("some x in [1, 2] satisfies x = ?", Decimal(2), True),
        ("< 5", "x", False),
    ],
)
def test_cells(cell: str, value: Any, applies: bool | None) -> None:
    given = date(2026, 3, 1) if value == "date" else value
    box = table([([cell.replace(">", "&gt;")], ["1"])], inputs=("n",))
    decisions, findings = read_decisions({"bpmn/a.dmn": file(decision(box))})
    if applies is None:
        assert findings
        return
    assert {one.rule for one in findings} <= {"decision-gap"}
    found = decisions.evaluate("d1", {"n": given, "limit": Decimal(7)}, AS_DMN).output
    assert found == (Decimal(1) if applies else None)


def test_input_values_of_a_column_are_all_it_takes() -> None:
    values = '<inputValues><text>"a","b"</text></inputValues>'
    box = table([(["-"], ["1"])], inputs=("n",)).replace("</input>", f"{values}</input>")
    assert result(decision(box), scope={"n": "a"}) == Decimal(1)
    assert result(decision(box), scope={"n": "z"}) is None


# imports


def library(*parts: str, name: str = "lib", imports: str = "") -> bytes:
    return file(imports, *parts).replace(b'namespace="n"', f'namespace="{name}"'.encode())


def imported(name: str, space: str = "lib") -> str:
    return f'<import name="{name}" namespace="{space}" importType="{DMN13}"/>'


@pytest.mark.parametrize(("name", "prefix"), [("L", "L."), ("my lib", "my lib."), ("", "")])
def test_imports_bring_everything_under_their_name(name: str, prefix: str) -> None:
    lib = library(
        item("tAge", "<typeRef>number</typeRef>"),
        data("k", "tAge"),
        bkm("double", literal("n * 2"), "n:tAge", type="tAge"),
        decision(literal("k + 1"), id="x", name="x", requires=requires("requiredInput", "i_k")),
    )
    wants = (
        needs("requiredDecision", "lib#x")
        + needs("requiredInput", "lib#i_k")
        + knows("lib#b_double")
    )
    source = f"{prefix}double({prefix}x) + {prefix}k"
    main = file(
        imported(name),
        decision(variable("d1", f"{prefix}tAge") + literal(source), requires=wants),
    )
    found = models(main=main, lib=lib)
    assert found.evaluate("d1", {"k": Decimal(1)}, AS_DMN, {"lib": {"k": Decimal(1)}}).output == 5


def test_two_imports_without_a_name() -> None:
    one = library(decision(literal("1"), id="x", name="x"), name="one")
    two = library(decision(literal("2"), id="y", name="y"), name="two")
    main = file(
        imported("", "one"),
        imported("", "two"),
        decision(
            literal("x + y"),
            requires=needs("requiredDecision", "one#x") + needs("requiredDecision", "two#y"),
        ),
    )
    assert models(main=main, one=one, two=two).evaluate("d1", {}, AS_DMN).output == 3


def test_import_of_an_import() -> None:
    deep = library(
        data("k"),
        decision(literal("k * 10"), id="z", name="z", requires=requires("requiredInput", "i_k")),
        name="deep",
    )
    lib = library(
        decision(
            literal("D.z + 1"), id="x", name="x", requires=needs("requiredDecision", "deep#z")
        ),
        imports=imported("D", "deep"),
    )
    main = file(
        imported("L"), decision(literal("L.x * 2"), requires=needs("requiredDecision", "lib#x"))
    )
    found = models(main=main, lib=lib, deep=deep)
    assert found.evaluate("d1", {"k": Decimal(2)}, AS_DMN, {"deep": {"k": Decimal(2)}}).output == 42


# scopes and errors


def test_a_decision_without_logic_is_null() -> None:
    decisions, findings = read_decisions({"bpmn/a.dmn": file(decision(""))})
    assert [one.severity for one in findings] == ["warning"]
    assert decisions.evaluate("d1", {}, AS_DMN).output is None


def test_required_decision_that_fails_is_null_and_the_rest_goes_on() -> None:
    bad = decision(variable("bad", "number") + literal('"x"'), id="bad", name="bad")
    top = decision(literal("bad = null"), requires=requires("requiredDecision", "bad"))
    assert result(bad, top) is True


def test_an_inner_name_hides_an_outer_one() -> None:
    box = (
        f"<context><contextEntry>{variable('k')}{literal('2')}</contextEntry>"
        f"<contextEntry>{variable('f')}{literal('function(k) k * 10')}</contextEntry>"
        f"<contextEntry>{literal('k + f(1)')}</contextEntry></context>"
    )
    parts = (data("k"), decision(box, requires=requires("requiredInput", "i_k")))
    assert result(*parts, scope={"k": Decimal(1)}) == Decimal(12)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("true", Decimal(1)), ("false", Decimal(2)), ("null", Decimal(2)), ('"x"', None)],
)
def test_boxed_conditional(condition: str, expected: Any) -> None:
    box = (
        f"<conditional><if>{literal(condition)}</if><then>{literal('1')}</then>"
        f"<else>{literal('2')}</else></conditional>"
    )
    assert result(decision(box)) == expected


@pytest.mark.parametrize(
    ("kind", "source", "satisfies", "expected"),
    [
        ("some", "[1, 2]", "x = 2", True),
        ("some", "[1, 2]", "x = 3", False),
        ("some", "[]", "true", False),
        ("every", "[]", "false", True),
        ("every", "[1, 2]", "x > 0", True),
        ("some", "[1, 2]", '"x"', None),
        ("some", "null", "true", None),
        ("some", "5", "x = 5", True),
        ("for", "[1, 2]", "x * 2", [2, 4]),
        ("for", "[]", "x", []),
        ("for", "3", "x", [3]),
        ("for", "[1..3]", "x + count(partial)", [1, 3, 5]),
        ("for", "null", "x", None),
    ],
)
def test_boxed_iterations(kind: str, source: str, satisfies: str, expected: Any) -> None:
    body = "return" if kind == "for" else "satisfies"
    box = (
        f'<{kind} iteratorVariable="x"><in>{literal(source)}</in>'
        f"<{body}>{literal(satisfies)}</{body}></{kind}>"
    )
    assert result(decision(box)) == expected
