"""The page of a task shows the document that it is about; the API says the same."""

from __future__ import annotations

import pytest
from flask import Flask

from app.casework import accounts
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser
from tests.web.test_api import Client
from tests.word_documents import document, lines, word

FILES = (
    diagram(
        "start > task:draft > and:both > task:check > end; both > task:more > end:over",
        draft={"groups": "clerk", "form": "draft"},
        more={"groups": "clerk", "form": "draft"},
        check={"groups": "clerk,lead", "form": "check", "brief_document": "note"},
    )
    | form("draft", "why")
    | form("check", "verdict")
    | document(
        "note",
        word(
            "# The note", "## Why", "It is <b>so</b>: "
            "«=if records.more = null then records.draft.why else records.more.why»",
            [["What", "Why"], ["This", "«=records.draft.why»"]],
        ),
        groups="clerk, lead", more="needs: [draft]\nfor: inside",
    )
)  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(FILES)
    case = kit.started("ann").reference
    kit.complete("ann", case, "draft", why="it rained all day")
    return case


def address(kit: Kit, case: str) -> str:
    return f"/cases/{case}/tasks/{kit.task(case, 'check')}"


def again(kit: Kit, case: str, why: str) -> None:
    kit.later(minutes=1)
    kit.complete("ben", case, "more", why=why)
    kit.later(minutes=1)


def test_the_document_stands_on_the_page_below_its_one_heading(
    ann: Browser, kit: Kit, case: str
) -> None:
    page = ann.visit(address(kit, case))
    assert page.h1 == "Check"
    section = "//section[@aria-labelledby='document-note']"
    text = f"{section}/div[contains(@class, 'app-document__text')]"
    assert page.words(f"{text}//h3") == "The note"
    assert page.words(f"{text}//h4") == "Why"
    assert page.words(f"{text}/p") == "It is <b>so</b>: it rained all day"
    assert page.words(f"{text}//td") == "What Why This it rained all day"
    assert page.says("This is the first time that you see this document.")


def test_the_page_has_the_words_of_the_word_file(ann: Browser, kit: Kit, case: str) -> None:
    text = "//div[contains(@class, 'app-document__text')]"
    shown = ann.visit(address(kit, case)).words(text)
    listed = ann.visit(f"/cases/{case}/documents")
    given = listed.form(f"/cases/{case}/documents/note")
    ann.send(f"/cases/{case}/documents/note", {**given, "format": "docx"})
    made = ann.client.get(f"/cases/{case}/documents/note/1").get_data()
    assert shown.split() == " ".join(lines(made)).replace(" | ", " ").split()


def test_what_changed_is_marked_for_eyes_and_ears(ann: Browser, kit: Kit, case: str) -> None:
    ann.visit(address(kit, case))
    again(kit, case, "it snowed all day")
    page = ann.visit(address(kit, case))
    assert page.words("(//ins)[1]") == "[added: snowed ]"
    assert page.words("(//del)[1]") == "[taken out: rained ]"
    assert page.says("What changed since you last saw it")


def test_a_document_that_changed_meanwhile_is_shown_and_nothing_typed_is_lost(
    ann: Browser, kit: Kit, case: str
) -> None:
    old = ann.visit(address(kit, case)).form("")
    again(kit, case, "it snowed all day")
    given = {**old, "verdict": "good enough", "_action": "complete"}
    refused = ann.send(address(kit, case), given, 422)
    assert refused.says("“The note” changed since you opened this page.")
    assert refused.says("What changed while you had this page open")
    assert refused.form("")["verdict"] == "good enough"
    assert refused.form("")["_document"] != old["_document"]
    ann.send(address(kit, case), {**refused.form(""), "_action": "complete"})
    used = ann.visit(f"/cases/{case}/documents")
    assert used.says("Check: version 2")


@pytest.fixture
def client(app: Flask, kit: Kit) -> Client:
    return Client(app, accounts.new_token(kit.desk, PEOPLE["ann"], "test", kit.at))


def test_a_program_reads_the_same_and_says_what_it_read(
    client: Client, kit: Kit, case: str
) -> None:
    task = address(kit, case)
    (one,) = client.get(f"{task}/form")["documents"]
    assert (one["version"], one["before"], one["changes"]) == (1, None, [])
    assert one["parts"][2]["words"] == ["It is <b>so</b>: it rained all day"]
    again(kit, case, "it snowed all day")
    body = {"answers": {"verdict": "good"}, "documents": {"note": one["digest"]}}
    client.post(f"{task}/complete", body, 422)
    (now,) = client.get(f"{task}/form")["documents"]
    assert {"mark": "removed", "words": "rained"} in now["changes"][0]["pieces"]
    client.post(f"{task}/complete", {**body, "documents": {"note": now["digest"]}})
    (listed,) = client.get(f"/cases/{case}/documents")["items"]
    assert [use["version"] for use in listed["uses"]] == [2]
