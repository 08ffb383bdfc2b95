"""What an answer holds of a file: its name, size, kind and digest, never its bytes.

A page, a draft and a history keep the same four things; where the bytes lie is the store's. Which
kinds of files there are stands here; what a file is by its content, `documents` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.engine.characters import cleaned, is_blank

#: files that one question can take; an installation may set fewer
MOST_FILES = 20
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that can be taken in."""

    #: in words, as it stands behind a file's name
    name: str
    media: str
    #: how names of such files end, without the dot; the first is given to one that ends otherwise
    endings: tuple[str, ...]


_OPEN = "application/vnd.openxmlformats-officedocument."
_FREE = "application/vnd.oasis.opendocument."
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "docx": Kind("Word document", f"{_OPEN}wordprocessingml.document", ("docx",)),
    "doc": Kind("Word 97 document", "application/msword", ("doc",)),
    "xlsx": Kind("Excel workbook", f"{_OPEN}spreadsheetml.sheet", ("xlsx",)),
    "xls": Kind("Excel 97 workbook", "application/vnd.ms-excel", ("xls",)),
    "pptx": Kind("PowerPoint presentation", f"{_OPEN}presentationml.presentation", ("pptx",)),
    "odt": Kind("OpenDocument text", f"{_FREE}text", ("odt",)),
    "ods": Kind("OpenDocument spreadsheet", f"{_FREE}spreadsheet", ("ods",)),
    "txt": Kind("plain text", "text/plain", ("txt", "csv")),
    "jpg": Kind("JPEG picture", "image/jpeg", ("jpg", "jpeg")),
    "png": Kind("PNG picture", "image/png", ("png",)),
}
#: how a form's `accept` may name several at once
_GROUPS = {"image/*": ("jpg", "png"), "text/*": ("txt",)}
_WRITTEN = re.compile(r"([0-9a-f]{64}) ([0-9]{1,12}) ([a-z0-9]{1,8}) (.+)", re.ASCII | re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
#: what no file may be called: parts of a path, and what programs read in a name
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as an answer names it."""

    name: str
    #: bytes
    size: int
    #: a key of `KINDS`
    kind: str
    #: SHA-256 of its content, in hex
    digest: str

    def written(self) -> str:
        """As one text, which a page sends back and a draft keeps; `read` takes it."""
        return f"{self.digest} {self.size} {self.kind} {self.name}"

    def value(self) -> dict[str, Any]:
        """As the answer holds it, and expressions see it."""
        return {
            "name": self.name,
            "size": Decimal(self.size),
            "kind": self.kind,
            "digest": self.digest,
        }

    @property
    def words(self) -> str:
        """“Report.docx (Word document, 120 kB)”"""
        return f"{self.name} ({KINDS[self.kind].name}, {size_in_words(self.size)})"


def read(given: Any) -> Attached | None:
    """The file that a text or a context names; None where it names none."""
    if isinstance(given, str):
        match = _WRITTEN.fullmatch(given)
        if match is None:
            return None
        given = {"digest": match[1], "size": match[2], "kind": match[3], "name": match[4]}
    if not isinstance(given, Mapping):
        return None
    digest, kind, size = (str(given.get(key, "")) for key in ("digest", "kind", "size"))
    right = _DIGEST.fullmatch(digest) and kind in KINDS
    if not right or not (size.isascii() and size.isdecimal() and len(size) <= 12):
        return None
    return Attached(plain_name(str(given.get("name", "")), kind), int(size), kind, digest)


def read_all(value: Any) -> list[Attached]:
    """The files of an answer, typed or as it was given; what names none is left out."""
    given = value if isinstance(value, list | tuple) else [value]
    return [file for file in map(read, given) if file is not None]


def at(answers: Any, path: str) -> tuple[Attached, ...]:
    """The files of the answer at this path."""
    here = answers
    for step in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list | tuple) and step.isdecimal() and int(step) < len(here):
            here = here[int(step)]
        else:
            return ()
    return tuple(read_all(here or []))


def within(value: Any) -> list[Attached]:
    """All files that answers hold, in whatever groups and lists."""
    if isinstance(value, Mapping):
        file = read(value) if "digest" in value else None
        return [file] if file else [f for part in value.values() for f in within(part)]
    if isinstance(value, list | tuple):
        return [file for part in value for file in within(part)]
    return []


def plain_name(name: str, kind: str) -> str:
    """The name without a path and without what programs read in one, ending as its kind does."""
    last = re.split(r"[/\\]", cleaned(name))[-1]
    plain = " ".join(_NO_NAME.sub(" ", last).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.casefold() not in KINDS[kind].endings:
        stem, ending = plain, KINDS[kind].endings[0]
    if is_blank(stem):
        stem = "File"
    return f"{stem[:LONGEST_NAME].rstrip()}.{ending}"


def size_in_words(size: int) -> str:
    """120 kB, 3.4 MB; less than a kilobyte is one."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")


def accepted(stated: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a form's `accept` says: the kinds, and what of it is no kind that we know."""
    kinds: list[str] = []
    unknown = []
    for part in filter(None, (part.strip().casefold() for part in stated.split(","))):
        mine = [
            key
            for key, kind in KINDS.items()
            if part.removeprefix(".") in kind.endings or part == kind.media
        ]
        mine = list(_GROUPS.get(part, mine))
        kinds += mine
        if not mine:
            unknown.append(part)
    return tuple(dict.fromkeys(kinds)), tuple(unknown)


def in_words(kinds: Iterable[str]) -> str:
    """“.docx, .pdf”; of no kinds: of all."""
    chosen = [KINDS[kind] for kind in kinds] or list(KINDS.values())
    return ", ".join(f".{ending}" for kind in chosen for ending in kind.endings)
