"""What has no result is a fault in a case: types of columns, no rule, failing functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import Function, World
from tests.engine.dmn.test_decisions import decision, file, literal, read, requires
from tests.engine.dmn.test_level3 import bkm, data, item, knows, needs, variable

CASE = World()
STANDARD = World(strict=False)
#: how a case went under the meaning of the first release
OLD = World(meaning=1)


def typed(
    type_name: str,
    *rules: tuple[str, str],
    policy: str = "FIRST",
    output_type: str = "",
    allowed: str = "",
    values: str = "",
    default: str = "",
) -> str:
    """A table that looks at `x` in a column of the type."""
    inside = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    of = f' typeRef="{type_name}"' if type_name else ""
    out = f' typeRef="{output_type}"' if output_type else ""
    more = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    more += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" * bool(
        default
    )
    lines = "".join(
        f"<rule><inputEntry><text>{escape(cell)}</text></inputEntry>"
        f"<outputEntry><text>{escape(result)}</text></outputEntry></rule>"
        for cell, result in rules
    )
    return (
        f'<decisionTable hitPolicy="{policy}"><input label="Harm">'
        f"<inputExpression{of}><text>x</text></inputExpression>{inside}</input>"
        f'<output name="o"{out}>{more}</output>{lines}</decisionTable>'
    )


def decided(*parts: str, world: World = CASE, **scope: Any) -> Any:
    return read(*parts).evaluate("d1", scope, world).output


def fault(*parts: str, **scope: Any) -> DecisionFault:
    with pytest.raises(DecisionFault) as found:
        decided(*parts, **scope)
    return found.value


ANY_RULE = ("-", '"rest"')
TYPES = (
    item("tAge", "<typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>")
    + item("tRoutes", "<typeRef>string</typeRef>", ' isCollection="true"')
    + item(
        "tChild",
        '<itemComponent name="age"><typeRef>tAge</typeRef></itemComponent>',
    )
)


@pytest.mark.parametrize(
    ("type_name", "value", "says"),
    [
        pytest.param("boolean", "no", "holds the text “no”", id="a word for a truth value"),
        pytest.param("boolean", Decimal(3), "holds the number 3", id="a number for a truth value"),
        pytest.param("boolean", [True], "holds a list (true)", id="a list for a truth value"),
        pytest.param("string", False, "holds false", id="a truth value for a text"),
        pytest.param("string", ["a", "b"], "holds a list (“a”, “b”)", id="a list for a text"),
        pytest.param("number", "0", "holds the text “0”", id="digits for a number"),
        pytest.param("integer", "0", "its type is integer", id="Camunda's integer"),
        pytest.param("long", "0", "its type is long", id="Camunda's long"),
        pytest.param("double", True, "its type is double", id="Camunda's double"),
        pytest.param("date", "2026-03-29", "holds the text “2026-03-29”", id="a text for a day"),
        pytest.param(
            "date and time", date(2026, 6, 15), "holds the date 15 June 2026", id="a day, a moment"
        ),
        pytest.param(
            "dateTime", date(2026, 6, 15), "its type is dateTime", id="Camunda's dateTime"
        ),
        pytest.param(
            "date",
            datetime(2026, 6, 15, 9, tzinfo=UTC),
            "holds the date and time 15 June 2026 at 10am",
            id="a moment for a day",
        ),
        pytest.param(
            "years and months duration", timedelta(days=1), "holds the duration P1D", id="days"
        ),
        pytest.param(
            "tAge", Decimal(200), "holds the number 200", id="beyond what its type allows"
        ),
        pytest.param("tAge", "12", "its type is tAge", id="another kind than its type"),
        pytest.param("tRoutes", "a", "holds the text “a”", id="one for a list"),
        pytest.param("tRoutes", [Decimal(1)], "holds a list (1)", id="a list of other things"),
        pytest.param("tChild", {"age": "x"}, "holds a context", id="a part of another kind"),
    ],
)
def test_an_input_of_another_type_than_its_column_is_a_fault(
    type_name: str, value: Any, says: str
) -> None:
    box = typed(type_name, ANY_RULE)
    found = fault(TYPES, decision(box), x=value)
    assert found.sentence.startswith("Decision “Route”: Column “Harm” holds ")
    assert says in found.sentence
    assert found.element_id == "d1"
    for world in (STANDARD, OLD):
        assert decided(TYPES, decision(box), world=world, x=value) == "rest"


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        pytest.param("boolean", None, id="nothing answered"),
        pytest.param("boolean", False, id="boolean"),
        pytest.param("string", "", id="an empty text"),
        pytest.param("integer", Decimal(3), id="integer"),
        pytest.param("double", Decimal("2.5"), id="double"),
        pytest.param("feel:number", Decimal("2.5"), id="with its namespace"),
        pytest.param("dateTime", datetime(2026, 6, 15, tzinfo=UTC), id="dateTime"),
        pytest.param("Any", [Decimal(1)], id="anything"),
        pytest.param("", {"a": True}, id="no type"),
        pytest.param("tAge", Decimal(12), id="a type of the model"),
        pytest.param("tRoutes", ["a", "b"], id="a list of the model"),
        pytest.param("tRoutes", None, id="no list"),
        pytest.param("tChild", {"age": Decimal(3)}, id="a context of the model"),
    ],
)
def test_an_input_of_its_column_s_type_passes(type_name: str, value: Any) -> None:
    assert decided(TYPES, decision(typed(type_name, ANY_RULE)), x=value) == "rest"


def test_nothing_answered_matches_only_what_asks_for_nothing() -> None:
    box = typed("boolean", ("false", '"no"'), ("null", '"nothing"'), ANY_RULE)
    assert decided(decision(box), x=None) == "nothing"
    assert decided(decision(box), x=True) == "rest"


def test_a_value_outside_the_input_values_is_told_with_its_kind() -> None:
    found = fault(decision(typed("string", ANY_RULE, allowed='"a","b"')), x="c")
    assert "Column “Harm” holds the text “c”, which is not one of the values" in found.sentence


@pytest.mark.parametrize(
    ("box", "says"),
    [
        pytest.param(
            typed("", ("-", "3"), output_type="string"),
            "Rule 1 gives the number 3, and the type of output “o” is string.",
            id="a rule's output",
        ),
        pytest.param(
            typed("", ("-", '"c"'), values='"a","b"'),
            "Rule 1 gives the text “c”, which is not among the values of output “o”.",
            id="not among the values",
        ),
        pytest.param(
            typed("", ("9", '"a"'), output_type="string", default="3"),
            "The default gives the number 3, and the type of output “o” is string.",
            id="the default",
        ),
        pytest.param(
            typed("", ("9", '"a"'), values='"a"', default='"b"'),
            "The default gives the text “b”, which is not among the values of output “o”.",
            id="a default that is not among the values",
        ),
    ],
)
def test_an_output_of_another_type_is_a_fault(box: str, says: str) -> None:
    assert fault(decision(box), x=Decimal(1)).sentence == f"Decision “Route”: {says}"


def test_an_output_declared_as_a_list_takes_one_of_its_items() -> None:
    box = typed("", ("-", '"a"'), output_type="tRoutes", policy="COLLECT")
    assert decided(TYPES, decision(box), x=None) == ["a"]


NO_RULE = "No rule applies, and the table has no default output. It was decided on Harm = 1."


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_no_rule_and_no_default_is_a_fault_where_one_result_is_wanted(policy: str) -> None:
    box = typed("", ("9", '"a"'), policy=policy, values='"a"')
    found = fault(decision(box), x=Decimal(1))
    assert (found.sentence, found.element_id) == (f"Decision “Route”: {NO_RULE}", "d1")
    for world in (STANDARD, OLD):
        assert decided(decision(box), world=world, x=Decimal(1)) is None
    stated = typed("", ("9", '"a"'), policy=policy, values='"a","b"', default='"b"')
    assert decided(decision(stated), x=Decimal(1)) == "b"


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_where_rules_are_collected_none_of_them_is_a_result_too(policy: str) -> None:
    assert decided(decision(typed("", ("9", '"a"'), policy=policy, values='"a"')), x=1) is None
    stated = typed("", ("9", '"a"'), policy=policy, values='"a","b"', default='"b"')
    assert decided(decision(stated), x=1) == ["b"]


NEVER = typed("", ("9", '"a"')).replace("<text>x</text>", "<text>a</text>")


@pytest.mark.parametrize(
    ("parts", "who"),
    [
        pytest.param(
            (
                decision(typed("", ("9", '"a"')), id="first", name="First"),
                decision(literal("1"), requires=requires("requiredDecision", "first")),
            ),
            "Decision “First”",
            id="in a required decision",
        ),
        pytest.param(
            (
                decision(
                    f"<context><contextEntry>{variable('e')}{typed('', ('9', '1'))}"
                    "</contextEntry></context>"
                ),
            ),
            "Decision “Route”",
            id="inside a context",
        ),
        pytest.param(
            (bkm("f", NEVER, "a"), decision(literal("f(x)"), requires=knows("#b_f"))),
            "Knowledge model “f”",
            id="in a knowledge model",
        ),
    ],
)
def test_no_rule_is_a_fault_wherever_the_table_lies(parts: tuple[str, ...], who: str) -> None:
    found = fault(*parts, x=Decimal(1))
    assert found.sentence.startswith(f"{who}: No rule applies")


TWICE = typed("number", ("> 10", '"high"'), ("> 15", '"high"'), policy="UNIQUE").replace(
    "<text>x</text>", "<text>a</text>"
)
SERVICE = (
    decision(
        TWICE.replace("<text>a</text>", "<text>age</text>"),
        id="e",
        name="E",
        requires=needs("requiredInput", "#i_age"),
    )
    + f'<decisionService id="s" name="svc">{variable("svc")}<outputDecision href="#e"/>'
    '<inputData href="#i_age"/></decisionService>'
)
PLUS_ONE = bkm("risk", literal("a + 1"), "a:number")


def asking(source: str, knowledge: str = "#b_risk") -> str:
    text = f'if {source} then "refer" else "no action"'
    return decision(literal(escape(text)), requires=knows(knowledge))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param(
            (bkm("risk", TWICE, "a:number"), asking('risk(age) = "high"')),
            "Knowledge model “risk”: Rules 1 and 2 apply at once",
            id="rules that overlap",
        ),
        pytest.param(
            (
                bkm(
                    "risk",
                    TWICE.replace(
                        "</input>", "<inputValues><text>[0..12]</text></inputValues></input>"
                    ),
                    "a:number",
                ),
                asking('risk(age) = "high"'),
            ),
            "Knowledge model “risk”: Column “Harm” holds the number 20",
            id="a value its column does not know",
        ),
        pytest.param(
            (bkm("risk", literal("a + bonus"), "a:number"), asking("risk(age) > 10")),
            "Knowledge model “risk”: There is no name “bonus” here.",
            id="a name it does not know",
        ),
        pytest.param(
            (PLUS_ONE, asking('risk("20") > 10')),
            "Knowledge model “risk”: Parameter “a” is the text “20”, "
            "which is not of its type “number”.",
            id="an argument of another type",
        ),
        pytest.param(
            (PLUS_ONE, asking("risk() > 10")),
            "Knowledge model “risk” is called with no arguments and takes 1 (a).",
            id="too few arguments",
        ),
        pytest.param(
            (PLUS_ONE, asking("risk(age, 2) > 10")),
            "Knowledge model “risk” is called with 2 arguments and takes 1 (a).",
            id="too many arguments",
        ),
        pytest.param(
            (PLUS_ONE, asking("risk(b: 2) > 10")),
            "Decision “Route”: “risk” has no parameter “b”.",
            id="an argument of another name",
        ),
        pytest.param(
            (SERVICE, asking('svc(age) = "high"', "#s")),
            "Decision “E”: Rules 1 and 2 apply at once",
            id="a decision service",
        ),
        pytest.param(
            (
                PLUS_ONE,
                decision(
                    f"<invocation>{literal('risk')}<binding><parameter name='a'/>"
                    + literal('"20"')
                    + "</binding></invocation>",
                    requires=knows("#b_risk"),
                ),
            ),
            "Knowledge model “risk”: Parameter “a” is the text “20”",
            id="a boxed invocation",
        ),
        pytest.param(
            (
                bkm("risk", literal("worse(a)"), "a", more=knows("#b_worse")),
                bkm("worse", literal("b + 1"), "b:number"),
                asking('risk("x") > 10'),
            ),
            "Knowledge model “worse”: Parameter “b” is the text “x”",
            id="one that another calls",
        ),
    ],
)
def test_a_function_that_fails_is_a_fault_that_names_it(parts: tuple[str, ...], says: str) -> None:
    parts = (data("age", "number"), *parts)
    found = fault(*parts, age=Decimal(20))
    assert found.sentence.startswith(says)
    for world in (STANDARD, OLD):
        assert decided(*parts, world=world, age=Decimal(20)) in ("no action", None)


@pytest.mark.parametrize(
    ("parts", "rule", "says"),
    [
        pytest.param(
            (PLUS_ONE, asking("risk() > 10")),
            "decision-call",
            "Decision “Route”: Knowledge model “risk” is called with no arguments and takes 1 (a).",
            id="too few arguments",
        ),
        pytest.param(
            (PLUS_ONE, asking("risk(b: 1) > 10")),
            "decision-call",
            "Decision “Route”: Knowledge model “risk” has no parameter “b”.",
            id="an argument of another name",
        ),
        pytest.param(
            (bkm("risk", literal("a + bonus"), "a"), asking("risk(1) > 10")),
            "decision-unknown-name",
            "Knowledge model “risk” speaks of “bonus”, which is not among its parameters or what "
            "it requires.",
            id="a name that a knowledge model does not know",
        ),
        pytest.param(
            (
                decision(literal("other + 1"), id="e", name="E"),
                f'<decisionService id="s" name="svc">{variable("svc")}<outputDecision href="#e"/>'
                "</decisionService>",
            ),
            "decision-unknown-name",
            "Decision service “svc” speaks of “other”, which is not among its inputs or what it "
            "requires.",
            id="a name that a decision service is not given",
        ),
        pytest.param(
            (decision(typed("bolean", ANY_RULE)),),
            "decision-type",
            "Decision “Route”: there is no type “bolean”, so nothing is checked by it. "
            "Did you mean “boolean”?",
            id="a type that nobody defines",
        ),
    ],
)
def test_what_is_known_of_a_call_at_deployment_is_warned_of(
    parts: tuple[str, ...], rule: str, says: str
) -> None:
    _, findings = read_decisions({"bpmn/d.dmn": file(*parts)})
    assert [(one.rule, one.severity, one.sentence) for one in findings] == [(rule, "warning", says)]


def test_a_day_declared_as_a_moment_begins_in_london() -> None:
    parts = (
        data("x", "date and time"),
        decision(literal("x"), requires=needs("requiredInput", "#i_x")),
    )
    day = date(2026, 6, 15)
    assert decided(*parts, x=day) == datetime(2026, 6, 14, 23, tzinfo=UTC)
    for world in (STANDARD, OLD):
        assert decided(*parts, world=world, x=day) == datetime(2026, 6, 15, tzinfo=UTC)


def test_a_column_that_looks_at_nothing_may_be_blank() -> None:
    box = (
        '<decisionTable hitPolicy="UNIQUE"><input label="Kept for later"/>'
        "<input><inputExpression><text>x</text></inputExpression></input><output/>"
        "<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
    )
    decisions, findings = read_decisions({"d.dmn": file(decision(box))})
    assert findings == []
    found = decisions.evaluate("d1", {"x": Decimal(3)}, CASE)
    assert (found.output, found.inputs) == (Decimal(1), {"x": Decimal(3)})


def test_a_column_that_looks_at_nothing_may_ask_nothing() -> None:
    box = (
        '<decisionTable hitPolicy="UNIQUE"><input label="Kept for later"/><output/>'
        "<rule><inputEntry><text>3</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
    )
    (found,) = read_decisions({"d.dmn": file(decision(box))})[1]
    assert (found.rule, found.severity) == ("decision-expression", "error")
    assert "does not say what it looks at" in found.sentence


def test_an_empty_expression_is_warned_of_and_decides_nothing() -> None:
    decisions, findings = read_decisions({"d.dmn": file(decision(literal("")))})
    assert [(one.rule, one.severity) for one in findings] == [("decision-empty", "warning")]
    with pytest.raises(DecisionFault, match="“Route” decides nothing"):
        decisions.evaluate("d1", {}, CASE)
    assert decisions.evaluate("d1", {}, STANDARD).output is None


def test_a_service_whose_input_is_no_decision_fails_in_words() -> None:
    part = (
        f'<decisionService id="s" name="svc">{variable("svc")}<outputDecision href="#i_a"/>'
        '<inputDecision href="#i_a"/></decisionService>'
    )
    decisions: Decisions = read(data("a"), part)
    with pytest.raises(DecisionFault, match="“svc” has no output decision"):
        decisions.call("svc", {"a": 1}, CASE)


def test_a_function_that_never_ends_fails_in_words() -> None:
    endless = bkm("f", literal("f(a)"), "a")
    found = fault(endless, decision(literal("f(1)"), requires=knows("#b_f")))
    assert found.sentence


def test_sums_keep_every_digit() -> None:
    large, more = "1234567890123456789012345678901.5", "1234567890123456789012345678902.5"
    box = typed("", ("-", large), ("-", "1"), policy='COLLECT" aggregation="SUM')
    assert decided(decision(box), x=1) == Decimal(more)


@pytest.mark.parametrize("half", ["&#xD800;", "&#0;", "\ud800"], ids=["named", "nul", "in bytes"])
def test_half_a_character_is_refused_with_its_line(half: str) -> None:
    content = file(decision(literal("1"), name="X\nhalf")).decode().replace("half", half)
    decisions, findings = read_decisions({"d.dmn": content.encode("utf-8", "surrogatepass")})
    assert [(one.rule, one.severity) for one in findings] == [("xml", "error")]
    assert findings[0].line is not None
    assert decisions.ids == {}


def test_a_fault_of_a_library_never_shows_through() -> None:
    def broken(given: Any) -> Any:
        raise AssertionError(given)

    with pytest.raises(
        DecisionFault, match="This expression cannot be worked out with these values"
    ):
        decided(decision(literal("f(1)")), f=Function("f", ("a",), broken))
