"""Tables as agencies have them, and files that are none: what is read of each, and what is told."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from docx import Document

from app.bounded import table_of, tables
from app.documents.tables import MOST_BYTES, read_text, written
from app.documents.tables.sent import _text
from app.engine import Fault

ROWS = (("Date", "What happened"), ("3/4/2026", "A visit"), ("4/4/2026", "A call"))


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    return read_text(text).rows


TEXTS = {
    "copied from Excel": ("Date\tWhat happened\r\n3/4/2026\tA visit\r\n4/4/2026\tA call\r\n", ROWS),
    "CSV with commas": ("Date,What happened\n3/4/2026,A visit\n4/4/2026,A call", ROWS),
    "CSV with semicolons": ("Date;What happened\n3/4/2026;A visit\n4/4/2026;A call\n", ROWS),
    "with pipes": ("Date|What happened\n3/4/2026|A visit\n4/4/2026|A call\n", ROWS),
    "what Excel writes in front": (
        "sep=;\nDate;What happened\n3/4/2026;A visit\n4/4/2026;A call", ROWS
    ),
    "commas within cells": (
        'Date;What\n1;"a, b; c"\n2;d, e\n', (("Date", "What"), ("1", "a, b; c"), ("2", "d, e"))
    ),
    "lines within a cell": (
        'Date\tWhat\n1\t"first\nsecond ""said"""\n2\tx\n',
        (("Date", "What"), ("1", 'first\nsecond "said"'), ("2", "x")),
    ),
    "quotation marks that enclose nothing": (
        'Date\tWhat\n1\t"Hello" she said\n2\t6" of snow\n3\t"never closed\n4\tx\n',
        (("Date", "What"), ("1", '"Hello" she said'), ("2", '6" of snow'), ("3", '"never closed'),
         ("4", "x")),
    ),
    "blank rows and columns": ("\t\t\na\t\tb\n\t\t\nc\t\td\n", (("a", "b"), ("c", "d"))),
    "rows of unequal length": (
        "a\tb\tc\n1\n2\t3\n", (("a", "b", "c"), ("1", "", ""), ("2", "3", ""))
    ),
    "one column": ("What\nA visit, then a call\nA call\n", None),
    "a formula stays the text that it is": ("a\tb\n=1+1\t@x\n", (("a", "b"), ("=1+1", "@x"))),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_pasted_table_is_read(name: str) -> None:
    text, expected = TEXTS[name]
    if expected is None:
        assert len(rows(text)) == 3
    else:
        assert rows(text) == expected
    assert read_text(written(read_text(text))) == read_text(text), "a page carries it unchanged"


def workbook(
    sheets: dict[str, Sequence[Sequence[object]]], hidden: tuple[str, ...] = (), **extra: bytes
) -> bytes:
    """A spreadsheet by hand, as small as one can be; `extra`: more parts of the file."""
    out = io.BytesIO()
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        names = list(sheets)
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {ns} xmlns:r="{rel}"><sheets>'
            + "".join(
                f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"'
                f"{' state=' + chr(34) + 'hidden' + chr(34) if name in hidden else ''}/>"
                for n, name in enumerate(names, 1)
            )
            + "</sheets></workbook>",
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{rel}/worksheet" Target="worksheets/s{n}.xml"/>'
                for n in range(1, len(names) + 1)
            )
            + f'<Relationship Id="st" Type="{rel}/styles" Target="styles.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/styles.xml",
            f'<styleSheet {ns}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            "</styleSheet>",
        )
        for n, content in enumerate(sheets.values(), 1):
            packed.writestr(f"xl/worksheets/s{n}.xml", sheet(ns, content))
        for name, content in extra.items():
            packed.writestr(name, content)
    return out.getvalue()


def sheet(ns: str, content: Sequence[Sequence[object]]) -> str:
    return (
        f"<worksheet {ns}><sheetData>"
        + "".join(
            f'<row r="{r}">'
            + "".join(cell(f"{chr(65 + c)}{r}", value) for c, value in enumerate(line))
            + "</row>"
            for r, line in enumerate(content, 1)
        )
        + "</sheetData></worksheet>"
    )


def cell(at: str, value: object) -> str:
    if isinstance(value, date):
        days = (value - date(1899, 12, 30)).days
        return f'<c r="{at}" s="1"><v>{days}</v></c>'
    if isinstance(value, tuple):  # a formula with the value that was last worked out
        return f'<c r="{at}"><f>{value[0]}</f><v>{value[1]}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'


def word(*drawn: Sequence[Sequence[str]]) -> bytes:
    document = Document()
    document.add_paragraph("Chronology of our agency")
    for lines in drawn:
        table = document.add_table(len(lines), len(lines[0]))
        for r, line in enumerate(lines):
            for c, text in enumerate(line):
                table.cell(r, c).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


