"""Where a fact of old belongs, which told the instance it happened in and no process."""

from __future__ import annotations

import pytest

from app.engine.old_places import Holders
from app.validation.deployment import check
from tests.kit import diagram

FILES = {
    **diagram("start > call:b > task:own > end", process="a", b={"process": "called"},
              own={"groups": "clerk"}),
    **diagram("start > call:d > task:in_called > end", process="called", d={"process": "deep"},
              in_called={"groups": "clerk"}),
    **diagram("start > task:in_deep > end", process="deep", in_deep={"groups": "clerk"}),
    **diagram("start > task:called > end:over", process="beside", called={"groups": "clerk"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("process", "key", "holder"),
    [
        pytest.param("a", "own", "a", id="the instance's process has it"),
        pytest.param("a", "start", "a", id="so have the called ones"),
        pytest.param("a", "in_called", "called", id="only a called process has it"),
        pytest.param("a", "start_in_deep", "deep", id="a flow, two calls down"),
        pytest.param("a", "over", "beside", id="a process that is not called"),
        pytest.param(None, "over", "beside", id="the instance is not known"),
        pytest.param("called", "called", "called", id="the process itself, not a task of its id"),
        pytest.param("a", "gone", None, id="nobody has it"),
    ],
)
def test_the_holder_of_an_element_or_flow(
    process: str | None, key: str, holder: str | None
) -> None:
    program = check(FILES).program
    assert program is not None
    assert Holders(program).of(process, key) == holder
