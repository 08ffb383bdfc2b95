"""A few hundred inputs for each parser with a fixed seed; `make fuzz` gives as many as there is
time for."""

import math
from pathlib import Path

import pytest

from app.engine.errors import Fault
from tests.fuzz.__main__ import SETS, fuzz
from tests.fuzz.guard import watched
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", list(TARGETS))
def test_whatever_is_read_is_understood_or_refused(name: str) -> None:
    found = fuzz(TARGETS[name](SETS), 1, seconds=math.inf, inputs=150)
    assert {key: (seed, finding.text) for key, (seed, _, finding) in found.items()} == {}


@pytest.mark.parametrize(
    ("what", "kind"), [("crash", "crash"), ("hang", "hang"), ("fault", None)], ids=lambda w: str(w)
)
def test_the_watch_tells_crashes_and_hangs_from_faults(what: str, kind: str | None) -> None:
    def act(_: object) -> None:
        if what == "fault":
            raise Fault("refused")
        while what == "hang":
            pass
        raise KeyError(what)

    finding = watched(act, None)
    assert (finding and finding.kind) == kind


def test_without_the_conformance_sets_the_own_files_serve() -> None:
    assert fuzz(TARGETS["feel"](Path("nowhere")), 1, seconds=math.inf, inputs=20) == {}