PLAIN = "Date,What happened\n3/4/2026,A visit\n4/4/2026,A call\n"
EXCEL = (("Date", "What happened"), (date(2026, 4, 3), "A visit"), (date(2026, 4, 4), "A call"))
ISO = (("Date", "What happened"), ("2026-04-03", "A visit"), ("2026-04-04", "A call"))
FILES: dict[str, tuple[Callable[[], bytes], tuple[tuple[str, ...], ...]]] = {
    "CSV in UTF-8": (lambda: PLAIN.encode(), ROWS),
    "CSV with a mark in front": (lambda: PLAIN.encode("utf-8-sig"), ROWS),
    "CSV in UTF-16": (lambda: PLAIN.encode("utf-16"), ROWS),
    "CSV of Excel on Windows": (
        lambda: "Name,What\nZoë,£5 – paid\n".encode("cp1252"),
        (("Name", "What"), ("Zoë", "£5 – paid")),
    ),
    "Excel, real dates": (lambda: workbook({"Chronology": EXCEL}), ISO),
    "Excel, numbers, truths and formulas": (
        lambda: workbook(
            {"S": (("n", "t", "f"), (1.5, True, ("1+1", 2)), (3.0, False, ("A9", 7)))}
        ),
        (("n", "t", "f"), ("1.5", "Yes", "2"), ("3", "No", "7")),
    ),
    "Excel, the fullest of several sheets": (
        lambda: workbook({"Cover": (("x",),), "C": EXCEL}), ISO
    ),
    "Excel, what is hidden is not read": (
        lambda: workbook({"Secret": EXCEL * 3, "C": EXCEL}, ("Secret",)), ISO
    ),
    "Excel with a macro: its values, no more": (
        lambda: workbook({"C": EXCEL}, **{"xl/vbaProject.bin": b"\xd0\xcf macro"}), ISO
    ),
    "Word": (lambda: word(ROWS), ROWS),
    "Word, a table for each year with the same headings": (
        lambda: word(ROWS[:2], (ROWS[0], ROWS[2])), ROWS
    ),
    "Word, the table of headers is another": (lambda: word((("Case", "1", "2"),), ROWS), ROWS),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_by_what_it_is(name: str) -> None:
    make, expected = FILES[name]
    assert table_of(make()).rows == expected


def test_which_sheet_was_read_is_said() -> None:
    read = table_of(workbook({"Cover": (("x",),), "Chronology": EXCEL}))
    assert (read.part, read.others) == ("Chronology", ("Cover",))


def protected() -> bytes:
    """As Office keeps a file with a password: a container with one stream, `EncryptedPackage`."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    head = struct.pack(
        "<8s16xHHHHH6x9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0, *[free] * 108,
    )  # fmt: skip
    chains = [0xFFFFFFFD, end, 3, 4, 5, 6, 7, 8, 9, end]
    table = struct.pack("<128I", *chains, *[free] * (128 - len(chains)))
    entries = b"".join(
        struct.pack(
            "<64sHBBIII36xIQ", name.encode("utf-16-le"), 2 * len(name) + 2 if name else 0, kind, 1,
            free, free, child, start, size,
        )
        for name, kind, child, start, size in (
            ("Root Entry", 5, 1, end, 0), ("EncryptedPackage", 2, free, 2, 4096),
            ("", 0, free, 0, 0), ("", 0, free, 0, 0),
        )
    )  # fmt: skip
    return head + table + entries + b"x" * 4096


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
#: a cell far out makes a sheet that would be sixteen thousand million cells
FAR = sheet('xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', [["a"]]).replace(
    "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "This file is empty"),
    "only spaces": (lambda: b" \n \n", "This file is empty"),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj", "This is a PDF"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "This is a picture"),
    "photograph": (lambda: b"\xff\xd8\xff\xe0", "This is a picture"),
    "program": (lambda: b"MZ\x90\0\x03", "This is a program"),
    "web page": (lambda: b"<html><table><tr><td>x", "This is a web page or XML"),
    "drawing with a script": (
        lambda: b"\xef\xbb\xbf <svg onload='x'/>", "This is a web page or XML"
    ),
    "RTF": (lambda: b"{\\rtf1 x}", "This is an RTF document"),
    "bytes": (lambda: bytes(range(256)), "This is no text"),
    "UTF-16 cut off": (lambda: b"\xff\xfea\0b", "This is no text"),
    "a zip of something else": (lambda: packed({"x/y": b"1"}), "a packed file without a table"),
    "a zip cut off": (lambda: workbook({"C": EXCEL})[:400], "cannot be read as a table"),
    "Excel with a password": (protected, "protected by a password and cannot be read"),
    "old Office, broken": (lambda: OLE, "cannot be read as a table"),
    "Excel without sheets": (
        lambda: packed({"xl/workbook.xml": b"<x/>"}), "cannot be read as a table"
    ),
    "Excel with nothing in it": (lambda: workbook({"C": ()}), "There are no rows in it"),
    "Word without a table": (lambda: word(), "There is no table in this Word document"),
    "Word, broken": (lambda: packed({"word/document.xml": b"<x"}), "cannot be read as a table"),
    "too many rows": (lambda: b"x,y\n" * 2_001, "more than 2,000 rows"),
    "too many columns": (lambda: b",".join([b"x"] * 61) + b"\n", "61 columns"),
    "a line of nothing but commas": (lambda: b"a" + b"," * 5_000, "no text that can be read"),
    "a cell like a book": (lambda: b"x\ty\n" + b"z" * 25_001, "more than 25,000 characters"),
    "too large": (lambda: b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
    "unpacks to everything": (
        lambda: workbook({"C": EXCEL}, bomb=b"\0" * 210_000_000), "unpacks to more"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_told_in_a_sentence(name: str) -> None:
    make, said = REFUSED[name]
    with pytest.raises(Fault, match=said):
        table_of(make())


def test_a_file_that_takes_too_much_is_stopped_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "SECONDS", 1.0)
    content = workbook({"C": EXCEL})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, FAR if name.endswith("s1.xml") else old.read(name))
    with pytest.raises(Fault, match=r"too much work|cannot be read"):
        table_of(out.getvalue())
    assert table_of(content).rows == ISO


def test_a_time_of_day_comes_with_its_day() -> None:
    assert _text(datetime(2026, 7, 3, 14, 5)) == "2026-07-03T14:05"
