"""Pages of caseworkers, walked through on a real desk."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from app.casework import accounts
from app.casework.commands import ExcludePerson
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser, own_form

BrowserOf = Callable[[str], Browser]
GZIP = {"Accept-Encoding": "gzip"}

WORK = diagram(
    "start > task:check > task:agree > end",
    check={
        "groups": "clerk",
        "form": "check",
        "due": "=working_days_after(today(), 5)",
        "backstop": "=working_days_after(today(), 15)",
        "basis": "The Act, section 3",
        "explain": "Somebody has to **look** at it.",
    },
    agree={"groups": "clerk,lead", "form": "agree", "not_done_by": "check"},
)
FORMS = form("check", "what", "why", kind="textarea") | form("agree", "yes", required=False)


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(WORK, FORMS)
    return kit.started("ann").reference


def test_what_a_group_has_to_do_is_listed_with_its_deadline(ann: Browser, case: str) -> None:
    page = ann.visit("/")
    assert page.h1 == "My tasks"
    assert page.says("Wednesday 11 March 2026 in 5 working days")
    assert "Check" in page.links()


def test_a_task_says_who_by_when_and_why(ann: Browser, case: str) -> None:
    page = ann.visit(ann.visit("/tasks").links()["Check"])
    assert page.title == f"Check – Case {case} – Rapid Review"
    for words in ("Clerk", "The Act, section 3", "5 working days after Wednesday 4 March 2026"):
        assert page.says(words)
    assert page.tree.xpath("//strong[text()='look']")


def test_completing_a_task_closes_it(ann: Browser, case: str) -> None:
    task = ann.visit("/tasks").links()["Check"]
    page = ann.fill(task, {"what": "A", "why": "B"})
    assert page.says("The task is done")
    assert page.links()[f"Go on with your next task in case {case}"].startswith(f"/cases/{case}/")
    assert page.links()["look at the case"] == f"/cases/{case}"
    assert "Check" not in page.links()


def test_missing_answers_are_listed_with_anchors_and_nothing_is_lost(
    ann: Browser, case: str
) -> None:
    task = ann.visit("/tasks").links()["Check"]
    page = ann.fill(task, {"what": "Typed <b>text</b>", "why": ""}, code=422)
    assert page.title.startswith("Error: ")
    (link,) = page.tree.xpath("//*[contains(@class, 'govuk-error-summary')]//a")
    assert link.get("href") == "#f-why"
    assert page.tree.get_element_by_id("f-what").text.strip() == "Typed <b>text</b>"


def test_a_draft_comes_back(ann: Browser, case: str) -> None:
    task = ann.visit("/tasks").links()["Check"]
    page = ann.fill(task, {"what": "Half", "_action": "draft"})
    assert page.says("Your answers are saved")
    again = ann.visit(task)
    assert again.form(None)["csrf_token"]
    assert again.tree.get_element_by_id("f-what").text.strip() == "Half"
    assert again.says("They have not been sent")


def test_a_draft_is_nobody_elses(browser_of: BrowserOf, case: str) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    task = ann.visit("/tasks").links()["Check"]
    ann.fill(task, {"what": "Secret half", "_action": "draft"})
    assert not ben.visit(task).says("Secret half")


def test_the_same_post_twice_is_one_completion(ann: Browser, case: str, kit: Kit) -> None:
    task = ann.visit("/tasks").links()["Check"]
    post = {**_task_form(ann, task), "_action": "complete", "what": "A", "why": "B"}
    first, second = ann.send(task, post), ann.send(task, post)
    assert first.code == second.code == 200
    assert kit.open(case) == ["agree"]


def test_who_comes_second_gets_every_word_back(browser_of: BrowserOf, case: str) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    task = ann.visit("/tasks").links()["Check"]
    late = _task_form(ben, task)
    ann.fill(task, {"what": "A", "why": "B"})
    page = ben.send(task, {**late, "_action": "complete", "what": "Mine", "why": "Long"}, code=409)
    assert page.says("Ann Archer has already completed this task")
    assert page.says("Wednesday 4 March 2026 at 10am")
    assert page.says("Mine")
    assert page.says("Long")


def test_a_closed_task_says_who_closed_it(browser_of: BrowserOf, case: str) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    task = ann.visit("/tasks").links()["Check"]
    ann.fill(task, {"what": "A", "why": "B"})
    page = ben.visit(task, code=410)
    assert page.h1 == "This task is closed"
    assert page.says("Ann Archer")


def test_claiming_takes_a_task_from_the_group_and_releasing_gives_it_back(
    browser_of: BrowserOf, case: str
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    task = ann.visit("/tasks").links()["Check"]
    ann.send(task, {**own_form(ann.visit(task)), "_action": "claim"})
    assert ann.visit("/tasks?show=mine").says("Check")
    refused = ben.visit(task)
    assert refused.says("Ann Archer has taken this task")
    assert not refused.tree.xpath("//button[contains(., 'Complete')]")
    ann.send(task, {**own_form(ann.visit(task)), "_action": "release"})
    assert ben.visit("/tasks?show=groups").says("Check")


def test_four_eyes_are_explained(ann: Browser, case: str) -> None:
    ann.fill(ann.visit("/tasks").links()["Check"], {"what": "A", "why": "B"})
    page = ann.visit(ann.visit("/tasks?show=groups").links()["Agree"])
    assert page.says("You did “Check”, so somebody else must do “Agree”")


def test_late_tasks_say_so_in_words(ann: Browser, case: str, kit: Kit) -> None:
    ann.visit("/tasks")
    kit.later(days=12)
    fresh = ann.sign_in("ann")
    page = ann.visit("/tasks?show=late")
    assert fresh.code == 200
    assert page.says("late by 3 working days")
    assert page.tree.xpath(
        "//strong[contains(@class, 'govuk-tag') and contains(., 'Behind the local target')]"
    )
    kit.later(days=30)
    ann.sign_in("ann")
    breach = ann.visit("/tasks?show=late").tree.xpath("//strong[contains(@class, 'tag--red')]")
    assert [one.text_content().strip() for one in breach] == ["Breach of the national limit"]


def test_a_case_starts_from_its_form_with_a_confirmation(ann: Browser, kit: Kit) -> None:
    drawn = diagram("start > task:check > end", start={"form": "begin"}, check={"groups": "clerk"})
    kit.deploy(drawn, form("begin", "reason"))
    chosen = ann.visit("/start").links()["P"]
    refused = ann.fill(chosen, {"reason": ""}, code=422)
    assert refused.title.startswith("Error: ")
    page = ann.fill(chosen, {"reason": "Because"})
    assert page.says("The case has begun")
    assert page.says("T-2026-0001")
    assert page.h1 == "Case T-2026-0001"
    assert not page.says("What happens next")


def test_who_has_begun_a_case_is_told_what_happens_next(ann: Browser, kit: Kit) -> None:
    (file, drawn), *_ = diagram("start > task:check > end", check={"groups": "clerk"}).items()
    words = b'<zeebe:property name="after_start" value="Lea reads it &amp; rings you."/>'
    first = b'<zeebe:property name="start_groups"'
    kit.deploy({file: drawn.replace(first, words + first)}, form("tick", "note", required=False))
    page = ann.fill(ann.visit("/start").links()["P"], {})
    assert page.says("Lea reads it & rings you.")
    assert not ann.visit("/cases/T-2026-0001").says("rings you")


def test_a_case_shows_tasks_deadlines_and_the_drawing(ann: Browser, case: str) -> None:
    page = ann.visit(f"/cases/{case}")
    assert page.says("Wednesday 25 March 2026")
    assert page.says("Check: open now")
    assert page.says("Ann Archer (Clerk) started")
    assert "Check" in page.words("//table[.//caption[contains(., 'Open tasks')]]")
    assert ann.visit(f"/cases/{case}/deadlines").says("5 working days after Wednesday 4 March 2026")


#: what the page of a case leads to: each on a page of its own → what stands there
PARTS = {
    "Tasks and deadlines": "5 working days after", "People": "Who sees this case",
    "Documents": "There are no documents", "What was recorded": "Each form as it was sent",
    "History": "Check and keep", "The whole history of this case": "Check and keep",
    "Open this drawing alone: P": "",
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_what_is_long_stands_on_a_page_of_its_own(ann: Browser, case: str, name: str) -> None:
    address = ann.visit(f"/cases/{case}").links()[name]
    if PARTS[name]:
        assert ann.visit(address).says(PARTS[name])
    else:
        assert ann.client.get(address).mimetype == "image/svg+xml"


def test_the_page_of_a_case_holds_no_drawing_and_names_where_it_lies(
    ann: Browser, case: str
) -> None:
    """Pages hold secrets of the session, so they are not made small on their way; drawings are."""
    page = ann.visit(f"/cases/{case}")
    assert not page.tree.xpath("//*[name()='svg' and @role='img']")
    (address,) = page.tree.xpath("//*[@id='diagram']/..//img/@src")
    plain, small = (ann.client.get(address, headers=head) for head in ({}, GZIP))
    assert gzip.decompress(small.data) == plain.data and len(small.data) < len(plain.data)
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in ann.client.get(f"/cases/{case}", headers=GZIP).headers


def test_drawings_are_listed_and_each_is_drawn_when_it_is_asked_for(
    ann: Browser, case: str
) -> None:
    page = ann.visit(f"/cases/{case}/drawings?process=p")
    assert page.says("P (shown)") and page.tree.xpath("//img/@src")
    ann.visit(f"/cases/{case}/drawings?process=nothing", 404)


def test_whom_to_reach_is_told_to_who_sees_the_whole_case(
    browser_of: BrowserOf, case: str, kit: Kit
) -> None:
    kit.complete("ann", case, "check", what="A", why="B")
    for who in ("ann", "ben"):
        one = PEOPLE[who]
        accounts.ensure(kit.desk, who, one.name, one.roles, kit.at, email=f"{who}@example.org")
    page = browser_of("ann").visit(f"/cases/{case}")
    assert "mailto:ann@example.org" in page.links().values()
    assert (
        "mailto:ann@example.org"
        in browser_of("ann").visit(f"/cases/{case}/people").links().values()
    )
    kit.do(ExcludePerson, "lea", case=case, person="ben", reason="their own sister")
    assert "ben@example.org" not in browser_of("ann").visit(f"/cases/{case}/people").words()


def test_the_drawing_alone_is_an_svg(ann: Browser, case: str) -> None:
    answer = ann.client.get(f"/cases/{case}/diagram.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_case_one_may_not_see_does_not_exist(browser_of: BrowserOf, case: str) -> None:
    stranger, unknown = browser_of("out"), browser_of("out")
    there, gone = stranger.visit(f"/cases/{case}", 404), unknown.visit("/cases/T-2026-9999", 404)
    assert there.words() == gone.words()
    assert not stranger.visit("/cases").says(case)


def test_a_thousand_tasks_come_in_pages(ann: Browser, kit: Kit) -> None:
    kit.deploy(WORK, FORMS)
    for _ in range(60):
        kit.start("ann")
    page = ann.visit("/tasks")
    assert page.says("Showing 1 to 50 of 60 tasks")
    assert ann.visit("/tasks?show=groups&page=2").says("Showing 51 to 60 of 60 tasks")
    assert ann.visit("/tasks?show=groups&page=99").code == 200


def _task_form(browser: Browser, task: str) -> dict[str, str]:
    page = browser.visit(task)
    (form,) = page.tree.xpath("//form[contains(@class, 'app-form')]")
    return dict(form.form_values())


TWO = diagram(
    "start > task:tell > end",
    tell={"groups": "clerk,lead", "form": "tell", "people": "2", "explain": "Say it."},
)


@pytest.fixture
def two(kit: Kit) -> str:
    kit.deploy(TWO, form("tell", "what", "why"))
    return kit.started("ann").reference


def _tell(browser: Browser) -> str:
    return browser.visit("/tasks").links()["Tell"]


def test_a_task_that_needs_two_people_says_so_before_anybody_starts(ann: Browser, two: str) -> None:
    page = ann.visit(_tell(ann))
    assert page.says("Two different people have to sign it")
    assert page.says("When you have signed, somebody else reads your answers and signs too")
    assert page.tree.xpath("//button[contains(., 'Sign this task')]")


def test_the_first_of_two_is_told_and_sees_what_they_gave(ann: Browser, two: str) -> None:
    task = _tell(ann)
    page = ann.fill(task, {"what": "At ten", "why": "So"})
    assert page.says("You have signed first")
    assert "Tell" not in page.links()
    own = ann.visit(task)
    assert own.says("You have signed this first")
    assert own.says("You signed “Tell” first, so somebody else must sign it too")
    assert own.words("(//dl)[last()]") == "What At ten Why So"
    assert not own.tree.xpath("//button[contains(., 'Sign this')] | //button[contains(., 'Take')]")


def test_the_second_finds_the_answers_filled_in_and_confirms_them(
    browser_of: BrowserOf, two: str, kit: Kit
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    ann.fill(_tell(ann), {"what": "At <ten>", "why": "So"})
    work_list = ben.visit("/tasks")
    assert work_list.says("Signed by Ann Archer; a second person has to sign")
    task = work_list.links()["Tell"]
    page = ben.visit(task)
    assert page.says("Ann Archer has signed this first")
    assert page.says("Signed on Wednesday 4 March 2026 at 10am")
    assert page.tree.get_element_by_id("f-what").get("value") == "At <ten>"
    assert ben.fill(task, {}).says("The task is done")
    assert kit.open(two) == []
    recorded = browser_of("lea").visit(f"/cases/{two}/recorded")
    assert recorded.says("Ann Archer and Ben Baker, Wednesday 4 March 2026")


def test_who_changes_an_answer_is_told_that_theirs_is_the_first_now(
    browser_of: BrowserOf, two: str, kit: Kit
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    ann.fill(_tell(ann), {"what": "At ten", "why": "So"})
    page = ben.fill(_tell(ben), {"what": "At eleven"})
    assert page.says("You changed the answers, so the signature of Ann Archer no longer stands")
    assert kit.open(two) == ["tell"]
    assert ann.fill(_tell(ann), {}).says("The task is done")


def test_who_did_not_see_the_first_signature_finds_their_words_as_a_draft(
    browser_of: BrowserOf, two: str
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    task = _tell(ann)
    late = _task_form(ben, task)
    ann.fill(task, {"what": "At ten", "why": "So"})
    post = {**late, "_action": "complete", "what": "Mine", "why": "Long"}
    page = ben.send(task, post, code=409)
    assert page.says("Ann Archer has signed this task first")
    again = ben.visit(page.links()["look at the task again"])
    assert again.tree.get_element_by_id("f-what").get("value") == "Mine"
    assert again.says("The form below holds what you typed")
    assert again.words("(//dl)[last()]") == "What At ten Why So"
    theirs = ben.visit(again.links()["Put the answers of Ann Archer in it instead"])
    assert theirs.tree.get_element_by_id("f-what").get("value") == "At ten"
    assert not theirs.says("The form below holds what you typed")


def test_the_same_first_signature_twice_is_one(ann: Browser, two: str, kit: Kit) -> None:
    task = _tell(ann)
    post = {**_task_form(ann, task), "_action": "complete", "what": "A", "why": "B"}
    first, second = ann.send(task, post), ann.send(task, post)
    assert first.says("You have signed first") and second.says("You have signed first")
    assert kit.open(two) == ["tell"]


def test_a_task_says_what_happens_next(ann: Browser, case: str) -> None:
    page = ann.visit(ann.visit("/tasks").links()["Check"])
    assert page.says("It is offered to you because you have the role Clerk.")
    (row,) = page.tree.xpath("//dt[.='What happens next']/..")
    assert " ".join("".join(row.itertext()).split()) == "What happens next Agree (Clerk or Lead)"
