"""The documents page, the files it gives, and the same by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.casework import accounts
from app.casework.commands import Merge, ProduceDocument
from app.casework.errors import Refused
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser
from tests.web.test_api import ROOT, Client
from tests.word_documents import document, lines, word

FILES = (
    diagram("start > task:ask > task:more > end", ask={"groups": "clerk,lead", "form": "ask"},
            more={"groups": "clerk"})
    | form("ask", "wanted")
    | document("note", word("«=records.ask.wanted»"), groups="clerk", more="needs: [ask]")
)  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(FILES)
    case = kit.started("ann")
    kit.complete("ann", case.case, "ask", wanted="<script>alert(1)</script>")
    return case.reference


def make(browser: Browser, case: str, format: str, code: int = 200) -> Any:
    page = browser.visit(f"/cases/{case}/documents")
    given = page.form(f"/cases/{case}/documents/note")
    return browser.send(f"/cases/{case}/documents/note", {**given, "format": format}, code)


def test_the_case_leads_to_its_documents(ann: Browser, case: str) -> None:
    assert ann.visit(f"/cases/{case}").links()["Documents"] == f"/cases/{case}/documents"


def test_a_document_is_made_listed_and_fetched(ann: Browser, case: str) -> None:
    assert make(ann, case, "docx").says("Version 1 is made.")
    page = make(ann, case, "pdf")
    assert page.says("Ann Archer")
    links = [href for words, href in page.links().items() if words.startswith("Version")]
    assert links == [f"/cases/{case}/documents/note/{n}" for n in (2, 1)]
    pdf, docx = (ann.client.get(href) for href in links)
    assert pdf.get_data().startswith(b"%PDF-")
    assert lines(docx.get_data()) == ["<script>alert(1)</script>"]
    name = f'attachment; filename="{case} note v1.docx"'
    assert docx.headers["Content-Disposition"] == name
    assert docx.headers["X-Content-Type-Options"] == "nosniff"
    assert docx.headers["Cache-Control"] == "no-store"
    assert docx.mimetype.endswith("wordprocessingml.document")


def test_a_merged_case_offers_no_new_version(ann: Browser, case: str, kit: Kit) -> None:
    assert make(ann, case, "docx").says("Version 1 is made.")
    other = kit.started("ann").case
    kit.do(Merge, "lea", case=case, into=other, reason="Twice reported")
    page = ann.visit(f"/cases/{case}/documents")
    assert page.says("Version 1, Word") and not page.tree.xpath("//main//form")
    with pytest.raises(Refused, match="can only be read"):
        kit.do(ProduceDocument, "ann", case=case, document="note", format="docx")


def test_a_wrong_format_is_told_on_the_page(ann: Browser, case: str) -> None:
    assert make(ann, case, "exe", 422).says("Choose Word (docx) or PDF (pdf).")


def test_what_is_needed_first_is_named(ann: Browser, kit: Kit, case: str) -> None:
    other = kit.started("ann").reference
    page = ann.visit(f"/cases/{other}/documents")
    assert page.says("Not yet: it needs what is entered in Ask.")
    assert not page.tree.xpath("//button[@name='format']")


def test_a_post_without_its_token_makes_nothing(ann: Browser, case: str) -> None:
    answer = ann.client.post(f"/cases/{case}/documents/note", data={"format": "pdf"})
    assert answer.status_code in (400, 403)
    assert "Version 1" not in ann.visit(f"/cases/{case}/documents").text


@pytest.mark.parametrize("who", ["out", "pol", "dra"])
@pytest.mark.parametrize("path", ["", "/note/1", "/note/2", "/other/1"])
def test_for_others_there_are_no_documents(
    browser_of: Callable[[str], Browser], ann: Browser, case: str, who: str, path: str
) -> None:
    make(ann, case, "docx")
    assert browser_of(who).client.get(f"/cases/{case}/documents{path}").status_code == 404


def test_making_is_told_in_the_history(ann: Browser, case: str) -> None:
    make(ann, case, "docx")
    page = ann.visit(f"/cases/{case}/history?show=document")
    assert page.says("Ann Archer (Clerk) made “The note”, version 1 (docx)")
    assert ann.visit(f"/cases/{case}/history?check=yes").says("This history is sound")


@pytest.fixture
def client(app: Flask, kit: Kit) -> Client:
    return Client(app, accounts.new_token(kit.desk, PEOPLE["ann"], "test", kit.at))


def test_the_api_makes_and_gives_documents(client: Client, case: str) -> None:
    body = {"document": "note", "format": "pdf"}
    first = client.post(f"/cases/{case}/documents", body, 201, key="k")
    assert client.post(f"/cases/{case}/documents", body, 201, key="k") == first
    (one,) = client.get(f"/cases/{case}/documents")["items"]
    assert [v["sha256"] for v in one["versions"]] == [first["sha256"]]
    answer = client.http.get(f"{ROOT}/cases/{case}/documents/note/1", headers=client.head)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    client.get(f"/cases/{case}/documents/note/1")  # as described


@pytest.mark.parametrize(
    ("body", "code"),
    [({"document": "note"}, 400), ({"document": "no", "format": "pdf"}, 404),
     ({"document": "note", "format": "exe"}, 422)],
)  # fmt: skip
def test_the_api_refuses_in_words(client: Client, case: str, body: Any, code: int) -> None:
    client.post(f"/cases/{case}/documents", body, code)


@pytest.mark.parametrize("version", ["2", "0", "x", "-1", "²", "99999999999"])
def test_the_api_has_no_version_that_was_not_made(client: Client, case: str, version: str) -> None:
    client.get(f"/cases/{case}/documents/note/{version}", 404)


LEAVING = (
    diagram("start > task:who > task:tell > end", who={"groups": "clerk", "form": "who"},
            tell={"groups": "clerk", "form": "tell"})
    | form("who", "name", properties={"persons": "child", "person_is": "name"})
    | form("tell", "told", kind="textarea")
    | document("letter", word("«=records.tell.told»"), more="for: outward")
    | document("request", word("«=records.who.name»"), more="for: by law")
)  # fmt: skip


@pytest.fixture
def leaving(kit: Kit) -> str:
    kit.deploy(LEAVING)
    case = kit.started("ann")
    kit.complete("ann", case.case, "who", name="Rose <b>Marsh</b>")
    told = "Rose stood up. Then Rose sat. The MARSHES left; he rose."
    kit.complete("ann", case.case, "tell", told=told)
    return case.reference


def before(browser: Browser, case: str, document: str = "letter", format: str = "docx") -> Any:
    """The page to which making a document that leaves leads."""
    path = f"/cases/{case}/documents"
    given = browser.visit(path).form(f"{path}/{document}")
    return browser.send(f"{path}/{document}", {**given, "format": format})


def test_making_what_leaves_leads_to_what_is_replaced(ann: Browser, leaving: str) -> None:
    page = before(ann, leaving)
    assert page.h1 == "Before “The note” leaves"
    assert page.says("MARSHES (once)")
    assert page.says("also a word of its own, 2 places")
    assert [one.get("checked") for one in page.tree.xpath("//input[@type='radio']")] == [None] * 8
    assert page.tree.xpath("//mark")[0].text == "Rose"


def test_what_is_not_decided_is_asked_again_with_what_was_chosen(
    ann: Browser, leaving: str
) -> None:
    page = before(ann, leaving)
    path = f"/cases/{leaving}/documents/letter"
    given = page.form(path)
    (every,) = {one.get("name") for one in page.tree.xpath("//input[starts-with(@name, 'all-')]")}
    page = ann.send(path, {**given, every: "leave", "also": "stood", "format": "docx"}, 422)
    assert page.says("Select whether “rose” is replaced by “Child 1”")
    assert page.form(path)[every] == "leave" and page.form(path)["also"] == "stood"
    target = page.tree.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")[0]
    single = target.removeprefix("#")
    own = page.tree.xpath("//details//input[@value='replace']/@name")[0]
    choices = {**page.form(path), single: "leave", own: "replace", "format": "docx"}
    assert ann.send(path, choices).says("Version 1 is made.")
    kept = ann.client.get(f"{path}/1")
    assert lines(kept.get_data()) == [
        "Child 1 [left out] up. Then Rose sat. The Child 1 left; he rose."
    ]


def test_a_word_that_stands_nowhere_is_told_at_its_question(ann: Browser, leaving: str) -> None:
    page = before(ann, leaving)
    path = f"/cases/{leaving}/documents/letter"
    page = ann.send(path, {**page.form(path), "also": "zebra", "format": "docx"}, 422)
    assert page.says("“zebra” stands nowhere in this document")
    assert page.title.startswith("Error: ")


def test_who_gets_it_is_asked_of_what_goes_by_law(ann: Browser, leaving: str) -> None:
    page = before(ann, leaving, "request", "pdf")
    path = f"/cases/{leaving}/documents/request"
    page = ann.send(path, {**page.form(path), "format": "pdf"}, 422)
    assert page.says("Enter who gets it")
    given = {**page.form(path), "recipient": "The coroner <i>", "format": "pdf"}
    assert ann.send(path, given).says("Version 1 is made.")
    assert ann.visit(f"/cases/{leaving}/history?show=document").says(
        "made “The note”, version 1 (pdf) for The coroner <i> on"
    )


@pytest.mark.parametrize("who", ["out", "pol", "dra"])
def test_others_do_not_see_what_is_replaced(
    browser_of: Callable[[str], Browser], leaving: str, who: str
) -> None:
    path = f"/cases/{leaving}/documents/letter/before-it-leaves"
    assert browser_of(who).client.get(path).status_code == 404


def test_a_program_is_told_the_open_places_and_answers_them(client: Client, leaving: str) -> None:
    path = f"/cases/{leaving}/documents"
    body: dict[str, Any] = {"document": "letter", "format": "docx"}
    asked = client.post(path, body, 422)
    assert asked["replaced"] == {"Child 1": {"MARSHES": 1}}
    assert [(one["written"], one["instead"]) for one in asked["open"]] == [
        ("Rose", "Child 1"), ("Rose", "Child 1"), ("rose", "Child 1"),
    ]  # fmt: skip
    body |= {"seen": asked["seen"], "also": ["he"]}
    body["decisions"] = {one["place"]: "replace" for one in asked["open"][:2]}
    again = client.post(path, body, 422)
    assert [one["field"] for one in again["errors"]] == [asked["open"][2]["place"]]
    body["decisions"][asked["open"][2]["place"]] = "leave"
    client.post(path, body, 201)
    kept = client.http.get(f"{ROOT}{path}/letter/1", headers=client.head)
    assert lines(kept.get_data()) == [
        "Child 1 stood up. Then Child 1 sat. The Child 1 left; [left out] rose."
    ]
    (letter, request) = client.get(path)["items"]
    assert (letter["audience"], letter["leaves"]) == ("outward", True)
    assert (request["audience"], request["leaves"]) == ("by law", False)
    client.post(path, {"document": "request", "format": "docx"}, 422)
    client.post(path, {"document": "request", "format": "docx", "recipient": "Court"}, 201)
