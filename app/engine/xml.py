"""Owns safe reading of XML: bytes in, a tree out, or a sentence saying why not.

What the tree means is left to `bpmn.reading`, and so is whether it fits the standard.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree

from app.engine.errors import NotExecutable

MOST_BYTES = 2_000_000
MOST_ELEMENTS = 20_000
MOST_DEPTH = 120
MOST_ATTRIBUTES = 100
#: ids stand in addresses, tables and sentences
MOST_ID = 200

#: A declared encoding outside this list could hide a document type from the check below.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "cp1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
BOMS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: the first bytes of files that are no text at all
KINDS = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{", "a JSON file"),
    (b"[", "a JSON file"),
)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,400}?\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_FORBIDDEN = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(content: bytes, file: str) -> etree._Element:
    """The root element of an XML file.

    Comments and processing instructions are left out; lines are those of the file. Raises
    `NotExecutable` with the line where there is one. No entity is resolved, no address is
    fetched, no other file is read.
    """
    if len(content) > MOST_BYTES:
        raise NotExecutable(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    text = text_of(content)
    if not text.strip():
        raise NotExecutable("The file is empty.")
    _refuse_document_type(text)
    root = _tree(text)
    _refuse_excess(root)
    return root


def text_of(content: bytes) -> str:
    """The file decoded as its mark or declaration says, without the declaration.

    What is checked, parsed and shown in an editor is this one text. Raises `NotExecutable`.
    """
    for start, what in KINDS:
        if content.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(start):
            raise NotExecutable(f"The file is {what}, not a drawing in XML.")
    name, skip = _encoding(content)
    try:
        text = content[skip:].decode(name)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise NotExecutable(
            f"Line {line} holds characters that do not fit the file's encoding ({name}). "
            "Save it again as UTF-8.",
            line=line,
        ) from None
    if "\x00" in text:
        raise NotExecutable("The file is not text, so it is no drawing in XML.")
    declaration = _DECLARATION.match(text)
    # Keep the line breaks, so that lines stay those of the file.
    return (
        text
        if declaration is None
        else "\n" * declaration[0].count("\n") + text[declaration.end() :]
    )


def _encoding(content: bytes) -> tuple[str, int]:
    for mark, name in BOMS:
        if content.startswith(mark):
            if name is None:
                raise NotExecutable("The file is saved as UTF-32. Save it again as UTF-8.")
            return name, len(mark)
    if content.startswith(b"<\x00"):
        return "utf-16-le", 0
    if content.startswith(b"\x00<"):
        return "utf-16-be", 0
    match = _ENCODING.search(content[:400].decode("latin-1").partition("?>")[0])
    declared = match[1].lower() if match else "utf-8"
    if declared not in ENCODINGS or declared.startswith("utf-16"):
        raise NotExecutable(
            f"The file says that its encoding is “{declared}”, which does not fit. "
            "Save it again as UTF-8.",
            line=1,
        )
    return ENCODINGS[declared], 0


def _refuse_document_type(text: str) -> None:
    if re.match(r"\s*(<!doctype\s+html|<html\b)", text, re.IGNORECASE):
        raise NotExecutable("The file is a web page, not a drawing in XML.", line=1)
    declaration = _FORBIDDEN.search(text)
    if declaration:
        line = text.count("\n", 0, declaration.start()) + 1
        raise NotExecutable(
            f"Line {line} declares a document type or an entity. Such files are never opened, "
            "because they can pull in other files. Remove that declaration.",
            line=line,
        )


def _tree(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 1
        raise NotExecutable(
            f"The file is not well-formed XML: on line {line} {_reason(fault)}.", line=line
        ) from None


#: libxml2's words → ours; the first that fits
_REASONS = (
    ("Opening and ending tag mismatch", "a tag is closed that is not the one last opened"),
    ("Premature end", "the file ends before every tag is closed"),
    ("EndTag", "the file ends before every tag is closed"),
    ("Unescaped '<'", "an attribute's value holds “<”, or its quotation mark is not closed"),
    ("Specification mandates value", "an attribute has no value"),
    ("error parsing attribute name", "something stands in a tag that is no name of an attribute"),
    ("attributes construct", "blank or value is missing around an attribute"),
    ("xmlChar value", "a number between &# and ; stands for no character, or half of one"),
    ("invalid character in attribute", "there is a character that XML does not allow"),
    ("Failed to parse QName", "a name has nothing behind its colon, or two of them"),
    ("expected '>'", "a closing tag has no “>”"),
    ("end of Start Tag", "a tag is not closed with “>”"),
    ("Double hyphen", "a comment holds “--”"),
    ("Comment not terminated", "a comment is not closed with “-->”"),
    ("Comment must not", "a comment holds “--”"),
    ("CData section not finished", "a CDATA section is not closed with “]]>”"),
    ("Sequence ']]>'", "text holds “]]>”"),
    ("PI ", "a processing instruction (<? … ?>) is not written correctly"),
    ("XML declaration", "the declaration <?xml … ?> may only stand at the start of the file"),
    ("Namespace prefix", "a prefix is used that was never declared"),
    ("xmlns", "a namespace is not declared correctly"),
    ("redefined", "an attribute is given twice"),
    ("Attribute", "an attribute is not written as name=\"value\""),
    ("AttValue", "an attribute's value is not in quotation marks or holds “<”"),
    ("EntityRef", "an & stands alone (write &amp; for it)"),
    ("CharRef", "a number between &# and ; is not written correctly"),
    ("Entity", "a name between & and ; is not known (write &amp; for &)"),
    ("Extra content", "something follows after the last tag"),
    ("Start tag expected", "text stands where the first tag should be"),
    ("PCDATA invalid", "there is a character that XML does not allow"),
    ("Char 0x", "there is a character that XML does not allow"),
    ("Excessive depth", "elements are nested too deeply"),
    ("depth", "elements are nested too deeply"),
    ("xmlParseStartTag", "a tag is not written correctly"),
    ("StartTag", "a tag is not written correctly"),
)  # fmt: skip


def _reason(fault: etree.XMLSyntaxError) -> str:
    said = str(fault.msg)
    reason = next((ours for theirs, ours in _REASONS if theirs in said), None)
    column = f" at column {fault.offset}" if fault.offset else ""
    return reason or f"the file is not written as XML demands{column}"


def _refuse_excess(root: etree._Element) -> None:
    count = 0
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if count > MOST_ELEMENTS:
            raise NotExecutable(f"The file has more than {MOST_ELEMENTS} elements.")
        if depth > MOST_DEPTH:
            raise NotExecutable(
                f"Elements are nested more than {MOST_DEPTH} deep.", line=node.sourceline
            )
        if len(node.get("id") or "") > MOST_ID:
            raise NotExecutable(f"An id is longer than {MOST_ID} characters.", line=node.sourceline)
        if len(node.attrib) > MOST_ATTRIBUTES:
            raise NotExecutable(
                f"An element has more than {MOST_ATTRIBUTES} attributes.", line=node.sourceline
            )
