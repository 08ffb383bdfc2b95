"""A task shows the document that it is about: what it would say now, its version, what changed."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from app import store
from app.audit.narrative import ask
from app.casework import NotFound, Refused, look, views
from app.casework.commands import CompleteTask, ProduceDocument
from app.casework.errors import Undecided
from app.casework.views import BriefedDocument
from app.documents import ADDED, REMOVED, SAME, unpacked
from tests.kit import PEOPLE, Kit, diagram, form
from tests.word_documents import document, lines, word


def files(people: str = "1", audience: str = "inside", brief: str = "note") -> dict[str, bytes]:
    question = {"id": "f", "type": "textfield", "key": "whom", "label": "Whom",
                "properties": {"persons": "child", "person_is": "name"}}  # fmt: skip
    named = {"type": "default", "id": "draft", "schemaVersion": 18, "components": [
        question, {"id": "g", "type": "textfield", "key": "why", "label": "Why"},
    ]}  # fmt: skip
    return (
        diagram(
            "start > xor:again > task:draft > task:check > xor:good > end; good > xor:back > again",
            draft={"groups": "clerk", "form": "draft"},
            check={
                "groups": "lead,clerk", "form": "check", "brief_document": brief, "people": people,
            },
            end={"condition": "default"},
            back={"condition": '=verdict = "bad"'},
        )
        | {"forms/draft.form": json.dumps(named).encode()}
        | form("check", "verdict")
        | document(
            "note",
            word(
                "The note",
                "About «=records.draft.whom»",
                "Because «=records.draft.why»",
                [["Whom", "Why"], ["«=records.draft.whom»", "«=records.draft.why»"]],
            ),
            groups="clerk, lead",
            more=f"needs: [draft]\nfor: {audience}",
        )
    )  # fmt: skip


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(files())
    return drafted(both)


def drafted(kit: Kit, why: str = "it rained", who: str = "Zachary Quibble") -> str:
    case = kit.start("ann")
    kit.later(minutes=1)
    kit.complete("ann", case, "draft", whom=who, why=why)
    kit.later(minutes=1)
    return case


def shown(
    kit: Kit, case: str, who: str = "lea", since: dict[str, str] | None = None
) -> BriefedDocument:
    task = kit.task(case, "check")
    page = views.task_page(kit.desk, PEOPLE[who], case, task, kit.at, since)
    kit.later(minutes=1)
    return page.documents[0]


def check(kit: Kit, case: str, verdict: str, who: str = "lea", **documents: str) -> Any:
    done = kit.do(
        CompleteTask, who, case=case, task=kit.task(case, "check"), given={"verdict": verdict},
        documents=documents,
    )  # fmt: skip
    kit.later(minutes=1)
    return done


def redraft(kit: Kit, case: str, why: str) -> None:
    kit.complete("ann", case, "draft", whom="Zachary Quibble", why=why)
    kit.later(minutes=1)


def said_of(kit: Kit, case: str, kind: str = "CompleteTask") -> list[Any]:
    entries = views.history_entries(kit.desk, PEOPLE["ann"], case, kit.at)
    return [one.said.get("documents") for one in entries if one.kind == kind]


def test_the_page_says_what_the_word_file_says(both: Kit, case: str) -> None:
    read = [" | ".join(part.words) for part in shown(both, case).parts]
    both.do(ProduceDocument, "ann", case=case, document="note", format="docx")
    kept = views.kept_document(both.desk, PEOPLE["ann"], case, "note", 1, both.at)
    assert read == lines(kept.content)
    assert "About Zachary Quibble" in read


def test_a_version_says_when_it_was_first_seen_and_who_entered_it(both: Kit, case: str) -> None:
    at = both.at
    first = shown(both, case)
    assert (first.version, first.first_seen, len(first.digest)) == (1, at, 64)
    assert [(e.step, e.by) for e in first.entered] == [("Draft", (PEOPLE["ann"].name,))]
    assert shown(both, case, "ben").first_seen == at


def test_the_first_time_has_nothing_before_it(both: Kit, case: str) -> None:
    first = shown(both, case)
    assert (first.before, first.changes) == (None, ())


def test_who_comes_back_to_the_same_text_is_told_so(both: Kit, case: str) -> None:
    at = both.at
    shown(both, case)
    again = shown(both, case)
    assert again.before is not None
    assert (again.before.version, again.before.at, again.before.did) == (1, at, "")
    assert again.changes == ()


def test_what_changed_since_somebody_approved_it_is_shown_word_for_word(
    both: Kit, case: str
) -> None:
    check(both, case, "bad", note=shown(both, case).digest)
    redraft(both, case, "it snowed")
    now = shown(both, case)
    assert now.before is not None
    assert (now.version, now.before.version, now.before.did) == (2, 1, "Check")
    assert now.changes[0].pieces == (
        (SAME, "Because it "), (REMOVED, "rained"), (ADDED, "snowed"),
    )  # fmt: skip
    assert shown(both, case).changes == now.changes  # also when they look again


def test_each_person_is_told_what_changed_for_them(both: Kit, case: str) -> None:
    check(both, case, "bad", note=shown(both, case).digest)
    redraft(both, case, "it snowed")
    assert shown(both, case, "ben").before is None


def test_a_text_that_comes_back_is_the_version_that_it_was(both: Kit, case: str) -> None:
    for why, version in (("it snowed", 2), ("it rained", 1)):
        check(both, case, "bad", note=shown(both, case).digest)
        redraft(both, case, why)
        assert shown(both, case).version == version


def test_the_history_says_which_version_was_before_whoever_did_the_task(
    both: Kit, case: str
) -> None:
    digest = shown(both, case).digest
    check(both, case, "good", note=digest)
    assert said_of(both, case)[-1] == [
        {"document": "note", "title": "The note", "version": 1, "digest": digest}
    ]
    (line,) = views.document_page(both.desk, PEOPLE["ann"], case, both.at).documents
    assert [(use.version, use.task, use.by) for use in line.uses] == [
        (1, "Check", PEOPLE["lea"].name)
    ]


def test_a_file_says_the_version_that_was_approved(both: Kit, case: str) -> None:
    digest = shown(both, case).digest
    both.do(ProduceDocument, "ann", case=case, document="note", format="docx")
    entries = views.history_entries(both.desk, PEOPLE["ann"], case, both.at)
    assert [one.said["says"] for one in entries if one.kind == "ProduceDocument"] == [digest]


def test_a_document_that_changed_meanwhile_is_shown_before_it_counts(both: Kit, case: str) -> None:
    old = shown(both, case).digest
    check(both, case, "bad", note=old)
    redraft(both, case, "it snowed")
    with pytest.raises(Refused, match="“The note” changed since you opened this page") as refusal:
        check(both, case, "good", note=old)
    assert refusal.value.given == {"verdict": "good"}
    now = shown(both, case, since={"note": old})
    assert now.meanwhile
    assert now.changes[0].pieces[1:] == ((REMOVED, "rained"), (ADDED, "snowed"))
    check(both, case, "good", note=now.digest)


def test_whoever_says_no_version_has_the_one_that_stands(both: Kit, case: str) -> None:
    check(both, case, "good")
    assert said_of(both, case)[-1][0]["version"] == 1


def test_two_people_sign_the_same_version(both: Kit) -> None:
    both.deploy(files(people="2"))
    case = drafted(both)
    row = both.task(case, "check")
    check(both, case, "good", note=shown(both, case).digest)
    assert said_of(both, case, "signed")[0][0]["version"] == 1
    version = views.task_page(both.desk, PEOPLE["ben"], case, row, both.at).version
    order = {"case": case, "task": row, "given": {"verdict": "good"}, "version": version}
    assert both.do(CompleteTask, "ben", **order).completed(row)


def test_a_signature_for_another_version_falls(both: Kit) -> None:
    both.deploy(files(people="2"), document("note", word("«=case.status» «=today()»"),
                groups="clerk", more="for: inside"))  # fmt: skip
    case = drafted(both)
    row = both.task(case, "check")
    check(both, case, "good", note=shown(both, case).digest)
    both.later(days=1)
    version = views.task_page(both.desk, PEOPLE["ben"], case, row, both.at).version
    order = {"case": case, "task": row, "given": {"verdict": "good"}, "version": version}
    done = both.do(CompleteTask, "ben", **order)
    assert not done.completed(row)
    assert done.answer["instead_of"] == PEOPLE["lea"].name


def test_what_goes_outward_is_shown_with_pseudonyms_as_decided_last(both: Kit) -> None:
    both.deploy(files(audience="outward"))
    case = drafted(both, who="Zoë", why="Zoë fell")
    before = shown(both, case)
    assert before.undecided == 4
    order = {"case": case, "document": "note", "format": "docx"}
    with pytest.raises(Undecided) as asked:
        both.do(ProduceDocument, "ann", **order)
    decided = {"seen": asked.value.survey.digest, "decisions": asked.value.all_replaced()}
    both.do(ProduceDocument, "ann", **order, **decided)
    now = shown(both, case)
    assert (now.undecided, now.version) == (0, 2)
    assert now.parts[2].words == ("Because Child 1 fell",)


def test_what_cannot_be_made_yet_says_what_it_needs(both: Kit) -> None:
    both.deploy(files() | document("note", word("x"), groups="clerk", more="needs: [check]"))
    case = drafted(both)
    lacking = shown(both, case)
    assert (lacking.missing, lacking.version) == (("Check",), 0)
    check(both, case, "good")
    assert said_of(both, case)[-1] is None


def test_a_task_without_a_document_reads_none(both: Kit, case: str) -> None:
    check(both, case, "bad", note=shown(both, case).digest)
    task = both.task(case, "draft")
    assert views.task_page(both.desk, PEOPLE["ann"], case, task, both.at).documents == ()


def test_nobody_else_reads_it(both: Kit, case: str) -> None:
    with pytest.raises(NotFound):
        shown(both, case, "out")


def test_a_text_is_sealed_with_the_key_of_its_case(both: Kit, case: str) -> None:
    shown(both, case)
    with both.desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        assert row is not None
        (text,) = store.work.document_texts.texts(unit, row.id)
        body = unit.connection.exec_driver_sql("select body from document_text").scalar_one()
        key = store.cases.key_of(unit, row.id)
        opened = unpacked(store.work.document_texts.content(unit, key, text))
        assert opened[2].words == ("Because it rained",)
    with pytest.raises(zlib.error):  # what is kept is packed, so no word would be seen in it
        unpacked(bytes(body))


def test_the_history_is_told_in_words(both: Kit, case: str) -> None:
    digest = shown(both, case).digest
    check(both, case, "good", note=digest)
    with look(both.desk, PEOPLE["ann"], case, both.at, "history") as seen:
        told, _ = ask(seen, lambda story: story.behind(0, 100))
    wanted = f"Lea Lamb (Lead) had version 1 ({digest[:8]}) of “The note” before them on "
    assert [sentence.text for sentence in told if sentence.text.startswith(wanted)]


def test_of_several_who_approve_each_has_the_same_version_before_them(kit: Kit) -> None:
    kit.deploy(
        diagram(
            "start > task:draft > task:check > end",
            draft={"groups": "clerk", "form": "draft"},
            check={
                "groups": '="agency:" + a', "over": '=["police", "gp"]', "item": "a",
                "form": "check", "brief_document": "note", "label": "=a",
            },
        )
        | form("draft", "why")
        | form("check", "verdict")
        | document(
            "note",
            word(
                "Because «=records.draft.why»",
                "«=count(records.check_all)» have agreed, the last on «=case.done[-1].at»",
                "«=count(case.undone[element = \"check\"])» are asked",
            ),
            groups="clerk, lead",
            more="needs: [draft]",
        )
    )  # fmt: skip
    case = kit.start("ann")
    kit.complete("ann", case, "draft", why="it rained")
    before = shown_to(kit, case, "gil")
    kit.later(minutes=5)
    kit.do(CompleteTask, "pol", case=case, task=task_of(kit, case, "pol"),
           given={"verdict": "good"})  # fmt: skip
    after = shown_to(kit, case, "gil")
    assert (after.version, after.digest) == (before.version, before.digest) == (1, before.digest)
    kit.do(CompleteTask, "gil", case=case, task=task_of(kit, case, "gil"),
           given={"verdict": "good"}, documents={"note": before.digest})  # fmt: skip


def task_of(kit: Kit, case: str, who: str) -> str:
    rows = views.work_list(kit.desk, PEOPLE[who], kit.at).rows
    return next(row.task for row in rows if row.element == "check")


def shown_to(kit: Kit, case: str, who: str) -> BriefedDocument:
    task = task_of(kit, case, who)
    return views.task_page(kit.desk, PEOPLE[who], case, task, kit.at).documents[0]
