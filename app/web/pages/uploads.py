"""Takes uploaded files into the places they have in a deployment; nothing here trusts a name.

What is in them is judged by the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage

from app.validation.intake import short_name

#: where files of a kind lie in a deployment
FOLDERS = {
    ".bpmn": "bpmn",
    ".dmn": "bpmn",
    ".form": "forms",
    ".txt": "forms/mail",
    ".docx": "forms/documents",
    ".yaml": "forms/documents",
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,99}")
MOST = 200
SETTINGS = "settings.json"


class Unwelcome(Exception):
    """A file that has no place in a deployment; the message says why."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    path: str
    content: bytes


def received(files: Iterable[FileStorage]) -> list[Uploaded]:
    """The files a browser sent, with their places. Raises `Unwelcome`."""
    chosen = [file for file in files if file.filename]
    if len(chosen) > MOST:
        raise Unwelcome(f"These are {len(chosen)} files. Send {MOST} at most.")
    uploads = [Uploaded(place(file.filename or ""), file.stream.read()) for file in chosen]
    seen: set[str] = set()
    for upload in uploads:
        if upload.path in seen:
            raise Unwelcome(f"Two of the files are called “{PurePosixPath(upload.path).name}”.")
        seen.add(upload.path)
    return uploads


def place(name: str) -> str:
    """Where a file of this name lies in a deployment; only its last part counts."""
    base = short_name(name.replace("\\", "/").rsplit("/", 1)[-1])
    shown = base[:60] or "?"
    folder = FOLDERS.get(PurePosixPath(base).suffix.lower())
    if folder is None:
        kinds = ", ".join(sorted(FOLDERS))
        raise Unwelcome(f"“{shown}” is none of the kinds of file that are used: {kinds}.")
    if not NAME.fullmatch(base):
        raise Unwelcome(
            f"“{shown}” has a name that cannot be used. Letters, digits, spaces, "
            "hyphens and dots are fine."
        )
    return f"{folder}/{base}"


def together(
    base: Mapping[str, bytes], new: Iterable[Uploaded], settings: bytes
) -> dict[str, bytes]:
    """The files of `base` with new ones over them, and today's settings."""
    return {**base, **{upload.path: upload.content for upload in new}, SETTINGS: settings}
