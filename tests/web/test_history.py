"""The history page: sentences, the drawing step by step without script, the checks, the files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from app.audit.exports import cell
from app.audit.narrative import recent
from app.casework import look
from app.casework.commands import Claim
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser

FILES = diagram(
    "start > task:ask > task:answer > end", ask={"groups": "clerk,lead", "form": "ask"},
    answer={"groups": "clerk", "due": "=working_days_after(today(), 1)"},
) | form("ask", "wanted")  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(FILES)
    case = kit.started("ann")
    kit.do(Claim, "ann", case=case.case, task=kit.task(case.case, "ask"))
    kit.later(minutes=10)
    kit.complete("ann", case.case, "ask", wanted='=HYPERLINK("x")')
    return case.reference


def test_the_table_tells_what_happened_in_sentences(ann: Browser, case: str) -> None:
    page = ann.visit(f"/cases/{case}/history")
    assert page.h1 == f"History of case {case}"
    assert page.says("Ann Archer (Clerk) started “P” on Wednesday 4 March 2026 at 10am.")
    assert page.says("Ann Archer (Clerk) took “Ask” on")
    assert page.says("Ann Archer (Clerk) completed “Ask” on Wednesday 4 March 2026 at 10:10am.")
    assert page.says("is due by Thursday 5 March 2026")


def test_how_late_something_is_is_said_alike_while_it_is_open_and_when_it_is_done(
    browser_of: Callable[[str], Browser], kit: Kit, case: str
) -> None:
    kit.later(days=5)  # from Wednesday to Monday: due on Thursday, a weekend between
    page = browser_of("ann").visit(f"/cases/{case}")
    assert page.says("late by 2 working days")
    kit.complete("ann", case, "answer")
    assert browser_of("ann").visit(f"/cases/{case}/history").says("done 2 working days late.")


def test_the_page_of_the_case_tells_the_story_without_the_words_of_the_engine(
    ann: Browser, case: str
) -> None:
    told = ann.visit(f"/cases/{case}").words("//section[@aria-labelledby='events']")
    assert "completed “Ask”" in told and "Task opened: “Answer”" in told
    for words in ("Deadline set", "Deadline met", "was started", "Recorded for the process"):
        assert words not in told


def test_steps_lead_from_drawing_to_drawing_without_script(ann: Browser, case: str) -> None:
    page = ann.visit(f"/cases/{case}/history?step=1")
    marks: list[str] = []
    for _ in range(20):
        marks.append(" ".join(page.tree.xpath("//g[@data-element='ask']/@class")))
        if "Next" not in page.links():
            break
        page = ann.visit(page.links()["Next"].partition("#")[0])
    assert marks[0] == ""
    assert "active now" in marks
    assert marks[-1] == "done"
    assert "Previous" in page.links()
    (now,) = page.tree.xpath("//tr[@aria-current='step']")
    assert now.get("data-step") in page.answer.request.url


@pytest.mark.parametrize("step", ["0", "-1", "999", "x", "1e3", "²"])
def test_a_step_that_is_none_shows_the_newest(ann: Browser, case: str, step: str) -> None:
    assert ann.visit(f"/cases/{case}/history?step={step}").tree.xpath("//tr[@aria-current]")


def test_the_filter_shows_one_kind(ann: Browser, case: str) -> None:
    page = ann.visit(f"/cases/{case}/history?show=deadline")
    assert len(page.tree.xpath("//tr[@data-step]")) == 1
    assert ann.visit(f"/cases/{case}/history?show=trouble").says("Nothing of this kind")
    assert ann.visit(f"/cases/{case}/history?show=%3Cscript%3E").tree.xpath("//tr[@data-step]")


def test_a_step_for_the_slider_is_the_same_drawing(ann: Browser, case: str) -> None:
    answer = ann.client.get(f"/cases/{case}/history/step.json?step=2")
    found = json.loads(answer.get_data())
    assert found["svg"].startswith("<svg")
    assert found["step"] == 2
    assert found["words"] == "4 March 2026 at 10am: Task opened: “Ask”, for Clerk or Lead."


def test_the_check_says_that_all_is_sound(ann: Browser, case: str) -> None:
    page = ann.visit(f"/cases/{case}/history?check=yes")
    assert page.says("This history is sound")
    assert page.says("in an unbroken chain")
    assert page.says("the same state again")


def test_the_check_of_a_single_order_says_so_in_the_singular(ann: Browser, kit: Kit) -> None:
    kit.deploy(FILES)
    page = ann.visit(f"/cases/{kit.started('ann').reference}/history?check=yes")
    assert page.says("The one order led to the same facts and the same state again.")


def test_the_check_names_the_first_wrong_entry(ann: Browser, case: str, kit: Kit) -> None:
    with kit.store.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE history SET actor = 'ben' WHERE seq = 2")
    page = ann.visit(f"/cases/{case}/history?check=yes")
    assert page.says("This history is not sound")
    assert page.says("Entry 2 was changed")


def test_the_downloads_are_files_without_formulas(ann: Browser, case: str) -> None:
    answer = ann.client.get(f"/cases/{case}/history/download.csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case}-history.csv"'
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][0] == "Entry"
    assert not [one for row in rows for one in row if one.startswith(("=", "+", "-", "@"))]
    lines = ann.client.get(f"/cases/{case}/history/download.jsonl").get_data(as_text=True)
    kinds = [json.loads(line)["kind"] for line in lines.splitlines()]
    assert kinds[:3] == ["StartCase", "Claim", "CompleteTask"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\n=1", "＝1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_a_hostile_name_in_a_diagram_stays_text(ann: Browser, kit: Kit) -> None:
    path, content = next(iter(FILES.items()))
    hostile = b"&lt;/title>&lt;script>alert(1)&lt;/script>&lt;img src=x onerror=alert(2)>"
    kit.deploy({**FILES, path: content.replace(b'name="Ask"', b'name="' + hostile + b'"')})
    case = kit.started("ann").reference
    page = ann.visit(f"/cases/{case}/history")
    assert page.says("<img src=x onerror=alert(2)>")
    assert not page.tree.xpath("//main//script | //main//img | //*[@onerror]")


@pytest.mark.parametrize(
    "path", ["", "/step.json", "/download.csv", "/download.jsonl"], ids=lambda p: p or "page"
)
@pytest.mark.parametrize("who", ["out", "pol", "dra"])
def test_a_case_one_may_not_see_has_no_history(
    browser_of: Callable[[str], Browser], case: str, path: str, who: str
) -> None:
    assert browser_of(who).client.get(f"/cases/{case}/history{path}").status_code == 404


def test_reading_is_written_down_and_shown_on_demand(ann: Browser, lea: Browser, case: str) -> None:
    lea.visit(f"/cases/{case}/history")
    page = ann.visit(f"/cases/{case}/history?show=read")
    assert page.says("Lea Lamb (Lead) looked at the case (history)")
    assert not ann.visit(f"/cases/{case}/history").says("looked at the case")


def test_what_happened_lately_says_of_each_for_whom_it_was_and_its_time_once(
    kit: Kit, ann: Browser
) -> None:
    tasks = {name: {"groups": "clerk", "label": f'="Place {name}"'} for name in "abcdef"}
    ways = "; ".join(f"fork > task:{name} > join" for name in "bcdef")
    kit.deploy(diagram(f"start > and:fork > task:a > and:join > end; {ways}", **tasks))
    case = kit.started("ann")
    for name in "abcde":  # their opening is not among the entries that the page reads
        kit.later(minutes=5)
        kit.complete("ann", case.case, name)
    lately = ann.visit(f"/cases/{case.reference}").words("//section[@aria-labelledby='events']")
    assert "4 March 2026 at 10:25am Ann Archer (Clerk) completed “E” for Place e." in lately
    assert "for Place b." in lately and "completed “A”" not in lately, "the newest four"


def test_the_newest_sentences_are_on_the_case_page(kit: Kit, ann: Browser, case: str) -> None:
    for _ in range(9):  # more than the page shows
        ann.visit(f"/cases/{case}/history")
        kit.later(minutes=20)
    with look(kit.desk, PEOPLE["ann"], case, kit.at, None) as seen:
        newest = recent(seen, 3)
        assert [sentence.text for sentence in recent(seen)][:3] == [one.text for one in newest]
    assert len(newest) == 3 and newest[0].at >= newest[-1].at
    assert not [sentence for sentence in newest if sentence.topic == "read"]
    assert all(ann.visit(f"/cases/{case}").says(sentence.text) for sentence in newest)
