"""What an owner reads is what is there: nothing in a file turns text round."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.validation.deployment import check
from tests.kit import diagram, form

DRAWN = diagram("start > task:ask > end", ask={"groups": "clerk"})
PATH = "bpmn/p.bpmn"
ROUND = "Area\u202eevorppA"


def named(name: str, encoding: str = "utf-8") -> dict[str, bytes]:
    text = DRAWN[PATH].decode().replace('name="Ask"', f'name="{name}"')
    assert name in text
    return DRAWN | {PATH: text.encode(encoding)}


def in_word(text: str) -> dict[str, bytes]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<w:document>{text}</w:document>".encode())
    return DRAWN | {"forms/documents/a.docx": made.getvalue()}


ROUND_FILES = {
    "a label": named(ROUND),
    "its number": named("Area&#8238;evorppA"),
    "its number in hex": named("Area&#X202E;evorppA".replace("#X", "#x")),
    "UTF-16": named(ROUND, "utf-16"),
    "an isolate": named("Area\u2067evorppA"),
    "a form": DRAWN | form("ask", "area", label=ROUND),
    "an escape in a form": DRAWN | {"forms/a.form": b'{"id": "a", "title": "x\\u202Ey"}'},
    "an escape in FEEL": named("x").copy() | named('="x\\u202ey"'.replace('"', "&quot;")),
    "a mail": DRAWN | {"forms/mail/a.txt": f"Subject: {ROUND}\n\nx".encode()},
    "a manifest": DRAWN | {"forms/documents/a.yaml": f"title: {ROUND}".encode()},
    "a manifest's escape": DRAWN | {"forms/documents/a.yaml": b'title: "x\\u202ey"'},
    "a Word file": in_word(ROUND),
    "a Word file, by number": in_word("x&#x202e;y"),
}


def told(files: dict[str, bytes]) -> list[tuple[str, int | None]]:
    findings = check({"settings.json": b"{}", **files}).findings
    return [(finding.file, finding.line) for finding in findings if finding.rule == "turned-text"]


@pytest.mark.parametrize("kind", ROUND_FILES)
def test_controls_that_turn_text_round_are_refused(kind: str) -> None:
    assert len(told(ROUND_FILES[kind])) == 1
    assert check(ROUND_FILES[kind]).program is None


@pytest.mark.parametrize("text", ["مرحبا بكم", "שלום עולם", "نعم ١٢٣ (a)", "a\u200fb", "क्‍ष"])
def test_scripts_that_run_from_right_to_left_stay(text: str) -> None:
    assert told(named(text)) == [] and told(in_word(text)) == []
    assert check(named(text)).program is not None


def test_what_an_earlier_release_took_goes_on() -> None:
    assert check(named(ROUND), accepted=True).program is not None


def test_the_line_is_named() -> None:
    assert told(DRAWN | {"forms/mail/a.txt": b"Subject: a\n\nb\n\xe2\x80\xae"}) == [
        ("forms/mail/a.txt", 4)
    ]
