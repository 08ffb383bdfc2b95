"""Files in a real browser: chosen, kept, read and taken out, with scripts and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, sign_in
from tests.browser.screens import resize
from tests.browser.test_pages import ContextOf, violations

pytestmark = pytest.mark.browser

LETTER: Any = {"name": "Letter.txt", "mimeType": "text/plain", "buffer": b"What the school knows"}
PROGRAM: Any = {"name": "Letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90"}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """On disk: 32 MB on the wire to the browser take it most of a minute."""
    path = tmp_path / "Film.mp4"
    path.write_bytes(bytes(32_000_000))
    return path


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_file_is_chosen_kept_read_and_taken_out(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    page = sign_in(context_of(script=script), site, "ann")
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(f"{at}/sections/2")
    page.get_by_label("Who saw it?").fill("A neighbour")
    page.get_by_label("Letters and reports").set_input_files([LETTER, PROGRAM])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="“Letter.pdf” was not taken.")).to_be_visible()
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
    if script:  # the frames that `resize` waits for are drawn for scripts alone
        resize(page, 320, 800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert not violations(page)
    with page.expect_download() as read:
        page.get_by_role("link", name="Letter.txt (plain text, 1 kB)").click()
    assert read.value.suggested_filename == "Letter.txt"
    assert read.value.path().read_bytes() == LETTER["buffer"]
    page.get_by_role("button", name="Remove Letter.txt").click()
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
    expect(page.get_by_text("Letter.txt")).to_have_count(0)


def test_what_is_too_large_is_said_before_anything_is_sent(
    site: Site, context_of: ContextOf, tmp_path: Path, film: Path
) -> None:
    letter = tmp_path / "Letter.txt"
    letter.write_bytes(LETTER["buffer"])
    page = sign_in(context_of(), site, "ann")
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(f"{at}/sections/2")
    page.wait_for_selector("body[data-files=ready]")
    picker = page.get_by_label("Letters and reports")
    picker.set_input_files([letter, film])
    said = page.get_by_text("“Film.mp4” is left out. It is larger than 10 MB: it has 32 MB.")
    expect(said).to_be_visible()
    assert picker.evaluate("one => [...one.files].map(file => file.name)") == ["Letter.txt"]
    assert not violations(page)
    picker.set_input_files([LETTER])
    expect(said).to_have_count(0)


def test_pressed_twice_a_file_goes_once_and_is_there_when_one_comes_again(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(), site, "ann")
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(f"{at}/sections/2")
    page.get_by_label("Letters and reports").set_input_files([LETTER])
    page.get_by_role("button", name="Upload").dblclick()
    letter = page.get_by_role("link", name="Letter.txt (plain text, 1 kB)")
    expect(letter).to_have_count(1)
    page.goto(f"{at}/sections/2")
    expect(letter).to_have_count(1)


def test_without_scripts_a_film_costs_no_word(
    site: Site, context_of: ContextOf, film: Path
) -> None:
    page = sign_in(context_of(script=False), site, "ann")
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(f"{at}/sections/2")
    page.get_by_label("Who saw it?").fill("A neighbour")
    page.get_by_label("Letters and reports").set_input_files(film)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("link", name="“Film.mp4” was not taken.")).to_be_visible()
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
