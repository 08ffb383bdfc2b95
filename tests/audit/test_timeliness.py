"""Figures on timeliness: what counts as in time, late or left out, and that the history says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app import wiring
from app.audit.exports import figures_csv
from app.audit.gathering import gathered
from app.audit.occurrences import Judged, State, judged
from app.audit.timeliness import Timeliness, timeliness
from app.audit.verification import verify_all
from app.casework.access import SYSTEM
from app.casework.commands import (
    Cancel,
    CompleteTask,
    DeliverMessage,
    ExcludePerson,
    MoveDeadline,
    ReplanCase,
)
from app.casework.errors import NotFound
from app.config.installation import load
from app.config.measures import Condition, Measure, Years
from app.engine.feel import Calendar
from app.journeys import play
from tests.kit import PEOPLE, Kit, diagram, form, settings
from tests.measured import (
    BESIDE,
    DAY,
    FORM,
    FREE,
    HANGING,
    MEASURES,
    REPORT,
    REVIEW,
    SEND,
    Told,
    files,
    london,
    told,
)

TOP = Path(__file__).resolve().parents[2]
APRIL = Years(4, 1)
CALENDAR = Years()


class Story:
    """One case, told by wall clocks in London."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.case = kit, ""

    def at(self, clock: str) -> Story:
        self.kit.at = london(clock)
        self.kit.desk.wake_due(self.kit.at)
        return self

    def start(self, clock: str, process: str = "p") -> Story:
        self.at(clock)
        self.case = self.kit.start("ann", process)
        return self

    def done(
        self, clock: str, element: str = "send", label: str | None = None, **given: Any
    ) -> Story:
        self.at(clock)
        task = self.kit.task(self.case, element, label)
        self.kit.desk.do(
            CompleteTask(
                actor=PEOPLE["ann"], at=self.kit.at, case=self.case, task=task, given=given
            )
        )
        return self

    def moved(self, clock: str, to: date, element: str = "send") -> Story:
        self.at(clock)
        task = self.kit.task(self.case, element)
        self.kit.do(MoveDeadline, "lea", case=self.case, task=task, due=to, reason="asked for")
        return self

    def closed(self, clock: str, *days: date) -> Story:
        """Days of closure become known."""
        self.at(clock)
        self.kit.desk.settings = settings(calendar=Calendar.of("england-and-wales", closed=days))
        self.kit.desk.do(ReplanCase(actor=SYSTEM, at=self.kit.at, case=self.case))
        return self

    def message(self, clock: str) -> Story:
        self.at(clock)
        self.kit.do(DeliverMessage, "lea", case=self.case, message="gone", given={})
        return self

    def cancelled(self, clock: str) -> Story:
        self.at(clock)
        self.kit.do(Cancel, "lea", case=self.case, reason="a mistake")
        return self

    def destroyed(self) -> Story:
        """The case's key is gone: what was written can no longer be read."""
        with self.kit.store.writing() as unit:
            unit.run(text("DELETE FROM case_key WHERE case_id = :case"), {"case": self.case})
        return self


@dataclass(frozen=True)
class Row:
    tell: Callable[[Story], Any]
    measure: Measure
    #: (state, working days or hours late, reason), one each time the step was there
    expected: tuple[tuple[str, float | None, str], ...]
    #: the day by whose year it counts
    day: date | None = None


def one(state: str, late: float | None = None, why: str = "") -> tuple[Any, ...]:
    return ((state, late, why),)


