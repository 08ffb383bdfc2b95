"""What a filled document says part by part, and what changed between two versions of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.documents import Part, digest, outlined, packed, unpacked, what_changed
from app.documents.documents import Template, made
from app.documents.manifest import Manifest
from app.engine.feel import Calendar, World
from tests.word_documents import lines, word

AT = datetime(2026, 4, 2, 13, 5, tzinfo=UTC)
WORLD = World(now=AT, calendar=Calendar.of("england-and-wales"))
PLAIN = Manifest(id="note", title="The note", groups=("clerk",), file_name="note")
TEMPLATE = Template(
    PLAIN, "f", word("About «=records.who»", [["Who", "Why"], ["«=records.who»", "it rained"]])
)


def p(text: str) -> Part:
    return Part("p", (text,))


def h(text: str) -> Part:
    return Part("h", (text,), 1)


def test_the_parts_are_those_of_the_word_file() -> None:
    scope = {"records": {"who": "Zoë"}}
    parts = outlined(TEMPLATE, scope, WORLD, AT)
    assert [" | ".join(part.words) for part in parts] == lines(
        made(TEMPLATE, "docx", scope, WORLD, AT)
    )
    assert [(part.kind, part.begins) for part in parts] == [
        ("p", False), ("row", True), ("row", False),
    ]  # fmt: skip


def test_the_digest_is_of_what_is_said_and_of_nothing_else() -> None:
    one = outlined(TEMPLATE, {"records": {"who": "Zoë"}}, WORLD, AT)
    later = outlined(TEMPLATE, {"records": {"who": "Zoë"}}, WORLD, AT.replace(year=2027))
    other = outlined(TEMPLATE, {"records": {"who": "Zoe"}}, WORLD, AT)
    assert digest(one) == digest(later) != digest(other)
    assert len({digest(each) for each in (one, one[:-1], one[1:], [h("A")], [p("A")])}) == 5
    assert unpacked(packed(one)) == one


CHANGES: dict[str, tuple[list[Part], list[Part], list[tuple[str, str]]]] = {
    "nothing": ([h("A"), p("one")], [h("A"), p("one")], []),
    "a paragraph more": ([h("A")], [h("A"), p("new")], [("A", "+new")]),
    "a paragraph less": ([h("A"), p("old")], [h("A")], [("A", "-old")]),
    "a word": (
        [h("A"), p("it has rained today")], [h("A"), p("it has snowed today")],
        [("A", "=it has |-rained|+snowed|= today")],
    ),
    "another paragraph altogether": (
        [p("one two three")], [p("four five six")],
        [("", "+four five six"), ("", "-one two three")],
    ),
    "a cell of a row": (
        [Part("row", ("Health", "Approves"))], [Part("row", ("Health", "Refuses"))],
        [("", "=Health; |-Approves|+Refuses")],
    ),
    "a heading": ([h("One way")], [h("Two way")], [("", "-One|+Two|= way")]),
    "a paragraph that became an item": (
        [p("wash hands")], [Part("list", ("wash hands",))],
        [("", "+wash hands"), ("", "-wash hands")],
    ),
}  # fmt: skip
_SIGN = {"added": "+", "removed": "-", "same": "="}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_told_under_its_heading(name: str) -> None:
    before, now, wanted = CHANGES[name]
    told = [
        (change.under, "|".join(_SIGN[mark] + words for mark, words in change.pieces))
        for change in what_changed(before, now)
    ]
    assert told == wanted


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(1_000, [["same", "removed", "added"]], id="the longest word for word"),
        pytest.param(1_001, [["added"], ["removed"]], id="one word more"),
    ],
)
def test_a_very_long_text_is_compared_as_a_whole(words: int, told: list[list[str]]) -> None:
    first = " ".join(f"word{n}" for n in range(words - 1))
    changed = what_changed([p(f"{first} rained")], [p(f"{first} snowed")])
    assert [[mark for mark, _ in change.pieces] for change in changed] == told
