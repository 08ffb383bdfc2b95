"""A PDF prints what local families write; what no typeface holds spoils nothing around it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import typst
from docx import Document

from app.documents import pdf
from app.documents.typefaces import MISSING, replaced, typefaces

AT = datetime(2026, 4, 2, tzinfo=UTC)
SCRIPTS = {
    "Arabic": "محمد بن عبد الله", "Urdu": "شہزاد احمد", "Hebrew": "דוד לוי",
    "Bengali": "রহিমা খাতুন", "Devanagari": "प्रिया शर्मा", "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Gujarati": "પ્રકાશ પટેલ", "Tamil": "தமிழ்ச்செல்வி", "Telugu": "తెలుగు రాజు",
    "Chinese": "王小明", "Japanese": "山田太郎 さくら", "Korean": "김민준", "Thai": "สมชาย ใจดี",
    "Amharic": "አበበ በቂላ", "Greek": "Αλέξανδρος", "Cyrillic": "Наталья Ґалина",
    "Vietnamese": "Đặng Thị Ngọc", "Yoruba": "Adébáyọ̀ Ọlá", "an emoji": "👍",
}  # fmt: skip
BARE = typst.Fonts(include_system_fonts=False)


def blocks(*texts: str) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text).add_run(text).bold = True
    return pdf.printed(document, "Names", AT)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_script_of_local_families_is_printed(text: str) -> None:
    assert replaced([text], typefaces()) == {}


def test_only_what_is_missing_is_replaced() -> None:
    texts = ["Đặng Thị Ngọc 𓀀", "Adébáyọ̀ Ọlá e\u0301"]
    assert replaced(texts, typefaces()) == {"𓀀": MISSING}


def test_without_the_packages_a_pdf_still_comes() -> None:
    names = ["Đặng Thị Ngọc", "王小明", "ok 👍"]
    assert replaced(names, BARE) == dict.fromkeys("王小明👍", MISSING)
    document = Document()
    document.add_paragraph(" ".join(names))
    assert pdf.printed(document, "Names", AT, BARE).startswith(b"%PDF-")


def test_the_pdf_says_itself_what_it_cannot_show() -> None:
    assert pdf._note({"𓀀": MISSING, "王": MISSING, "x̱": "x"}) == (
        "This PDF cannot show U+13000 (egyptian hieroglyph a001) and U+738B (cjk unified "
        f"ideograph-738b): “{MISSING}” stands in the place. It leaves out signs on these letters: "
        "x. The Word version of this document shows them."
    )


def test_the_same_document_gives_the_same_bytes_in_every_script() -> None:
    assert blocks(*SCRIPTS.values()) == blocks(*SCRIPTS.values())


def test_a_paragraph_runs_as_most_of_it_is_written() -> None:
    assert pdf._leftward("انتقلت العائلة إلى لندن في 2026.")
    assert not pdf._leftward("The father, محمد, was told")


@pytest.mark.parametrize("fonts", [typefaces(), BARE], ids=["all typefaces", "the fewest"])
def test_a_thousand_letters_that_nothing_prints_still_give_a_pdf_within_its_bound(
    monkeypatch: pytest.MonkeyPatch, fonts: typst.Fonts
) -> None:
    letters = "".join(chr(0x13000 + n) for n in range(1000))
    signs = "".join(f"{chr(97 + n % 26)}{chr(0x1E8D0 + n % 7)}" for n in range(182))
    compiler, trials = typst.Compiler, []

    def counted(*given: Any, **named: Any) -> typst.Compiler:
        trials.append(1)
        return compiler(*given, **named)

    monkeypatch.setattr(typst, "Compiler", counted)
    document = Document()
    document.add_paragraph(f"Kim Example {letters} {signs}")
    made = pdf.printed(document, "Names", AT, fonts)
    assert made.startswith(b"%PDF-") and len(trials) < 20, "a trial is some milliseconds"
    assert set(replaced([signs], fonts).values()) == set(signs[::2]), (
        "letters lose their sign alone"
    )
    instead = replaced([letters], fonts)
    assert instead == dict.fromkeys(letters, MISSING)
    assert "U+13000 (egyptian hieroglyph a001)" in pdf._note(instead)
    assert "and others" in pdf._note(instead)


def test_a_word_file_holds_what_the_pdf_does_not() -> None:
    from app.documents.word.word_files import every_text, saved

    document = Document()
    document.add_paragraph("𓀀 محمد")
    assert "𓀀 محمد" in every_text(saved(Document(io.BytesIO(_bytes(document))), AT))


def _bytes(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
