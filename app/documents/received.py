"""Owns what a file is that somebody sends: its kind by its content, whatever it is called, and why
one is not taken.

To be called in a process with bounds (`app.bounded`): a small file may unpack to anything. Nothing
in it is opened but what says which kind it is; what a virus is, is a scanner's to know.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from app.engine import Fault, attached

#: what all parts of a packed file may come to, in bytes, and how many there may be
_MOST_UNPACKED = 500_000_000
_MOST_PARTS = 10_000
#: objects of a PDF
_MOST_UNPACKED_PDF = 100_000_000
#: of the one part that says which kind it is
_MOST_SAID = 2_000_000

_PROTECTED = (
    "This file is protected by a password, so it cannot be checked. Save it without the password "
    "and choose it again."
)
_MACROS = (
    "This file holds macros, which are programs. Save it without macros (as .docx or .xlsx) and "
    "choose it again."
)
_PROGRAM = "This PDF holds a program. Print it to a new PDF and choose that."
_BROKEN = "This file is damaged and cannot be checked. Open it, save it anew and choose it again."
_TOO_MUCH = "This file unpacks to more than a document can need."
_KINDS = f"Files of these kinds can be sent: {attached.in_words(())}."

_PDF_SEALED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_PDF_PROGRAM = re.compile(rb"/(?:JavaScript|JS|Launch)(?=[\s(/<>\[])")
#: a letter of a PDF's name, as two digits
_IN_DIGITS = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
#: content type of the main part of a new Office file, and the kind that it makes
_MAIN = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
_FREE = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
#: how files begin that are not taken, and what they are
_OTHERS = (
    (b"MZ", "a program"), (b"\x7fELF", "a program"), (b"#!", "a program"),
    (b"{\\rtf", "an RTF document, which can carry programs"), (b"<", "a web page or XML"),
    (b"Rar!", "a packed file"), (b"7z\xbc\xaf", "a packed file"), (b"\x1f\x8b", "a packed file"),
    (b"OggS", "a sound or a film"), (b"ID3", "a sound or a film"),
)  # fmt: skip
#: … and pictures, which can be saved as one that is
_PICTURES = (
    (rb"GIF8", "GIF"), (rb"RIFF....WEBP", "WebP"), (rb"II\*\0|MM\0\*", "TIFF"),
    (rb"BM....\0\0", "BMP"),
    (rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1|avif)", "HEIC, as telephones take it"),
)  # fmt: skip
_FILM = re.compile(rb"....ftyp|RIFF....(?:WAVE|AVI )|\x1aE\xdf\xa3", re.DOTALL)
#: the harmless text by which people try whether files are looked at (https://www.eicar.org)
_TRIAL = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
#: parts that say what a packed file is, of which it has one; and parts that lie outside of it
_SAYS = ("[content_types].xml", "mimetype")
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_LAST_BYTES = 65_600


def kind_of(content: bytes) -> str:
    """A key of `attached.KINDS`. Raises `Fault` with a sentence for whoever sent it."""
    if not content.strip(b"\0 \t\r\n"):
        raise Fault("This file is empty.")
    if _TRIAL in content[:200]:
        raise Fault("This is the file by which virus scanners are tried. It is not taken.")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(_OLE):
        return _old_office(content)
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if start.startswith(b"%PDF-"):
        return _pdf(content)
    if b"PK\x05\x06" in content[-_LAST_BYTES:] and zipfile.is_zipfile(io.BytesIO(content)):
        raise Fault("This file is two kinds of file at once, so it is not taken.")
    _refuse_others(content, start)
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return _text(content)


def _refuse_others(content: bytes, start: bytes) -> None:
    for begins, what in _OTHERS:
        if start.startswith(begins):
            raise Fault(f"This is {what}. {_KINDS}")
    for form, name in _PICTURES:
        if re.match(form, content, re.DOTALL):
            raise Fault(f"This is a picture of another kind ({name}). Save it as .jpg or .pdf.")
    if _FILM.match(content):
        raise Fault(f"This is a sound or a film. {_KINDS}")


def _pdf(content: bytes) -> str:
    if b"PK\x05\x06" in content[-_LAST_BYTES:] and zipfile.is_zipfile(io.BytesIO(content)):
        raise Fault("This file is two kinds of file at once, so it is not taken.")
    plain = _in_letters(content)
    if _PDF_SEALED.search(plain):
        raise Fault(_PROTECTED)
    if _PDF_PROGRAM.search(plain):
        raise Fault(_PROGRAM)
    if b"%%EOF" not in content[-2048:]:
        raise Fault(_BROKEN)
    if any(_PDF_PROGRAM.search(_in_letters(objects)) for objects in _packed_objects(content)):
        raise Fault(_PROGRAM)
    return "pdf"


def _in_letters(content: bytes) -> bytes:
    """With the letters of names that are written as digits: /J#53 is /JS."""
    return _IN_DIGITS.sub(lambda digits: bytes([int(digits[1], 16)]), content)


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """What streams hold that are objects of the file, and no text or picture (ISO 32000-1, 7.5.7).
    Raises `Fault` for one that cannot be unpacked: a reader may know how."""
    left = _MOST_UNPACKED_PDF
    for stream in _STREAM.finditer(content):
        about = _in_letters(content[content.rfind(b"obj", 0, stream.start()) : stream.start()])
        if b"/ObjStm" not in about or b"/Filter" not in about:
            continue
        unpacking = zlib.decompressobj()
        try:
            objects = unpacking.decompress(content[stream.end() :], left + 1)
        except zlib.error:
            raise Fault(_BROKEN) from None
        left -= len(objects)
        if left < 0:
            raise Fault(_TOO_MUCH)
        yield objects


