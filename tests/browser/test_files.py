"""Files in a real browser: chosen, kept, read and taken out, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, sign_in
from tests.browser.screens import resize
from tests.browser.test_pages import ContextOf, violations

LETTER = {"name": "Letter.txt", "mimeType": "text/plain", "buffer": b"What the school knows"}
PROGRAM = {"name": "Letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90"}


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_file_is_chosen_kept_read_and_taken_out(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    page = sign_in(context_of(script=script), site, "ann")
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(f"{at}/sections/2")
    page.get_by_label("Who saw it?").fill("A neighbour")
    page.get_by_label("Letters and reports").set_input_files([LETTER, PROGRAM])  # type: ignore[list-item]
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="“Letter.pdf” was not taken.")).to_be_visible()
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
    resize(page, 320, 800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if script:
        assert not violations(page)
    with page.expect_download() as read:
        page.get_by_role("link", name="Letter.txt (plain text, 1 kB)").click()
    assert read.value.suggested_filename == "Letter.txt"
    assert read.value.path().read_bytes() == LETTER["buffer"]
    page.get_by_role("button", name="Remove Letter.txt").click()
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
    expect(page.get_by_text("Letter.txt")).to_have_count(0)
