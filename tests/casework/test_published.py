"""What a case published is found again over all cases, by everybody, and no more than they may."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.casework import NotFound
from app.casework.commands import ExcludePerson, ProduceDocument
from app.casework.errors import Undecided
from app.casework.indexing import index_anew
from app.casework.reading.published import PublishedPage, Wish, published, published_file
from app.store.retention.content import erase
from app.store.work.published_tables import published as table
from app.store.work.published_tables import published_text, published_theme
from tests.casework.test_matters import MARKS, question
from tests.kit import PEOPLE, Kit, diagram
from tests.word_documents import document, word

THEMES = (
    "=for one in records.publish.themes return "
    '{value: one, label: if one = "b" then "Babies" else "Risks outside the family"}'
)
PUBLISHED = f"""needs: [write]
for: outward
published:
  kind: Report
  when: '=records.publish.out = "yes"'
  title: '=records.write.title'
  day: '=date("2026-03-04")'
  themes: '{THEMES}'
  address: '=records.publish.address'
  impact: '=records.track.impact'
  actions: action
  tells: [text, organisation, status]
"""


def text(id: str, **properties: str) -> dict[str, Any]:
    shown = {"type": "textfield", "id": f"f_{id}", "key": id, "label": id.title()}
    return {**shown, "properties": properties}


def files(more: str = "") -> dict[str, bytes]:
    rows = {"type": "dynamiclist", "id": "l", "path": "actions", "label": "Actions",
            "properties": {**MARKS, "prefill": "=for m in matters return {text: m.text}"},
            "components": [question("t", each, each)
                           for each in ("text", "owner", "status", "effect")]}  # fmt: skip
    chosen = {
        "type": "checklist",
        "id": "c",
        "key": "themes",
        "label": "Themes",
        "values": [
            {"value": "b", "label": "Babies"},
            {"value": "r", "label": "Risks outside the family"},
        ],
    }
    forms = {
        "write": [text("whom", persons="child", person_is="name"), text("title"), text("what")],
        "publish": [text("out"), text("address"), chosen],
        "track": [text("impact"), rows],
    }  # fmt: skip
    made = {
        f"forms/{id}.form": json.dumps({"type": "default", "id": id, "components": fields}).encode()
        for id, fields in forms.items()
    }
    drawn = diagram(
        "start > xor:again > task:write > task:publish > task:track > xor:more > end;"
        "more > xor:back > again",
        write={"groups": "clerk,lead", "form": "write"},
        publish={"groups": "clerk", "form": "publish", "publishes": "note"},
        track={"groups": "clerk", "form": "track"},
        end={"condition": "default"},
        back={"condition": '=impact = "again"'},
    )
    follow = diagram("start > end", process="follow", start_groups=None, start={"message": "named"})
    template = word("Of «=records.write.whom»", "«=records.write.what»")
    note = document("note", template, groups="clerk", more=PUBLISHED + more)
    return {**drawn, **made, **follow, **note}


WROTE = {
    "whom": "Zachary Quibble",
    "title": "Seen too late",
    "what": "Zachary Quibble was not examined.",
}
OUT = {"out": "yes", "themes": ["b"], "address": "https://example.org/late"}


def out(kit: Kit, **changes: Any) -> str:
    """A case that has published; its id."""
    case = kit.start("ann")
    for step, usual in (("write", WROTE), ("publish", OUT)):
        kit.complete("ann", case, step, **{key: changes.get(key, usual[key]) for key in usual})
    return case


def seen(kit: Kit, who: str = "out", page: int = 1, **wish: Any) -> PublishedPage:
    return published(kit.desk, PEOPLE[who], Wish(**wish), page)


@pytest.fixture
def published_case(kit: Kit) -> str:
    kit.deploy(files())
    return out(kit)


def test_what_is_written_is_found_only_once_it_is_published(both: Kit) -> None:
    both.deploy(files())
    case = both.start("ann")
    both.complete("ann", case, "write", **WROTE)
    assert not seen(both).pieces and seen(both).choices.years == ()
    both.complete("ann", case, "publish", **OUT)
    (piece,) = seen(both).pieces
    assert (piece.title, piece.kind, piece.day.isoformat()) == (
        "Seen too late", "Report", "2026-03-04",
    )  # fmt: skip
    assert piece.themes == (("b", "Babies"),) and piece.address == "https://example.org/late"


def test_what_its_answers_keep_back_is_not_published(kit: Kit) -> None:
    kit.deploy(files())
    out(kit, out="no")
    assert seen(kit).total == 0


@pytest.mark.parametrize(
    ("wish", "total"),
    [
        pytest.param({"words": "LATE"}, 1, id="a word of the title"),
        pytest.param({"words": "examin"}, 1, id="the beginning of a word of the document"),
        pytest.param({"words": "late examined"}, 1, id="all words"),
        pytest.param({"words": "late elsewhere"}, 0, id="one of them is nowhere"),
        pytest.param({"words": "xamined"}, 0, id="the middle of a word"),
        pytest.param({"words": "%"}, 1, id="no word at all"),
        pytest.param({"words": "babies"}, 1, id="a theme’s words"),
        pytest.param({"words": "Quibble"}, 0, id="a name"),
        pytest.param({"theme": "b"}, 1, id="its theme"),
        pytest.param({"theme": "r"}, 0, id="another theme"),
        pytest.param({"year": 2026}, 1, id="its year"),
        pytest.param({"year": 2025}, 0, id="another year"),
        pytest.param({"kind": "Report"}, 1, id="its kind"),
        pytest.param({"kind": "Briefing"}, 0, id="another kind"),
    ],
)  # fmt: skip
def test_it_is_found_by_words_theme_year_and_kind(
    kit: Kit, published_case: str, wish: dict[str, Any], total: int
) -> None:
    page = seen(kit, **wish)
    assert page.total == len(page.pieces) == total


def track(kit: Kit, case: str, impact: str = "", **action: str) -> None:
    row = {"text": "Zachary is examined", "owner": "Nurse Quill", "effect": "Zachary is well"}
    kit.complete("ann", case, "track", impact=impact, actions=[row | action])


@pytest.mark.parametrize(
    ("who", "owner", "effect", "opens"),
    [
        pytest.param("ann", "Nurse Quill", "Child 1 is well", True, id="sees the case"),
        pytest.param("out", None, None, False, id="does not see it"),
    ],
)
def test_actions_and_what_changed_are_told_as_the_person_may_read_them(
    kit: Kit, published_case: str, who: str, owner: str | None, effect: str | None, opens: bool
) -> None:
    track(kit, published_case, impact="Zachary Quibble is seen alone")
    (piece,) = seen(kit, who).pieces
    (action,) = piece.actions
    assert (action.text, action.status) == ("Child 1 is examined", "Open")
    assert (action.owner, action.effect) == (owner, effect)
    assert piece.impact == "Child 1 is seen alone"
    assert (piece.case is not None) is opens


def test_what_is_written_afterwards_is_not_published_by_it(kit: Kit, published_case: str) -> None:
    track(kit, published_case, impact="again")
    kit.complete("ann", published_case, "write", **(WROTE | {"title": "Draft", "what": "Secret"}))
    index_anew(kit.desk)
    assert [piece.title for piece in seen(kit).pieces] == ["Seen too late"]
    assert seen(kit, words="secret").total == 0


def test_a_later_publication_of_the_same_title_stands_for_it(kit: Kit, published_case: str) -> None:
    track(kit, published_case, impact="again")
    kit.complete("ann", published_case, "write", **(WROTE | {"what": "Secret"}))
    kit.complete("ann", published_case, "publish", **OUT)
    assert seen(kit).total == 1 and seen(kit, words="secret").total == 1


def made(kit: Kit, case: str) -> bytes:
    """The file of the note, made now."""
    asked = ProduceDocument(actor=PEOPLE["ann"], at=kit.at, case=case, document="note",
                            format="docx")  # fmt: skip
    with pytest.raises(Undecided) as seen_first:
        kit.desk.do(asked)
    kit.desk.do(replace(asked, seen=seen_first.value.survey.digest))
    return b""


def test_the_file_is_the_one_there_was_when_it_was_published(kit: Kit) -> None:
    kit.deploy(files())
    case = kit.start("ann")
    kit.complete("ann", case, "write", **WROTE)
    made(kit, case)
    kit.complete("ann", case, "publish", **OUT)
    (piece,) = seen(kit).pieces
    file = published_file(kit.desk, PEOPLE["out"], piece.id)
    assert file.name == "seen-too-late.docx" and file.content.startswith(b"PK")


def test_a_file_that_was_made_later_is_not_the_published_one(kit: Kit, published_case: str) -> None:
    made(kit, published_case)
    track(kit, published_case)
    (piece,) = seen(kit).pieces
    assert not piece.file
    with pytest.raises(NotFound):
        published_file(kit.desk, PEOPLE["out"], piece.id)


def test_who_is_shut_out_of_the_case_finds_nothing_of_it(kit: Kit, published_case: str) -> None:
    kit.do(ExcludePerson, "lea", case=published_case, person="out", reason="A conflict.")
    assert seen(kit).total == 0 and seen(kit).choices.kinds == ()
    assert seen(kit, "gil").total == 1


def test_what_is_meant_for_some_roles_only_they_find(kit: Kit) -> None:
    kit.deploy(files("  readers: [lead]\n"))
    out(kit)
    assert (seen(kit, "lea").total, seen(kit, "out").total) == (1, 0)
    with pytest.raises(NotFound):
        published_file(kit.desk, PEOPLE["out"], seen(kit, "lea").pieces[0].id)


def test_nothing_of_an_unpublished_case_and_no_name_lies_readable(
    kit: Kit, published_case: str
) -> None:
    kit.complete("ann", published_case, "track", impact="Zachary Quibble", actions=[
        {"text": "Hidden deed", "owner": "Nurse Quill", "effect": "Quite secret"}])  # fmt: skip
    other = kit.start("ann")
    kit.complete("ann", other, "write", **(WROTE | {"title": "Unpublished"}))
    with kit.store.reading() as unit:
        tables = (table, published_text, published_theme)
        rows = [row for each in tables for row in unit.rows(select(each), {})]
    open_ = " ".join(str(value) for row in rows for value in row if isinstance(value, str))
    for word_ in ("quibble", "zachary", "quill", "secret", "unpublished", "t-1"):
        assert word_ not in open_.casefold()
    assert "examined" in open_
    assert all(b"Hidden" not in bytes(v) for row in rows for v in row if isinstance(v, bytes))


def test_it_is_counted_in_pages(both: Kit) -> None:
    both.deploy(files())
    for number in range(3):
        out(both, title=f"Piece {number}")
    first = published(both.desk, PEOPLE["out"], Wish(words="piece"), 1, 2)
    second = published(both.desk, PEOPLE["out"], Wish(words="pie examined", theme="b"), 2, 2)
    assert first.total == second.total == 3
    assert {each.title for each in (*first.pieces, *second.pieces)} == {
        "Piece 0", "Piece 1", "Piece 2",
    }  # fmt: skip


def test_a_case_of_an_older_release_is_found_once_it_is_indexed(
    kit: Kit, published_case: str
) -> None:
    (before,) = seen(kit).pieces
    with kit.store.writing() as unit:
        unit.run(table.delete())
    assert seen(kit).total == 0
    index_anew(kit.desk)
    (piece,) = seen(kit).pieces
    assert replace(piece, id=before.id) == before


def test_of_a_case_whose_content_is_destroyed_nothing_is_found(
    kit: Kit, published_case: str
) -> None:
    with kit.store.writing() as unit:
        erase(unit, published_case)
    assert seen(kit).total == 0 and seen(kit).choices.themes == ()
    index_anew(kit.desk)
    assert seen(kit).total == 0
