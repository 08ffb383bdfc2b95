"""Sections of a form: which there are, what is in them, and what an owner is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.forms import lead, sections
from app.engine.forms.reader import read_form
from tests.engine.forms.test_forms import content, findings_of, read


def ask(key: str, section: str | None = None) -> dict[str, Any]:
    more = {} if section is None else {"properties": {"section": section}}
    return {"type": "textfield", "key": key, "label": key.title(), **more}


def group(*inner: dict[str, Any], section: str | None = None, path: str = "") -> dict[str, Any]:
    for number, one in enumerate(inner):
        one.setdefault("id", f"inner_{one.get('key', number)}")
    more = {} if section is None else {"properties": {"section": section}}
    named = {"path": path} if path else {}
    return {"type": "group", "label": "G", "components": list(inner), **named, **more}


TITLE = {"type": "text", "text": "# A form"}
NOTE = {"type": "text", "text": "Please read this."}

#: what is read → (title, keys) of each section
SECTIONS: dict[str, tuple[list[dict[str, Any]], list[tuple[str, set[str]]]]] = {
    "without the property: one page": ([TITLE, ask("a"), ask("b")], []),
    "from one title to the next": (
        [TITLE, ask("a", "First"), ask("b"), ask("c", "Second")],
        [("First", {"a", "b"}), ("Second", {"c"})],
    ),
    "a group without a key gives its questions": (
        [group(ask("a"), ask("b"), section="First"), ask("c", "Second")],
        [("First", {"a", "b"}), ("Second", {"c"})],
    ),
    "a group with a key is one answer": (
        [group(ask("a"), section="First", path="g"), ask("c", "Second")],
        [("First", {"g"}), ("Second", {"c"})],
    ),
    "a text can begin one": (
        [ask("a", "First"), {**NOTE, "properties": {"section": "Second"}}, ask("b")],
        [("First", {"a"}), ("Second", {"b"})],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_reaches_to_the_next(name: str) -> None:
    components, expected = SECTIONS[name]
    found = sections(read(*components))
    assert [(one.title, set(one.keys)) for one in found] == expected
    assert [one.number for one in found] == list(range(1, len(expected) + 1))


def test_texts_above_the_first_section_introduce_the_form_and_questions_belong_to_it() -> None:
    form = read(TITLE, NOTE, ask("a", "First"), ask("b", "Second"))
    assert lead(form) == 2
    assert [len(one.of(form)) for one in sections(form)] == [1, 1]


def test_questions_above_the_first_title_belong_to_the_first_section() -> None:
    components = content(NOTE, ask("a"), ask("b", "First"), ask("c", "Second"))
    form, _ = read_form("forms/sample.form", components)
    assert form is not None
    assert [set(section.keys) for section in sections(form)] == [{"a", "b"}, {"c"}]


@pytest.mark.parametrize(
    ("path", "held"),
    [("a", True), ("a.0.name", True), ("b", False), ("ab", False), ("a[]", True)],
)
def test_a_section_holds_what_lies_in_its_answers(path: str, held: bool) -> None:
    first, _ = sections(read(ask("a", "First"), ask("b", "Second")))
    assert first.holds(path) is held


#: what an owner draws → the sentence, with the rule it is told by
FAULTS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "inside a group": (
        [ask("a", "First"), group(ask("b", "Second"), section="Third")],
        "form-section", "“B” cannot begin a section, because it stands in a group or list.",
    ),
    "two of one title": (
        [ask("a", "First"), ask("b", "First")],
        "form-section", "2 sections are called “First”; give each a title of its own.",
    ),
    "a single one": ([ask("a"), ask("b", "First")], "form-section", "A single section has no"),
    "questions above the first": (
        [ask("a"), ask("b", "First"), ask("c", "Second")],
        "form-section", "Questions stand above the first section; they belong to “First”.",
    ),
    "without a title": (
        [ask("a", "First"), ask("b", "Second"), ask("c", " ")],
        "form-property", "The property “section” is empty.",
    ),
    "an earlier text inside a list": (
        [{"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [
            {**ask("a"), "id": "a", "properties": {"beside": "=records.draft.a"}}]}],
        "form-property", "“A” stands in a list or a group with an answer of its own",
    ),
    "many questions on one page": (
        [ask(f"a{number}") for number in range(16)],
        "form-section", "This form asks 16 questions on one page.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_an_owner_is_told_what_is_not_shown_as_drawn(name: str) -> None:
    components, rule, sentence = FAULTS[name]
    assert sentence in findings_of(*components)[rule]


def test_nobody_is_told_anything_of_a_form_that_fits_on_a_page_or_has_its_sections() -> None:
    many = [ask(f"a{n}", {0: "First", 20: "Second"}.get(n)) for n in range(40)]
    assert findings_of(*many) == {}
    assert findings_of(*[ask(f"a{number}") for number in range(15)]) == {}
