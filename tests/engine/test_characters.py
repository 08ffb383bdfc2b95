"""Characters that nothing can keep are refused with their place; those of a copied value are not.

The kinds of file that hold text, each with half a character, NUL or a control character in it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.config.installation import ConfigError, load
from app.engine.characters import cleaned, fault_in, is_blank, plainly
from app.journeys.file.lines import JourneyFault, Lines
from app.validation.deployment import check, digest
from tests.word_documents import word

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">\n'
)


def form(text: str) -> bytes:
    return (
        '{"components": [\n{"type": "textfield", "key": "a", "id": "i", "label": "A"},\n'
        f'{{"type": "textfield", "key": "b", "id": "j", "label": "B"{text}}}]}}'
    ).encode()


ROWS = {
    "a form's label": ("forms/f.form", form(r', "label": "\ud800"'), "components[2].label", 3),
    "a form's kind": ("forms/f.form", form(r', "type": "x\udfff"'), "components[2].type", 3),
    "a form's pattern": (
        "forms/f.form", form(r', "validate": {"pattern": "\ud83d"}'),
        "components[2].validate.pattern", 3),
    "a form's name of a key": ("forms/f.form", form(r', "\ud800": 1'), "components[2].?", 3),
    "NUL in a form": ("forms/f.form", form(r', "label": "\u0000"'), "the character U+0000", 3),
    "a control character in a form": (
        "forms/f.form", form(r', "description": "\u001b[1m"'), "components[2].description", 3),
    "the settings": ("settings.json", rb'{"a": {"b": ["x", "\ud800"]}}', "a.b[2]", 1),
    "a manifest": ("forms/documents/x.yaml", rb'title: "a\ud800"', "title holds half", None),
    "a mail": ("forms/mail/x.txt", b"Subject: a\n\nb\0", "Line 3 holds the character U+0000", 3),
    "a mail that is no UTF-8": ("forms/mail/x.txt", b"Subject: a\n\n\xe9", "no UTF-8", 3),
    "a diagram, by number": (
        "bpmn/t.bpmn", f'{HEAD}<process id="&#xD800;"/></definitions>'.encode(), "half of one", 3),
    "a diagram, by its bytes": (
        "bpmn/t.bpmn", HEAD.encode() + b'<process id="\xed\xa0\x80"/></definitions>',
        "do not fit the file's encoding", 3),
    "a diagram with a control character": (
        "bpmn/t.bpmn", f'{HEAD}<process id="\x01"/></definitions>'.encode(),
        "a character that XML does not allow", 3),
    "a table": (
        "bpmn/t.dmn", f'{HEAD}<x id="&#xDFFF;"/></definitions>'.encode(), "half of one", 3),
    "a name of a file": ("bpmn/\ud800.bpmn", b"", "half a character (U+D800)", None),
}  # fmt: skip


@pytest.mark.parametrize(("path", "content", "said", "line"), ROWS.values(), ids=ROWS.keys())
def test_what_nothing_can_keep_is_refused_with_its_place(
    path: str, content: bytes, said: str, line: int | None
) -> None:
    beside = {"forms/documents/x.docx": word("x")} if path.endswith(".yaml") else {}
    checked = check({path: content, **beside})
    found = [one for one in checked.findings if said in one.sentence]
    assert found, checked.findings
    assert found[0].severity == "error"
    assert line is None or found[0].line == line
    for one in checked.findings:  # whatever is said can be shown and kept
        json.dumps([one.file, one.sentence, one.element_id], ensure_ascii=False).encode()


@pytest.mark.parametrize("row", ["a form's label", "a form's kind", "a form's pattern"])
def test_such_a_form_is_not_even_kept_as_a_draft(row: str) -> None:
    path, content, *_ = ROWS[row]
    assert check({path: content}).refused


def test_a_whole_character_written_as_two_halves_is_one() -> None:
    found = check({"forms/f.form": form(r', "label": "\ud83d\ude00"')}).findings
    assert not [one for one in found if one.severity == "error"]
    assert digest({"forms/f.form": b""})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('journey: "a\\ud800"', "half a character (U+D800)", id="half a character"),
        pytest.param("journey: a\nx: \x07", "the character U+0007", id="a control character"),
    ],
)
def test_a_journey_says_where(text: str, said: str) -> None:
    with pytest.raises(JourneyFault, match="U\\+") as raised:
        lines = Lines(text, "j.yaml")
        lines.value(lines.root)
    assert said in str(raised.value)
    assert raised.value.line == text.count("\n") + 1


def test_config_says_where(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('title: x\nsettings: {names: ["a", "b\\ud800"]}\n')
    with pytest.raises(ConfigError, match=r"“settings\.names\[2\]” holds half a character"):
        load(path)


def test_places_count_from_one() -> None:
    assert fault_in({"a": [{"b": "\0"}]}) == ("a[1].b", "the character U+0000")
    assert fault_in({"a": ["tab\tand\nline", "😀"]}) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("GU1\u00a01AA", "GU1 1AA", id="a no-break space"),
        pytest.param("01632\u2011960\u2011001", "01632-960-001", id="no-break hyphens"),
        pytest.param("1\u202f234", "1 234", id="a narrow space"),
        pytest.param("\u200b\ufeffSam\u00ad", "Sam", id="what cannot be seen"),
        pytest.param("−5", "-5", id="a minus sign"),
        pytest.param("\uff27\uff35\uff11 \uff11AA", "GU1 1AA", id="wide letters and digits"),
        pytest.param("a\u2003 \tb", "a b", id="several spaces"),
    ],
)
def test_a_copied_value_is_what_was_meant(text: str, meant: str) -> None:
    assert plainly(text) == meant


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("\u200b", True),
        ("\u3164", True),
        ("\u2060 \ufeff", True),
        ("\U000e0041", True),
        ("a", False),
        ("👨‍👩‍👧", False),
    ],
)
def test_what_cannot_be_seen_is_nothing(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        pytest.param("Zoe\u0308", "Zo\u00eb", id="a letter in two parts"),
        pytest.param("a\u00a0b\u202fc\u2009d", "a b c d", id="spaces of other widths"),
        pytest.param("well\u2011known", "well-known", id="a hyphen that does not break"),
        pytest.param("safe\u00adguard\u200bing\ufeff", "safeguarding", id="what takes no room"),
        pytest.param("\u202ename\u202c", "name", id="marks of direction"),
        pytest.param("a\u2028b\r\nc\x0bd", "a\nb\nc\nd", id="other line breaks"),
        pytest.param("a\x00b\ud800c\x07d", "abcd", id="what nothing can keep"),
        pytest.param("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937",
                     id="a joiner in a word stays"),
        pytest.param("2018\u20132020 \u2014 then", "2018\u20132020 \u2014 then",
                     id="dashes of prose stay"),
    ],
)  # fmt: skip
def test_a_text_is_kept_as_somebody_meant_it_who_pasted_it(pasted: str, meant: str) -> None:
    assert cleaned(pasted) == meant
