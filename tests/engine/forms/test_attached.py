"""Files in answers: what a question takes, what it refuses, and what an answer holds of a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.engine import attached
from app.engine.attached import Attached
from app.engine.feel import World
from app.engine.forms import given_again, read_answers, read_form
from app.engine.forms.fields import Form

WORLD = World(now=datetime(2026, 4, 1, 12, tzinfo=UTC))
REPORT = Attached("Report.docx", 120_400, "docx", "a" * 64)
SCAN = Attached("Scan 1.pdf", 900, "pdf", "b" * 64)


def form(**more: Any) -> Form:
    asked = {"id": "F", "type": "filepicker", "key": "a", "label": "Report", **more}
    read, findings = read_form("forms/s.form", json.dumps({"components": [asked]}).encode())
    assert read is not None, findings
    return read


def said(given: Any, **more: Any) -> tuple[Any, dict[str, str]]:
    reading = read_answers(form(**more), {"a": given}, {}, WORLD)
    return reading.answers["a"], dict(reading.messages)


SEVERAL = {"multiple": True}
STANDS = {
    "a file": (REPORT.written(), {}, [REPORT]),
    "one in a list": ([REPORT.written()], {}, [REPORT]),
    "as a program says it": ([REPORT.value()], {}, [REPORT]),
    "two, where both may be given": ([REPORT.written(), SCAN.written()], SEVERAL, [REPORT, SCAN]),
    "the same file twice is one": ([REPORT.written()] * 2, {}, [REPORT]),
    "nothing": ([], {}, []),
    "an empty text": ("", {}, []),
    "a kind that is taken": (SCAN.written(), {"accept": ".pdf,.docx"}, [SCAN]),
}  # fmt: skip


@pytest.mark.parametrize(("given", "more", "files"), STANDS.values(), ids=STANDS)
def test_an_answer_holds_name_size_kind_and_digest(
    given: Any, more: dict[str, Any], files: list[Attached]
) -> None:
    assert said(given, **more) == ([file.value() for file in files], {})


REFUSED = {
    "two, where there is one": ([REPORT.written(), SCAN.written()], {}, "no more than 1 file"),
    "more than the form says": (
        [REPORT.written(), SCAN.written()],
        {"multiple": True, "properties": {"max_items": "1"}},
        "no more than 1 file",
    ),
    "another kind": (SCAN.written(), {"accept": ".docx"}, "must be a file of these kinds: .docx"),
    "a text": ("Report.docx", {}, "Choose the file for “Report” again"),
    "a kind that nobody knows": (f"{'a' * 64} 1 exe x.exe", {}, "Choose the file"),
    "a digest that is none": ("abc 1 pdf x.pdf", {}, "Choose the file"),
    "a size that is none": ([{**REPORT.value(), "size": "-1"}], {}, "Choose the file"),
    "none, where one is needed": ([], {"validate": {"required": True}}, "Select report"),
}


@pytest.mark.parametrize(("given", "more", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_answer_is_told_at_the_question(
    given: Any, more: dict[str, Any], sentence: str
) -> None:
    _, messages = said(given, **more)
    assert sentence in messages["a"]


def test_what_an_answer_holds_can_be_given_again() -> None:
    answers = read_answers(form(), {"a": REPORT.written()}, {}, WORLD).answers
    assert given_again(form(), answers) == {"a": [REPORT.written()]}


def test_files_are_seen_in_whatever_lists_and_groups() -> None:
    answers = {"a": {"b": [{"c": [REPORT.value()]}, {"c": []}]}, "d": "x", "e": [SCAN.value()]}
    assert attached.within(answers) == [REPORT, SCAN]


NAMES = {
    "a path of Windows": (r"C:\Users\ann\Report.docx", "docx", "Report.docx"),
    "a path": ("../../etc/Report.docx", "docx", "Report.docx"),
    "an ending of another kind": ("Report.exe", "docx", "Report.exe.docx"),
    "a text that turns round": ("Rep\u202excod.docx", "docx", "Repxcod.docx"),
    "lines and quotes": ('a"b\r\nc.pdf', "pdf", "a b c.pdf"),
    "no name": ("", "pdf", "File.pdf"),
    "only an ending": (".pdf", "pdf", "pdf.pdf"),
    "a letter with an accent": ("Réport.pdf", "pdf", "Réport.pdf"),
    "too long": ("x" * 400 + ".pdf", "pdf", "x" * 150 + ".pdf"),
}


@pytest.mark.parametrize(("name", "kind", "plain"), NAMES.values(), ids=NAMES)
def test_a_name_has_no_path_and_ends_as_its_kind_does(name: str, kind: str, plain: str) -> None:
    assert attached.plain_name(name, kind) == plain


def test_the_size_is_said_as_people_say_it() -> None:
    assert [attached.size_in_words(size) for size in (10, 120_400, 3_000_000, 3_440_000)] == [
        "1 kB", "120 kB", "3 MB", "3.4 MB",
    ]  # fmt: skip


def test_a_kind_that_cannot_be_taken_is_told_to_the_owner() -> None:
    asked = {"id": "F", "type": "filepicker", "key": "a", "label": "Report", "accept": ".exe"}
    _, findings = read_form("forms/s.form", json.dumps({"components": [asked]}).encode())
    assert [(f.rule, "“.exe”" in f.sentence) for f in findings] == [("form-files", True)]
