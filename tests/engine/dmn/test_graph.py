"""Graphs of decisions: looked at once, worked out once, circles told with their members."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World
from tests.engine.dmn.test_decisions import decision, file, literal, requires
from tests.engine.dmn.test_level3 import bkm, knows

CASE = World()


def node(name: str, source: str, *needed: str) -> str:
    return decision(
        literal(source),
        id=name,
        name=name,
        requires="".join(requires("requiredDecision", one) for one in needed),
    )


def diamond(layers: int) -> bytes:
    """Layers of two decisions, each requiring both of the layer below."""
    parts = [node("d0_0", "n"), node("d0_1", "n")]
    for layer in range(1, layers):
        below = (f"d{layer - 1}_0", f"d{layer - 1}_1")
        parts += [node(f"d{layer}_{side}", " + ".join(below), *below) for side in (0, 1)]
    return file(*parts)


def chain(length: int) -> bytes:
    parts = [node("d0", "n")]
    parts += [node(f"d{one}", f"d{one - 1} + 1", f"d{one - 1}") for one in range(1, length)]
    return file(*parts)


def wide(width: int) -> bytes:
    names = [f"w{one}" for one in range(width)]
    return file(
        *(node(name, "n") for name in names), node("all", f"sum([{', '.join(names)}])", *names)
    )


def models(layers: int) -> bytes:
    """A diamond of knowledge models, of which one is called."""
    parts = [bkm("m0_0", literal("a"), "a"), bkm("m0_1", literal("a"), "a")]
    for layer in range(1, layers):
        more = "".join(knows(f"#b_m{layer - 1}_{side}") for side in (0, 1))
        parts += [
            bkm(f"m{layer}_{side}", literal(f"m{layer - 1}_{side}(a)"), "a", more=more)
            for side in (0, 1)
        ]
    top = f"m{layers - 1}_0"
    return file(*parts, decision(literal(f"{top}(n)"), requires=knows(f"#b_{top}")))


def calls(work: Callable[[], Any], *names: str) -> int:
    """How many Python calls the work makes, of these functions or of all."""
    count = 0

    def heard(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call" and (not names or frame.f_code.co_name in names)

    sys.setprofile(heard)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def checked(content: bytes) -> Decisions:
    decisions, findings = read_decisions({"d.dmn": content})
    assert findings == []
    for one in decisions.ids:
        decisions.inputs(one)
    return decisions


@pytest.mark.parametrize(
    ("graph", "asked"),
    [
        pytest.param(diamond, "d{last}_0", id="diamonds"),
        pytest.param(chain, "d{last}", id="a chain"),
        pytest.param(wide, "all", id="one that requires all"),
        pytest.param(models, "d1", id="diamonds of knowledge models"),
    ],
)
def test_twice_the_decisions_are_twice_the_work(graph: Callable[[int], bytes], asked: str) -> None:
    """Of checking a graph and of asking it, in calls; each is compared with half its size."""
    small, large = 20, 40
    checking = [calls(lambda size=size: checked(graph(size))) for size in (small, large)]
    assert checking[1] < 2.2 * checking[0]
    asking = [cost_of_asking(checked(graph(size)), asked, size) for size in (small, large)]
    assert asking[1] < 2.2 * asking[0]


def cost_of_asking(decisions: Decisions, asked: str, size: int) -> int:
    id = asked.format(last=size - 1)
    return calls(lambda: decisions.evaluate(id, {"n": Decimal(1)}, CASE))


def test_each_decision_of_a_graph_is_worked_out_and_told_once() -> None:
    decisions = checked(diamond(16))
    found = decisions.evaluate("d15_0", {"n": Decimal(1)}, CASE)
    assert found.output == Decimal(2**15)
    told = [one.decision for one in found.in_order()]
    assert len(told) == len(set(told)) == 31
    assert told[-1] == "d15_0"
    assert all(told.index(f"d{n}_0") < told.index(f"d{n + 1}_0") for n in range(15))
    worked = calls(lambda: decisions.evaluate("d15_0", {"n": Decimal(1)}, CASE), "_decide")
    assert worked == 31


def test_one_that_fails_is_tried_once_where_failing_is_null() -> None:
    content = diamond(12).replace(b">n<", b">1 + bad(n)<")
    decisions = read_decisions({"d.dmn": content})[0]
    standard = World(strict=False)
    worked = calls(lambda: decisions.evaluate("d11_0", {"n": Decimal(1)}, standard), "_decide")
    assert worked == 23


def test_chains_may_be_longer_than_python_recurses() -> None:
    length = 2 * sys.getrecursionlimit()
    decisions = checked(chain(length))
    found = decisions.evaluate(f"d{length - 1}", {"n": Decimal(0)}, CASE)
    assert found.output == Decimal(length - 1)
    assert len(found.in_order()) == length
    assert decisions.inputs(f"d{length - 1}") == {"n"}


def test_inputs_are_those_of_every_requirement_but_for_what_decisions_give() -> None:
    decisions = checked(
        file(node("a", "x + y"), node("b", "a + z", "a"), node("c", "a + b + y", "a", "b"))
    )
    assert decisions.inputs("a") == {"x", "y"}
    assert decisions.inputs("c") == {"x", "y", "z"}


def circles(*parts: str) -> dict[str, str]:
    _, findings = read_decisions({"d.dmn": file(*parts)})
    return {one.element_id or "": one.sentence for one in findings if one.rule == "decision-cycle"}


def test_a_circle_is_told_with_its_members_and_with_no_others() -> None:
    found = circles(
        node("a", "1", "c"), node("b", "1", "a"), node("c", "1", "b"),
        node("below", "1"), node("above", "1", "a", "below"),
        node("own", "1", "own"),
    )  # fmt: skip
    members = "“a”, “c” and “b” require one another."
    assert found == {
        "a": f"Decision “a” requires its own result in a circle: {members}",
        "b": f"Decision “b” requires its own result in a circle: {members}",
        "c": f"Decision “c” requires its own result in a circle: {members}",
        "own": "Decision “own” requires its own result in a circle.",
    }


def test_a_large_circle_names_a_few_of_its_members() -> None:
    names = [f"n{one}" for one in range(30)]
    found = circles(*(node(name, "1", names[at - 1]) for at, name in enumerate(names)))
    assert len(found) == 30
    assert found["n0"].endswith("and 23 more require one another.")


def test_knowledge_models_may_call_one_another() -> None:
    even = bkm("even", literal("if a = 0 then true else odd(a - 1)"), "a", more=knows("#b_odd"))
    odd = bkm("odd", literal("if a = 0 then false else even(a - 1)"), "a", more=knows("#b_even"))
    decisions = checked(file(even, odd, decision(literal("even(n)"), requires=knows("#b_even"))))
    assert decisions.evaluate("d1", {"n": Decimal(7)}, CASE).output is False


def test_a_circle_that_is_asked_nevertheless_fails_in_words() -> None:
    decisions = read_decisions({"d.dmn": file(node("a", "b", "b"), node("b", "a", "a"))})[0]
    with pytest.raises(DecisionFault, match="in a circle"):
        decisions.evaluate("a", {}, CASE)
