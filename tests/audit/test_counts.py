"""Answers counted by year: the newest of each case, ages in bands, small numbers as is set."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.audit.exports import counts_csv
from app.audit.timeliness import Timeliness, timeliness
from app.casework.access import FIGURES, SYSTEM
from app.casework.commands import ExcludePerson
from app.config import Ages, ConfigError, Count, Counts, Years
from app.config.counts import read_counts
from app.config.installation import load
from app.config.sections import Section
from tests.kit import PEOPLE, Kit, diagram, settings
from tests.measured import london

TOP = Path(__file__).resolve().parents[2]
ROUTE = Count(id="route", name="Route", step="say", path=("route",))
THEMES = Count(id="themes", name="Themes", step="say", path=("themes",))
GROUP = Count(id="group", name="Group", step="say", path=("children", "group"))
AGE = Count(
    id="age", name="Age", step="say", path=("children", "born"),
    ages=Ages(on="on", bands=(1, 6, 7)),
)  # fmt: skip


def _choice(kind: str, key: str, **values: str) -> dict[str, Any]:
    options = [{"value": value, "label": label} for value, label in values.items()]
    return {"type": kind, "key": key, "id": key, "label": key, "values": options}


def _day(key: str) -> dict[str, Any]:
    return {"type": "datetime", "subtype": "date", "key": key, "id": key, "dateLabel": key}


def files() -> dict[str, bytes]:
    fields = [
        _choice("radio", "route", a="By air", b="By boat"),
        _choice("checklist", "themes", x="First", y="Second"),
        _day("on"),
        {
            "type": "dynamiclist", "id": "children", "path": "children", "label": "Children",
            "components": [_choice("select", "group", p="Plain", q="Quiet"), _day("born")],
        },
    ]  # fmt: skip
    form = {"type": "default", "id": "said", "schemaVersion": 18, "components": fields}
    drawn = diagram(
        "start > xor:again > task:say > xor:enough > end; enough > xor:back > again",
        var={"route": '"b"'},
        say={"groups": "clerk", "form": "said", "out": "=route -> route"},
        back={"condition": '=route = "b"'}, end={"condition": "default"},
    )  # fmt: skip
    return {**drawn, "forms/said.form": json.dumps(form).encode()}


@pytest.fixture
def said(kit: Kit) -> Kit:
    kit.deploy(files())
    kit.at = london("2026-03-04 09:00")
    first = kit.start("ann")
    kit.complete("ann", first, "say", route="b", themes=["x"])
    kit.complete(
        "ann", first, "say", route="a", themes=["x", "y"], on="2026-03-04",
        children=[
            {"group": "p", "born": "2025-03-05"}, {"group": "p", "born": "2020-03-04"},
            {"born": "2019-03-04"},
        ],
    )  # fmt: skip
    kit.at = london("2026-04-04 09:00")
    kit.complete("ann", kit.start("ann"), "say", route="a")
    return kit


def asked(
    kit: Kit, *counts: Count, under: int = 0, years: Years | None = None, who: str = "aud"
) -> Timeliness:
    given = Counts(of=counts, suppress_under=under)
    return timeliness(kit.desk, PEOPLE[who], kit.at, (), years or Years(), counts=given)


def told(report: Timeliness) -> dict[str, dict[int, dict[str, int | None]]]:
    return {
        one.count.id: {year.year: {n.label: n.number for n in year.numbers} for year in one.years}
        for one in report.counts
    }


def test_of_each_case_the_newest_answer_counts_in_the_words_of_its_form(said: Kit) -> None:
    assert told(asked(said, ROUTE, THEMES, GROUP, AGE)) == {
        "route": {2026: {"By air": 2}},
        "themes": {2026: {"First": 1, "Second": 1, "Not answered": 1}},
        "group": {2026: {"Plain": 2, "Not answered": 1}},
        "age": {2026: {"Under 1": 1, "6": 1, "7 and over": 1}},
    }


def test_it_counts_in_the_year_in_which_it_was_given(said: Kit) -> None:
    by = told(asked(said, ROUTE, years=Years(4, 1)))
    assert by == {"route": {2026: {"By air": 1}, 2025: {"By air": 1}}}


def test_small_numbers_are_told_or_not_as_the_settings_say(said: Kit) -> None:
    report = asked(said, GROUP, ROUTE, under=3)
    assert told(report)["group"] == {2026: {"Not answered": None, "Plain": None}}
    rows = list(csv.DictReader(io.StringIO(counts_csv(report).lstrip("\ufeff"))))
    assert {row["Number"] for row in rows} == {"under 3"}
    shown = list(csv.DictReader(io.StringIO(counts_csv(asked(said, ROUTE)).lstrip("\ufeff"))))
    assert shown[0]["Number"] == "2" and shown[0]["Note"].startswith("Counts under 5")


def test_small_numbers_are_kept_from_who_may_not_see_every_case_that_is_counted(
    said: Kit,
) -> None:
    seen = said.desk.settings.roles
    board = replace(seen["clerk"], may=seen["clerk"].may | {FIGURES})
    said.desk.settings = settings(roles={**seen, "clerk": board})
    assert told(asked(said, GROUP, who="ann"))["group"] == {2026: {"Plain": 2, "Not answered": 1}}
    with said.store.reading() as unit:
        case = unit.value(text("SELECT min(id) FROM cases"))
    order = {"case": str(case), "person": "ann", "reason": "a relative"}
    said.desk.do(ExcludePerson(actor=SYSTEM, at=said.at, **order))
    report = asked(said, GROUP, who="ann")
    assert told(report)["group"] == {2026: {"Plain": None, "Not answered": None}}
    assert report.suppress_under == 5


def test_every_count_of_the_content_is_asked_by_its_step() -> None:
    config = load(TOP / "config.yaml")
    assert config.counts.of
    for count in config.counts.of:
        form = json.loads((TOP / f"forms/{count.step}.form").read_text())
        keys = {one.get("key") or one.get("path") for one in _all(form["components"])}
        assert {*count.path} | ({count.ages.on} if count.ages else set()) <= keys, count.id


def _all(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for field in fields for one in (field, *_all(field.get("components", [])))]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([{"id": "a", "name": "A", "answer": "step"}], "step.question"),
        ([{"id": "a", "name": "A", "answer": "s.q"}] * 2, "two of “counts” have the id “a”"),
        ([{"id": "a", "name": "A", "answer": "s.q", "ages": {"day": "d", "from": []}}], "ages"),
    ],
    ids=["no question", "twice", "no bands"],
)
def test_a_count_that_cannot_be_is_said(given: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        read_counts(Section({"counts": given}, "config.yaml", ""))
