"""Figures that are kept are those that a full count gives: for everybody, at any time, whatever has
been kept of it, and however much has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import event, select, text

from app import store
from app.audit.by_month import by_month
from app.audit.gathering import gathered
from app.audit.occurrences import Judged, State, judged
from app.audit.tally import Keeper, Page
from app.audit.timeliness import Timeliness, timeliness
from app.casework.access import FIGURES, SYSTEM, Cover, Person, Role
from app.casework.commands import ExcludePerson
from app.casework.desk import Desk
from app.config import Count, Counts, Years
from app.store import tallies
from app.store.schema import cases
from app.store.tallies.tables import late_line, share, tally, tally_gone
from tests.audit.test_timeliness import AWARE, ROWS, Story
from tests.casework.test_retention import KEPT, destroyed
from tests.kit import KEK, PEOPLE, ROLES, Kit, diagram, form, settings
from tests.measured import FORM, MEASURES, SEND, files, london

CALENDAR, APRIL = Years(), Years(4, 1)
ROUTE = Counts(of=(Count(id="route", name="Route", step="say", path=("route",)),))
#: local target on the third day, national limit on the fifth
AIMED = replace(SEND, id="aimed", tasks=("report",), limit="backstop", target="due", happened=None)
ALL = (*MEASURES, AIMED)


def full_count(kit: Kit, who: Person, at: datetime, years: Years, year: int | None) -> Any:
    """As it was done before anything was kept: each time judged, and added up by itself."""
    roles = kit.desk.roles
    with kit.store.reading() as unit:
        facts = store.queries.figures.facts(unit)
        members = {case: store.cases.members(unit, case) for case in facts}
        times = list(gathered(unit, ALL))
    calendar = kit.desk.settings.calendar
    every = [judged(time, at, calendar.chosen(None)) for time in times]
    mine = [j for j in every if year in (None, years.of(j.of.day))]
    named = [j for j in mine if j.late or j.recorded_after or j.behind]
    seen = [j for j in named if roles.sees_whole(who, members[j.of.case_id])]
    lines = sorted(
        ((j.of.limit.at, facts[j.of.case_id].reference, j.of.task) for j in seen if j.of.limit),
        reverse=True,
    )
    by: dict[tuple[str, int], list[Judged]] = {}
    for j in mine:
        by.setdefault((j.of.measure, years.of(j.of.day)), []).append(j)
    return (
        {place: _added(several) for place, several in by.items()},
        sorted({years.of(j.of.day) for j in every}, reverse=True),
        lines,
        len(named) - len(seen),
    )


def _added(several: list[Judged]) -> dict[str, Any]:
    states = Counter(j.state for j in several)
    days = [j.days for j in several if j.days is not None]
    hours = [j.time.total_seconds() / 3600 for j in several if j.time is not None]
    return {
        "in_time": states[State.IN_TIME], "late": states[State.LATE],
        "open_late": states[State.OPEN_LATE], "running": states[State.RUNNING],
        "recorded_after": sum(j.recorded_after for j in several),
        "behind": sum(j.behind for j in several),
        "left_out": Counter(j.why for j in several if j.state is State.LEFT_OUT),
        "median_days": median(days) if days else None, "worst_days": max(days, default=None),
        "median_hours": max(round(median(hours), 1), 0.1) if hours else None,
        "worst_hours": max(round(max(hours), 1), 0.1) if hours else None,
    }  # fmt: skip


def as_told(told: Timeliness) -> Any:
    names = ("in_time", "late", "open_late", "running", "recorded_after", "behind", "left_out",
             "median_days", "worst_days", "median_hours", "worst_hours")  # fmt: skip
    return (
        {
            (one.measure.id, year.year): {name: getattr(year, name) for name in names}
            for one in told.measures
            for year in one.years
        },
        list(told.known),
        [
            (line.judged.of.limit.at, line.case, line.judged.of.task)
            for line in told.lines
            if line.judged.of.limit
        ],
        told.unseen,
    )


def asked(kit: Kit, who: Person, at: datetime, years: Years = CALENDAR, **more: Any) -> Timeliness:
    return timeliness(kit.desk, who, at, ALL, years, counts=ROUTE, **more)


def keep(kit: Kit) -> None:
    keeper = Keeper(kit.desk, ALL, ROUTE, APRIL)
    while keeper.keep_up():
        pass


def is_kept(kit: Kit) -> bool:
    """A look finds sums, and nothing that changed since, but what has lost its key."""
    with kit.store.reading() as unit:
        ((mark, _), *_) = tallies.stand(unit)
        return not tallies.keys(unit, tallies.changed(unit, mark))


BOARD = {
    **ROLES,
    "clerk": replace(ROLES["clerk"], may=ROLES["clerk"].may | {FIGURES}),
    "agency": replace(ROLES["agency"], may=ROLES["agency"].may | {FIGURES}),
    "chair": Role("chair", "Chair", "case", frozenset({FIGURES})),
    "board": Role("board", "Board", "case", frozenset({FIGURES})),
}
JOE = Person("joe", "Joe Board", frozenset({"board"}))
CHAIR = Person("cha", "Cha Chair", frozenset({"chair"}))
EVE = replace(PEOPLE["out"], roles=frozenset({"auditor"}))
#: whoever reads figures → how they come to see cases
READERS: dict[str, Callable[[str], Person]] = {
    "sees every case": lambda case: PEOPLE["aud"],
    "a member by group": lambda case: PEOPLE["lea"],
    "a member by name, of one": lambda case: PEOPLE["ann"],
    "a member by group, of the newest": lambda case: CHAIR,
    "a member of none": lambda case: JOE,
    "sees only a part of cases": lambda case: PEOPLE["pol"],
    "a part of some, the whole of others": lambda case: replace(
        CHAIR, roles=frozenset({"chair", "agency"})
    ),
    "covers for a member": lambda case: replace(
        CHAIR, covers=(Cover("lea", PEOPLE["lea"], date(2030, 1, 1)),)
    ),
    "broke the glass of one": lambda case: replace(JOE, opened=frozenset({case})),
    "broke the glass, and sees a part": lambda case: replace(
        PEOPLE["pol"], opened=frozenset({case})
    ),
    "succeeds a member": lambda case: replace(CHAIR, former=frozenset({"lead"})),
    "is somebody only in cases of a part": lambda case: replace(
        CHAIR, divided={"north": frozenset({"lead", "chair"})}
    ),
    "is somebody only in cases of no part": lambda case: replace(
        CHAIR, divided={"": frozenset({"lead", "chair"})}
    ),
    "sees every case but the newest": lambda case: EVE,
    "the system": lambda case: SYSTEM,
}  # fmt: skip
AT = london("2026-12-01T10:00")
TIMES = {
    "when nothing is due": london("2026-03-27T10:00"),
    "behind the local target": london("2026-04-01T09:00"),
    "on the last day": london("2026-04-02T23:59"),
    "its last half second": london("2026-04-02T23:59:59.500000"),
    "the instant it is over": london("2026-04-03T00:00"),
    "later in the year": AT,
    "beyond the calendar": AT + timedelta(days=1100),
}


def _tell(kit: Kit, rows: list[str]) -> None:
    for name in rows:
        ROWS[name].tell(Story(kit))


#: closed and open, late and not, moved, dropped, by days and by hours
FEW = [
    "stated as earlier than recorded", "still open and late", "two children: one in time, one late",
    "moved to later by hand: late by the rule", "cancelled before its limit", "no limit",
    "a whole review, still open and late before its report exists",
    "content destroyed, recorded late: nobody can say",
]  # fmt: skip
SOME = [name for name in ROWS if "planned again" not in name]


@pytest.fixture
def told(both: Kit) -> Kit:
    """Cases of every sort, of one of which somebody is shut out; two are still open."""
    both.desk.settings = settings(roles=BOARD)
    both.deploy(files(), _two())
    _tell(both, SOME if both.store.dialect == "sqlite" else FEW)
    Story(both).start(AWARE, "reports")
    Story(both).start(AWARE, "reports").done("2026-04-02T10:00", "report")
    Story(both).start("2026-05-01T09:00", "forms")
    shut = Story(both).start(AWARE)
    for person in ("aud", "ann"):
        order = {"case": shut.case, "person": person, "reason": "a relative"}
        both.desk.do(ExcludePerson(actor=SYSTEM, at=both.at, **order))
    both.at = AT
    return both


def _two() -> dict[str, bytes]:
    """Agencies answer, leads check it: the former see a part of the case only."""
    route = form("why", "route", required=False)
    step = {"groups": "agency", "form": "why", "due": "=working_days_after(today(), 5)"}
    drawn = "start > task:say > task:send > end"
    return diagram(
        drawn, process="two", say=step,
        send={"groups": "chair,clerk", "due": "=working_days_after(today(), 5)"},
    ) | route  # fmt: skip


def months_counted(kit: Kit, at: datetime) -> dict[tuple[str, date], tuple[int, ...]]:
    """(measure, first of the month) → numbers, each time judged and added up by itself."""
    with kit.store.reading() as unit:
        times = list(gathered(unit, ALL))
    by: dict[tuple[str, date], list[Judged]] = {}
    for time in times:
        one = judged(time, at, kit.desk.settings.calendar.chosen(None))
        by.setdefault((time.measure, time.day.replace(day=1)), []).append(one)
    return {
        place: (
            sum(j.state is State.IN_TIME and not j.behind for j in several),
            sum(j.state is State.IN_TIME and j.behind for j in several),
            *(sum(j.state is s for j in several)
              for s in (State.LATE, State.OPEN_LATE, State.RUNNING)),
        )
        for place, several in by.items()
    }  # fmt: skip


def equal_by_month(kit: Kit, at: datetime) -> None:
    """From April on, as the year begins then, all of it, and nothing beside it."""
    told = by_month(kit.desk, EVE, at, ALL, APRIL, 2026, ROUTE)
    expected = months_counted(kit, at)
    assert {month.first for one in told.measures for month in one.months} == {
        date(2026 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16)
    }
    for one in told.measures:
        for month in one.months:
            place = one.measure.id, month.first
            assert month.numbers == expected.get(place, (0,) * 5), (place, at)
    assert any(not one.empty for one in told.measures)


def equal(kit: Kit, who: Person, at: datetime, years: Years, year: int | None) -> None:
    told = asked(kit, who, at, years, year=year)
    assert as_told(told) == full_count(kit, who, at, years, year)
    assert told.seen == len(told.lines) and not told.more


def test_what_is_kept_is_what_a_full_count_gives_at_any_time(told: Kit) -> None:
    """Before anything is kept, when all is, when some cases changed, and thrown away."""
    aud = PEOPLE["aud"]
    for at in TIMES.values():
        equal(told, aud, at, CALENDAR, None)
        equal_by_month(told, at)
    keep(told)
    assert is_kept(told)
    for at in TIMES.values():
        equal_by_month(told, at)
        equal(told, aud, at, APRIL, None)
        equal(told, aud, at, CALENDAR, 2026)
    _tell(told, ["late by one working day over Easter", "moved by hand twice, into another year"])
    with told.store.reading() as unit:
        open_ones = unit.rows(select(cases.c.id).where(cases.c.ended_at.is_(None)))
    told.at = AT
    for (case,) in open_ones[:2]:
        for element in told.open(case):
            told.complete("lea", case, element)
    assert not is_kept(told)
    for at in (TIMES["on the last day"], AT):
        equal(told, aud, at, CALENDAR, None)
        equal(told, aud, at, APRIL, 2025)
        equal_by_month(told, at)
    keep(told)
    assert is_kept(told)
    equal(told, aud, AT, CALENDAR, None)
    with told.store.writing() as unit:
        tallies.forget(unit)
    equal(told, aud, AT, CALENDAR, None)


def test_nobody_is_told_more_of_others_cases_than_a_full_count_tells_them(
    told: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(told)
    told.at = london(AWARE)
    case = told.start("ann", "two")
    told.complete("pol", case, "say", route="a")
    order = {"case": case, "person": EVE.id, "reason": "a relative"}
    told.desk.do(ExcludePerson(actor=SYSTEM, at=told.at, **order))
    with told.store.writing() as unit:
        older = select(cases.c.id).order_by(cases.c.reference).limit(3)
        for (id,) in unit.rows(older):
            store.cases.put_part(unit, id, "north")
    told.at = AT
    expected = {
        name: full_count(told, reader(case), AT, CALENDAR, None) for name, reader in READERS.items()
    }
    # Of the case that began, first nothing is kept; then whoever sees a case sees many.
    for kept, many in ((False, False), (True, False), (True, True)):
        assert is_kept(told) is kept
        monkeypatch.setattr(store.queries.walks, "WIDE", 0 if many else 1000)
        for name, reader in READERS.items():
            who = reader(case)
            whole = asked(told, who, AT)
            assert as_told(whole) == expected[name], name
            page = asked(told, who, AT, page=Page(2, 3))
            assert page.lines == whole.lines[2:5], name
            assert (page.seen, page.unseen) == (whole.seen, whole.unseen), name
            assert whole.suppress_under == (0 if _sees(told, who, case) else 5), name
            months = by_month(told.desk, who, AT, ALL, CALENDAR, 2026, ROUTE)
            assert months.suppress_under == (0 if _sees_every_case(told, who) else 5), name
            numbers = {n for one in months.measures for m in one.months for n in m.numbers}
            assert (None in numbers) is bool(months.suppress_under), name
            assert not numbers & set(range(1, months.suppress_under)), name
        keep(told)


@pytest.mark.parametrize("counts", [replace(ROUTE, suppress_under=7), Counts()])
def test_who_sees_every_case_reads_of_a_month_what_they_read_of_a_year(
    told: Kit, counts: Counts
) -> None:
    """Nobody else is shown small numbers of a month, whether answers are counted or not; nor who is
    shut out of one."""

    def both(who: Person) -> tuple[int, list[int | None]]:
        years = timeliness(told.desk, who, AT, ALL, CALENDAR, 2026, counts).measures
        months = by_month(told.desk, who, AT, ALL, CALENDAR, 2026, counts).measures
        late = [month.late for one in months for month in one.months]
        return sum(year.late for one in years for year in one.years), late

    for _ in range(2):
        year, late = both(EVE)
        assert year == sum(number or 0 for number in late) and None not in late
        assert None in both(JOE)[1] and None in both(PEOPLE["aud"])[1]
        keep(told)


def _sees_every_case(kit: Kit, who: Person) -> bool:
    with kit.store.reading() as unit:
        ids = [id for (id,) in unit.rows(select(cases.c.id), {})]
    return all(_sees(kit, who, id) for id in ids)


def _sees(kit: Kit, who: Person, case: str) -> bool:
    with kit.store.reading() as unit:
        return kit.desk.roles.sees_whole(who, store.cases.members(unit, case))


def test_a_long_list_is_not_counted_out_for_a_page(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(files())
    for _ in range(4):
        Story(kit).start(AWARE)
    keep(kit)
    monkeypatch.setattr(store.queries.walks, "WIDE", 0)
    monkeypatch.setattr(store.tallies.late_lines, "MOST_COUNTED", 2)
    first, last = (asked(kit, PEOPLE["lea"], AT, page=Page(skip, 2)) for skip in (0, 3))
    assert (len(first.lines), first.seen, first.more, first.unseen) == (2, 2, True, None)
    assert (len(last.lines), last.seen, last.more, last.unseen) == (1, 4, False, 0)
    every = asked(kit, PEOPLE["lea"], AT)
    assert (every.seen, every.more, every.unseen) == (4, False, 0)
    eye = asked(kit, PEOPLE["aud"], AT, page=Page(0, 2))
    assert (eye.seen, eye.more, eye.unseen) == (4, False, 0)


def test_of_a_destroyed_case_nothing_is_kept_and_the_sums_forget_it(both: Kit) -> None:
    both.desk.settings = settings(retention=KEPT)
    both.deploy(files())
    for _ in range(2):
        case = Story(both).start(AWARE).done("2026-04-08T10:00").case
    both.at = AT
    keep(both)
    destroyed(both, case)
    with both.store.reading() as unit:
        for table in (share, late_line):
            assert unit.row(select(table).where(table.c.case_id == case)) is None
        ((_, _, left),) = unit.rows(select(tally_gone))
    assert case.encode() not in left and b"sending" not in left
    for _ in range(2):  # by the way, and kept
        equal(both, PEOPLE["aud"], AT, CALENDAR, None)
        (year,) = asked(both, PEOPLE["aud"], AT).measures[0].years
        assert (year.late, year.decided) == (1, 1)
        keep(both)
    with both.store.reading() as unit:
        assert unit.row(select(tally_gone)) is None
        assert is_kept(both)


@dataclass(frozen=True)
class Spoilt:
    sql: str
    #: the sums are of use to nobody, until they are made anew
    anew: bool = True


SPOILT = {
    "the sums": Spoilt("UPDATE tally SET body = ' ' WHERE mark <> ''"),
    "the sums are gone": Spoilt("DELETE FROM tally"),
    "what is held of a case that changed": Spoilt("UPDATE share SET body = ' '"),
    "the times of a case": Spoilt("UPDATE share SET times = ' '", anew=False),
    "all are gone": Spoilt("DELETE FROM tally; DELETE FROM share; UPDATE cases SET counted = 0"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_does_not_open_is_counted_anew(kit: Kit, what: str) -> None:
    kit.deploy(files())
    for _ in range(3):
        case = Story(kit).start(AWARE).case
    keep(kit)
    with kit.store.writing() as unit:
        for sql in SPOILT[what].sql.split(";"):
            unit.run(text(sql.replace("' '", "CAST(' ' AS BLOB)")))
    kit.at = AT
    kit.complete("ann", case, "send")
    for _ in range(2):
        equal(kit, PEOPLE["aud"], AT, CALENDAR, None)
        keep(kit)
    assert is_kept(kit)
    with kit.store.reading() as unit:
        assert len(unit.rows(select(share.c.case_id))) == 3


def test_what_is_counted_otherwise_is_kept_otherwise(kit: Kit) -> None:
    """Whoever only looks leaves what others keep alone; `work` makes it its own."""
    kit.deploy(files())
    Story(kit).start(AWARE)
    keep(kit)
    with kit.store.reading() as unit:
        before = tallies.stand(unit)
    report = timeliness(kit.desk, PEOPLE["aud"], AT, (SEND,), CALENDAR)
    assert report.measures[0].years[0].open_late == 1
    with kit.store.reading() as unit:
        assert tallies.stand(unit) == before
    keeper = Keeper(kit.desk, (SEND, FORM), Counts(), CALENDAR)
    while keeper.keep_up():
        pass
    with kit.store.reading() as unit:
        assert len({mark for mark, _ in tallies.stand(unit)}) == 1
        assert not tallies.stand(unit) & before


def test_without_its_key_nothing_is_kept_of_a_case_and_it_counts(kit: Kit) -> None:
    kit.deploy(files())
    lost, kept = (Story(kit).start(AWARE) for _ in range(2))
    lost.destroyed()
    keep(kit)
    with kit.store.reading() as unit:
        assert [row[0] for row in unit.rows(select(share.c.case_id))] == [kept.case]
    equal(kit, PEOPLE["aud"], AT, CALENDAR, None)


def test_what_changed_while_it_was_counted_is_not_kept_as_it_was(kit: Kit) -> None:
    kit.deploy(files())
    case = Story(kit).start(AWARE).case
    with kit.store.reading() as unit:
        seq = store.queries.figures.facts(unit, [case])[case].seq
    counted = tallies.Share(case_id=case, seq=seq, asked=False, body=b"", times=b"")
    kit.complete("ann", case, "send")
    with kit.store.writing() as unit:
        assert tallies.take(unit, [counted]) == []


@pytest.mark.postgres
def test_figures_are_of_one_instant_whatever_is_kept_meanwhile(postgres_store: store.Store) -> None:
    """A case that is taken into the sums behind a look's back would be in them as it was."""
    kit = Kit(postgres_store)
    kit.deploy(files())
    case = Story(kit).start(AWARE).case
    keep(kit)
    kit.complete("ann", case, "send")
    other = store.Store(kit.store.url.render_as_string(hide_password=False), KEK)
    meanwhile = [Keeper(Desk(other, kit.desk.settings), ALL, ROUTE, APRIL).keep_up]

    @event.listens_for(kit.store.engine, "after_cursor_execute")
    def then(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if "FROM tally" in statement and meanwhile:
            assert meanwhile.pop()() == 1

    equal(kit, PEOPLE["aud"], AT, CALENDAR, None)
    assert not meanwhile
    other.close()


@pytest.mark.postgres
def test_nobody_waits_for_what_is_kept_nor_it_for_an_order(postgres_store: store.Store) -> None:
    kit = Kit(postgres_store)
    kit.deploy(files())
    held, free = (Story(kit).start(AWARE).case for _ in range(2))
    keep(kit)
    for case in (held, free):
        kit.complete("ann", case, "send")
    kit.at = AT
    keeper = Keeper(kit.desk, ALL, ROUTE, APRIL)
    with kit.store.writing() as order:
        assert store.cases.lock(order, held)
        assert keeper.keep_up() == 1
        with kit.store.reading() as unit:
            (mark,) = {mark for mark, _ in tallies.stand(unit)}
            assert tallies.changed(unit, mark) == [held]
        equal(kit, PEOPLE["aud"], AT, CALENDAR, None)
    with kit.store.writing() as other:
        assert tallies.alone(other)
        assert keeper.keep_up() == 0
        equal(kit, PEOPLE["aud"], AT, CALENDAR, None)
    assert keeper.keep_up() == 1 and is_kept(kit)
    with kit.store.reading() as unit:
        assert unit.row(select(tally).where(tally.c.mark == mark)) is not None
