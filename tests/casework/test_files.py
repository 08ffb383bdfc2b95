"""Files in answers: kept at once and sealed, named in the history by digest, read by who may read
the answer that names them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import store
from app.audit.verification import verify_all
from app.casework import NotFound, Refused, views
from app.casework.cases import open_tasks
from app.casework.commands import Claim, CompleteTask, Release, SaveDraft, TakeOverDraft
from app.casework.drafts import NewFile
from app.store import leftovers
from tests.kit import PEOPLE, START, Kit, diagram, form

REPORT = NewFile(name="Report of the school.docx", kind="docx", content=b"PK the words of a school")
OTHER = NewFile(name="Scan.pdf", kind="pdf", content=b"%PDF another")


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(
        diagram(
            "start > task:ask > task:tell > end",
            ask={"groups": "clerk", "form": "ask"},
            tell={"groups": "agency:police,agency:gp", "form": "ask", "people": "2"},
        ),
        form("ask", "report", kind="filepicker", required=False, multiple=True),
    )
    return kit.start("ann")


def bring(kit: Kit, case: str, *files: NewFile, who: str = "ann", step: str = "ask") -> str:
    task = kit.task(case, step)
    given = {"report": [file.attached.written() for file in files]}
    kit.do(SaveDraft, who, case=case, task=task, given=given, files=files)
    return task


def send(kit: Kit, case: str, *files: NewFile, who: str = "ann", step: str = "ask") -> Any:
    given = {"report": [file.attached.written() for file in files]}
    task, version = kit.task(case, step), None
    if step == "tell":
        version = views.task_page(kit.desk, PEOPLE[who], case, task, kit.at).version
    return kit.do(CompleteTask, who, case=case, task=task, given=given, version=version)


def read(kit: Kit, who: str, case: str, task: str, file: NewFile = REPORT) -> bytes:
    digest = file.attached.digest
    return views.kept_file(kit.desk, PEOPLE[who], case, task, digest, kit.at).content


def refused(kit: Kit, who: str, case: str, task: str, file: NewFile = REPORT) -> bool:
    try:
        return not read(kit, who, case, task, file)
    except NotFound:
        return True


def test_a_file_of_a_draft_is_read_by_whose_draft_it_is(kit: Kit, case: str) -> None:
    task = bring(kit, case, REPORT)
    assert read(kit, "ann", case, task) == REPORT.content
    assert [refused(kit, who, case, task) for who in ("ben", "lea", "pol", "out")] == [True] * 4


def test_what_was_sent_is_read_by_who_may_read_the_answer(kit: Kit, case: str) -> None:
    task = bring(kit, case, REPORT, OTHER)
    send(kit, case, REPORT)
    assert [read(kit, who, case, task) for who in ("ann", "ben")] == [REPORT.content] * 2
    assert refused(kit, "pol", case, task), "they see a part of the case, and not this one"
    assert refused(kit, "ann", case, task, OTHER), "it was not sent"


def test_the_history_names_a_file_by_its_digest_and_holds_no_bytes(kit: Kit, case: str) -> None:
    bring(kit, case, REPORT)
    send(kit, case, REPORT)
    (entry,) = [
        one for one in views.history_entries(kit.desk, PEOPLE["ann"], case, kit.at)
        if one.kind == "CompleteTask"
    ]  # fmt: skip
    value = REPORT.attached.value()
    assert entry.said["files"] == [value] and entry.said["answers"] == {"report": [value]}
    assert "words of a school" not in str(entry.said)


def test_neither_words_nor_name_of_a_file_stand_in_the_open(kit: Kit, case: str) -> None:
    bring(kit, case, REPORT)
    with kit.store.reading() as unit:
        (row,) = unit.rows(text("SELECT * FROM answer_file"))
    assert not [part for part in map(str, row) if "school" in part]


def test_a_file_that_nobody_brought_is_told_at_its_question(kit: Kit, case: str) -> None:
    with pytest.raises(Refused) as told:
        send(kit, case, REPORT)
    assert told.value.fields == {
        "report": "Choose “Report of the school.docx” again: it is not kept here"
    }


def test_an_answer_cannot_say_that_a_file_is_another_kind(kit: Kit, case: str) -> None:
    bring(kit, case, REPORT)
    forged = REPORT.attached.written().replace(" docx ", " pdf ")
    with pytest.raises(Refused):
        kit.complete("ann", case, "ask", report=[forged])


def test_who_signs_second_reads_the_files_of_who_signed_first(kit: Kit, case: str) -> None:
    kit.complete("ann", case, "ask")
    task = bring(kit, case, REPORT, who="pol", step="tell")
    assert refused(kit, "gil", case, task)
    send(kit, case, REPORT, who="pol", step="tell")
    assert read(kit, "gil", case, task) == REPORT.content
    send(kit, case, REPORT, who="gil", step="tell")
    assert [refused(kit, who, case, task) for who in ("pol", "gil", "ann", "out")] == [
        False, False, False, True,
    ]  # fmt: skip


def test_reading_a_file_is_written_down(kit: Kit, case: str) -> None:
    task = bring(kit, case, REPORT)
    read(kit, "ann", case, task)
    entries = views.history_entries(kit.desk, PEOPLE["ann"], case, kit.at)
    assert f"file {REPORT.attached.digest[:12]} of task {task}" in str([e.said for e in entries])


def test_no_more_waits_with_a_task_than_anybody_needs(
    kit: Kit, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_tasks, "MOST_WAITING", 1)
    bring(kit, case, REPORT)
    with pytest.raises(Refused) as told:
        bring(kit, case, OTHER)
    assert told.value.sentence.startswith("Too many files wait")


def test_who_goes_on_with_a_colleagues_answers_reads_and_sends_their_files_too(
    kit: Kit, case: str
) -> None:
    task = bring(kit, case, REPORT)
    bring(kit, case, OTHER, who="ben")
    assert refused(kit, "ben", case, task), "it is the draft of somebody else"
    kit.do(TakeOverDraft, "ben", case=case, task=task, person="ann")
    assert [read(kit, "ben", case, task, file) for file in (REPORT, OTHER)] == [
        REPORT.content, OTHER.content,
    ], "what both brought is kept twice, to choose from"  # fmt: skip
    send(kit, case, REPORT, who="ben")
    assert [read(kit, who, case, task) for who in ("ann", "ben")] == [REPORT.content] * 2
    assert refused(kit, "ben", case, task, OTHER), "it was not chosen"


def test_a_task_that_is_given_back_keeps_the_files_of_who_began_it(kit: Kit, case: str) -> None:
    kit.do(Claim, "ann", case=case, task=kit.task(case, "ask"))
    task = bring(kit, case, REPORT)
    kit.do(Release, "ann", case=case, task=task)
    assert read(kit, "ann", case, task) == REPORT.content
    assert refused(kit, "ben", case, task)


CHANGED = {
    "gone": ("DELETE FROM answer_file", "is no longer kept"),
    "changed": ("UPDATE answer_file SET body = zeroblob(60)", "was changed behind the history"),
}


@pytest.mark.parametrize(("statement", "sentence"), CHANGED.values(), ids=CHANGED)
def test_verify_finds_a_file_that_is_not_as_it_came(
    kit: Kit, case: str, statement: str, sentence: str
) -> None:
    bring(kit, case, REPORT)
    send(kit, case, REPORT)
    assert all(verdict.good for verdict in verify_all(kit.store))
    with kit.store.writing() as unit:
        unit.run(text(statement))
    told = [line for verdict in verify_all(kit.store) for line in verdict.lines()]
    assert any(sentence in line for line in told), told


def test_what_was_never_sent_goes_with_its_task_and_what_was_sent_stays(
    kit: Kit, case: str
) -> None:
    bring(kit, case, REPORT, OTHER)
    send(kit, case, REPORT)
    leftovers.sweep(kit.store, START + timedelta(days=31))
    with kit.store.reading() as unit:
        row = store.cases.find(unit, case)
        assert row is not None
        left = [file.digest for file in store.work.answers.files.of_case(unit, row.id)]
    assert left == [REPORT.attached.digest]
