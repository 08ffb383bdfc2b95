"""The figures on timeliness as people, spreadsheets and programs get them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.casework.access import SYSTEM
from app.casework.commands import CompleteTask, ExcludePerson
from app.config import Config, Count, Counts
from tests.kit import PEOPLE, Kit, diagram, form
from tests.measured import files, london
from tests.templates import create_site
from tests.web.conftest import Browser
from tests.web.test_api import Client, api

__all__ = ["api"]


def case(kit: Kit, begun: str, done: str | None = None, **given: Any) -> str:
    """A case whose one step has five working days."""
    kit.at = london(begun)
    found = kit.started("ann")
    if done:
        kit.at = london(done)
        task = kit.task(found.case, "send")
        kit.desk.do(
            CompleteTask(actor=PEOPLE["ann"], at=kit.at, case=found.case, task=task, given=given)
        )
    return found.reference


def walked(kit: Kit) -> list[str]:
    """Two late over Easter, one recorded after its limit, one in the year before."""
    kit.deploy(files())
    found = [
        case(kit, "2026-02-02T09:00", "2026-02-10T09:00"),
        case(kit, "2026-03-26T09:00", "2026-04-07T09:00"),
        case(kit, "2026-03-26T09:00", "2026-04-09T09:00", sent_at="2026-04-01T09:00"),
        case(kit, "2026-03-26T09:00"),
    ]
    kit.at = london("2026-04-10T10:00")
    return found


def test_the_page_tells_counts_by_year_and_the_late_ones(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    early, late, after, still = walked(kit)
    page = browser_of("lea").visit("/figures?years=reporting")
    assert page.h1 == "Timeliness" and "Timeliness" in page.links()
    words = page.words()
    assert "As of Friday 10 April 2026 at 10am" in words
    row = "2026/27 1 small 1 small of these recorded after the limit 1 small 1 small 0 0"
    assert f"{row} 33% small 2.5 working days 4 working days" in words
    assert "2025/26 0 1 small 0 0 0 0% small 1 working day 1 working day" in words
    assert [one for one in page.links() if one in (early, late, after, still)] == [
        still, after, late, early,
    ]  # fmt: skip
    assert "Tuesday 7 April 2026 at 9am Late: 1 working day" in words
    assert "Wednesday 1 April 2026 at 9am Recorded Thursday 9 April 2026 at 9am In time" in words
    assert "Not done yet Open and late: 4 working days" in words
    assert words.count("There is no step of this name in the diagrams: return_form.") == 1
    assert page.tree.xpath("//table/caption") and page.tree.xpath("//th[@scope='row']")


def test_a_year_can_be_chosen_and_nonsense_shows_all(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    early, *_ = walked(kit)
    lea = browser_of("lea")
    only = lea.visit("/figures?years=reporting&year=2025")
    assert early in only.links() and "2026/27 1" not in only.words()
    assert "There is nothing to count in 2025/26." in only.words()
    assert only.form("/figures") == {"years": "reporting", "year": "2025"}
    assert only.links()["Download these figures as CSV"].endswith("?years=reporting&year=2025")
    for query in ("years=lost", "year=x", "year=²", "page=0", "page=99", "year=9999&page=7"):
        lea.visit(f"/figures?{query}")


def test_what_one_cannot_open_is_counted_not_named(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    shut = walked(kit)[1]
    kit.desk.do(ExcludePerson(
        actor=SYSTEM, at=kit.at, case=shut, person="aud", reason="a relative"
    ))  # fmt: skip
    page = browser_of("aud").visit("/figures")
    assert shut not in page.text
    assert "And 1 in a case that you cannot open." in page.words()


def test_without_the_right_there_is_no_such_page(
    kit: Kit, browser_of: Callable[[str], Browser], api: Callable[[str], Client]
) -> None:
    walked(kit)
    for who in ("ann", "pol", "dra"):
        browser = browser_of(who)
        assert "Timeliness" not in browser.visit("/accessibility").links()
        browser.visit("/figures", 404)
        browser.visit("/figures/download.csv", 404)
        api(who).get("/figures", 404)


def test_an_empty_site_has_a_page_too(kit: Kit, browser_of: Callable[[str], Browser]) -> None:
    page = browser_of("lea").visit("/figures")
    assert "There is nothing to count." in page.words() and "There is none." in page.words()


def test_the_file_is_for_spreadsheets(kit: Kit, browser_of: Callable[[str], Browser]) -> None:
    walked(kit)
    answer = browser_of("lea").client.get("/figures/download.csv?years=reporting&year=2026")
    assert answer.content_type == "text/csv; charset=utf-8"
    name = 'attachment; filename="timeliness-2026-04-10.csv"'
    assert answer.headers["Content-Disposition"] == name
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff") and "T-2026" not in text
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    sending = next(row for row in rows if row["Measure"] == "sending")
    assert (sending["Year"], sending["Year ends"]) == ("2026/27", "2027-03-31")
    assert (sending["In time"], sending["Late"], sending["Still open and late"]) == ("1", "1", "1")
    assert sending["Note"].endswith("Do not publish them as they are.")


def test_a_program_gets_the_same(kit: Kit, api: Callable[[str], Client]) -> None:
    client = api("lea")
    early, late, after, still = walked(kit)
    found = client.get("/figures?years=reporting&year=2026")
    assert found["as_of"] == "2026-04-10T09:00:00Z"
    sending = next(one for one in found["items"] if one["measure"] == "sending")
    (year,) = sending["figures"]
    assert (year["name"], year["ends"], year["per_cent"]) == ("2026/27", "2027-03-31", 33)
    assert (year["median_days"], year["worst_days"], year["small"]) == (2.5, 4, True)
    assert [(one["case"], one["state"], one["days"]) for one in found["late"]] == [
        (still, "open_late", 4), (after, "in_time", None), (late, "late", 1),
    ]  # fmt: skip
    assert found["late"][1]["stated"] == "2026-04-01T08:00:00Z"
    assert early not in str(found) and found["unseen"] == 0
    assert len(client.get("/figures")["late"]) == 4


@pytest.mark.parametrize("query", ["years=lost", "year=x", "year=99", "year=²", "year="])
def test_a_query_that_means_nothing_is_a_problem(api: Callable[[str], Client], query: str) -> None:
    api("lea").get(f"/figures?{query}", 400)


def test_months_stand_in_a_plot_and_in_the_table_that_says_the_same(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    walked(kit)
    lea = browser_of("lea")
    assert lea.visit("/figures").links()["Month by month"].startswith("/figures/by-month")
    page = lea.visit("/figures/by-month?years=reporting")
    words = page.words()
    assert page.h1 == "Timeliness by month" and "February 2026 0 1 small 0 0" in words
    assert "April 2026 1 small 1 small 1 small 0" in words and "January 2026 0 0 0 0" in words
    plot = "//section[@aria-labelledby='measure-2']/div[@aria-hidden='true']/*[2]"
    drawn = page.tree.xpath(f"{plot}//*[local-name()='rect' and @width > 5]/@class")
    assert drawn == ["app-plot__late", "app-plot__done", "app-plot__late", "app-plot__hatched"]
    rows = csv.DictReader(io.StringIO(lea.client.get("/figures/by-month/download.csv").text[1:]))
    (april,) = [r for r in rows if (r["Measure"], r["Month"]) == ("sending", "2026-04")]
    assert (april["In time"], april["Late"], april["Still open and late"]) == ("1", "1", "1")


RETIRED = {"value": "old", "label": "Words of its year", "until": "2025-12-31"}
LATER = {"value": "new", "label": "Words that came later", "from": "2026-01-01"}


@pytest.fixture
def counting(kit: Kit, config: Config, app: Flask) -> Flask:
    """A list of which one row ended with 2025 and another began then, and what was chosen of it."""
    asks = form("why", "line", kind="radio", valuesExpression="=in_force(settings.lines)")
    rows = {"settings.json": json.dumps({"lines": [RETIRED, LATER]}).encode()}
    step = {"groups": "clerk,lead", "form": "why"}
    kit.deploy(diagram("start > task:say > end", say=step) | asks, rows)
    for begun, line in (("2025-05-01", "old"), ("2025-06-01", "old"), ("2026-03-02", "new")):
        kit.at = london(f"{begun}T09:00")
        kit.complete("ann", kit.start("ann"), "say", line=line)
    counts = Counts(of=(Count(id="lines", name="Lines", step="say", path=("line",)),))
    return create_site(kit.desk, replace(config, counts=counts), lambda: kit.at)


def test_over_the_years_an_answer_keeps_the_words_of_its_year(
    browser_of: Callable[[str], Browser], counting: Flask
) -> None:
    lea = browser_of("lea")
    other = Browser(counting.test_client())
    signed = lea.client.get_cookie("session")
    assert signed is not None
    other.client.set_cookie("session", signed.value)
    words = other.visit("/figures/over-the-years?count=lines").words("//section[@aria-labelledby]")
    assert "Answer 2025 2026 A. Words of its year 2 small 0 B. Words that came later 0 1" in words
    answer = other.client.get("/figures/over-the-years/download.csv?count=lines").text[1:]
    assert list(csv.reader(io.StringIO(answer))) == [
        ["Lines", "2025", "2026"], ["Words of its year", "2", "0"],
        ["Words that came later", "0", "1"],
    ]  # fmt: skip
    other.visit("/figures/over-the-years?count=others", 404)
    assert "Nothing is counted here yet" in lea.visit("/figures/over-the-years").words()
