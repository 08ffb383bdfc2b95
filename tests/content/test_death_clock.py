"""A child death review runs beside the review of the case, with a day and a limit of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app import wiring
from app.casework import views
from app.casework.access import Person
from app.config.installation import Config
from app.journeys.file.reading import read
from app.journeys.run.running import play

JOURNEYS = Path(__file__).resolve().parents[2] / "bpmn/journeys"
PRESENT = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


def test_the_page_of_a_case_counts_the_days_of_a_child_death_review(
    config: Config, tmp_path: Path
) -> None:
    walk = (JOURNEYS / "child_death_to_the_end.yaml").read_text(encoding="utf-8")
    head = walk[: walk.index("  - {at: 2026-09-10 10:00")]
    file = tmp_path / "death.yaml"
    file.write_text(head, encoding="utf-8")
    own = replace(config, secrets_dir=tmp_path)
    desk = wiring.open_desk(own, database="sqlite://", upgrade=True)
    try:
        wiring.deploy_content(desk, own, PRESENT, lambda line: None)
        play(read(file), desk, present=PRESENT, own_time=True)
        lead = Person("lead", "Lead", frozenset({"cdr_team"}))
        at = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
        page = views.case_page(desk, lead, "RR-2026-0001", at, ended=0)
        (clock,) = page.clocks
        assert clock.label.startswith("Child death review")
        assert (clock.day, clock.days) == (30, 91), "7 September to 7 December"
    finally:
        desk.store.close()
