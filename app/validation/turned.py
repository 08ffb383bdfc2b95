"""Owns refusing files with controls that turn text round: what an owner reads is what is there.

They can stand as themselves, as a number in XML or as an escape in JSON, YAML and FEEL; a Word file
is looked through part by part. Files that an earlier release took are not judged by it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from app.documents import MOST_UNPACKED
from app.engine import Finding, NotExecutable
from app.engine.characters import TURNING
from app.engine.xml import text_of

_NUMBERED = re.compile(
    r"&#(?:x0*(?:202[a-e]|206[6-9])|0*(?:823[4-8]|829[4-7]));|\\\\?u(?:\{0*|00)?(?:202[a-e]|206[6-9])",
    re.IGNORECASE,
)
_TEXTS = (".bpmn", ".xml", ".dmn", ".form", ".json", ".txt", ".yaml", ".yml", ".md")


def findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    for path, content in files.items():
        line = _line(path.lower(), content)
        if line is not None:
            sentence = (
                "It holds a character that turns the text behind it round, so that people would "
                "read something else than what is there. Type that text again."
            )
            yield Finding(path, "turned-text", sentence, "error", None, line or None)


def _line(name: str, content: bytes) -> int | None:
    """Where the first one stands; 0 where there are no lines, None where there is none."""
    if name.endswith(".docx"):
        return 0 if any(_place(text) is not None for text in _parts(content)) else None
    if not name.endswith(_TEXTS):
        return None
    text = _text(content)
    place = _place(text)
    return None if place is None else text.count("\n", 0, place) + 1


def _place(text: str) -> int | None:
    found = [match.start() for match in (TURNING.search(text), _NUMBERED.search(text)) if match]
    return min(found, default=None)


def _text(content: bytes) -> str:
    if content.lstrip()[:1] in (b"<", b"\xff", b"\xfe", b"\x00"):
        try:
            return text_of(content)
        except NotExecutable:
            pass  # said by who reads it
    return content.decode("utf-8", "replace")


def _parts(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                return
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    yield _text(packed.read(part))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return  # said by who opens it
