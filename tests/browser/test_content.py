"""The partnership's own diagrams in the editor: bpmn-js opens each of them without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.casework.access import SYSTEM
from app.casework.commands import Deploy
from app.config.installation import load
from tests.browser.conftest import Site, sign_in
from tests.browser.test_pages import ContextOf

TOP = Path(__file__).parents[2]
DIAGRAMS = sorted(path.name for path in (TOP / "bpmn").glob("*.bpmn"))


@pytest.fixture(scope="module")
def version(site: Site) -> str:
    """The content as it lies, kept as a version that is not active."""
    files = load(TOP / "config.yaml").content_files()
    done = site.kit.desk.do(Deploy(actor=SYSTEM, at=site.kit.at, files=files))
    return str(done.answer["digest"])


@pytest.mark.browser
@pytest.mark.parametrize("name", DIAGRAMS)
def test_bpmn_js_opens_the_diagram_without_a_warning(
    site: Site, version: str, context_of: ContextOf, name: str
) -> None:
    page = sign_in(context_of(), site, "dra")
    page.goto(f"/processes/{version}/edit/bpmn/{name}")
    page.wait_for_selector("body[data-editor=ready]")
    assert page.locator("#editor-status").inner_text() == "The diagram is open."
