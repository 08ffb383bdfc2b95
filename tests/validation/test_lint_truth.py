"""A truth value written as a number is valid, but modelers lose it."""

from __future__ import annotations

import pytest

from tests.engine.tiny import diagram, node, said, user


@pytest.mark.parametrize(("value", "found"), [("1", ["b"]), ("true", []), ("0", [])])
def test_truth_as_number(value: str, found: list[str]) -> None:
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    event = node("boundaryEvent", "b", timer, attachedToRef="a", cancelActivity=value)
    content = diagram(user("a"), event, flows="start>a a>end b>end")
    assert [one.element_id for one in said(content, "truth-as-number")] == found


def test_executable_as_number_is_told_of_the_process() -> None:
    content = diagram(user("a"), flows="start>a a>end")
    content = content.replace(b'isExecutable="true"', b'isExecutable="1"')
    assert [one.element_id for one in said(content, "truth-as-number")] == ["p"]
