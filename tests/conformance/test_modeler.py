"""What docs/conformance.md tells who comes from Camunda's modeler is so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.engine.feel import (
    BUILT_INS,
    REFUSED,
    Calendar,
    ExpressionFault,
    World,
    codec,
    compile_expression,
    only_null,
)
from tests.conformance.modeler import Form, forms

WORLD = World(now=datetime(2026, 3, 25, 12, tzinfo=UTC), calendar=Calendar.of())
HERE = [one for one in forms() if one.gives != "refused"]


@pytest.mark.parametrize("one", HERE, ids=[one.form for one in HERE])
def test_a_function_of_the_modeler_gives_what_the_page_says(one: Form) -> None:
    wanted = compile_expression(one.gives).evaluate({}, WORLD)
    found = compile_expression(one.example).evaluate({}, WORLD)
    assert found == wanted
    if one.gives.startswith('"'):
        assert codec.dumps(found) == codec.dumps(wanted)
    assert not only_null(one.example)


@pytest.mark.parametrize("one", [one for one in forms() if one.gives == "refused"])
def test_a_function_that_is_not_here_is_refused_with_the_reason(one: Form) -> None:
    with pytest.raises(ExpressionFault) as fault:
        compile_expression(one.example).evaluate({}, WORLD)
    assert one.name in fault.value.sentence
    assert REFUSED[one.name] in fault.value.sentence


def test_all_that_is_refused_is_told_and_nothing_that_is_here() -> None:
    assert {one.name for one in forms() if one.gives == "refused"} == set(REFUSED)
    assert not set(REFUSED) & set(BUILT_INS)
    assert {one.name for one in HERE} <= set(BUILT_INS)


def test_what_only_camunda_has_is_not_read_where_dmn_alone_speaks() -> None:
    plain = World(strict=False)
    for source in (
        "abs(number: -1)",
        "append(list: [1], items: 2)",
        'string join(["a"], ", ", "[", "]")',
        'context put({x: 1}, ["y", "z"], 2)',
        'date and time(@"2020-07-31T14:27:30", "Z")',
    ):
        assert compile_expression(source).evaluate({}, plain) is None