AWARE = "2026-03-26T09:00"  # five working days on: Thursday 2 April; Easter follows
ROWS: dict[str, Row] = {
    "in time": Row(
        lambda s: s.start(AWARE).done("2026-03-31T12:00"), SEND, one("in_time"), date(2026, 4, 2)
    ),
    "on the last day, at its last minute": Row(
        lambda s: s.start(AWARE).done("2026-04-02T23:59"), SEND, one("in_time")
    ),
    "late by one working day over Easter": Row(
        lambda s: s.start(AWARE).done("2026-04-07T09:00"), SEND, one("late", 1)
    ),
    "late, but before the next working day": Row(
        lambda s: s.start(AWARE).done("2026-04-04T09:00"), SEND, one("late", 0)
    ),
    "still open, its limit to come": Row(
        lambda s: s.start("2026-06-10T09:00").at("2026-06-17T23:00"), SEND, one("running")
    ),
    "still open and late": Row(
        lambda s: s.start(AWARE).at("2026-04-09T10:00"), SEND, one("open_late", 3)
    ),
    "stated as earlier than recorded": Row(
        lambda s: s.start(AWARE).done("2026-04-09T10:00", sent_at="2026-04-02T17:00"),
        SEND, one("in_time"),
    ),
    "stated as earlier, yet late": Row(
        lambda s: s.start(AWARE).done("2026-04-15T10:00", sent_at="2026-04-08T17:00"),
        SEND, one("late", 2),
    ),
    "nobody stated when: the time it was done": Row(
        lambda s: s.start(AWARE).done("2026-04-08T10:00"), SEND, one("late", 2)
    ),
    "24 hours over the night the clocks go back: in time": Row(
        lambda s: s.start("2026-10-24T10:00", "forms")
        .done("2026-10-25T08:59", "each_form", "1").done("2026-10-25T08:59", "each_form", "2"),
        FORM, one("in_time") * 2, date(2026, 10, 25),
    ),
    "24 hours over the night the clocks go back: the clock of the day before is too late": Row(
        lambda s: s.start("2026-10-24T10:00", "forms")
        .done("2026-10-25T09:30", "each_form", "1").done("2026-10-25T10:00", "each_form", "2"),
        FORM, (*one("late", 0.5), *one("late", 1)),
    ),
    "24 hours over the night the clocks go forward": Row(
        lambda s: s.start("2026-03-28T10:00", "forms")
        .done("2026-03-29T10:30", "each_form", "1").done("2026-03-29T11:30", "each_form", "2"),
        FORM, (*one("in_time"), *one("late", 0.5)),
    ),
    "two children: one in time, one late": Row(
        lambda s: s.start("2026-06-10T10:00", "forms")
        .done("2026-06-10T12:00", "each_form", "1").done("2026-06-11T12:00", "each_form", "2"),
        FORM, (*one("in_time"), *one("late", 2)),
    ),
    "a day alone, on the day of a limit with an hour: by when it was recorded": Row(
        lambda s: s.start("2026-06-10T10:00", "days")
        .done("2026-06-11T09:00", "send_by_day", sent_on="2026-06-11"),
        DAY, one("in_time"),
    ),
    "a day alone, recorded on a later day: by the end of that day": Row(
        lambda s: s.start("2026-06-10T10:00", "days")
        .done("2026-06-12T09:00", "send_by_day", sent_on="2026-06-10"),
        DAY, one("in_time"),
    ),
    "a day alone that may have been too late counts as too late": Row(
        lambda s: s.start("2026-06-10T10:00", "days")
        .done("2026-06-12T09:00", "send_by_day", sent_on="2026-06-11"),
        DAY, one("late", 14),
    ),
    "moved to later by hand: late by the rule": Row(
        lambda s: s.start(AWARE)
        .moved("2026-04-01T10:00", date(2026, 4, 20)).done("2026-04-08T10:00"),
        SEND, one("late", 2), date(2026, 4, 2),
    ),
    "moved to earlier by hand: in time by the rule": Row(
        lambda s: s.start(AWARE)
        .moved("2026-03-27T10:00", date(2026, 3, 30)).done("2026-04-02T10:00"),
        SEND, one("in_time"),
    ),
    "moved by hand twice, into another year": Row(
        lambda s: s.start(AWARE).moved("2026-04-01T10:00", date(2026, 4, 20))
        .moved("2026-04-16T10:00", date(2027, 4, 20)).done("2026-04-17T10:00"),
        SEND, one("late", 9), date(2026, 4, 2),
    ),
    "planned again for a day of closure: in time by the new limit": Row(
        lambda s: s.start(AWARE)
        .closed("2026-03-30T10:00", date(2026, 4, 1)).done("2026-04-07T10:00"),
        SEND, one("in_time"), date(2026, 4, 7),
    ),
    "planned again, then moved by hand: the limit planned again": Row(
        lambda s: s.start(AWARE).closed("2026-03-30T10:00", date(2026, 4, 1))
        .moved("2026-03-31T10:00", date(2026, 4, 20)).done("2026-04-09T10:00"),
        SEND, one("late", 2), date(2026, 4, 7),
    ),
    "a backstop that a move by hand left alone, planned again": Row(
        lambda s: s.start(AWARE, "reports").moved("2026-03-27T10:00", date(2026, 4, 20), "report")
        .closed("2026-03-30T10:00", date(2026, 4, 1)).done("2026-04-07T10:00", "report"),
        REPORT, one("in_time"), date(2026, 4, 7),
    ),
    "a backstop that a move by hand took along, planned again: the limit before": Row(
        lambda s: s.start(AWARE, "hanging").moved("2026-03-27T10:00", date(2026, 4, 20), "hang")
        .closed("2026-03-30T10:00", date(2026, 4, 21)).done("2026-04-10T10:00", "hang"),
        HANGING, one("late", 2), date(2026, 4, 8),
    ),
    "moved by hand, then planned again: the limit before": Row(
        lambda s: s.start(AWARE, "beside").moved("2026-03-27T10:00", date(2026, 4, 20), "stand")
        .closed("2026-03-30T10:00", date(2026, 4, 1)).done("2026-04-08T10:00", "stand"),
        BESIDE, one("late", 2), date(2026, 4, 2),
    ),
    "the backstop counts, not the due date": Row(
        lambda s: s.start(AWARE, "reports").done("2026-04-02T10:00", "report"),
        REPORT, one("in_time"), date(2026, 4, 2),
    ),
    "withdrawn before its limit": Row(
        lambda s: s.start(AWARE).message("2026-03-30T10:00"),
        SEND, one("left_out", None, "no longer needed; the case stands at “given up”"),
    ),
    "cancelled before its limit": Row(
        lambda s: s.start(AWARE).cancelled("2026-03-30T10:00"),
        SEND, one("left_out", None, "the case was cancelled"),
    ),
    "withdrawn after its limit: late stays late": Row(
        lambda s: s.start(AWARE).message("2026-04-08T10:00"), SEND, one("late", 2)
    ),
    "cancelled after its limit, which somebody had moved": Row(
        lambda s: s.start(AWARE).moved("2026-04-01T10:00", date(2026, 4, 20))
        .cancelled("2026-04-08T10:00"),
        SEND, one("late", 2),
    ),
    "no limit": Row(
        lambda s: s.start(AWARE, "free_of").done("2026-04-08T10:00", "free"),
        FREE, one("left_out", None, "no limit was set"), date(2026, 4, 8),
    ),
    "no limit and still open": Row(
        lambda s: s.start(AWARE, "free_of"),
        FREE, one("left_out", None, "no limit was set"), date(2026, 3, 26),
    ),
    "a whole review: when its report went out, not when it was filed": Row(
        lambda s: s.start(AWARE, "reviews")
        .done("2026-04-02T10:00", "dispatch").done("2026-04-20T10:00", "file"),
        REVIEW, one("in_time"), date(2026, 4, 2),
    ),
    "a whole review, its report stated as sent in time and the review still open": Row(
        lambda s: s.start(AWARE, "reviews")
        .done("2026-04-20T10:00", "dispatch", sent_at="2026-04-01T10:00"),
        REVIEW, one("in_time"),
    ),
    "a whole review, still open and late before its report exists": Row(
        lambda s: s.start(AWARE, "reviews").at("2026-04-08T10:00"), REVIEW, one("open_late", 2)
    ),
    "a whole review, cancelled after its report went out": Row(
        lambda s: s.start(AWARE, "reviews").done("2026-04-01T10:00", "dispatch")
        .cancelled("2026-04-20T10:00"),
        REVIEW, one("in_time"),
    ),
    "content destroyed, recorded in time": Row(
        lambda s: s.start(AWARE).done("2026-03-31T10:00").destroyed(), SEND, one("in_time")
    ),
    "content destroyed, recorded late: nobody can say": Row(
        lambda s: s.start(AWARE).done("2026-04-09T10:00", sent_at="2026-04-01T10:00").destroyed(),
        SEND, one("left_out", None, "its content was destroyed"),
    ),
}  # fmt: skip


