"""A history entry is read whatever it holds: what this release cannot read is told, with the
entry's number, by every reader, and the rest is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from app.audit import exports, narrative
from app.audit.entries import of_case
from app.audit.narrative.frames import frames
from app.audit.narrative.names import Words
from app.audit.verification import verify_case
from app.casework import views
from app.casework.cases.history import bodies
from app.casework.cases.history.bodies import Unreadable
from app.engine import stored_events
from app.engine.events import TaskCompleted
from app.store import CaseKey, Unit, cases
from app.store.chain import commitments, headers, history, packing
from tests.kit import PEOPLE, Kit, diagram, form

FILES = (
    diagram(
        "start > task:ask > task:look > end",
        ask={"groups": "clerk", "form": "ask"},
        look={"groups": "clerk", "form": "look"},
    )
    | form("ask", "word")
    | form("look", "word", conditional={"hide": '=records.ask.word = "x"'})
)


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(FILES)
    case = kit.start("ann")
    kit.complete("ann", case, "ask", word="plain")
    return case


def rewrite(unit: Unit, key: CaseKey, spoil: Callable[[Any], bytes], seq: int = 2) -> None:
    """Writes the newest entry again as if it had always held this: every check of form holds."""
    row = history.some(unit, key.case, [seq])[0]
    stored = json.loads(history.content(row, key))
    content = spoil(stored)
    header = headers.parsed(row.header)
    secret = bytes(16)
    try:
        fields = {name: stored.get(name) for name in ("command", "events")}
        header["content"] = commitments.root(fields, secret).hex()
    except TypeError:  # it has none
        header["content"] = "00" * 32
    packed = packing.pack(content, secret, headers.bound(header))
    sealed = key.encrypt(packed, str(seq))
    header["body"] = hashlib.sha256(sealed).hexdigest()
    written = headers.canonical(header)
    head = headers.digest(written)
    unit.run(
        text(
            "UPDATE history SET header = :h, hash = :d, body = :b WHERE case_id = :c AND seq = :s"
        ),
        {"h": written, "d": head, "b": sealed, "c": key.case, "s": seq},
    )
    seal = unit.keys.stand(key.case, seq, head)
    unit.run(
        text("UPDATE cases SET head = :d, head_seal = :k WHERE id = :c"),
        {"d": head, "k": seal, "c": key.case},
    )


def changed(change: Callable[[Any], object]) -> Callable[[Any], bytes]:
    def spoil(stored: Any) -> bytes:
        change(stored)
        return json.dumps(stored, sort_keys=True, separators=(",", ":")).encode()

    return spoil


def fact(**values: Any) -> Callable[[Any], bytes]:
    return changed(lambda stored: stored["events"][0].update(values))


SPOILT: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "a kind to come": (fact(kind="TaskPainted"), "Entry 2 holds a fact of a kind that this"),
    "a kind that is no text": (fact(kind=7), "it has no kind"),
    "a field too many": (fact(colour="red"), "“TaskCompleted” has a field “colour”"),
    "a field missing": (
        changed(lambda s: s["events"][0].pop("task")), "“TaskCompleted” has no field “task”",
    ),
    "a field of another type": (fact(task=["x"]), "something else than expected as “task”"),
    "a value of an unknown type": (
        fact(task={"type": "moon", "value": "x"}), "“TaskCompleted” holds a value",
    ),
    "a date that is none": (
        fact(task={"type": "date", "value": "2026-02-31"}), "“TaskCompleted” holds a value",
    ),
    "a range that is none": (
        fact(task={"type": "range", "value": {"a": 1}}), "“TaskCompleted” holds a value",
    ),
    "facts that are no list": (changed(lambda s: s.update(events={"a": 1})), "are no list"),
    "a fact that is no object": (changed(lambda s: s["events"].append(7)), "it has no kind"),
    "an order that is no object": (changed(lambda s: s.update(command=[])), "is no object"),
    "an answer that cannot be read": (
        changed(lambda s: s["command"]["answers"].update(word={"type": "moon", "value": "x"})),
        "its order holds a value",
    ),
    "a fraction as a number": (
        changed(lambda s: s["command"]["answers"].update(word=1.5)), "it is no JSON",
    ),
    "no JSON": (lambda stored: b'{"command":', "it is no JSON"),
    "no UTF-8": (lambda stored: b"\xff\xfe", "it is no JSON"),
    "nested too deeply": (lambda stored: b"[" * 9000 + b"]" * 9000, "it is no JSON"),
    "no object": (lambda stored: b"[]", "it is no object"),
    "a form to come": (changed(lambda s: s.update(v=99)), "its form is not known"),
    "nothing": (lambda stored: b"", "it is no JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "words"), SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_read_is_told_by_every_reader(
    kit: Kit, case: str, spoil: Callable[[Any], bytes], words: str
) -> None:
    with kit.store.writing() as unit:
        rewrite(unit, cases.key_of(unit, case), spoil)
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        program = kit.desk.installation.programs.of(unit, row.deployment).program
        told = list(of_case(unit, case, program=program))
    assert words in told[1].unread[0] and "ntry 2" in told[1].unread[0]
    sentences = narrative.tell(told, Words(program=program, people={}, groups={}))
    assert [one.text for one in sentences if one.seq == 2 and one.topic == "trouble"]
    assert "Entry 2" in exports.sentences_csv(sentences)
    assert "unread" in list(exports.entries_jsonl(told))[1]
    assert len(frames(told, program)) == 2
    assert views.case_page(kit.desk, PEOPLE["aud"], case, kit.at).case == row.reference
    assert views.history_entries(kit.desk, PEOPLE["aud"], case, kit.at)[1].unread
    views.recorded_page(kit.desk, PEOPLE["aud"], case, kit.at)
    lines = " ".join(verify_case(kit.store, case).lines())
    assert "Entry 2" in lines


def test_a_form_that_asks_for_answers_that_cannot_be_read_is_refused_in_words(
    kit: Kit, case: str
) -> None:
    with kit.store.writing() as unit:
        rewrite(unit, cases.key_of(unit, case), lambda stored: b"{")
    task = kit.task(case, "look")
    with pytest.raises(Unreadable, match="Entry 2 cannot be read by this release"):
        views.task_page(kit.desk, PEOPLE["ann"], case, task, kit.at)


def test_an_answer_is_read_though_a_fact_beside_it_cannot_be(kit: Kit, case: str) -> None:
    with kit.store.writing() as unit:
        key = cases.key_of(unit, case)
        rewrite(unit, key, fact(kind="TaskPainted"))
        assert bodies.order_of(unit, key, 2)["answers"] == {"word": "plain"}


def test_facts_of_the_first_form_are_told_with_the_process_that_holds_them() -> None:
    stored = {"kind": "TaskCompleted", "instance": "1", "task": "1-2", "element": "ask"}
    found = stored_events.read(stored, 1, lambda instance, id: f"{instance}/{id}")
    assert found == TaskCompleted(instance="1", task="1-2", element="ask", process="1/ask")
    assert stored_events.as_in(found, 1) == stored


def test_every_kind_of_fact_has_a_type_for_each_field_that_reading_checks() -> None:
    assert stored_events._KNOWN.keys() == stored_events.KINDS.keys()


def test_the_dictionary_of_bodies_never_changes() -> None:
    """What is stored was made with it. Another one joins it; this one stays as it is."""
    assert hashlib.sha256(packing.DICTIONARY).hexdigest() == (
        "82f278916404d370fa044c14ebe0540706bc4e50ef92e36c3ff8725d89236713"
    )


def test_in_whose_place_an_order_was_given_stands_in_the_open_and_in_the_body(kit: Kit) -> None:
    kit.deploy(FILES)
    case = kit.start("ann")
    with kit.store.reading() as unit:
        row = next(history.rows(unit, case))
        key = cases.key_of(unit, case)
    assert headers.parsed(row.header)["on_behalf"] is None
    assert bodies.read(row, key).said.get("for") is None


def test_a_body_that_its_header_does_not_commit_to_is_found_though_all_else_fits(
    kit: Kit, case: str
) -> None:
    def other(stored: Any) -> bytes:
        return json.dumps(stored).replace("plain", "other").encode()

    with kit.store.writing() as unit:
        rewrite(unit, cases.key_of(unit, case), other)
    found = verify_case(kit.store, case, run_again=False)
    assert "its fields are not those that its header commits to" in found.chain.sentence