def _packed(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise Fault(_TOO_MUCH)
            if any(part.flag_bits & 1 for part in parts):
                raise Fault(_PROTECTED)
            names = [part.filename for part in parts]
            if any(_OUTSIDE.search(name) for name in names):
                raise Fault("This file would write outside of itself, so it is not taken.")
            if sum(name.casefold() in _SAYS for name in names) > 1:
                raise Fault("This file is two kinds of file at once, so it is not taken.")
            return _document(packed, set(names))
    except Fault:
        raise
    except MemoryError:
        raise
    except Exception:  # whatever a broken file makes the library raise
        raise Fault(_BROKEN) from None


def _document(packed: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        return _office(packed, names)
    if "mimetype" in names:
        said = _said(packed, "mimetype").strip()
        if said in _FREE:
            return _free_office(packed, names, _FREE[said])
        if said.startswith(b"application/vnd.oasis."):
            raise Fault(f"This kind of Office file is not taken. {_KINDS}")
    raise Fault(f"This is a packed file. Unpack it and choose the documents in it. {_KINDS}")


def _office(packed: zipfile.ZipFile, names: set[str]) -> str:
    types = _said(packed, "[Content_Types].xml").decode("utf-8", "replace")
    low = {name.casefold() for name in names}
    if "macroenabled" in types.casefold() or any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in name for name in low
    ):
        raise Fault(_MACROS)
    kinds = [kind for said, kind in _MAIN.items() if said in types]
    if len(kinds) != 1:
        raise Fault(f"This kind of Office file is not taken. {_KINDS}")
    for name in names:  # a template that Word would fetch from the web when somebody opens it
        if name.casefold().endswith("settings.xml.rels") and b"http" in _said(packed, name):
            relation = _said(packed, name).lower()
            if re.search(rb'attachedtemplate"[^>]*target="https?:', relation) or re.search(
                rb'target="https?:[^>]*attachedtemplate"', relation
            ):
                raise Fault("This document fetches a template from the web, so it is not taken.")
    return kinds[0]


def _free_office(packed: zipfile.ZipFile, names: set[str], kind: str) -> str:
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Fault(_MACROS)
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _said(packed, manifest):
        raise Fault(_PROTECTED)
    return kind


def _said(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        content = part.read(_MOST_SAID + 1)
    if len(content) > _MOST_SAID:
        raise Fault(_TOO_MUCH)
    return content


def _old_office(content: bytes) -> str:
    """By the names of its streams, which stand in its directory in two bytes a letter."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise Fault(_PROTECTED)
    if holds("_VBA_PROJECT") or holds("Macros\0"):
        raise Fault(_MACROS)
    if holds("WordDocument"):
        if _sealed_word(content):
            raise Fault(_PROTECTED)
        return "doc"
    if holds("Workbook") or holds("Book\0"):
        # the first record behind the beginning says that all others are sealed
        if re.search(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06].{4,12}\x2f\x00", content, re.DOTALL):
            raise Fault(_PROTECTED)
        return "xls"
    raise Fault(f"This is an old Office file or an Outlook message. {_KINDS}")


def _sealed_word(content: bytes) -> bool:
    """The bit in the head of the text of a Word 97 document that says it is sealed."""
    for at in range(_SECTOR, len(content), _SECTOR):
        if content[at : at + 2] == b"\xec\xa5":
            return bool(int.from_bytes(content[at + 10 : at + 12], "little") & 0x0100)
    return False


def _text(content: bytes) -> str:
    for coding in (
        "utf-8-sig",
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252",
    ):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f]", text):
            if re.search(r"<\s*(?:!doctype|html|script|svg|iframe|body)\b", text[:4096], re.I):
                raise Fault(f"This is a web page or XML. {_KINDS}")
            return "txt"
    raise Fault(f"This is no file of a kind that can be taken. {_KINDS}")