def found(kit: Kit) -> list[Judged]:
    with kit.store.reading() as unit:
        all_of = list(gathered(unit, MEASURES))
    calendar = kit.desk.settings.calendar
    return sorted((judged(o, kit.at, calendar) for o in all_of), key=lambda j: j.of.label or "")


def late(one: Judged) -> float | None:
    return one.days if one.time is None else round(one.time.total_seconds() / 3600, 2)


@pytest.mark.parametrize("name", ROWS)
def test_each_case_counts_as_the_rules_say(both: Kit, name: str) -> None:
    row = ROWS[name]
    both.deploy(files())
    row.tell(Story(both))
    mine = [j for j in found(both) if j.of.measure == row.measure.id]
    assert tuple((j.state.value, late(j), j.why) for j in mine) == row.expected
    if row.day is not None:
        assert {j.of.day for j in mine} == {row.day}
    assert [j for j in found(both) if j.of.measure != row.measure.id] == []


def test_what_is_recorded_after_its_limit_shows_both_times(both: Kit) -> None:
    both.deploy(files())
    ROWS["stated as earlier than recorded"].tell(Story(both))
    (line,) = asked(both).lines
    assert (line.judged.state, line.judged.recorded_after) == (State.IN_TIME, True)
    assert line.judged.of.attested == datetime(2026, 4, 2, 16, tzinfo=UTC)
    assert line.judged.of.recorded_at == datetime(2026, 4, 9, 9, tzinfo=UTC)
    assert asked(both).measures[0].years[0].recorded_after == 1


