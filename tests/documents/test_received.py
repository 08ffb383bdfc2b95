"""What a file is that somebody sends: files as agencies have them, broken ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from docx import Document

from app.documents.received import kind_of
from app.engine import Fault

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(**parts: bytes | str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return content.getvalue()


def office(main: str = "spreadsheetml.sheet.main+xml", **parts: bytes | str) -> bytes:
    types = f'<Types><Override ContentType="{_OFFICE}{main}"/></Types>'
    return packed(**{"[Content_Types].xml": types, **parts})


def word() -> bytes:
    document, content = Document(), io.BytesIO()
    document.add_paragraph("What the school did.")
    document.save(content)
    return content.getvalue()


def old(*streams: str, behind: bytes = b"") -> bytes:
    return _OLE + behind + b"".join(name.encode("utf-16-le") + bytes(40) for name in streams)


def word_97(flags: int) -> bytes:
    head = b"\xec\xa5" + bytes(8) + struct.pack("<H", flags) + bytes(500)
    return old("WordDocument", behind=head)


def pdf(more: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + more + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def packed_objects(objects: bytes) -> bytes:
    """In a stream of objects, as most programs write them (ISO 32000-1, 7.5.7)."""
    packed = zlib.compress(objects)
    about = b"2 0 obj<</Type/ObjStm/Filter/FlateDecode/Length %d>>" % len(packed)
    return pdf(about + b"stream\r\n" + packed + b"\nendstream\nendobj")


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def sealed_zip() -> bytes:
    """With the bit by which a part says that it is sealed, in both places."""
    content = bytearray(office())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def templated(target: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    relation = f'<Relationship Type="{kind}" Target="{target}" TargetMode="External"/>'
    return office(
        "wordprocessingml.document.main+xml", **{"word/_rels/settings.xml.rels": relation}
    )


TAKEN: dict[str, tuple[bytes, str]] = {
    "Word": (word(), "docx"),
    "Excel": (office(), "xlsx"),
    "PowerPoint": (office("presentationml.presentation.main+xml"), "pptx"),
    "Word, made with a template of the network": (templated("file:///S:/letter.dotx"), "docx"),
    "Word 97": (word_97(0), "doc"),
    "Excel 97": (old("Workbook"), "xls"),
    "Excel 95": (old("Book\0"), "xls"),
    "OpenDocument": (packed(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    "a sheet of OpenDocument": (
        packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods",
    ),
    "PDF": (pdf(), "pdf"),
    "PDF with a line in front": (b"\n" + pdf(), "pdf"),
    "PDF that speaks of JavaScript": (pdf(b"(how JavaScript is learnt)"), "pdf"),
    "PDF with its objects packed": (packed_objects(b"1 0 <</Type/Catalog>>"), "pdf"),
    "text": ("Zoë rang at 9.\n".encode(), "txt"),
    "text of Windows": ("Zoë – 9 o’clock".encode("cp1252"), "txt"),
    "text of Notepad": ("Zoë rang".encode("utf-16"), "txt"),
    "CSV": (b"\xef\xbb\xbfDate,Event\r\n1/2/26,Visit\r\n", "txt"),
    "text with a sum": (b"2 < 3 and 4 > 1", "txt"),
    "photograph": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), "jpg"),
    "picture": (png(), "png"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), TAKEN.values(), ids=TAKEN)
def test_the_kind_is_seen_from_the_content(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \r\n\0", "is empty"),
    "the file by which scanners are tried": (
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "is not taken",
    ),
    "Word with macros": (
        office("wordprocessingml.document.main+xml", **{"word/vbaProject.bin": b"x"}),
        "holds macros",
    ),
    "Word that says it has macros": (
        packed(**{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "holds macros",
    ),
    "Excel with an ActiveX control": (office(**{"xl/activeX/a.bin": b"x"}), "holds macros"),
    "Excel 97 with macros": (old("Workbook", "_VBA_PROJECT"), "holds macros"),
    "OpenDocument with macros": (
        packed(mimetype="application/vnd.oasis.opendocument.text", Basic__a="x"), "holds macros",
    ),
    "Word that fetches its template": (templated("https://x.example/a.dotm"), "from the web"),
    "Office with a password": (old("EncryptedPackage"), "protected by a password"),
    "Word 97 with a password": (word_97(0x0100), "protected by a password"),
    "Excel 97 with a password": (
        old("Workbook", behind=b"\x09\x08\x10\0\0\x06\x05\0" + bytes(10) + b"\x2f\0\x36\0"),
        "protected by a password",
    ),
    "zip with a password": (sealed_zip(), "protected by a password"),
    "OpenDocument with a password": (
        packed(mimetype="application/vnd.oasis.opendocument.text",
               **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        "protected by a password",
    ),
    "PDF with a password": (pdf(b"<</Encrypt 5 0 R>>"), "protected by a password"),
    "PDF with a program": (pdf(b"<</S/JavaScript/JS(app.alert(1))>>"), "holds a program"),
    "PDF that starts a program": (pdf(b"<</S/Launch /F(cmd)>>"), "holds a program"),
    "PDF with a program among packed objects": (
        packed_objects(b"1 0 <</S/JavaScript/JS(x())>>"), "holds a program",
    ),
    "PDF with a program in other letters": (pdf(b"<</S/J#61vaScript>>"), "holds a program"),
    "PDF with objects that nobody can unpack": (
        pdf(b"2 0 obj<</Type/ObjStm/Filter/Crypt>>stream\nxyz\nendstream"), "is damaged",
    ),
    "half a PDF": (pdf()[:-12], "is damaged"),
    "half a Word document": (word()[:400], "is damaged"),
    "PDF and zip at once": (pdf() + packed(a=b"x"), "two kinds of file at once"),
    "picture and zip at once": (png() + packed(a=b"x"), "two kinds of file at once"),
    "zip": (packed(a="x"), "is a packed file"),
    "a part that unpacks to much": (
        packed(**{"[Content_Types].xml": b" " * 3_000_000}), "unpacks to more",
    ),
    "an Office file of another kind": (office("visio.drawing.main+xml"), "is not taken"),
    "an Outlook message": (old("__properties_version1.0"), "Outlook message"),
    "a presentation of OpenDocument": (
        packed(mimetype="application/vnd.oasis.opendocument.presentation"), "kind of Office file",
    ),
    "a part that lies outside": (
        office(**{"xl/../../../a.txt": "x"}), "would write outside of itself",
    ),
    "a document that says twice what it is": (
        office(mimetype="application/vnd.oasis.opendocument.text"), "two kinds of file at once",
    ),
    "photograph of a telephone": (b"\0\0\0\x18ftypheic" + bytes(40), "Save it as .jpg"),
    "scan of a fax": (b"II*\0" + bytes(40), "Save it as .jpg or .pdf"),
    "film": (b"\0\0\0\x18ftypmp42" + bytes(40), "is a sound or a film"),
    "recording": (b"ID3\x04" + bytes(40), "is a sound or a film"),
    "web page": (b"\n<!DOCTYPE html><script>x()</script>", "a web page or XML"),
    "web page behind a text": (b"hello <script>x()</script>", "a web page or XML"),
    "picture of lines": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "XML"),
    "program": (b"MZ\x90\0", "is a program"),
    "script": (b"#!/bin/sh\nrm -rf /", "is a program"),
    "RTF": (rb"{\rtf1 x}", "is an RTF document"),
    "packed otherwise": (b"\x1f\x8b\x08\0", "is a packed file"),
    "anything": (bytes(range(1, 255)), "no file of a kind"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_taken_is_told_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Fault) as told:
        kind_of(content)
    assert words in told.value.sentence


def test_a_bomb_is_not_unpacked() -> None:
    bomb = office(**{f"xl/{n}": bytes(10_000_000) for n in range(51)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Fault) as told:
        kind_of(bomb)
    assert "unpacks to more" in told.value.sentence
