"""Published learning is found without script, by everybody, as a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from tests.casework.test_published import OUT, WROTE, files, made, track
from tests.kit import Kit
from tests.web.conftest import Browser


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(files())
    done = kit.started("ann")
    kit.complete("ann", done.case, "write", **WROTE)
    made(kit, done.case)
    kit.complete("ann", done.case, "publish", **OUT)
    track(kit, done.case, impact="Seen alone")
    return done.reference


def test_everybody_finds_it_in_two_clicks_with_its_file(
    browser_of: Callable[[str], Browser], case: str
) -> None:
    pol = browser_of("pol")
    page = pol.visit(pol.visit("/tasks").links()["Published learning"])
    words = page.words()
    for line in ("1 publication.", "Seen too late", "Report, published Wednesday 4 March 2026",
                 "Babies", "What changed: Seen alone", "Child 1 is examined"):  # fmt: skip
        assert line in words, words
    assert case not in page.text and "Quibble" not in page.text and "Nurse Quill" not in words
    links = page.links()
    assert links["Read it where it is published: Seen too late"] == OUT["address"]
    file = pol.client.get(links["Download the document: Seen too late"])
    assert file.headers["Content-Disposition"] == 'attachment; filename="seen-too-late.docx"'


def test_it_is_narrowed_by_a_plain_form(ann: Browser, case: str) -> None:
    page = ann.visit("/learning?words=late&theme=b&year=2026&kind=Report")
    assert "1 publication like that." in page.words()
    assert page.form("/learning") == {
        "words": "late", "theme": "b", "year": "2026", "kind": "Report",
    }  # fmt: skip
    assert "0 publications like that." in ann.visit("/learning?theme=r").words()
    assert f"Case {case}" in page.links()


def test_the_file_of_what_is_shown_has_a_row_for_each_action(ann: Browser, case: str) -> None:
    text = ann.client.get("/learning/download.csv?words=late").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row["Title"], row["Action"], row["Owner"]) for row in rows] == [
        ("Seen too late", "Child 1 is examined", "Nurse Quill")
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", "//example.org"])
def test_an_address_that_is_no_page_is_told_and_no_link(
    kit: Kit, address: str, ann: Browser
) -> None:
    kit.deploy(files())
    done = kit.started("ann")
    kit.complete("ann", done.case, "write", **WROTE)
    kit.complete("ann", done.case, "publish", **(OUT | {"address": address}))
    page = ann.visit("/learning")
    assert f"Published at {address}" in page.words()
    assert address not in page.links().values()