def asked(
    kit: Kit, who: str = "aud", years: Years = CALENDAR, year: int | None = None
) -> Timeliness:
    return timeliness(kit.desk, PEOPLE[who], kit.at, MEASURES, years, year)


@pytest.fixture
def full(both: Kit) -> Kit:
    """Every row of the table in one database."""
    both.deploy(files())
    for name, row in ROWS.items():
        if "destroyed" not in name and "planned again" not in name:
            row.tell(Story(both))
    Story(both).at("2026-12-01T10:00")
    return both


def test_the_figures_are_those_that_the_histories_tell(full: Kit) -> None:
    ROWS["planned again, then moved by hand: the limit planned again"].tell(Story(full))
    ROWS["a backstop that a move by hand left alone, planned again"].tell(Story(full))
    assert _as_told(full.store, MEASURES) == told(full.store)
    assert all(one.good for one in verify_all(full.store))


def _as_told(store: Any, measures: Any) -> set[Told]:
    with store.reading() as unit:
        return {
            Told(
                o.measure, o.case_id, o.task, o.limit.at if o.limit else None,
                o.attested, o.recorded_at, o.dropped_at,
            )
            for o in gathered(unit, measures)
            if not o.ahead  # these are worked out in tests/web/by_hand.py
        }  # fmt: skip


def test_the_figures_of_the_content_are_those_that_its_histories_tell(tmp_path: Path) -> None:
    config = replace(load(TOP / "config.yaml"), secrets_dir=tmp_path)
    desk = wiring.open_desk(config, database="sqlite://", upgrade=True)
    present = datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert wiring.deploy_content(desk, config, present, print)
    for name in ("report_late", "form_a_late", "withdrawn", "no_lcspr", "calendar_change"):
        play(TOP / f"bpmn/journeys/{name}.yaml", desk, present=present, own_time=True)
    gathered_here = _as_told(desk.store, config.timeliness)
    assert {one.measure for one in gathered_here} >= {"notification", "rapid_review", "form_a"}
    assert gathered_here == told(desk.store, config.timeliness)
    desk.store.close()


