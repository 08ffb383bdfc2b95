"""A PDF is made in a process of its own, with no lock held, and takes its time at most."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from docx import Document

from app.bounded import Unprinted, Wanted, made, taken
from app.bounded.prints import make
from app.engine import Fault

AT = datetime(2026, 3, 4, tzinfo=UTC)


def wanted(paragraphs: int, title: str = "T") -> Wanted:
    document = Document()
    for n in range(paragraphs):
        document.add_paragraph(f"Paragraph {n}: " + "some words that fill a line " * 8)
    content = io.BytesIO()
    document.save(content)
    return Wanted(content.getvalue(), title, AT)


def test_what_is_not_made_yet_is_said_to_be_wanted() -> None:
    with pytest.raises(Unprinted) as unprinted:
        taken(wanted(1))
    with made(unprinted.value.wanted):
        assert taken(unprinted.value.wanted).startswith(b"%PDF")
    with pytest.raises(Unprinted):
        taken(unprinted.value.wanted)


def test_the_same_words_at_the_same_instant_are_the_same_pdf() -> None:
    assert make(wanted(3)) == make(wanted(3))


def test_a_pdf_that_takes_too_long_is_stopped_with_a_sentence() -> None:
    with pytest.raises(Fault, match="takes more than 1 s"):
        make(wanted(12_000), seconds=1)


def test_what_is_no_word_document_is_a_fault() -> None:
    with pytest.raises(Fault):
        make(Wanted(b"no document", "T", AT))
