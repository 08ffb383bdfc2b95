"""Where uploaded files go, and which are sent back."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from app.web.pages.uploads import Unwelcome, Uploaded, place, received, together


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a.bpmn", "bpmn/a.bpmn"),
        ("a.bpmn20.xml", "bpmn/a.bpmn"),
        ("A.BPMN20.XML", "bpmn/A.bpmn"),
        ("a.dmn", "bpmn/a.dmn"),
        ("a.form", "forms/a.form"),
        ("a.txt", "forms/mail/a.txt"),
        ("C:\\fakepath\\a.bpmn", "bpmn/a.bpmn"),
        ("../../etc/a.bpmn", "bpmn/a.bpmn"),
    ],
)
def test_a_file_gets_the_place_of_its_kind(name: str, path: str) -> None:
    assert place(name) == path


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.xml",
        ".bpmn20.xml",
        "settings.json",
        "a",
        "",
        ".bpmn",
        "a\n.bpmn",
        "a\0.bpmn",
        "ä.bpmn",
        "x" * 200 + ".bpmn",
    ],
)
def test_other_files_are_unwelcome(name: str) -> None:
    with pytest.raises(Unwelcome):
        place(name)


def test_two_files_of_one_name_are_unwelcome() -> None:
    files = [FileStorage(BytesIO(b"x"), name) for name in ("a.bpmn", "x/a.bpmn")]
    with pytest.raises(Unwelcome, match="Two of the files"):
        received(files)


def test_new_files_lie_over_those_of_the_version() -> None:
    base = {"bpmn/a.bpmn": b"old", "bpmn/b.bpmn": b"old", "settings.json": b"old"}
    found = together(base, [Uploaded("bpmn/a.bpmn", b"new")], b"now")
    assert found == {"bpmn/a.bpmn": b"new", "bpmn/b.bpmn": b"old", "settings.json": b"now"}
