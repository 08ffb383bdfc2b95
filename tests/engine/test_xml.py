"""Files as people upload them: what is opened, what is not, and in which words."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest

from app.engine.errors import NotExecutable
from app.engine.xml import parse
from app.validation import deployment
from tests.engine.tiny import END, START, diagram, document, process, said
from tests.limits import within

GOOD = document(process(START, END, flows="start>end"))
EVIL = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.bpmn", GOOD)
    return held.getvalue()


def in_utf16(content: bytes, *, mark: bool = True, declared: str = "UTF-16") -> bytes:
    text = content.decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    return (codecs.BOM_UTF16_LE if mark else b"") + text.encode("utf-16-le")


READ = {
    "plain": GOOD,
    "byte order mark": codecs.BOM_UTF8 + GOOD,
    "utf-16 with mark": in_utf16(GOOD),
    "utf-16 without mark": in_utf16(GOOD, mark=False),
    "windows-1252": GOOD.replace(b"UTF-8", b"windows-1252").replace(b'name="p"', b'name="\xe9"'),
    "blank lines in front": b"\n\n" + GOOD.partition(b"\n")[2],
    "comments and instructions": GOOD.replace(b"<process", b"<!-- x --><?pi y?><process"),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ.keys())
def test_a_sound_file_is_read(content: bytes) -> None:
    assert parse(content, "a.bpmn").tag.endswith("definitions")
    assert deployment.check({"a.bpmn": content}).program is not None


REFUSED = {
    "empty": (b"", "empty"),
    "only blanks": (b" \n\t ", "empty"),
    "zip named .bpmn": (zipped(), "zip"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "json": (b'{"a": 1}', "JSON"),
    "binary": (b"\x00\x01\x02\x03" * 100, "not text"),
    "web page": (b"<!DOCTYPE html><html><body>x</body></html>", "web page"),
    "web page without doctype": (b"<html><body></body></html>", "web page"),
    "too large": (b"<a>" + b"x" * 2_100_000 + b"</a>", "larger than 2 MB"),
    "too many elements": (b"<a>" + b"<b/>" * 20_001 + b"</a>", "more than 20000 elements"),
    "too deep": (b"<a>" * 130 + b"</a>" * 130, "120 deep"),
    "deeper than the parser bears": (b"<a>" * 5000 + b"</a>" * 5000, "nested too deeply"),
    "too many attributes": (
        b"<a " + b" ".join(b'x%d=""' % i for i in range(101)) + b"/>",
        "100 attributes",
    ),
    "an endless id": (b'<a id="' + b"x" * 201 + b'"/>', "200 characters"),
    "document type": (EVIL, "document type"),
    "document type in utf-16": (in_utf16(EVIL), "document type"),
    "document type in utf-16, unmarked": (in_utf16(EVIL, mark=False), "document type"),
    "document type, lower case": (b"<!doctype r><r/>", "document type"),
    "document type behind a long comment": (
        b"<!--" + b"x" * 10_000 + b"-->" + EVIL,
        "document type",
    ),
    "entity bomb": (
        b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "document type",
    ),
    "utf-32": (codecs.BOM_UTF32_LE + GOOD.decode().encode("utf-32-le"), "UTF-32"),
    "utf-7 to hide a document type": (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-<a/>',
        "encoding",
    ),
    "utf-16 declared, bytes of eight bits": (
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        "encoding",
    ),
    "unknown encoding": (b'<?xml version="1.0" encoding="x-klingon"?><a/>', "x-klingon"),
    "wrong bytes": (b"<a>\xff\xfe\xfa</a>", "do not fit"),
    "not well-formed": (b"<a>\n<b></c></a>", "line 2"),
    "cut off": (GOOD[: len(GOOD) // 2], "line"),
    "unknown prefix": (b"<a:b/>", "prefix"),
    "lone ampersand": (b"<a>Smith & Sons</a>", "&"),
    "unknown entity": (b"<a>&nbsp;</a>", "&"),
    "two roots": (b"<a/><b/>", "after the last tag"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_broken_file_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(NotExecutable) as caught:
        parse(content, "a.bpmn")
    assert words in caught.value.sentence
    assert caught.value.sentence.endswith((".", "…"))
    checked = deployment.check({"a.bpmn": content})
    assert checked.program is None
    assert [one.rule for one in checked.refused] == ["unreadable"]


def test_lines_are_those_of_the_file() -> None:
    content = b'<?xml version="1.0"\n encoding="UTF-8"?>\n<a>\n<b>\n</a>'
    with pytest.raises(NotExecutable) as caught:
        parse(content, "a.bpmn")
    assert caught.value.line == 5


def test_no_file_of_the_machine_is_read() -> None:
    found = deployment.check({"a.bpmn": EVIL}).findings
    assert "root" not in "".join(one.sentence for one in found)


def test_a_path_out_of_the_set_is_refused() -> None:
    for path in ("../a.bpmn", "/etc/a.bpmn", "bpmn//a.bpmn", "bpmn\\a.bpmn"):
        assert deployment.check({path: GOOD}).program is None


def test_a_file_of_an_unknown_kind_is_named() -> None:
    assert said({"picture.exe": b"MZ"}, "unknown-file")


def test_the_end_of_a_name_tells_the_kind_in_any_case() -> None:
    for name in ("A.BPMN", "a.bpmn20.xml", "a.xml"):
        assert deployment.check({name: GOOD}).program is not None


def test_a_decision_table_under_a_wrong_name_is_told() -> None:
    table = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    assert "name it .dmn" in said(table, "unreadable")[0].sentence


INVALID = {
    "unknown attribute": (
        GOOD.replace(b'isExecutable="true"', b'isExecutable="true" bogus="1"'),
        "“bogus”",
        "p",
    ),
    "attribute lacking": (GOOD.replace(b' targetRef="end"', b""), "“targetRef”", "start_end"),
    "wrong value": (GOOD.replace(b'"true"', b'"perhaps"'), "perhaps", "p"),
    "unknown element": (diagram("<robotTask/>", flows="start>end"), "“robotTask”", "p"),
    "id used twice": (diagram(START, flows="start>end"), "“start”", "start"),
    "id with a blank": (GOOD.replace(b'id="p"', b'id="p q"'), "“p q”", "p q"),
    "unknown type": (
        diagram(flows="start>end:=x").replace(b"tFormalExpression", b"tSecret"),
        "tSecret",
        "start_end",
    ),
}


@pytest.mark.parametrize(("content", "words", "element"), INVALID.values(), ids=INVALID.keys())
def test_what_the_schema_forbids_is_told_with_line_and_element(
    content: bytes, words: str, element: str
) -> None:
    found = said(content, "schema")
    assert found, "nothing found"
    assert any(words in one.sentence and one.element_id == element for one in found)
    assert all(one.line and "{http" not in one.sentence for one in found)
    assert deployment.check({"a.bpmn": content}).refused


def test_foreign_extensions_are_fine() -> None:
    content = document(
        process(
            START.replace("/>", ' xmlns:own="urn:own" own:colour="red">') + "<extensionElements>"
            '<own:thing xmlns:own="urn:own" a="b"><own:deep/></own:thing></extensionElements>'
            "</startEvent>",
            END,
            flows="start>end",
        )
    )
    assert not said(content, "schema")


def test_other_xml_is_no_drawing() -> None:
    assert "no BPMN" in said(b"<note><to>you</to></note>", "unreadable")[0].sentence


def test_the_largest_file_is_checked_in_time() -> None:
    many = "".join(f'<task id="t{i}" name="t"/>' for i in range(9_000))
    chain = " ".join(f"t{i}>t{i + 1}" for i in range(8_999))
    content = diagram(many, flows=f"start>t0 {chain} t8999>end")
    with within(20):
        deployment.check({"a.bpmn": content})