def test_a_year_is_the_calendars_or_begins_on_1_april(full: Kit) -> None:
    by = {one.measure.id: one for one in asked(full).measures}
    assert [year.year for year in by["sending"].years] == [2026]
    april = {one.measure.id: one for one in asked(full, years=APRIL).measures}
    assert [year.year for year in april["form"].years] == [2026, 2025]
    assert (april["form"].years[1].in_time, april["form"].years[1].late) == (1, 1)
    assert asked(full, years=APRIL).known == (2026, 2025)
    only = asked(full, years=APRIL, year=2025)
    assert [len(one.years) for one in only.measures] == [0, 0, 0, 0, 1, 0, 0, 1]
    assert {line.measure.id for line in only.lines} == {"form"}
    assert (APRIL.name(2025), APRIL.ends(2025)) == ("2025/26", date(2026, 3, 31))
    assert (APRIL.of(date(2026, 3, 31)), APRIL.of(date(2026, 4, 1))) == (2025, 2026)


def test_every_occurrence_is_counted_once(full: Kit) -> None:
    for one in asked(full).measures:
        if one.measure in (HANGING, BESIDE):
            continue
        (year,) = one.years
        counted = year.decided + year.running + sum(year.left_out.values())
        assert counted == len([j for j in found(full) if j.of.measure == one.measure.id])
    sending = asked(full).measures[0].years[0]
    assert sending.per_cent == round(100 * sending.in_time / sending.decided)
    assert (sending.median_days, sending.worst_days) == (2, 168)  # from 2 April to 1 December 2026
    form = next(one for one in asked(full).measures if one.measure.id == "form").years[0]
    assert (form.median_hours, form.worst_hours) == (0.8, 2.0)


def test_almost_all_is_not_all() -> None:
    """99.6 per cent is not told as 100, nor a single success as none."""
    from app.audit.timeliness import Figures

    assert Figures(year=2026, in_time=249, late=1).per_cent == 99
    assert Figures(year=2026, in_time=1, late=400).per_cent == 1
    assert Figures(year=2026, in_time=250).per_cent == 100
    assert Figures(year=2026, running=3).per_cent is None


def test_late_ones_are_named_only_to_those_who_see_their_case(kit: Kit) -> None:
    kit.deploy(files())
    for _ in range(2):
        ROWS["late by one working day over Easter"].tell(Story(kit))
    shut = Story(kit)
    ROWS["still open and late"].tell(shut)
    order = {"case": shut.case, "person": "aud", "reason": "a relative"}
    kit.desk.do(ExcludePerson(actor=SYSTEM, at=kit.at, **order))
    assert (len(asked(kit, "aud").lines), asked(kit, "aud").unseen) == (2, 1)
    assert (len(asked(kit, "lea").lines), asked(kit, "lea").unseen) == (3, 0)
    # What one cannot open is counted in the figures all the same.
    assert asked(kit, "aud").measures[0].years == asked(kit, "lea").measures[0].years
    with pytest.raises(NotFound):
        asked(kit, "ann")


def test_a_step_the_diagrams_do_not_have_is_a_remark(kit: Kit) -> None:
    kit.deploy(files())
    unknown = Measure(id="x", name="X", basis=None, tasks=("nowhere",), limit="due")
    odd = Measure(id="y", name="Y", basis=None, tasks=("send",), limit="backstop", happened="on")
    seen = timeliness(kit.desk, PEOPLE["aud"], kit.at, (unknown, odd, SEND), Years())
    assert [list(one.remarks) for one in seen.measures] == [
        ["There is no step of this name in the diagrams: nowhere."],
        [
            "The step send has no backstop in the diagrams.",
            "The form of the step send asks for no date “on”;"
            " the time at which the step was done is counted.",
        ],
        [],
    ]
    assert [one.years for one in seen.measures] == [(), (), ()]


