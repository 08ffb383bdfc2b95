"""Documents: what a template says, what comes out, and what is never let in."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.documents.documents import Template, made
from app.documents.manifest import Manifest, read_manifest
from app.engine.errors import Fault
from app.engine.feel import Calendar, World
from app.validation.deployment import check
from tests.kit import diagram, form
from tests.word_documents import changed, document, lines, word

AT = datetime(2026, 4, 2, 13, 5, tzinfo=UTC)
WORLD = World(now=AT, calendar=Calendar.of("england-and-wales"))
SCOPE: dict[str, Any] = {
    "records": {
        "ask": {"who": "Ann «=case.reference» $x$ <b>", "on": date(2026, 4, 2), "none": None},
        "all": [{"name": "One", "n": Decimal("1.50")}, {"name": "Two", "n": Decimal(2)}],
        "at": AT,
        "yes": True,
        "lines": "first\nsecond",
        "bell": "a\x07b",
    },
    "case": {"reference": "T-1"},
    "settings": {"roles": {}},
}
PLAIN = Manifest(id="note", title="The note", groups=("clerk",), file_name="note")


def filled(*blocks: Any, scope: dict[str, Any] = SCOPE, manifest: Manifest = PLAIN) -> list[str]:
    return lines(made(Template(manifest, "f", word(*blocks)), "docx", scope, WORLD, AT))


FILLED: dict[str, tuple[list[Any], list[str]]] = {
    "a value between words": (["On «=records.ask.on» it was"], ["On 2 April 2026 it was"]),
    "an instant in London": (["«=records.at»"], ["2 April 2026 at 2:05pm"]),
    "yes": (["«=records.yes»"], ["Yes"]),
    "nothing": (["«=records.ask.none»"], ["Not given"]),
    "several words": (['«=["one", "two"]»'], ["one and two"]),
    "several labels": (['«=["The child", "A parent"]»'], ["The child; A parent"]),
    "two in one paragraph": (['«=1 + 1», «="b"»'], ["2, b"]),
    "a number without needless zeros": (["«=records.all[1].n»"], ["1.5"]),
    "lines stay lines": (["«=records.lines»"], ["first\nsecond"]),
    "a control character is left out": (["«=records.bell»"], ["ab"]),
    "a value is never read again": (["«=records.ask.who»"], ["Ann «=case.reference» $x$ <b>"]),
    "a loop": (["«for x in records.all»", "«=number» «=x.name»", "«end»"], ["1 One", "2 Two"]),
    "a loop over nothing": (["«for x in records.ask.none»", "x", "«end»", "after"], ["after"]),
    "if": (["«if records.yes»", "a", "«else»", "b", "«end»"], ["a"]),
    "else": (["«if not(records.yes)»", "a", "«else»", "b", "«end»"], ["b"]),
    "null is not true": (["«if records.ask.none»", "a", "«else»", "b", "«end»"], ["b"]),
    "rows": (
        [[["Name", "n"], ["«for x in records.all»", ""], ["«=x.name»", "«=x.n»"], ["«end»", ""]]],
        ["Name | n", "One | 1.5", "Two | 2"],
    ),
    "blocks in blocks": (
        ["«for x in records.all»", "«if x.n > 1.7»", "«=x.name»", "«end»", "«end»"],
        ["Two"],
    ),
    "a table without rows is left out": (
        [[["«for x in []»", ""], ["«=x»", ""], ["«end»", ""]], "after"],
        ["after"],
    ),
}


@pytest.mark.parametrize(("blocks", "expected"), FILLED.values(), ids=FILLED)
def test_a_template_is_filled(blocks: list[Any], expected: list[str]) -> None:
    assert filled(*blocks) == expected


def test_a_placeholder_that_word_has_cut_into_runs_is_whole() -> None:
    import io

    from docx import Document

    template = Document()
    paragraph = template.add_paragraph()
    for part in ("It is «", "=records", ".ask.on", "» today", "«=1»"):
        paragraph.add_run(part)
    out = io.BytesIO()
    template.save(out)
    found = made(Template(PLAIN, "f", out.getvalue()), "docx", SCOPE, WORLD, AT)
    assert lines(found) == ["It is 2 April 2026 today1"]


def test_the_same_values_give_the_same_bytes() -> None:
    template = Template(PLAIN, "f", word("«=records.at»", footer="«=case.reference»"))
    for format in ("docx", "pdf"):
        first, second = (made(template, format, SCOPE, WORLD, AT) for _ in range(2))
        assert first == second


def test_names_give_way_to_pseudonyms_in_what_leaves() -> None:
    manifest = Manifest(id="note", title="t", groups=("clerk",), file_name="n", audience="outward")
    scope = {
        "persons": [
            {"id": "p1", "kind": "child", "name": "Zoë Marsh-Lee", "aliases": []},
            {"id": "p2", "kind": "child", "name": "", "aliases": ["Idris Okoro"]},
            {"id": "p3", "kind": "relative", "name": "Mary Marsh", "aliases": []},
        ],
        "records": {"text": "zoë MARSH-LEE and Idris’s friend; Mary; Zoëlle"},
    }
    blocks = ("Mary: «=records.text»", "Mary")
    assert filled(*blocks, scope=scope, manifest=manifest) == [
        "Mary: Child 1 and Child 2’s friend; Relative 1; Zoëlle", "Mary",
    ]  # fmt: skip


def test_what_leaves_names_no_home_and_no_number() -> None:
    manifest = Manifest(id="note", title="t", groups=("clerk",), file_name="n", audience="outward")
    child = {
        "id": "p1", "kind": "child", "name": "Zoë Mill", "aliases": [], "number": "9434765919",
        "address": "14 Mill Lane, GU1 3XX", "born": date(2025, 11, 2),
    }  # fmt: skip
    text = "Zoë Mill, 943 476 5919, of 14 Mill Lane (gu1 3xx)"
    scope = {"persons": [child], "records": {"text": text}}
    (made_of,) = filled("«=records.text»", scope=scope, manifest=manifest)
    assert made_of == "Child 1, [number], of [address] ([address])"


def test_a_manifest_of_an_earlier_release_goes_on_hiding_whom_it_names() -> None:
    """A case that began with it runs on with it."""
    said = b"leaves: true\npseudonyms: [{as: Child, names: '=records.names'}]\n"
    manifest = read_manifest("note", b"title: t\ngroups: [clerk]\nfile_name: n\n" + said)
    scope = {"records": {"names": ["Robin Marsh", "Idris"], "text": "Idris met marsh"}}
    assert filled("«=records.text»", scope=scope, manifest=manifest) == ["Child B met Child A"]


TOO_MUCH: dict[str, list[Any]] = {
    "a loop of a million": ["«for i in 1..1000000»", "x", "«end»"],
    "loops in loops": [
        "«for a in 1..300»", "«for b in 1..300»", "x", "«end»", "«end»",
    ],
    "empty loops in loops": ["«for a in 1..300»", "«for b in 1..300»", "«end»", "«end»"],
    "a text that grows": [
        "«for a in 1..2000»", '«=string join(for i in 1..2000 return "xxxxxxxx")»', "«end»",
    ],
}  # fmt: skip


@pytest.mark.parametrize("blocks", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_template_that_would_not_end_is_stopped(blocks: list[Any]) -> None:
    with pytest.raises(Fault):
        filled(*blocks)


RELS = "word/_rels/document.xml.rels"
OUTSIDE = (
    b'<Relationship Id="x" TargetMode="External" Target="http://198.51.100.1/" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/>'
    b"</Relationships>"
)


def outside(kind: bytes) -> bytes:
    return changed(
        word("x"),
        lambda name, part: part.replace(b"</Relationships>", OUTSIDE % kind)
        if name == RELS else part,
    )  # fmt: skip


def inside(xml: bytes) -> bytes:
    return changed(
        word("x"),
        lambda name, part: part.replace(b"<w:sectPr", xml + b"<w:sectPr", 1)
        if name == "word/document.xml" else part,
    )  # fmt: skip


FIELD = b'<w:p><w:fldSimple w:instr=" %s "/></w:p>'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "no zip": (b"hello", "no Word document"),
    "a legacy file": (b"\xd0\xcf\x11\xe0" + bytes(600), "no Word document"),
    "a zip of something else": (changed(word("x"), lambda n, p: b""), "no Word document"),
    "macros": (changed(word("x"), lambda n, p: p, word__vbaProject_DOT_bin=b"x"), "macro"),
    "a macro content type": (
        changed(word("x"), lambda n, p: p.replace(b".main+xml", b".macroEnabled.main+xml")),
        "macros",
    ),
    "an embedded object": (
        changed(word("x"), lambda n, p: p, word__embeddings__a_DOT_bin=b"x"), "embedded",
    ),
    "a linked picture": (outside(b"image"), "outside"),
    "an attached template": (outside(b"attachedTemplate"), "outside"),
    "a web link": (outside(b"hyperlink"), "outside"),
    "DDE": (inside(FIELD % b"DDEAUTO c:\\\\x.exe"), "field DDEAUTO"),
    "a fetched picture": (inside(FIELD % b"INCLUDEPICTURE http://x"), "field INCLUDEPICTURE"),
    "a foreign chunk": (inside(b"<w:altChunk/>"), "altChunk"),
    "an entity": (
        changed(
            word("x"),
            lambda n, p: p.replace(b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document', 1)
            if n == "word/document.xml" else p,
        ),
        "document type",
    ),
    "a zip bomb": (changed(word("x"), lambda n, p: p, a_DOT_xml=b" " * 30_000_000), "unpacks"),
    "many parts": (
        changed(word("x"), lambda n, p: p, **{f"p{i}": b"" for i in range(300)}), "unpacks",
    ),
    "a path": (changed(word("x"), lambda n, p: p, **{"..__x_DOT_xml": b"<a/>"}), "macro"),
}  # fmt: skip


def findings(files: dict[str, bytes]) -> list[str]:
    base = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "ask"})
    base |= form("ask", "who", "on")
    return [one.sentence for one in check({**base, **files}).findings if one.severity == "error"]


@pytest.mark.parametrize(("content", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_at_deployment(content: bytes, said: str) -> None:
    (sentence,) = findings(document("note", content))
    assert said in sentence


LINTED: dict[str, tuple[list[Any], str]] = {
    "no FEEL": (["«=1 +»"], "«=1 +» cannot be read"),
    "an unknown task": (["«=records.aks.who»"], "“aks”, but there is no such task. Did you mean"),
    "an unknown field": (["«=told.ask.whoo»"], "“whoo”, which “ask” does not ask for"),
    "an unknown field of a row": (
        ["«for x in records.ask_all»", "«=x.whu»", "«end»"], "“whu”, which “x”",
    ),
    "an unknown name": (["«=recrods.ask.who»"], "“recrods”, which is nothing here"),
    "an unknown setting": (["«=settings.nothing»"], "settings.nothing"),
    "an unknown fact of the case": (["«=case.child»"], "a case has no “child”"),
    "no end": (["«if true»", "x"], "has no «end»"),
    "an end too many": (["«end»"], "closes nothing"),
    "an else alone": (["«else»"], "outside of an «if"),
    "another language": (["«{{ x }}»"], "means nothing here"),
    "an instruction amid words": (["so «if true» then"], "does not stand alone"),
    "a mark without its partner": (["so « then"], "without its partner"),
}  # fmt: skip


@pytest.mark.parametrize(("blocks", "said"), LINTED.values(), ids=LINTED)
def test_a_fault_in_a_template_is_a_finding_that_shows_it(blocks: list[Any], said: str) -> None:
    found = findings(document("note", word(*blocks)))
    assert any(said in one for one in found), found


MANIFESTS: dict[str, tuple[str, str]] = {
    "a misspelt key": ("fil_name: x", "Did you mean “file_name”"),
    "a name of a person": ("file_name: '{who}'", "no name of a person"),
    "a path": ("file_name: ../x", "plain letters"),
    "an unknown task": ("needs: [aks]", "Did you mean “ask”"),
    "for whom, in an old word": ("leaves: true", "Write “for: outward”"),
    "pseudonyms of its own": (
        "pseudonyms: [{as: C, names: '=records.ask.who'}]",
        "properties “persons” and “person_is”",
    ),
    "for nobody": ("for: anybody", "“inside”, “by law” or “outward”"),
    "outward, and no form says whom it names": ("for: outward", "no form says whom it names"),
    "no YAML": ("a: [", "not valid YAML"),
    "an anchor": ("a: &x [1]", "anchor"),
    "a tag": ("a: !!python/object/apply:os.system [ls]", "not valid YAML"),
}


@pytest.mark.parametrize(("line", "said"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_fault_in_a_manifest_is_a_finding(line: str, said: str) -> None:
    found = findings(document("note", word("x"), more=line))
    assert any(said in one for one in found), found


@pytest.mark.parametrize("name", ["a.docm", "a.dotx", "x/a.docx", "a b.docx"])
def test_other_files_are_no_documents(name: str) -> None:
    assert findings({f"forms/documents/{name}": word("x")})


def test_a_good_document_has_no_finding() -> None:
    good = word("«=records.ask.who»", "«for x in told.ask_all»", "«=x.on»", "«end»")
    assert findings(document("note", good, more="needs: [ask]")) == []


def pdf_of(*blocks: Any) -> bytes:
    return made(Template(PLAIN, "f", word(*blocks)), "pdf", SCOPE, WORLD, AT)


def test_the_pdf_is_tagged_and_says_its_language_and_title() -> None:
    found = pdf_of("«=records.ask.who»", [["a", "b"], ["c", "d"]])
    plain = found + b"".join(_inflated(found))
    assert b"/MarkInfo" in plain
    assert re.search(rb"/Marked\s+true", plain)
    assert b"/StructTreeRoot" in plain
    assert b"/Lang" in plain
    assert b"<pdfuaid:part>1<" in plain
    assert b"The note" in plain


def _inflated(pdf: bytes) -> list[bytes]:
    found = []
    for one in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(one[1]))
        except zlib.error:
            continue
    return found


def test_items_that_follow_each_other_are_one_list_and_tables_may_hold_tables() -> None:
    import io

    from docx import Document

    from app.documents.pdf import _blocks
    from app.documents.word import style_names

    template = Document()
    for text in ("one", "two"):
        template.add_paragraph(text, style="List Number")
    template.add_paragraph("between")
    template.add_paragraph("three", style="List Bullet")
    template.add_table(rows=1, cols=1).rows[0].cells[0].add_table(rows=1, cols=2)
    kinds = [
        (one["kind"], len(one.get("items", []))) for one in _blocks(template, style_names(template))
    ]
    assert kinds == [("numbers", 2), ("p", 0), ("list", 1), ("table", 0)]
    out = io.BytesIO()
    template.save(out)
    assert made(Template(PLAIN, "f", out.getvalue()), "pdf", SCOPE, WORLD, AT).startswith(b"%PDF")


@pytest.mark.parametrize(
    "text", ["#eval(1)", "$x$", '#read("/etc/passwd")', "@a", "<a>", "\\", "*", "\U0001f600 م", "`"]
)
def test_a_text_is_never_typesetting_code(text: str) -> None:
    scope = {"records": {"x": text}}
    found = made(Template(PLAIN, "f", word("«=records.x»")), "pdf", scope, WORLD, AT)
    assert found.startswith(b"%PDF-")


def warned(*blocks: Any, mark: dict[str, str], audience: str = "outward") -> list[str]:
    base = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "ask"})
    base |= form("ask", "legal_name", "told") | form("other", "name", properties=mark)
    base |= diagram("start > task:b > end", process="q", b={"groups": "clerk", "form": "other"})
    files = {**base, **document("note", word(*blocks), more=f"for: {audience}")}
    return [one.sentence for one in check(files).findings if one.rule == "document"]


MARK = {"persons": "child", "person_is": "name"}


def test_a_name_that_no_form_marks_is_told_where_it_would_leave() -> None:
    shown, looped = "«=records.ask.legal_name»", "«for x in records.ask_all»"
    for blocks in ([shown], [looped, "«=x.legal_name»", "«end»"]):
        (said,) = warned(*blocks, mark=MARK)
        assert "“legal_name” of forms/ask.form" in said
    assert warned("«=records.ask.told»", "«=records.b.name»", mark=MARK) == []
    assert warned(shown, mark=MARK, audience="inside") == []
    assert warned(shown, mark=MARK, audience="by law") == []


def test_a_manifest_that_does_not_say_for_whom_it_is_is_told() -> None:
    files = document("note", word("x"), more="for: inside")
    files["forms/documents/note.yaml"] = files["forms/documents/note.yaml"].replace(
        b"for: inside", b""
    )
    base = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "ask"})
    (said,) = [
        one for one in check({**base, **form("ask", "who"), **files}).findings
        if one.rule == "document"
    ]  # fmt: skip
    assert said.severity == "warning" and "does not say for whom it is" in said.sentence
