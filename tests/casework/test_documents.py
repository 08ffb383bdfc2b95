"""Documents of a case: each version kept and sealed, its hash in the history, for some only."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager

import pytest

from app.audit.verification import verify_case
from app.bounded import Wanted, made, prints
from app.casework import views
from app.casework.access import SYSTEM
from app.casework.commands import Claim, Done, ProduceDocument, Suspend
from app.casework.errors import NotFound, Refused
from app.casework.orders.waking import printing
from app.engine import saying
from app.store import Sealed
from tests.kit import PEOPLE, Kit, diagram, form
from tests.word_documents import document, lines, word

FILES = (
    diagram(
        "start > task:ask > task:ask_each > end",
        ask={"groups": "clerk", "form": "ask"},
        ask_each={"groups": "clerk", "over": '=["one", "two"]', "item": "part"},
    )
    | form("ask", "kind", kind="radio", values=[{"label": "A good one", "value": "good"}])
    | document(
        "note",
        word(
            "«=told.ask.kind» («=records.ask.kind») in «=case.reference»",
            '«for one in case.undone[element = "ask_each"]»',
            "«=one.part»: No return received",
            "«end»",
        ),
        groups="clerk, lead",
        more="needs: [ask]",
    )
)


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(FILES)
    return both.start("ann")


@pytest.fixture
def ready(both: Kit, case: str) -> str:
    both.complete("ann", case, "ask", kind="good")
    return case


def produce(
    kit: Kit, case: str, who: str = "ann", format: str = "docx", key: str | None = None
) -> Done:
    return kit.do(ProduceDocument, who, case=case, document="note", format=format, key=key)


def test_a_document_says_what_was_entered_and_who_is_missing(both: Kit, ready: str) -> None:
    done = produce(both, ready)
    kept = views.kept_document(both.desk, PEOPLE["ann"], ready, "note", 1, both.at)
    assert lines(kept.content) == [
        f"A good one (good) in {done.reference}",
        "one: No return received",
        "two: No return received",
    ]
    assert kept.name == f"{done.reference} note v1.docx"


def test_a_document_with_its_sources_says_of_each_statement_who_said_it(
    both: Kit, ready: str
) -> None:
    done = both.do(ProduceDocument, "ann", case=ready, document="note", format="docx", sources=True)
    kept = views.kept_document(both.desk, PEOPLE["ann"], ready, "note", 1, both.at)
    *said, annex, itself = lines(kept.content)
    assert said == [
        f"A good one [1] (good [1]) in {done.reference} [2]",
        "one [2]: No return received",
        "two [2]: No return received",
        "Sources",
    ]
    name, day = PEOPLE["ann"].name, saying.day(both.at)
    assert annex.startswith(f"[1] {name}, {day}, in “Ask” (entry 2, form “ask”, version ")
    assert itself == "[2] The case itself."
    entries = views.history_entries(both.desk, PEOPLE["ann"], ready, both.at)
    assert [one.said["sources"] for one in entries if one.kind == "ProduceDocument"] == [True]


def test_every_version_stays_and_its_hash_is_in_the_history(both: Kit, ready: str) -> None:
    for format in ("docx", "pdf", "docx"):
        both.later(minutes=1)
        produce(both, ready, format=format)
    (line,) = views.document_page(both.desk, PEOPLE["ann"], ready, both.at).documents
    assert [(one.version, one.format) for one in line.versions] == [
        (3, "docx"), (2, "pdf"), (1, "docx"),
    ]  # fmt: skip
    entries = views.history_entries(both.desk, PEOPLE["ann"], ready, both.at)
    said = [one.said for one in entries if one.kind == "ProduceDocument"]
    assert [one["sha256"] for one in said] == [one.sha256 for one in reversed(line.versions)]
    first = views.kept_document(both.desk, PEOPLE["ann"], ready, "note", 1, both.at)
    assert hashlib.sha256(first.content).hexdigest() == said[0]["sha256"]
    assert verify_case(both.store, ready).good


def test_the_same_key_makes_one_version(both: Kit, ready: str) -> None:
    first, second = (produce(both, ready, key="k") for _ in range(2))
    assert second.replayed
    assert second.seq == first.seq


def test_nothing_is_made_before_what_it_needs(both: Kit, case: str) -> None:
    with pytest.raises(Refused, match="Ask"):
        produce(both, case)
    (line,) = views.document_page(both.desk, PEOPLE["ann"], case, both.at).documents
    assert line.missing == ("Ask",)


def test_a_format_nobody_knows_is_refused(both: Kit, ready: str) -> None:
    with pytest.raises(Refused):
        produce(both, ready, format="docm")


def test_a_suspended_case_still_gives_its_documents(both: Kit, ready: str) -> None:
    both.desk.do(Suspend(actor=SYSTEM, at=both.at, case=ready, reason="r"))
    assert produce(both, ready).answer["version"] == 1


@pytest.mark.parametrize("who", ["pol", "out", "dra", "aud"])
def test_for_others_there_is_no_document(both: Kit, ready: str, who: str) -> None:
    """`aud` sees the case, but is in no group of the document."""
    produce(both, ready)
    with pytest.raises(NotFound):
        produce(both, ready, who=who)
    with pytest.raises(NotFound):
        views.kept_document(both.desk, PEOPLE[who], ready, "note", 1, both.at)
    if who == "aud":
        assert views.document_page(both.desk, PEOPLE[who], ready, both.at).documents == ()
    else:
        with pytest.raises(NotFound):
            views.document_page(both.desk, PEOPLE[who], ready, both.at)


@pytest.mark.parametrize(("document", "version"), [("note", 2), ("note", 0), ("other", 1)])
def test_what_was_never_made_is_not_there(
    both: Kit, ready: str, document: str, version: int
) -> None:
    produce(both, ready)
    with pytest.raises(NotFound):
        views.kept_document(both.desk, PEOPLE["ann"], ready, document, version, both.at)


def test_reading_a_document_is_written_down(both: Kit, ready: str) -> None:
    produce(both, ready)
    views.kept_document(both.desk, PEOPLE["ben"], ready, "note", 1, both.at)
    entries = views.history_entries(both.desk, PEOPLE["ann"], ready, both.at)
    assert ("ben", "document note version 1") in [
        (one.actor, one.said.get("view")) for one in entries if one.kind == "read"
    ]


def test_a_body_changed_or_moved_behind_our_back_does_not_open(both: Kit, ready: str) -> None:
    produce(both, ready)
    produce(both, ready)
    with both.store.writing() as unit:
        unit.connection.exec_driver_sql("DELETE FROM document WHERE version = 2")
        unit.connection.exec_driver_sql("UPDATE document SET version = 2")
    with pytest.raises(Sealed):
        views.kept_document(both.desk, PEOPLE["ann"], ready, "note", 2, both.at)


BEHIND = {
    "taken away": ("DELETE FROM document WHERE version = 1", "no longer kept"),
    "swapped": (
        "UPDATE document SET version = CASE version WHEN 1 THEN 12 ELSE 1 END", "changed behind",
    ),
    "slipped in": (
        "INSERT INTO document SELECT case_id, 'x', 9, format, name, at, \"by\", seq, sha256, size, "
        "body FROM document WHERE version = 1",
        "never made",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "said"), BEHIND.values(), ids=BEHIND)
def test_the_check_of_a_history_finds_what_was_done_to_documents(
    both: Kit, ready: str, statement: str, said: str
) -> None:
    produce(both, ready)
    produce(both, ready)
    assert verify_case(both.store, ready).good
    with both.store.writing() as unit:
        unit.connection.exec_driver_sql(statement)
    found = verify_case(both.store, ready)
    assert not found.good
    assert said in "".join(found.lines())


def test_no_name_and_no_text_stands_open_in_the_table(both: Kit, ready: str) -> None:
    produce(both, ready)
    with both.store.reading() as unit:
        row = unit.connection.exec_driver_sql("SELECT * FROM document").one()
    assert b"good" not in b"".join(one for one in row if isinstance(one, bytes))


def test_while_a_pdf_is_made_the_case_is_free_for_others(
    both: Kit, ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody claims a task meanwhile: neither waits, and the PDF is of the case as it is then."""
    seen: list[bytes] = []

    def and_somebody_works(wanted: Wanted) -> AbstractContextManager[None]:
        if not seen:
            task = both.task(ready, "ask_each")
            both.do(Claim, "ann", case=ready, task=task)
            both.complete("ann", ready, "ask_each")
        seen.append(wanted.word)
        return made(wanted)

    monkeypatch.setattr(printing, "made", and_somebody_works)
    done = produce(both, ready, format="pdf")
    assert len(seen) == 2 and seen[0] != seen[1], "what changed is made anew"
    assert len(both.open(ready)) == 1
    kept = views.kept_document(both.desk, PEOPLE["ann"], ready, "note", 1, both.at)
    assert kept.content.startswith(b"%PDF") and done.answer["version"] == 1


def test_a_pdf_that_takes_too_long_changes_nothing(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "SECONDS", 1)
    rows = "=for i in 1..6000 return string(i)"
    many = word(f"«for one in {rows[1:]}»", "«=one» " + "a word that fills a line " * 12, "«end»")
    kit.deploy(FILES | document("long", many, groups="clerk"))
    case = kit.start("ann")
    with pytest.raises(Refused, match="Make the Word version"):
        kit.do(ProduceDocument, "ann", case=case, document="long", format="pdf")
    entries = views.history_entries(kit.desk, PEOPLE["ann"], case, kit.at)
    assert [one.kind for one in entries] == ["StartCase"]
    kit.do(ProduceDocument, "ann", case=case, document="long", format="docx")
