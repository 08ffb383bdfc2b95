"""The drills' short forms, with a fixed seed each; and that each finds what it is there to find.

In full: `make soak`, docs/drills.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.casework.cases.locked_case import LockedCase
from app.store.chain import idempotency
from tests import databases
from tests.soak import clients, kill_points, machine, orders_model, random_diagrams
from tests.soak.planted import no_key_row, no_lock, second_commit
from tests.soak.real_time import Operation, anomalies

SEED = 1


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "drill.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres(recycled: databases.Recycled) -> Iterator[str]:
    with recycled.lent() as url:
        yield url


def test_killed_at_an_instant_of_an_order_and_asked_again_it_is_done_once(
    sqlite: str, tmp_path: Path
) -> None:
    report = kill_points.drill(SEED, 4, tmp_path, [sqlite])
    assert not report.faults, report.line()
    assert report.counts["points"] >= 4 * len(kill_points.ORDERS)


@pytest.mark.postgres
def test_killed_at_an_instant_of_an_order_on_postgresql_it_is_done_once(
    postgres: str, tmp_path: Path
) -> None:
    report = kill_points.drill(SEED, 3, tmp_path, [postgres])
    assert not report.faults, report.line()
    assert report.counts["points"] >= 3 * len(kill_points.ORDERS)


@pytest.mark.parametrize("bug", [second_commit, no_key_row], ids=lambda bug: str(bug.__name__))
def test_a_bug_that_does_an_order_by_halves_is_found_by_killing(
    bug: kill_points.Plant, sqlite: str, tmp_path: Path
) -> None:
    report = kill_points.drill(SEED, 8, tmp_path, [sqlite], bug, ["complete"])
    assert report.faults


def test_random_orders_leave_every_case_as_its_drawing_says(tmp_path: Path) -> None:
    report = orders_model.drill(SEED, 500, tmp_path, shrink=False)
    assert not report.faults, report.faults
    assert report.counts["repeats"]


def test_a_key_that_is_not_remembered_is_found_by_random_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "add", lambda *_: None)
    assert orders_model.drill(SEED, 500, tmp_path, shrink=False).faults


def test_a_random_drawing_is_the_same_live_stored_and_replayed(tmp_path: Path) -> None:
    report = random_diagrams.drill(SEED, 8, tmp_path)
    assert not report.faults, report.faults
    assert report.counts["comparisons"] > report.counts["ways"]


def test_a_state_that_is_stored_too_early_is_found_by_random_drawings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, kept = LockedCase._saved, 0

    def forgets(self: LockedCase, *given: object) -> object:
        nonlocal kept
        kept += 1
        states = type(self.engine).snapshots
        if kept % 5 == 0:
            type(self.engine).snapshots = lambda _: {}  # type: ignore[method-assign]
        try:
            return saved(self, *given)  # type: ignore[arg-type]
        finally:
            type(self.engine).snapshots = states  # type: ignore[method-assign]

    monkeypatch.setattr(LockedCase, "_saved", forgets)
    assert random_diagrams.drill(SEED, 8, tmp_path).faults


@pytest.mark.postgres
def test_what_eight_clients_were_told_fits_real_time(postgres: str, tmp_path: Path) -> None:
    report = clients.drill(SEED, 320, tmp_path, postgres)
    assert not report.faults, report.faults
    assert report.counts["operations"] == 320


@pytest.mark.postgres
def test_a_case_that_is_not_held_is_found_by_eight_clients(postgres: str, tmp_path: Path) -> None:
    assert clients.drill(SEED, 160, tmp_path, postgres, no_lock).faults


@pytest.mark.skipif(not machine.possible(), reason=machine.LEFT_OUT)
def test_a_disk_that_is_full_or_fails_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    report = machine.disk(SEED, 2, tmp_path)
    assert not report.faults, report.faults
    assert report.counts["faults of the disk"]


def did(client: str, kind: str, called: int, returned: int, place: int | None) -> Operation:
    return Operation(client, kind, "T-1", called, returned, place)


HISTORIES: dict[str, tuple[list[Operation], str]] = {
    "one after the other": ([did("a", "write", 0, 1, 2), did("b", "write", 2, 3, 3)], ""),
    "side by side, in either order": (
        [did("a", "write", 0, 5, 3), did("b", "write", 1, 4, 2)], "",
    ),
    "the later one stands first": (
        [did("a", "write", 0, 1, 3), did("b", "write", 2, 3, 2)], "stands behind it",
    ),
    "a read that misses a write": (
        [did("a", "write", 0, 1, 3), did("b", "read", 2, 3, 2)], "stands behind it",
    ),
    "a read that saw less than an earlier one": (
        [did("a", "read", 0, 1, 3), did("b", "read", 2, 3, 2)], "stands behind it",
    ),
    "one entry for two": (
        [did("a", "write", 0, 5, 2), did("b", "write", 1, 4, 2)], "both told entry 2",
    ),
    "two who both took it": (
        [did("a", "claim", 0, 1, 2), did("b", "claim", 2, 3, 3)], "both took the task",
    ),
    "refused while somebody holds it": (
        [did("a", "claim", 0, 1, 2), did("b", "refused", 2, 3, None)], "",
    ),
    "refused while nobody holds it": (
        [did("a", "claim", 0, 1, 2), did("a", "release", 2, 3, 3), did("b", "refused", 4, 5, None)],
        "that nobody held",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("done", "said"), HISTORIES.values(), ids=HISTORIES)
def test_a_history_that_no_order_explains_is_told(done: list[Operation], said: str) -> None:
    found = list(anomalies(done))
    assert [said in sentence for sentence in found] == ([True] if said else [])
