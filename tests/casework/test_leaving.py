"""Before a document leaves: what is replaced is shown, what is doubtful decided, both recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.audit.verification import verify_case
from app.casework import views
from app.casework.commands import Done, ProduceDocument
from app.casework.errors import NotFound, Refused, Undecided
from tests.kit import PEOPLE, Kit, diagram, form
from tests.word_documents import document, lines, word

NAMES = {"properties": {"persons": "child", "person_is": "name"}}
FILES = (
    diagram(
        "start > task:who > task:tell > task:more > end",
        who={"groups": "clerk", "form": "who"},
        tell={"groups": "clerk", "form": "tell"},
        more={"groups": "clerk", "form": "tell"},
    )
    | form("who", "name", "other", **NAMES)
    | form("tell", "told", kind="textarea")
    | document("letter", word("«=records.tell.told»", "«=records.more.told»"), more="for: outward")
    | document("request", word("«=records.who.name»"), more="for: by law")
    | document("paper", word("«=records.who.name»"), more="for: inside")
)
TOLD = "Zoë MARSH said: May will come in May 2026. Marsh’s friend Zed Quill may."
Decisions = Mapping[str, str]


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(FILES)
    case = both.start("ann")
    both.complete("ann", case, "who", name="Zoe Marsh", other="May Will")
    both.complete("ann", case, "tell", told=TOLD)
    return case


def make(kit: Kit, case: str, document: str = "letter", who: str = "ann", **more: Any) -> Done:
    about = {"case": case, "document": document, "format": "docx", **more}
    return kit.do(ProduceDocument, who, **about)


def shown(kit: Kit, case: str, **more: Any) -> Undecided:
    with pytest.raises(Undecided) as refusal:
        make(kit, case, **more)
    return refusal.value


def said(kit: Kit, case: str, document: str = "letter", version: int = 1) -> list[str]:
    return lines(
        views.kept_document(kit.desk, PEOPLE["ann"], case, document, version, kit.at).content
    )


def decided(asked: Undecided, *replaced: str) -> dict[str, str]:
    return {one.key: "replace" if one.written in replaced else "leave" for one in asked.open}


def test_nothing_leaves_before_somebody_has_seen_what_is_replaced(both: Kit, case: str) -> None:
    asked = shown(both, case)
    assert asked.survey.replaced == {"Child 1": {"Zoë MARSH": 1, "Marsh": 1}}
    assert [(one.written, one.place.instead) for one in asked.open] == [
        ("May", "Child 2"), ("will", "Child 2"), ("may", "Child 2"),
    ]  # fmt: skip
    assert asked.open[0].sentence == "Zoë MARSH said: May will come in May 2026."
    (line,) = (
        line
        for line in views.document_page(both.desk, PEOPLE["ann"], case, both.at).documents
        if line.id == "letter"
    )
    assert line.versions == ()


def test_every_doubtful_place_needs_its_own_answer(both: Kit, case: str) -> None:
    asked = shown(both, case)
    first, second, third = (one.key for one in asked.open)
    answers = {first: "replace", second: "leave"}
    again = shown(both, case, seen=asked.survey.digest, decisions=answers)
    assert [one.key for one in again.open] == [third]
    assert again.fields == {third: "Select whether this is replaced"}
    wrong = {**answers, third: "yes"}
    assert shown(both, case, seen=asked.survey.digest, decisions=wrong).open == again.open


def test_the_document_is_made_with_exactly_these_decisions(both: Kit, case: str) -> None:
    asked = shown(both, case)
    make(both, case, seen=asked.survey.digest, decisions=decided(asked, "May"))
    assert said(both, case) == [
        "Child 1 said: Child 2 will come in May 2026. Child 1’s friend Zed Quill may.", "Not given",
    ]  # fmt: skip


def test_a_person_can_hide_what_was_not_seen(both: Kit, case: str) -> None:
    asked = shown(both, case)
    choices = {"seen": asked.survey.digest, "decisions": decided(asked)}
    with pytest.raises(Refused, match="“Nobody” stands nowhere") as refusal:
        make(both, case, **choices, also=("zed quill", "Nobody"))
    assert set(refusal.value.fields) == {"also"}
    make(both, case, **choices, also=("ZED  QUILL", " "))
    assert said(both, case)[0].endswith("friend [left out] may.")


def test_the_history_keeps_the_decisions_and_no_name(both: Kit, case: str) -> None:
    asked = shown(both, case)
    choices = decided(asked, "may")
    make(both, case, seen=asked.survey.digest, decisions=choices, also=("Zed Quill",))
    entries = views.history_entries(both.desk, PEOPLE["ann"], case, both.at)
    kept = next(one.said for one in entries if one.kind == "ProduceDocument")
    assert kept["decisions"] == choices
    assert kept["hidden"] == {"Child 1": 2, "Child 2": 1}
    assert len(kept["also"]) == 1
    held = json.dumps(kept, default=str, ensure_ascii=False).casefold()
    assert not [name for name in ("zoë", "marsh", "will", "zed", "quill") if name in held]
    assert verify_case(both.store, case).good


def test_what_was_decided_does_not_count_for_another_text(both: Kit, case: str) -> None:
    asked = shown(both, case)
    choices = decided(asked, "May")
    both.complete("ann", case, "more", told="Zed Marsh")
    again = shown(both, case, seen=asked.survey.digest, decisions=choices)
    assert "changed meanwhile" in again.sentence
    assert again.open == ()  # these statements say what they said
    assert again.survey.digest != asked.survey.digest
    make(both, case, seen=again.survey.digest, decisions=choices)
    assert said(both, case)[1] == "Zed Child 1"


def test_without_a_doubt_it_still_asks_once(both: Kit) -> None:
    both.deploy(FILES)
    case = both.start("ann")
    both.complete("ann", case, "who", name="Zoe Marsh", other="Idris Quill")
    asked = shown(both, case)
    assert asked.open == ()
    assert make(both, case, seen=asked.survey.digest).answer["version"] == 1


def test_the_same_decisions_give_the_same_bytes(both: Kit, case: str) -> None:
    asked = shown(both, case)
    choices = {"seen": asked.survey.digest, "decisions": decided(asked, "may")}
    hashes = [
        make(both, case, **choices, format=format).answer["sha256"]
        for format in ("docx", "docx", "pdf", "pdf")
    ]
    assert hashes[0] == hashes[1] and hashes[2] == hashes[3]


def test_its_sources_are_looked_through_too(both: Kit, case: str) -> None:
    asked = shown(both, case, sources=True)
    assert len(asked.survey.texts) > len(shown(both, case).survey.texts)
    make(both, case, sources=True, seen=asked.survey.digest, decisions=decided(asked))
    assert "Marsh" not in " ".join(said(both, case))


@pytest.mark.parametrize(
    ("document", "more", "said_by"),
    [
        pytest.param("letter", {}, "Clerk", id="outward: the role"),
        pytest.param("paper", {}, "Ann Archer", id="inside: the person"),
        pytest.param("request", {"recipient": "Ms Q"}, "Ann Archer", id="by law: them"),
    ],
)
def test_its_sources_name_who_said_it_only_where_names_may_go(
    both: Kit, case: str, document: str, more: dict[str, str], said_by: str
) -> None:
    if document == "letter":
        asked = shown(both, case, sources=True)
        more = {"seen": asked.survey.digest, "decisions": decided(asked)}
    make(both, case, document, sources=True, **more)
    annex = said(both, case, document)
    assert [line for line in annex if line.startswith(f"[1] {said_by}, ")]
    named = [line for line in annex if "Ann" in line or "Archer" in line]
    assert bool(named) is (said_by == "Ann Archer")


def test_what_goes_by_law_names_people_and_says_who_gets_it(both: Kit, case: str) -> None:
    with pytest.raises(Refused) as refusal:
        make(both, case, "request", recipient="  ")
    assert refusal.value.fields == {"recipient": "Enter who gets it"}
    make(both, case, "request", recipient="The coroner, Ms Example")
    assert said(both, case, "request") == ["Zoe Marsh"]
    entries = views.history_entries(both.desk, PEOPLE["ann"], case, both.at)
    kept = next(one.said for one in entries if one.kind == "ProduceDocument")
    assert kept["recipient"] == "The coroner, Ms Example"


def test_what_stays_inside_asks_nothing(both: Kit, case: str) -> None:
    make(both, case, "paper")
    assert said(both, case, "paper") == ["Zoe Marsh"]


def test_only_who_may_make_it_sees_what_is_replaced(both: Kit, case: str) -> None:
    def page(who: str) -> views.LeavingPage:
        return views.leaving_page(both.desk, PEOPLE[who], case, "letter", both.at)

    found = page("ann")
    assert [(word.written, len(word.places)) for word in found.doubtful] == [
        ("May", 1), ("will", 1), ("may", 1),
    ]  # fmt: skip
    entries = views.history_entries(both.desk, PEOPLE["ann"], case, both.at)
    assert "document letter before it leaves" in [one.said.get("view") for one in entries]
    for who in ("pol", "aud"):
        with pytest.raises(NotFound):
            page(who)


def test_a_place_is_named_by_statement_letters_and_what_is_said(both: Kit, case: str) -> None:
    first = shown(both, case).open[0]
    digest = hashlib.sha256(TOLD.encode()).hexdigest()[:8]
    at = TOLD.index("May will")
    assert first.key == f"1:{at}-{at + 3}:{digest}"
