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
