"""Somebody with the whole database changes it, chains again what can be, and is found: each row one
way, the sentence naming case or entry. What only a rebuilt work list would show is not here: see
docs/auditors.md."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.audit.verification import verify_all
from app.audit.verification.head_list import heads, missed
from app.casework.cases.programs import Programs
from app.casework.commands import ProduceDocument
from app.casework.errors import Unusable
from app.store import CaseKey, Unit, cases
from app.store.chain import headers, history
from tests.kit import Kit, diagram
from tests.word_documents import document, word

Tamper = Callable[[Unit, str], object]
PATH = "bpmn/p.bpmn"
CONTENT = diagram(
    "start > task:ask > task:answer > end",
    ask={"groups": "clerk,lead", "status": "Asked"},
    answer={"groups": "clerk", "due": "=working_days_after(today(), 2)"},
) | document("letter", word("A letter."))


def sql(statement: str) -> Tamper:
    return lambda unit, case: unit.run(text(statement), {"c": case})


def rechained(change: Callable[[list[dict[str, Any]]], object], *, head: bool = True) -> Tamper:
    """Changes headers, and writes the chain anew so that every plain hash fits again."""

    def tamper(unit: Unit, case: str) -> None:
        rows = list(history.rows(unit, case))
        entry_headers = [json.loads(row.header) for row in rows]
        bodies = {row.hash.hex(): row.body for row in rows}
        for header, row in zip(entry_headers, rows, strict=True):
            header["was"] = row.hash.hex()
        change(entry_headers)
        unit.run(text("DELETE FROM history WHERE case_id = :c"), {"c": case})
        before = headers.START
        for number, header in enumerate(entry_headers, 1):
            body = bodies[header.pop("was")]
            header["prev"] = before.hex()
            written = headers.canonical(header)
            before = headers.digest(written)
            at = history.datetime.fromisoformat(header["at"].replace("Z", "+00:00"))
            unit.run(
                text("INSERT INTO history VALUES (:c, :n, :at, :kind, :actor, :header, :hash, :b)"),
                {
                    "c": case, "n": number, "at": round(at.timestamp() * 1e6),
                    "kind": header["kind"], "actor": header["actor"], "header": written,
                    "hash": before, "b": body,
                },
            )  # fmt: skip
        if head:
            unit.run(
                text("UPDATE cases SET head = :h, seq = :s WHERE id = :c"),
                {"h": before, "s": len(entry_headers), "c": case},
            )

    return tamper


def field(name: str, value: Any, at: int = 2) -> Tamper:
    return rechained(lambda entry_headers: entry_headers[at].update({name: value}))


def _without(number: int) -> Callable[[list[dict[str, Any]]], object]:
    def change(entry_headers: list[dict[str, Any]]) -> None:
        del entry_headers[number]
        for seq, header in enumerate(entry_headers, 1):
            header["seq"] = seq

    return change


def _backdated(entry_headers: list[dict[str, Any]]) -> None:
    at = history.datetime.fromisoformat(entry_headers[2]["at"].replace("Z", "+00:00"))
    entry_headers[2]["at"] = history.stamp(at - timedelta(days=3))


def _swapped(entry_headers: list[dict[str, Any]]) -> None:
    for name in ("body", "content", "was"):
        entry_headers[1][name], entry_headers[2][name] = (
            entry_headers[2][name],
            entry_headers[1][name],
        )


def _file_changed(unit: Unit, case: str) -> None:
    sha256, content = unit.rows(
        text(
            "SELECT b.sha256, b.content FROM blob b JOIN deployment_file f ON f.sha256 = b.sha256"
            " WHERE f.path = :p"
        ),
        {"p": PATH},
    )[0]
    other = zlib.compress(zlib.decompress(content).replace(b'name="P"', b'name="Q"'))
    unit.run(text("UPDATE blob SET content = :b WHERE sha256 = :s"), {"b": other, "s": sha256})


def _file_put_in_place(unit: Unit, case: str) -> None:
    """A file with its own good hash, named in the place of another."""
    content = b'{"type": "default"}'
    sha256 = hashlib.sha256(content).hexdigest()
    unit.run(text("INSERT INTO blob VALUES (:s, :b)"), {"s": sha256, "b": zlib.compress(content)})
    unit.run(
        text("UPDATE deployment_file SET sha256 = :s WHERE path = 'forms/tick.form'"), {"s": sha256}
    )


def _vanished(unit: Unit, case: str) -> None:
    tables = (
        "history", "case_key", "instance", "member", "task", "offer", "done", "draft", "document",
        "deadline", "inbox", "outbox", "idempotency", "incident",
    )  # fmt: skip
    for table in tables:
        unit.run(text(f"DELETE FROM {table} WHERE case_id = :c"), {"c": case})
    unit.run(text("DELETE FROM cases WHERE id = :c"), {"c": case})


def _vanished_with(*statements: str) -> Tamper:
    def tamper(unit: Unit, case: str) -> None:
        newest = unit.value(text("SELECT id FROM cases ORDER BY reference DESC LIMIT 1"))
        _vanished(unit, newest)
        for one in statements:
            unit.run(text(one))

    return tamper


def _other_key(unit: Unit, case: str) -> None:
    wrapped = CaseKey.new(case).wrapped_by(unit.keys)
    unit.run(text("UPDATE case_key SET wrapped = :w WHERE case_id = :c"), {"w": wrapped, "c": case})


def _key_of_other(unit: Unit, case: str) -> None:
    unit.run(
        text(
            "UPDATE case_key SET wrapped ="
            " (SELECT wrapped FROM case_key WHERE case_id <> :c LIMIT 1) WHERE case_id = :c"
        ),
        {"c": case},
    )


def _document_changed(unit: Unit, case: str) -> None:
    key = cases.key_of(unit, case)
    sealed = key.seal(b"other words", "document:letter:1")
    unit.run(text("UPDATE document SET body = :b"), {"b": sealed})


_AT = " WHERE case_id = :c AND seq = 3"
TAMPERINGS: dict[str, tuple[Tamper, str]] = {
    # the chain without its hashes
    "actor column changed": (sql(f"UPDATE history SET actor = 'eve'{_AT}"), "Entry 3 was changed"),
    "kind column changed": (sql(f"UPDATE history SET kind = 'read'{_AT}"), "Entry 3 was changed"),
    "time column changed": (sql(f"UPDATE history SET at = at + 1{_AT}"), "Entry 3 was changed"),
    "body changed": (sql(f"UPDATE history SET body = x'00ff'{_AT}"), "Entry 3 was changed"),
    "body taken away": (sql(f"UPDATE history SET body = x''{_AT}"), "Entry 3 was changed"),
    "header is bytes": (sql(f"UPDATE history SET header = x'ff00'{_AT}"), "Entry 3 was changed"),
    "header is no text": (
        sql(f"UPDATE history SET header = CAST(x'7bff7d' AS TEXT){_AT}"), "Entry 3 was changed",
    ),
    "time is no number": (sql(f"UPDATE history SET at = 'noon'{_AT}"), "Entry 3 was changed"),
    "hash is null": (sql(f"UPDATE history SET hash = 'x'{_AT}"), "Entry 3 was changed"),
    # entry_headers, the chain written anew
    "who did it": (field("actor", "eve"), "its actor is not the one it was sealed with"),
    "in whose place": (field("on_behalf", "eve"), "its on_behalf is not"),
    "what kind": (field("kind", "Claim"), "its kind is not"),
    "when": (rechained(_backdated), "its at is not"),
    "which engine": (field("engine", "SpiffWorkflow 3.2.0; steps 1"), "its engine is not"),
    "which request": (field("request", "00" * 32), "its header is not the one"),
    "which state": (field("state", "00" * 32), "its header is not the one"),
    "which settings": (field("settings", "00" * 32), "its header is not the one"),
    "which calendar": (field("calendar", "00" * 32), "its header is not the one"),
    "what it commits to": (field("content", "00" * 32), "its header is not the one"),
    "which reference": (field("reference", "T-2026-0009", 0), "Entry 1 was changed"),
    "which opening": (field("opening", 9, 0), "Entry 1 was changed"),
    "1.0 for 1": (field("seq", 3.0), "neither a text nor a whole number"),
    "true for 1": (field("seq", True), "neither a text nor a whole number"),
    "a huge number": (field("opening", 10**30, 0), "too large a number"),
    "a field too many": (field("note", "x"), "which its form does not know"),
    "an older form": (field("v", 1), "Entry 3 was changed"),
    "a form to come": (field("v", 3), "does not know"),
    "one entry left out": (rechained(_without(1)), "Entry 2 was changed"),
    "contents swapped": (rechained(_swapped), "Entry 2 was changed"),
    # tails and numbers
    "tail cut with head and number": (rechained(lambda entries: entries.pop()), "The seal on"),
    "tail cut, the seal taken away": (
        lambda unit, case: (
            rechained(lambda entries: entries.pop())(unit, case),
            sql("UPDATE cases SET head_seal = NULL WHERE id = :c")(unit, case),
        ),
        "its seal was taken away",
    ),
    "the seal of another case": (
        sql(
            "UPDATE cases SET head_seal = (SELECT head_seal FROM cases WHERE id <> :c LIMIT 1)"
            " WHERE id = :c"
        ),
        "The seal on the newest entry",
    ),
    "all entries gone": (sql("DELETE FROM history WHERE case_id = :c"), "ends at entry 0"),
    "a case vanished": (_vanished, "is no longer there"),
    "the newest case vanished": (_vanished_with(), "no longer there"),
    "the newest case vanished, counters set back": (
        _vanished_with("UPDATE counter SET value = value - 1"), "was changed",
    ),
    "the newest case vanished, counters gone": (
        _vanished_with("DELETE FROM counter"), "none that this installation has given",
    ),
    "reference changed": (
        sql("UPDATE cases SET reference = 'T-2026-0009' WHERE id = :c"), "its reference",
    ),
    # keys
    "key row deleted": (sql("DELETE FROM case_key WHERE case_id = :c"), "key is lost"),
    "another key": (_other_key, "not the one its history began with"),
    "key of another case": (_key_of_other, "cannot be opened"),
    "key row spoilt": (
        sql("UPDATE case_key SET wrapped = x'00' WHERE case_id = :c"), "cannot be opened",
    ),
    # what stands beside
    "a file's text changed": (_file_changed, PATH),
    "a file in the place of another": (_file_put_in_place, "put in the place of another"),
    "a file spoilt": (sql("UPDATE blob SET content = x'00'"), "The deployment that entry 1"),
    "a file left out": (
        sql("DELETE FROM deployment_file WHERE path = 'forms/tick.form'"), "was added, left out",
    ),
    "a deployment gone": (sql("DELETE FROM deployment_file"), "is no longer kept"),
    "calendar changed": (
        sql("UPDATE calendar SET content = replace(content, 'Good Friday', 'Friday')"),
        "The calendar that entry 1",
    ),
    "calendar spoilt": (sql("UPDATE calendar SET content = 'x'"), "The calendar that entry 1"),
    "settings changed": (
        sql("UPDATE settings SET content = replace(content, 'Clerk', 'Judge')"),
        "The settings that entry 1",
    ),
    "settings gone": (sql("DELETE FROM settings"), "The settings that entry 1"),
    "state's hash changed": (
        sql("UPDATE instance SET sha256 = '00' WHERE case_id = :c"), "The stored state",
    ),
    "state spoilt": (
        sql("UPDATE instance SET state = x'00' WHERE case_id = :c"), "The stored state",
    ),
    "state gone": (
        sql("DELETE FROM instance WHERE case_id = :c AND instance <> ''"),
        "The state stored now is not the one that entry",
    ),
    "document changed": (_document_changed, "is not the one that was made"),
    "document gone": (sql("DELETE FROM document"), "is no longer kept"),
    "status changed": (sql("UPDATE cases SET status = 'Done' WHERE id = :c"), "its status"),
    "opened by another": (sql("UPDATE cases SET opened_by = 'eve' WHERE id = :c"), "who opened it"),
    "opened another day": (sql("UPDATE cases SET opened_at = 1 WHERE id = :c"), "when it was"),
    "ended": (sql("UPDATE cases SET ended_at = 1 WHERE id = :c"), "when it ended"),
    "on another deployment": (
        sql("UPDATE cases SET deployment = 'x' WHERE id = :c"), "its deployment",
    ),
}  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(CONTENT)
    kit.start("ann")
    case = kit.start("ann")
    kit.complete("ann", case, "ask")
    kit.later(hours=1)
    kit.do(ProduceDocument, "ann", case=case, document="letter", format="docx")
    kit.later(hours=1)
    kit.start("ann")
    return case


def test_what_nobody_changed_is_good(kit: Kit, case: str) -> None:
    assert [one.lines() for one in verify_all(kit.store) if not one.good] == []


@pytest.mark.parametrize(("tamper", "words"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_tampering_is_found_and_told(kit: Kit, case: str, tamper: Tamper, words: str) -> None:
    with kit.store.writing() as unit:
        tamper(unit, case)
    wrong = [line for one in verify_all(kit.store) if not one.good for line in one.lines()]
    assert wrong, "found by nobody"
    assert words in " ".join(wrong)
    assert all(line.startswith(("T-2026", "Deployment", "Openings")) for line in wrong)


def test_nothing_runs_on_files_that_are_not_those_of_their_version(kit: Kit, case: str) -> None:
    with kit.store.writing() as unit:
        _file_changed(unit, case)
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        with pytest.raises(Unusable, match="somebody changed them"):
            Programs().of(unit, row.deployment)


def test_a_case_put_back_to_yesterday_in_every_table_shows_against_a_list_kept_elsewhere(
    kit: Kit, case: str
) -> None:
    kept = list(heads(kit.store))
    assert list(missed(kit.store, kept)) == []
    with kit.store.writing() as unit:
        rechained(lambda entries: entries.pop())(unit, case)
        row = cases.find(unit, case)
        assert row is not None
        unit.run(
            text("UPDATE cases SET head_seal = :s WHERE id = :c"),
            {"s": unit.keys.stand(case, row.seq, row.head), "c": case},
        )
    (found,) = missed(kit.store, kept)
    assert "no longer there" in found[1]


def test_content_destroyed_on_purpose_is_good_and_said(kit: Kit, case: str) -> None:
    with kit.store.writing() as unit:
        row = cases.find(unit, case)
        assert row is not None
        newest = json.loads(list(history.rows(unit, case))[-1].header)
        entry = history.Entry(
            at=kit.at, kind=headers.DESTROYED, actor="lea", definition=row.deployment,
            engine=newest["engine"], state=row.state, calendar=newest["calendar"],
            settings=newest["settings"],
        )  # fmt: skip
        head = history.append_destroyed(unit, case, row.seq + 1, row.head, entry)
        unit.run(text("DELETE FROM case_key WHERE case_id = :c"), {"c": case})
        unit.run(
            text("UPDATE cases SET seq = seq + 1, head = :h, head_seal = :s, last_at = :a"
                 " WHERE id = :c"),
            {"h": head, "s": unit.keys.stand(case, row.seq + 1, head), "c": case,
             "a": round(kit.at.timestamp() * 1e6)},
        )  # fmt: skip
    found = {one.reference: one for one in verify_all(kit.store)}[row.reference]
    assert found.good, found.lines()
    assert "destroyed on purpose" in found.lines()[0]
    assert "was destroyed" in found.lines()[1]
