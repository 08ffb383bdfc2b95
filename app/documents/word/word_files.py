"""Owns opening a Word file that somebody uploaded: text and styles, and nothing else.

No macro, no link to the outside, no embedded object, no field that fetches. What the text means is
left to `templates`.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import lru_cache

from docx import Document
from docx.document import Document as WordDocument
from lxml import etree

from app.engine import NotExecutable

MOST_BYTES = 2_000_000
MOST_UNPACKED = 20_000_000
MOST_PARTS = 200
#: parts that hold text, all of which is looked through; and others that a template may hold
_TEXT = (".xml", ".rels")
_PICTURES = (
    "/", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".odttf",
)  # fmt: skip
#: begins the content types of pictures and typefaces too, and holds “xml” in a word
_OFFICE = "application/vnd.openxmlformats-"
#: tags of all parts together; a hundred full pages have a third of them
MOST_TAGS = 150_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: fields of Word that only count or repeat what stands in the document
FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "TITLE", "STYLEREF", "PAGEREF"})
_PARTS = re.compile(r"(activex|embeddings|vbaproject|vbadata|macros|afchunk|customui)", re.I)
_OBJECTS = ("altChunk", "object", "subDoc", "control", "attachedTemplate", "dataSource")


def open_word(content: bytes) -> WordDocument:
    """The document. Raises `NotExecutable` with a sentence for whoever made the file."""
    if len(content) > MOST_BYTES:
        raise NotExecutable(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        _look_through(content)
        return Document(io.BytesIO(content))
    except NotExecutable:
        raise
    except Exception as fault:  # whatever a broken file makes the libraries raise
        raise NotExecutable("The file is no Word document (.docx) that can be read.") from fault


@lru_cache(maxsize=100)
def _look_through(content: bytes) -> None:
    """Raises what `_refuse_package` does; a file that may be opened is looked through once."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        _refuse_package(packed)


def saved(document: WordDocument, at: datetime) -> bytes:
    """The document as bytes; the same document and instant give the same bytes."""
    first = io.BytesIO()
    document.save(first)
    there = at.timetuple()[:6]
    made = io.BytesIO()
    with (
        zipfile.ZipFile(first) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            after.writestr(zipfile.ZipInfo(part.filename, there), before.read(part), 8)
    return made.getvalue()


def every_text(content: bytes) -> list[str]:
    """The text of every part of a Word file that this product made, paragraph by paragraph: what a
    reader, or somebody who takes the file apart, could find in it."""
    told: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in sorted(name for name in packed.namelist() if name.endswith(".xml")):
            root = etree.fromstring(packed.read(name))
            blocks = list(root.iter(W + "p")) or [root]
            told += ["".join(map(str, block.itertext())).strip() for block in blocks]
    return [text for text in told if text]


def _refuse_package(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotExecutable("The file unpacks to more than a template can need.")
    if len({part.filename.casefold() for part in parts}) < len(parts):
        raise NotExecutable("The file holds two parts of one name. Save it again with Word.")
    tags = 0
    for part in parts:
        if _PARTS.search(part.filename) or ".." in part.filename or part.filename.startswith("/"):
            raise NotExecutable(
                "The file holds a macro or an embedded object. Save it as a plain .docx."
            )
        name = part.filename.lower()
        if name.endswith(_TEXT):
            content = packed.read(part)
            tags += content.count(b"<")
            if tags > MOST_TAGS:
                raise NotExecutable("The file holds more paragraphs than a template can need.")
            _refuse_part(part.filename, content)
        elif not name.endswith(_PICTURES):
            raise NotExecutable(
                f"The file holds “{part.filename[-60:]}”, which no template needs. Save it again "
                "with Word."
            )


def _refuse_disguised(root: etree._Element) -> None:
    """What is declared as text is called .xml or .rels, so that nothing is read unseen."""
    for declared in root.iter():
        where = declared.get("PartName") or f".{declared.get('Extension') or 'xml'}"
        kind = (declared.get("ContentType") or "").lower().removeprefix(_OFFICE)
        if "xml" in kind and not where.lower().endswith(_TEXT):
            raise NotExecutable(
                f"The file declares “{where[-60:]}” as text under another name. Save it again "
                "with Word."
            )


def _refuse_part(name: str, content: bytes) -> None:
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content.replace(b"\0", b""), re.I):
        raise NotExecutable("The file declares a document type. Save it again with Word.")
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if name == "[Content_Types].xml":
        if b"macroenabled" in content.lower():
            raise NotExecutable("The file may hold macros. Save it as a plain .docx.")
        _refuse_disguised(root)
    if name.endswith(".rels"):
        for relationship in root.iter():
            if relationship.get("TargetMode") == "External":
                raise NotExecutable(
                    "The file points to something outside of it (a linked picture, an attached "
                    "template or a web link). Take the link out."
                )
    _refuse_fields(root)


def _refuse_fields(root: etree._Element) -> None:
    for element in root.iter(*(W + tag for tag in _OBJECTS)):
        what = etree.QName(element).localname
        raise NotExecutable(f"The file holds an embedded object ({what}). Take it out.")
    told = [element.text or "" for element in root.iter(W + "instrText")]
    told += [element.get(W + "instr") or "" for element in root.iter(W + "fldSimple")]
    for text in told:
        first = text.split()[0].upper() if text.split() else "PAGE"
        if first not in FIELDS:
            raise NotExecutable(
                f"The file holds the Word field {first[:30]}, which is not carried out here. Known "
                f"are {', '.join(sorted(FIELDS))}."
            )
