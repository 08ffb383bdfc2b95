"""Nested blocks of every kind run exactly as often as their structure says, in any order."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from .kit import Play, program
from .trees import made


@pytest.mark.parametrize("seed", range(60))
def test_blocks_run_as_they_are_built(seed: int) -> None:
    assert_runs(seed)


def assert_runs(seed: int) -> None:
    processes, trace, laps = made(seed)
    rnd = Random(seed)
    play = Play(program(*processes), fresh=seed % 3 == 0).start("P")
    for _ in range(3000):
        open_ = [t for t in play.open_tasks() if not t.element.startswith("never")]
        due = play.case.next_due()
        if due is not None and (not open_ or rnd.random() < 0.2):
            play.at = max(play.at, due)
            play.do("wake")
            continue
        if not open_:
            break
        one = rnd.choice(open_)
        answers = {}
        if one.element in laps:
            lap = play.case.variables(one.task).get(f"lap_{one.element}", Decimal(0))
            answers = {f"lap_{one.element}": (lap + 1) % laps[one.element]}
        play.do("complete", one.task, answers)
    assert play.passed == dict(trace)
    assert play.ended == {"1": "completed"}
