"""Files on a form's page: kept as soon as they come, listed, taken out, downloaded, and told of at
their question when they are not taken, with every word still there."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.config.files import Files
from app.config.installation import Config
from app.web.arriving import MOST_SENT
from app.web.site import EXTENSION
from tests.anyshire import PASSWORD
from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page, own_form
from tests.web.test_known_answers import fields, text

BrowserOf = Callable[[str], Browser]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REPORT: dict[str, Any] = {
    "type": "filepicker", "key": "report", "label": "Report", "multiple": True,
    "properties": {"max_items": "2"},
}  # fmt: skip
SECTIONS = (
    {**text("place"), "properties": {"section": "Where"}},
    {**REPORT, "properties": {"max_items": "2", "section": "What you send"}},
    text("seen"),
)


@pytest.fixture
def case(kit: Kit) -> str:
    return opened(kit, text("place"), REPORT)


def opened(kit: Kit, *asked: dict[str, Any]) -> str:
    drawn = diagram(
        "start > task:ask > task:after > end", ask={"groups": "clerk", "form": "ask"},
        after={"groups": "clerk"},
    )  # fmt: skip
    kit.deploy(drawn | fields("ask", *asked))
    return kit.start("ann")


def at(kit: Kit, case: str) -> str:
    return f"/cases/{case}/tasks/{kit.task(case, 'ask')}"


def chosen(content: bytes = PDF, name: str = "Report.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def bring(
    browser: Browser, page: str, *files: Any, action: str = "attach:report", code: int = 200,
    **more: Any,
) -> Page:  # fmt: skip
    """As the page stands, with these files chosen."""
    form = own_form(browser.visit(page))
    return browser.send(
        page, {**form, "_file.report": list(files), "_action": action, **more}, code,
        content_type="multipart/form-data",
    )  # fmt: skip


def listed(page: Page) -> list[str]:
    links: Any = page.tree.xpath("//*[contains(@class, 'app-files')]//a")
    return [" ".join(link.text_content().split()) for link in links]


def test_a_file_is_kept_as_soon_as_it_comes_and_is_there_again(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    came = bring(ann, page, chosen(), place="The ward")
    assert listed(came) == listed(ann.visit(page)) == ["Report.pdf (PDF, 1 kB)"]
    assert own_form(ann.visit(page))["place"] == "The ward", "what was typed is kept with it"


def test_a_page_tells_its_script_how_large_files_may_be(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    page = browser_of("ann").visit(at(kit, case))
    (picker,) = page.tree.xpath("//input[@type='file']")
    assert (picker.get("data-most"), picker.get("data-together")) == ("10000000", "30000000")
    assert page.tree.xpath("//script[contains(@src, '/static/files.js')]")


def test_a_file_goes_with_whatever_button_is_pressed(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    bring(ann, page, chosen(), action="complete")
    assert kit.open(case) == ["after"]
    assert "Report.pdf (PDF, 1 kB)" in ann.visit(f"/cases/{case}/recorded").words()


def test_a_file_that_is_taken_out_is_not_sent(kit: Kit, browser_of: BrowserOf, case: str) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    came = bring(ann, page, chosen(), chosen(PDF + b"\n", "Other.pdf"))
    left = ann.send(page, {**own_form(came), "report[]": _all(came), "_action": "remove:report.0"})
    assert listed(left) == ["Other.pdf (PDF, 1 kB)"]
    ann.send(page, {**own_form(left), "_action": "complete"})
    words = ann.visit(f"/cases/{case}/recorded").words()
    assert "Other.pdf" in words and "Report.pdf" not in words


def _all(page: Page) -> list[str]:
    return [str(value) for value in page.tree.xpath("//input[@name='report[]']/@value")]


NOT_TAKEN = {
    "a program": (chosen(b"MZ\x90", "Report.pdf"), "This is a program"),
    "nothing": (chosen(b"", "Empty.pdf"), "is empty"),
    "too large": (chosen(b"a" * 10_000_001, "Large.txt"), "larger than 10 MB"),
    "larger than all that is kept": (chosen(bytes(48_000_000), "Film.mp4"), "it has 48 MB"),
}


@pytest.mark.parametrize(("file", "words"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_file_that_is_not_taken_is_told_of_and_all_else_stays(
    kit: Kit, browser_of: BrowserOf, case: str, file: tuple[io.BytesIO, str], words: str
) -> None:
    file = (io.BytesIO(file[0].getvalue()), file[1])
    page = bring(browser_of("ann"), at(kit, case), chosen(), file, code=422, place="The ward")
    assert page.says(f"“{file[1]}” was not taken.") and page.says(words)
    assert listed(page) == ["Report.pdf (PDF, 1 kB)"]
    assert own_form(page)["place"] == "The ward"


def test_files_that_together_are_too_many_bytes_are_told_of_one_by_one(
    kit: Kit, browser_of: BrowserOf
) -> None:
    """The rest is taken, and whoever comes behind the large ones too."""
    case = opened(kit, text("place"), {**REPORT, "properties": {"max_items": "9"}})
    scans = [chosen(b"%d" % n * 9_000_000 + b"\n", f"{n}.txt") for n in range(1, 5)]
    film = chosen(bytes(40_000_000), "Film.mp4")
    page = bring(browser_of("ann"), at(kit, case), film, *scans, chosen(), code=422, place="Here")
    assert [name.partition(" ")[0] for name in listed(page)] == [
        "1.txt", "2.txt", "3.txt", "Report.pdf",
    ]  # fmt: skip
    assert page.says("“4.txt” was not taken. With the others that you chose it is more than 30 MB")
    assert page.says("“Film.mp4” was not taken. It is larger than 10 MB: it has 40 MB")
    assert own_form(page)["place"] == "Here"


def test_beside_files_no_more_is_read_than_the_largest_answers(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    typed = {f"x{n}": "x" * 10_000_000 for n in range(4)}
    page = bring(browser_of("ann"), at(kit, case), chosen(), code=413, **typed)
    assert page.says("What you saved before is still there")


def test_of_what_is_larger_than_anybody_sends_nothing_is_read(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    kind = "multipart/form-data; boundary=x"
    length = {"CONTENT_LENGTH": str(MOST_SENT + 1)}
    ann = browser_of("ann")
    answer = ann.client.post(at(kit, case), environ_overrides=length, content_type=kind)
    assert answer.status_code == 413 and b"That was too large" in answer.data


def test_more_than_the_form_takes_are_told_of(kit: Kit, browser_of: BrowserOf, case: str) -> None:
    files = [chosen(PDF + bytes([n]) * 3, f"{n}.pdf") for n in (49, 50, 51)]
    page = bring(browser_of("ann"), at(kit, case), *files, code=422)
    assert page.says("Give no more than 2 files here") and len(listed(page)) == 2


def test_a_kind_that_the_question_does_not_take_is_told(kit: Kit, browser_of: BrowserOf) -> None:
    case = opened(kit, {**REPORT, "accept": ".docx"})
    page = bring(browser_of("ann"), at(kit, case), chosen(), code=422)
    assert page.says("Choose a file of these kinds: .docx")


def test_without_the_scanner_no_file_is_taken_and_the_answers_are_kept(
    kit: Kit, app: Flask, config: Config, browser_of: BrowserOf, case: str
) -> None:
    scanned = replace(config, files=Files(scanner="unix:/nowhere/clamd"))
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], config=scanned)
    page = bring(browser_of("ann"), at(kit, case), chosen(), code=422, place="The ward")
    assert page.says("The virus scanner does not answer") and not listed(page)
    assert own_form(page)["place"] == "The ward"


def test_a_download_is_an_attachment_and_nobody_elses(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann = browser_of("ann")
    page = bring(ann, at(kit, case), chosen(PDF, "Bericht über Zoë.pdf"))
    (link,) = page.tree.xpath("//*[contains(@class, 'app-files')]//a/@href")
    answer = ann.client.get(link)
    assert answer.data == PDF and answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''Bericht%20%C3%BCber%20Zo%C3%AB.pdf" in disposition
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [browser_of(who).client.get(link).status_code for who in ("ben", "out")] == [404, 404]


def test_in_a_section_it_is_kept_and_stands_among_the_answers(
    kit: Kit, browser_of: BrowserOf
) -> None:
    case = opened(kit, *SECTIONS)
    ann, page = browser_of("ann"), at(kit, case)
    first = own_form(ann.visit(f"{page}/sections/1"))
    ann.send(f"{page}/sections/1", {**first, "place": "The ward", "_action": "next"})
    came = bring(ann, f"{page}/sections/2", chosen())
    assert listed(came) == ["Report.pdf (PDF, 1 kB)"]
    wrong = bring(ann, f"{page}/sections/2", chosen(b"MZ"), code=422)
    assert wrong.says("This is a program") and listed(wrong) == ["Report.pdf (PDF, 1 kB)"]
    check = ann.send(f"{page}/sections/2", {**own_form(wrong), "_action": "next"})
    assert check.says("Report.pdf (PDF, 1 kB)") and check.says("The ward")
    ann.send(f"{page}/check", {**check.form(), "_action": "complete"})
    assert "Report.pdf (PDF, 1 kB)" in ann.visit(f"/cases/{case}/recorded").words()


def test_a_page_that_saves_by_itself_keeps_the_files_that_it_has(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    came = bring(ann, page, chosen())
    quiet = {**own_form(came), "place": "The ward", "_action": "autosave"}
    assert ann.client.post(page, data=quiet).status_code == 200
    again = ann.visit(page)
    assert listed(again) == ["Report.pdf (PDF, 1 kB)"]
    assert own_form(again)["place"] == "The ward"


def test_files_of_two_windows_are_kept_twice_for_the_person_to_choose(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    one, other = own_form(ann.visit(page)), own_form(ann.visit(page))
    for form, name, content in ((one, "One.pdf", PDF), (other, "Two.pdf", PDF + b"\n")):
        ann.send(
            page, {**form, "_file.report": chosen(content, name), "_action": "draft"},
            content_type="multipart/form-data",
        )  # fmt: skip
    asked = ann.visit(page)
    assert asked.says("You have two answers to “Report”")
    assert asked.says("One.pdf (PDF, 1 kB)") and asked.says("Two.pdf (PDF, 1 kB)")


@pytest.mark.parametrize("asked", [(text("place"), REPORT), SECTIONS], ids=["one page", "sections"])
def test_a_file_that_came_leads_to_a_page_that_one_can_come_back_to(
    kit: Kit, browser_of: BrowserOf, asked: tuple[dict[str, Any], ...]
) -> None:
    """What a button brings is asked for again by Back, and no browser does that unasked."""
    page = at(kit, opened(kit, *asked)) + ("/sections/2" if asked is SECTIONS else "")
    ann = browser_of("ann")
    form = {**own_form(ann.visit(page)), "_file.report": [chosen()], "_action": "attach:report"}
    answer = ann.client.post(page, data=form, content_type="multipart/form-data")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page}#f-report")
    assert listed(ann.visit(page)) == ["Report.pdf (PDF, 1 kB)"]


def test_who_has_to_sign_in_first_is_told_which_files_to_choose_again(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    form = {**own_form(ann.visit(page)), "place": "The ward", "_file.report": [chosen()]}
    kit.later(minutes=31)
    sent = {**form, "_action": "complete"}
    ended = ann.send(page, sent, 401, content_type="multipart/form-data")
    asked = {**ended.form("/sign-in"), "name": "ann", "password": PASSWORD}
    back = ann.send("/sign-in", asked)
    assert back.says("This file did not come back") and back.says("Report.pdf")
    again = ann.send(page, {**back.form(page), "_action": "show"}, 422)
    assert again.says("Choose “Report.pdf” again") and own_form(again)["place"] == "The ward"


def test_who_sends_a_form_with_files_second_is_told_where_their_answers_differ(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, ben, page = browser_of("ann"), browser_of("ben"), at(kit, case)
    late = {**own_form(ann.visit(page)), "place": "The hall", "_file.report": [chosen()]}
    bring(ben, page, chosen(), action="complete", place="The ward")
    sent = {**late, "_action": "complete"}
    told = ann.send(page, sent, 409, content_type="multipart/form-data")
    assert told.says("Where yours differs") and told.says("The ward") and told.says("The hall")


#: the page, the section's question beside the file
PLACES = {"a page": ((text("place"), REPORT), ""), "a section": (SECTIONS, "/sections/2")}


@pytest.mark.parametrize(("asked", "place"), PLACES.values(), ids=PLACES)
def test_a_file_sent_after_the_session_ended_is_named_to_choose_again_and_every_word_is_back(
    kit: Kit, browser_of: BrowserOf, asked: tuple[dict[str, Any], ...], place: str
) -> None:
    ann, page = browser_of("ann"), at(kit, opened(kit, *asked)) + place
    came = own_form(bring(ann, page, chosen()))
    words = "seen" if place else "place"
    form = {**came, words: "The yard", "_action": "complete"}
    ann.client.delete_cookie("session")
    sent = {**form, "_file.report": chosen(PDF + b"\n", "Two.pdf")}
    lost = Page(ann.client.post(page, data=sent, content_type="multipart/form-data"))
    assert lost.code == 401
    kept = ann.send("/sign-in", {**lost.form("/sign-in"), "name": "ann", "password": PASSWORD})
    back = ann.send(page, {**kept.form(page), "_action": "show"}, 422)
    assert back.says("Choose “Two.pdf” again: it did not come with your answers.")
    assert listed(back) == ["Report.pdf (PDF, 1 kB)"]
    assert own_form(back)[words] == own_form(ann.visit(page))[words] == "The yard"


def test_a_file_of_a_task_that_a_colleague_has_done_meanwhile_costs_no_word(
    kit: Kit, browser_of: BrowserOf, case: str
) -> None:
    ann, page = browser_of("ann"), at(kit, case)
    form = {**own_form(ann.visit(page)), "place": "The yard", "_action": "complete"}
    kit.complete("ben", case, "ask", place="The ward")
    late = ann.send(
        page, {**form, "_file.report": chosen()}, 409, content_type="multipart/form-data"
    )
    assert late.says("Ben Baker has already completed this task") and late.says("The yard")
