"""What time it is: the database's, whatever this machine's clock says or is set to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.scheduler import clock
from app.scheduler.clock import Clock, present
from app.store import Store, StoreFault

FAR = datetime(2031, 1, 1, tzinfo=UTC)


class Steady:
    """The machine's steady clock, which nobody sets."""

    at = 100.0

    def __call__(self) -> float:
        return self.at


def asked(store: Store) -> datetime:
    with store.reading() as unit:
        return unit.value(text("SELECT clock_timestamp()")).astimezone(UTC)  # type: ignore[no-any-return]


def test_postgresql_says_what_time_it_is_not_this_machine(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: FAR)
    before = asked(postgres_store)
    assert before <= present(postgres_store) <= Clock(postgres_store)() <= asked(postgres_store)


def test_between_two_looks_time_passes_by_the_steady_clock(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady = Steady()
    ours = Clock(postgres_store, steady)
    first = ours()
    steady.at += 4
    monkeypatch.setattr(clock, "now", lambda: FAR)  # somebody sets the machine's clock
    assert ours() - first == timedelta(seconds=4)
    steady.at += 2  # a look is due
    assert ours() < first + timedelta(seconds=4), "the database's second is one second"


def test_while_the_database_is_away_time_goes_on_and_at_first_it_must_be_there(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady = Steady()
    ours = Clock(postgres_store, steady)
    first = ours()

    def away(_: Store) -> datetime:
        raise StoreFault("away")

    monkeypatch.setattr(clock, "present", away)
    steady.at += 60
    assert ours() - first == timedelta(seconds=60)
    with pytest.raises(StoreFault):
        Clock(postgres_store, steady)()


def test_sqlite_lies_on_this_machine(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FAR)
    assert present(sqlite_store) == Clock(sqlite_store)() == FAR
