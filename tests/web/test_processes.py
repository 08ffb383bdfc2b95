"""The process owner: versions, checks with every finding, activation, the editor."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from app.web import rendering
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser, Page

FINE = diagram("start > task:check > end", check={"groups": "clerk"})
BROKEN = diagram("start > task:check > end", check={"groups": "clerk", "form": "nowhere"})


@pytest.fixture
def dra(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("dra")


def upload(browser: Browser, files: dict[str, bytes], code: int = 200, **more: Any) -> Page:
    (form_,) = [
        one
        for one in browser.visit("/processes/check").tree.xpath("//form")
        if one.get("enctype") == "multipart/form-data"
    ]
    sent = [(BytesIO(content), path.rsplit("/", 1)[-1]) for path, content in files.items()]
    given = {**dict(form_.form_values()), **more, "files": sent}
    return browser.send("/processes/check", given, code, content_type="multipart/form-data")


def test_files_without_error_become_a_version_that_is_not_active_yet(
    dra: Browser, kit: Kit
) -> None:
    old = kit.deploy(FINE)
    page = upload(dra, diagram("start > task:look > end", look={"groups": "clerk"}), note="Look")
    assert page.says("somebody else makes it active")
    assert page.says("Look")
    listed = dra.visit("/processes")
    assert listed.words("//tr[.//strong[contains(., 'Active')]]").startswith(old[:12])


def test_activating_a_version_leaves_running_cases_on_theirs(
    dra: Browser, lea: Browser, kit: Kit
) -> None:
    kit.deploy(FINE)
    case = kit.start("ann")
    page = upload(dra, diagram("start > task:look > end", look={"groups": "clerk"}))
    digest = page.answer.request.path.rsplit("/", 1)[-1]
    assert page.says("You proposed this version, so somebody else must")
    assert not page.tree.xpath("//button[contains(., 'Activate')]")
    page = lea.visit(f"/processes/{digest}")
    assert page.says("What would change") and page.says("bpmn/p.bpmn")
    done = lea.send(f"/processes/{digest}/activate", page.form(f"/processes/{digest}/activate"))
    assert done.says("Made active by Lea Lamb")
    assert done.tree.xpath("//h1//strong[contains(., 'Active')]")
    assert kit.open(case) == ["check"]
    assert kit.open(kit.start("ann")) == ["look"]


def test_files_with_errors_are_kept_and_every_finding_is_shown_on_the_drawing(
    dra: Browser, kit: Kit
) -> None:
    active = kit.deploy(FINE)
    page = upload(dra, BROKEN)
    assert page.says("This version cannot be used yet")
    assert page.says("nowhere")
    assert page.tree.xpath("//td[@data-label='Element']//code[text()='check']")
    assert page.tree.xpath("//*[name()='g' and contains(@class, 'wrong')]")
    assert not page.tree.xpath("//button[contains(., 'Activate')]")
    listed = dra.visit("/processes")
    assert listed.words("//tr[.//strong[contains(., 'Active')]]").startswith(active[:12])
    assert listed.says("Cannot be used yet")


def test_a_version_with_errors_is_not_activated_by_any_way(dra: Browser, kit: Kit) -> None:
    active = kit.deploy(FINE)
    page = upload(dra, BROKEN)
    path = page.answer.request.path
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    refused = dra.send(f"{path}/activate", {"csrf_token": token})
    assert not refused.tree.xpath("//h1//strong")
    assert (
        dra.visit("/processes")
        .words("//tr[.//strong[contains(., 'Active')]]")
        .startswith(active[:12])
    )


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({"a.exe": b"MZ"}, "none of the kinds of file", id="a program"),
        pytest.param({"a.bpmn": b""}, "a.bpmn", id="empty"),
        pytest.param({"a.bpmn": b"\xff\xfe\x00garbage"}, "a.bpmn", id="garbage"),
        pytest.param(
            {"a.bpmn": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'},
            "a.bpmn",
            id="an entity",
        ),
    ],
)
def test_bad_files_are_refused_with_a_sentence(
    dra: Browser, files: dict[str, bytes], says: str
) -> None:
    page = upload(dra, files, 422)
    assert page.says(says)
    assert "root:" not in page.text


def test_a_broken_form_is_kept_but_cannot_be_used(dra: Browser) -> None:
    assert upload(dra, {"a.form": b"{"}).says("This version cannot be used yet")


def test_no_file_is_asked_for(dra: Browser) -> None:
    assert upload(dra, {}, 422).says("Select at least one file")


def test_new_files_go_with_the_active_version(dra: Browser, kit: Kit) -> None:
    first = diagram("start > task:check > end", check={"groups": "clerk", "form": "check"})
    digest = kit.deploy(first, form("check", "what"))
    page = upload(dra, form("check", "what", "more"), base=digest)
    assert page.says("somebody else makes it active")
    assert upload(dra, form("check", "what", "more"), 200, base="").code == 200


def test_a_file_comes_back_byte_for_byte(dra: Browser, kit: Kit) -> None:
    digest = kit.deploy(FINE)
    answer = dra.client.get(f"/processes/{digest}/files/bpmn/p.bpmn")
    assert answer.data == FINE["bpmn/p.bpmn"]
    assert answer.headers["Content-Disposition"] == "attachment; filename=p.bpmn"


@pytest.mark.parametrize("file", ["bpmn/q.bpmn", "../config.yaml", "settings", "bpmn"])
def test_only_files_of_the_version_are_given(dra: Browser, kit: Kit, file: str) -> None:
    digest = kit.deploy(FINE)
    dra.visit(f"/processes/{digest}/files/{file}", 404)


def test_a_drawing_has_a_page_of_its_own(dra: Browser, kit: Kit) -> None:
    digest = kit.deploy(FINE)
    page = dra.visit(f"/processes/{digest}/drawing/bpmn/p.bpmn")
    assert page.h1 == "p.bpmn"
    assert page.tree.xpath("//*[name()='svg']")


def test_the_editor_holds_the_diagram_and_may_style_inline(
    dra: Browser, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.pages.editor.assets_ready", lambda: True)
    digest = kit.deploy(FINE)
    page = dra.visit(f"/processes/{digest}/edit/bpmn/p.bpmn")
    assert page.tree.get_element_by_id("editor-xml").text.strip().startswith("<bpmn:definitions")
    policy = page.answer.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_the_editor_reads_a_diagram_in_its_own_encoding(
    dra: Browser, kit: Kit, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr("app.web.pages.editor.assets_ready", lambda: True)
    text = FINE["bpmn/p.bpmn"].decode().replace('name="P"', 'name="Prüfung"')
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n{text}'
    digest = kit.deploy(FINE | {"bpmn/p.bpmn": declared.encode(encoding)})
    page = dra.visit(f"/processes/{digest}/edit/bpmn/p.bpmn")
    assert page.tree.get_element_by_id("editor-xml").text.strip() == text


def test_an_edited_diagram_with_an_error_can_be_drawn_on(
    dra: Browser, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.pages.editor.assets_ready", lambda: True)
    monkeypatch.setattr("app.web.pages.processes.assets_ready", lambda: True)
    digest = kit.deploy(FINE)
    token = dra.visit("/processes/check").form()["csrf_token"]
    given = {"csrf_token": token, "file": "bpmn/p.bpmn", "base": digest}
    page = dra.send("/processes/check", {**given, "xml": BROKEN["bpmn/p.bpmn"].decode()})
    again = dra.visit(page.links()["Edit p.bpmn"])
    assert "nowhere" in again.tree.get_element_by_id("editor-xml").text


def test_an_edited_diagram_that_cannot_be_read_goes_back_to_the_editor(
    dra: Browser, kit: Kit
) -> None:
    digest = kit.deploy(FINE)
    token = dra.visit("/processes/check").form()["csrf_token"]
    given = {"csrf_token": token, "xml": "<half", "file": "bpmn/p.bpmn", "base": digest}
    page = dra.send("/processes/check", given, 422)
    assert page.form(f"/processes/{digest}/edit/bpmn/p.bpmn")["xml"].strip() == "<half"


def test_without_the_assets_everything_but_the_editor_works(
    dra: Browser, kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(rendering, "STAMP", tmp_path / "nothing")
    digest = kit.deploy(FINE)
    page = dra.visit(f"/processes/{digest}")
    assert "Edit p.bpmn" not in page.links()
    assert page.tree.xpath("//link[contains(@href, 'plain.css')]")
    assert dra.visit(f"/processes/{digest}/edit/bpmn/p.bpmn").says("is not installed")