def test_a_measure_with_a_condition_counts_only_where_the_answer_says_so(kit: Kit) -> None:
    """Two duties share a step; no answer yet, or none that can be read: it is counted."""
    route = form("why", "route", required=False)
    drawn = "start > task:draft > task:send > end"
    kit.deploy(
        diagram(
            drawn, draft={"groups": "clerk", "form": "why"},
            send={"groups": "clerk", "due": "=working_days_after(today(), 5)"},
        ) | route
    )  # fmt: skip
    for answer in ("harm", "death", None):
        given = {"route": answer} if answer else {}
        Story(kit).start("2026-03-04 09:00").done("2026-03-05 09:00", "draft", **given).done(
            "2026-03-06 09:00"
        )
    Story(kit).start("2026-03-04 09:00").done("2026-03-05 09:00", "draft", route="death")
    measures = [
        Measure(id=id, name=id, basis=None, tasks=("send",), limit="due", where=where)
        for id, where in (
            ("all", None),
            ("harm", Condition("draft", "route", ("harm",))),
            ("death", Condition("draft", "route", ("death",))),
            ("odd", Condition("draft", "way", ("death",))),
        )
    ]
    seen = timeliness(kit.desk, PEOPLE["aud"], kit.at, measures, Years())
    assert {
        one.measure.id: [(year.in_time, year.running) for year in one.years]
        for one in seen.measures
    } == {"all": [(3, 1)], "harm": [(2, 0)], "death": [(2, 1)], "odd": [(3, 1)]}
    assert [list(one.remarks) for one in seen.measures] == [
        [], [], [], ["The form of the step draft has no question “way”; all are counted."],
    ]  # fmt: skip


def test_a_step_that_two_processes_have_is_counted_where_it_is_named(kit: Kit) -> None:
    """BPMN's key is (process, element): a copied file keeps its ids."""
    ask = {"groups": "clerk", "due": "=working_days_after(today(), 2)"}
    drawn = "start > task:ask > end"
    kit.deploy(diagram(drawn, ask=ask), diagram(drawn, process="q", ask=ask))
    Story(kit).start("2026-03-04 09:00").done("2026-03-05 09:00", element="ask")
    Story(kit).start("2026-03-04 09:00", "q").done("2026-03-20 09:00", element="ask")
    measures = [
        Measure(id=step, name=step, basis=None, tasks=(step,), limit="due")
        for step in ("ask", "p.ask", "q.ask")
    ]
    seen = timeliness(kit.desk, PEOPLE["aud"], kit.at, measures, Years())
    assert {
        one.measure.id: [(year.in_time, year.late) for year in one.years] for one in seen.measures
    } == {"ask": [(1, 1)], "p.ask": [(1, 0)], "q.ask": [(0, 1)]}
    assert [list(one.remarks) for one in seen.measures] == [
        [
            "The step ask stands in 2 processes, and all are counted."
            " To count one, write p.ask or q.ask."
        ],
        [],
        [],
    ]


def test_the_file_marks_small_numbers_and_cannot_be_a_formula(kit: Kit) -> None:
    kit.deploy(files())
    ROWS["late by one working day over Easter"].tell(Story(kit))
    trap = replace(SEND, name="=1+1", basis="@SUM(A1)")
    seen = timeliness(kit.desk, PEOPLE["aud"], kit.at, (trap, FORM), Years())
    lines = figures_csv(seen).split("\r\n")
    assert lines[0].startswith("\ufeffMeasure,Name,Legal basis,Year,Year ends,In time,")
    assert lines[1].startswith(
        "sending,'=1+1,'@SUM(A1),2026,2026-12-31,0,0,1,0,0,0,,0,1,1,,,,2026-"
    )
    assert "Do not publish them as they are." in lines[1]
    assert lines[2].startswith("form,Form,Act 1,") and lines[2].endswith("Nothing to count.")
    assert lines[3] == "" and "T-2026" not in figures_csv(seen)


def test_a_number_of_five_is_not_small(kit: Kit) -> None:
    kit.deploy(files())
    for _ in range(5):
        ROWS["in time"].tell(Story(kit))
    (year,) = asked(kit).measures[0].years
    assert (year.in_time, year.per_cent, year.small) == (5, 100, False)


def test_a_limit_beyond_the_calendar_is_late_without_a_number(kit: Kit) -> None:
    kit.deploy(files())
    ROWS["still open and late"].tell(Story(kit))
    kit.at += timedelta(days=1100)
    (line,) = asked(kit).lines
    assert (line.judged.state, line.judged.days) == (State.OPEN_LATE, None)
