"""Another key takes over: everything opens as before and the old key opens nothing; whoever cuts it
off anywhere leaves a database that opens, and running it again finishes it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from argon2 import PasswordHasher
from sqlalchemy import Engine, LargeBinary, event, insert, select, text, update

from app.audit.installation.words import words
from app.audit.tally import Keeper
from app.audit.verification import archived, verify_case
from app.casework import rotation
from app.casework.access import SYSTEM
from app.casework.cases import LockedCase, LogKind, alike, log_entry
from app.casework.commands import CompleteTask, RecordConflict, SaveDraft, StartCase
from app.casework.desk import Desk
from app.casework.drafts import Typed
from app.casework.errors import Refused
from app.casework.people import begun as begun_forms
from app.casework.people import guests, passwords
from app.casework.people.proof import second_step
from app.casework.people.sessions import NO_BROWSER
from app.casework.people.sign_on import Vouched, sign_on, token_of
from app.cli.main import main
from app.config import Counts, Years
from app.store import (
    IdentityRow,
    Keys,
    NoticeRow,
    Rows,
    Store,
    StoreFault,
    WrongKey,
    cases,
    names_in,
    people,
    rekeying,
)
from app.store.columns import METADATA
from app.store.people.authority.tables import notice
from app.store.people.guests.tables import guest, guest_code
from app.store.people.proof.tables import passkey, session_origin
from app.store.schema import idempotency, known_by
from app.store.tallies.tables import tally_gone
from app.store.work import answers
from tests.app.test_backups import Machine
from tests.casework.test_cover import cover
from tests.casework.test_likeness import ZOE
from tests.casework.test_passkeys import Device, Held
from tests.casework.test_people import last_said
from tests.casework.test_retention import destroyed, ended, keeping
from tests.casework.test_second_factor import careful, enrol, ticket
from tests.guests import ADDRESS, NUMBER, WHOM, code_for, guest_form, link_to
from tests.kit import KEK, PEOPLE, Kit, diagram, form
from tests.web.test_persons import naming

NEW = bytes(range(64, 96))
OLD_NAME, NEW_NAME = Keys(KEK).name, Keys(NEW).name
FILES = (
    diagram(
        "start > task:tell > task:choose > task:reply > end",
        tell={"groups": "clerk", "form": "report"}, choose={"groups": "clerk", "form": "chosen"},
        reply={"groups": "clerk", "form": "answer", "guest": "whom", "explain": "Please tell us."},
    ),
    naming("report"), form("chosen", *WHOM, required=False), form("answer", "known"),
    guest_form(**{key: f"=records.choose.{key}" for key in WHOM}),
)  # fmt: skip
SAID = {"name": "Jo Bright", "organisation": "Elm Surgery", "address": ADDRESS, "telephone": NUMBER}


#: id of a form that somebody has begun
BEGUN = "b" * 32


class Lived(Held):
    """An installation in which everything that is made with the key was made once."""

    def __init__(self, store: Store) -> None:
        kit = careful(store)
        self.app, _, token = enrol(kit)
        super().__init__(kit, token, Device(b"cara's phone"))
        self.add("Work phone", self.device)
        kit.deploy(*FILES)
        self.cases = [self._told(key) for key in ("one", "two")]
        task = kit.task(self.cases[0], "choose")
        kit.do(SaveDraft, "ann", case=self.cases[0], task=task, given={"name": "half of it"})
        kit.complete("ann", self.cases[1], "choose", **SAID)
        self.link = link_to(kit, self.cases[1])
        self.code = code_for(kit, self.cases[1])
        self.cover = cover(kit, reason="Ill")
        kit.do(RecordConflict, "ann", person="ann", about="The Carter family")
        begun_forms.keep(kit.desk, PEOPLE["ann"], "p", BEGUN, Typed(given={"name": "hers"}), kit.at)
        Keeper(kit.desk, (), Counts(), Years()).keep_up()
        with store.writing() as unit:
            left = {"id": "x", "mark": "m", "body": unit.keys.seal(b"", "tally_gone")}
            unit.run(insert(tally_gone), left)
            people.notices.add(unit, NoticeRow("n", "ann", kit.at, "A subject", "A text"))
            people.accounts.leave(unit, "somebody", 3, kit.at)
            people.identities.add(unit, IdentityRow("https://id", "s", "ann", kit.at, "ada"))
            rows = [Rows("identity", {})]
            log_entry(kit.desk.installation, unit, LogKind.LINK_IDENTITY, SYSTEM, kit.at, rows=rows)
        vouched = Vouched(issuer="https://id", subject="s", name="Ann", token="the token")
        self.session = sign_on(kit.desk, vouched, kit.at, "a", NO_BROWSER).token
        archived(kit.desk, kit.later(hours=1), kit.at, lambda _: None)

    def _told(self, key: str) -> str:
        case = str(self.begun(key).case)
        self.kit.complete("ann", case, "tell", key=f"told {key}", children=[ZOE])
        return case

    def begun(self, key: str) -> Any:
        order = StartCase(actor=PEOPLE["ann"], at=self.kit.at, process="p", given={}, key=key)
        return self.kit.desk.do(order)

    def reopened(self, kek: bytes) -> None:
        url = self.kit.store.url.render_as_string(hide_password=False)
        self.kit.store.close()
        self.kit.store = self.kit.desk.store = Store(url, kek)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real ones, but people sign in several times."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()


@pytest.fixture
def lived(store: Store) -> Lived:
    return Lived(store)


@pytest.fixture
def lived_here(sqlite_store: Store) -> Lived:
    """On one kind of database, where that makes no difference."""
    return Lived(sqlite_store)


Rotates = Callable[[Store], Machine]


@pytest.fixture
def beside(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Rotates:
    """A machine on the database of a store, which it closes, with the new key ready."""

    def made(store: Store) -> Machine:
        store.close()
        (tmp_path / "here").mkdir()
        url = store.url.render_as_string(hide_password=False)
        machine = Machine(tmp_path / "here", url, capfd)
        file(machine, "kek.next").write_bytes(NEW)
        return machine

    return made


def file(machine: Machine, name: str) -> Path:
    return machine.folder / "var" / "secrets" / name


def rotated(machine: Machine, *more: str) -> str:
    code, said = machine.type("key", "rotate", *more)
    assert code == 0, said
    return said


def refused(machine: Machine, *words: str) -> str:
    code, said = machine.type(*words)
    assert code == 1, said
    gc.collect()
    return said


def good(machine: Machine) -> str:
    code, said = machine.type("verify")
    assert code == 0, said
    gc.collect()  # the desk that a verb opened ends with its process, which here goes on
    return said


def stored(store: Store) -> dict[str, set[Any]]:
    """What stands in each column that something made with the key stands in."""
    with store.reading() as unit:
        return {
            str(column): {row[0] for row in unit.rows(select(column))} - {None}
            for column in rekeying.COLUMNS
        }


# ---------------------------------------------------------------- all of it


def test_everything_opens_under_the_new_key_as_it_did(lived: Lived, beside: Rotates) -> None:
    machine = beside(lived.kit.store)
    good(machine)
    rotated(machine)
    assert "0 wrong" in good(machine)
    lived.reopened(NEW)
    kit, (first, second) = lived.kit, lived.cases
    with kit.store.reading() as unit:
        row = cases.find(unit, first)
        assert row is not None
        locked = LockedCase(kit.desk.installation, unit, row, cases.key_of(unit, first))
        assert [other.row.id for other in alike(locked, PEOPLE["ann"])] == [second]
        draft = answers.read_draft(unit, locked.key, kit.task(first, "choose"), "ann")
        assert draft is not None and b"half of it" in draft[1]
        begun = people.begun.find(unit, "ann", BEGUN)
        assert begun is not None and b"hers" in begun[1]
        assert people.covers.reason(unit, lived.cover) == "Ill"
        assert people.conflicts.everything(unit)[0].about == "The Carter family"
        notice = people.notices.find(unit, "n")
        assert notice is not None and notice.text == "A text"
        assert not people.accounts.failures(unit, ["somebody"]), "they are kept by a keyed name"
    assert token_of(kit.desk, lived.session) == ("https://id", "the token")
    second_step.by_code(
        kit.desk, ticket(kit), lived.app.at(kit.at), kit.at, "a", NO_BROWSER
    )  # the app
    lived.token = lived.second(lived.device)
    lived.add("Other phone", other := Device(b"other"))
    assert other.handle == lived.device.handle, "devices go on knowing them as they did"


def test_a_guest_is_still_asked_and_their_code_serves_no_more(
    lived_here: Lived, beside: Rotates
) -> None:
    rotated(beside(lived_here.kit.store))
    lived_here.reopened(NEW)
    kit = lived_here.kit
    with pytest.raises(Refused):
        guests.enter(kit.desk, lived_here.link, lived_here.code, kit.at)
    guests.enter(kit.desk, lived_here.link, code_for(kit, lived_here.cases[1]), kit.at)


def test_a_passkey_from_before_handles_were_kept_still_serves(
    lived_here: Lived, beside: Rotates
) -> None:
    with lived_here.kit.store.writing() as unit:
        (theirs,) = unit.rows(select(passkey))
        of_ben = {"person": "ben", "credential": b"ben's phone"}
        unit.run(insert(passkey), {**theirs._mapping, **of_ben})
        unit.run(update(passkey).values(handle=None))
    rotated(beside(lived_here.kit.store), "--although-log-is-wrong")
    lived_here.reopened(NEW)
    lived_here.second(lived_here.device)
    with lived_here.kit.store.reading() as unit:
        assert len({row[0] for row in unit.rows(select(passkey.c.handle))} - {None}) == 2


def test_a_request_that_is_repeated_gets_its_first_answer_and_is_not_done_again(
    lived_here: Lived, beside: Rotates
) -> None:
    rotated(beside(lived_here.kit.store))
    lived_here.reopened(NEW)
    again = lived_here.begun("one")
    assert again.replayed and again.case == lived_here.cases[0]
    case, task = lived_here.cases[0], lived_here.kit.task(lived_here.cases[0], "choose")
    other = CompleteTask(
        actor=PEOPLE["ann"], at=lived_here.kit.at, case=case, task=task, given={}, key="one"
    )
    with pytest.raises(Refused, match="already sent"):
        lived_here.kit.desk.do(other)


def test_the_old_key_opens_and_finds_nothing_any_more(lived: Lived, beside: Rotates) -> None:
    before = stored(lived.kit.store)
    kept = {str(passkey.c.handle), str(guest_code.c.hash)}  # lies in devices; is over soon
    assert all(values for column, values in before.items()), "each is made in this test"
    rotated(beside(lived.kit.store))
    lived.reopened(NEW)
    after = stored(lived.kit.store)
    assert not {name for name in before if name not in kept and before[name] & after[name]}
    assert after[str(idempotency.c.request)] == {b""}
    lived.reopened(KEK)
    with lived.kit.store.reading() as unit:
        for case in lived.cases:
            with pytest.raises(WrongKey):
                cases.key_of(unit, case)


def test_the_change_stands_in_the_installations_log(kit: Kit, beside: Rotates) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    rotated(beside(kit.store))
    kit.store = kit.desk.store = Store(kit.store.url.render_as_string(), NEW)
    said = last_said(kit)
    assert (said["from"], said["to"]) == (OLD_NAME, NEW_NAME)
    assert "in the place of the key" in words(LogKind.ROTATE_KEY, "The system", said)


#: columns of bytes that the key-encryption key has no part in: sealed with a case's own key, the
#: log's, or a hash without a key
OTHERS = {
    "blob.content", "counter.head", "cases.head", "cases.state", "instance.state", "history.hash",
    "history.body", "checkpoint.body", "draft.body", "document.body", "document_text.body",
    "outbox.body", "hold.body", "guest.body", "log_head.head", "log_block.head", "log_block.body",
    "session.hash", "token.hash", "link.hash", "guest_link.hash", "guest_session.hash",
    "session_origin.session", "spent.hash", "recovery_code.hash", "passkey.credential",
    "passkey.public_key", "case_label.body", "share.body", "share.times", "answer_file.body",
    "published_text.body",
}  # fmt: skip


def test_of_every_column_of_bytes_it_is_known_whether_the_key_has_a_part_in_it() -> None:
    held = {str(column) for column in rekeying.COLUMNS if isinstance(column.type, LargeBinary)}
    bytes_ = {
        str(column) for table in METADATA.tables.values() for column in table.columns
        if isinstance(column.type, LargeBinary)
    }  # fmt: skip
    assert bytes_ == held | OTHERS and not held & OTHERS
    texts = {str(column) for column in rekeying.COLUMNS} - held
    assert texts == {"case_key.kek", "throttle.what"}, "no type shows that they belong here"


# ---------------------------------------------------------------- cut off


def _at(words: str, nth: int = 1) -> Callable[[], None]:
    """Dies before the nth statement of this kind is sent; several may go together."""

    def install() -> None:
        left = [nth]

        @event.listens_for(Engine, "before_cursor_execute")
        def look(_c: Any, _k: Any, statement: str, *_: Any) -> None:
            left[0] -= statement.count(words)
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return install


def _before_it_is_written() -> None:
    told: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def look(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    @event.listens_for(Engine, "commit")
    def die(_: Any) -> None:
        if any("UPDATE case_key" in statement for statement in told):
            os.kill(os.getpid(), signal.SIGKILL)


def _at_the_file(name: str) -> Callable[[], None]:
    def install() -> None:
        def look(what: str, _given: Any) -> None:
            if what == name:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)

    return install


#: where it is cut off, one after the other → the key under which the database is then
KILLS: list[tuple[str, Callable[[], None], str]] = [
    ("at the second key", _at("UPDATE case_key", 2), OLD_NAME),
    ("among what vouches", _at("UPDATE cases"), OLD_NAME),
    ("among the marks", _at("INSERT INTO known_by", 2), OLD_NAME),
    ("at the entry of the log", _at("INSERT INTO history"), OLD_NAME),
    ("before it is written", _before_it_is_written, OLD_NAME),
    ("before the files", _at_the_file("os.link"), NEW_NAME),
    ("between the files", _at_the_file("os.rename"), NEW_NAME),
]


def killed(machine: Machine, install: Callable[[], None]) -> None:
    def run() -> None:
        install()
        main(["--config", str(machine.folder / "config.yaml"), "key", "rotate"])

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL


def test_cut_off_anywhere_every_case_opens_and_running_it_again_finishes_it(
    both: Kit, beside: Rotates
) -> None:
    both.deploy(*FILES)
    for who in ("ann", "ben"):
        case = both.start(who)
        both.complete(who, case, "tell", children=[ZOE])
    machine = beside(both.store)
    url = both.store.url.render_as_string(hide_password=False)
    for where, install, name in KILLS:
        killed(machine, install)
        good(machine)
        assert names_in(url) == {name}, where
    rotated(machine)
    assert file(machine, "kek").read_bytes() == NEW and not file(machine, "kek.next").exists()
    assert file(machine, f"kek.{OLD_NAME}").read_bytes() == KEK
    good(machine)


# ---------------------------------------------------------------- what is refused


def _same(machine: Machine) -> None:
    file(machine, "kek.next").write_bytes(KEK)


def _short(machine: Machine) -> None:
    file(machine, "kek.next").write_bytes(b"short")


def _none(machine: Machine) -> None:
    file(machine, "kek.next").unlink()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(_same, "is the one in use", id="the same key"),
        pytest.param(_short, "32 bytes, not 5", id="no key"),
        pytest.param(_none, "There is no new key", id="none"),
    ],
)
def test_a_new_key_that_is_none_is_refused_and_nothing_changes(
    kit: Kit, beside: Rotates, spoil: Callable[[Machine], None], sentence: str
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    kit.start()
    machine = beside(kit.store)
    spoil(machine)
    assert sentence in refused(machine, "key", "rotate")
    assert file(machine, "kek").read_bytes() == KEK
    good(machine)


def test_what_still_runs_is_said_and_nothing_changes(both: Kit, beside: Rotates) -> None:
    both.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    both.start()
    machine = beside(both.store)
    runs = Store(both.store.url.render_as_string(hide_password=False), KEK)
    with runs.reading() as unit:
        assert rekeying.names(unit) == {OLD_NAME}
    assert "Something else has this database open" in refused(machine, "key", "rotate")
    runs.close()
    rotated(machine)


def test_a_program_that_ran_through_it_can_write_nothing_with_the_old_key(
    both: Kit, beside: Rotates
) -> None:
    both.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    case = both.start()
    task = both.task(case, "a")
    rotated(beside(both.store))
    for order in (
        lambda: both.start(),
        lambda: both.do(CompleteTask, "ann", case=case, task=task, given={}),
        lambda: cover(both),
        lambda: both.do(RecordConflict, "ann", person="ann", about="x"),
    ):
        with pytest.raises(WrongKey):
            order()


def test_an_order_that_waits_for_it_finds_that_its_key_opens_nothing(both: Kit) -> None:
    """Whatever was begun in spite of it: nothing is written that only the old key vouches for."""
    both.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    case = both.start()
    order = CompleteTask(
        actor=PEOPLE["ann"], at=both.at, case=case, task=both.task(case, "a"), given={}
    )
    url = both.store.url.render_as_string(hide_password=False)
    other = Desk(Store(url, KEK), both.desk.settings)
    done: list[type | None] = []

    def give() -> None:
        try:
            other.do(order)
            done.append(None)
        except StoreFault as error:
            done.append(type(error))

    waits = threading.Thread(target=give)

    @event.listens_for(both.store.engine, "before_cursor_execute")
    def begin(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if "INSERT INTO history" in statement and not waits.is_alive() and not done:
            waits.start()
            waits.join(0.5)  # it has come as far as it can

    rotation.rotate(both.desk, Keys(NEW), both.at, lambda *_: None, log_wrong=False)
    waits.join()
    other.store.close()
    assert done == [WrongKey]
    both.store.close()
    assert verify_case(Store(url, NEW), case).good


def test_a_database_under_two_keys_is_refused(kit: Kit, beside: Rotates) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    kit.start()
    with kit.store.writing() as unit:
        unit.run(text("UPDATE case_key SET kek = 'another' WHERE case_id <> 'installation'"))
    machine = beside(kit.store)
    said = refused(machine, "key", "rotate")
    assert "another" in said and "Nothing was changed" in said


def test_a_log_that_is_wrong_is_taken_over_only_where_somebody_says_so(
    kit: Kit, beside: Rotates
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    cover(kit)
    with kit.store.writing() as unit:
        unit.run(text("UPDATE cover SET last = '2026-12-31'"))
    machine = beside(kit.store)
    assert "although-log-is-wrong" in refused(machine, "key", "rotate")
    assert file(machine, "kek").read_bytes() == KEK
    rotated(machine, "--although-log-is-wrong")


def test_what_was_set_back_before_is_found_after(both: Kit, beside: Rotates) -> None:
    """A change of keys makes nothing good: seals that were wrong are wrong."""
    both.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    done = both.started()
    with both.store.writing() as unit:
        unit.run(text("UPDATE cases SET head_seal = head"))
        unit.run(text("UPDATE counter SET value = value + 1, head_seal = head_seal"))
    machine = beside(both.store)
    before = refused(machine, "verify")
    said = rotated(machine)
    assert f"not now (see “rapid-review verify”): {done.reference}" in said
    assert "counter openings" in said
    assert refused(machine, "verify").splitlines()[1:] == before.splitlines()[1:]


def test_a_key_of_a_case_that_opened_before_with_none_does_not_stop_it(
    kit: Kit, beside: Rotates
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    case = kit.start()
    with kit.store.writing() as unit:
        unit.run(text("UPDATE case_key SET wrapped = x'00' WHERE case_id = :case"), {"case": case})
        unit.run(insert(known_by), {"case_id": case, "sort": "name", "hash": b"of the old key"})
        asked = {"id": "guest:1", "case_id": case, "task": "1", "name": "Jo", "at": kit.at}
        unit.run(insert(guest), {**asked, "print": b"?", "body": b"?"})
    said = rotated(beside(kit.store), "--although-log-is-wrong")
    assert f"case_key {case}" in said and "guest guest:1" in said
    kit.store = Store(kit.store.url.render_as_string(), NEW)
    with kit.store.reading() as unit:
        assert not unit.rows(select(known_by.c.hash)), "nobody knows by what it is known"


def test_what_opened_with_no_key_before_is_named_and_all_else_is_taken_over(
    kit: Kit, beside: Rotates
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    guest_of = {"case_id": kit.start(), "task": "1", "name": "Jo", "at": kit.at}
    of_provider = {"issuer": "https://id", "subject": "s"}
    with kit.store.writing() as unit:
        for id in ("a", "lost", "z"):
            people.notices.add(unit, NoticeRow(id, "ann", kit.at, "A subject", f"The text of {id}"))
        unit.run(update(notice).values(body=b"?").where(notice.c.id == "lost"))
        for session, token in ((b"\x0e", None), (b"\x0f", b"?")):  # none came, and one that is lost
            unit.run(insert(session_origin), {"session": session, "body": token, **of_provider})
        unit.run(insert(guest), {"id": "guest:1", "print": b"?", "body": b"?", **guest_of})
    said = rotated(beside(kit.store), "--although-log-is-wrong").splitlines()
    closed = {line.rpartition(": ")[2] for line in said if "Opened with no key" in line}
    assert closed == {"notice lost", "session_origin 0f", "guest guest:1"}
    kit.store = Store(kit.store.url.render_as_string(), NEW)
    with kit.store.reading() as unit:
        for id in ("a", "z"):
            kept = people.notices.find(unit, id)
            assert kept is not None and kept.text == f"The text of {id}"


@pytest.mark.postgres
def test_it_may_take_longer_than_an_order_and_only_it_may(postgres_store: Store) -> None:
    """Of many cases it takes minutes, and is told between how far it is."""
    asked = [text(f"SHOW {name}_timeout") for name in
             ("statement", "idle_in_transaction_session")]  # fmt: skip
    with postgres_store.writing() as unit:
        rekeying.hold(unit)
        assert [unit.value(each) for each in asked] == ["0", "0"]
    with postgres_store.reading() as unit:
        assert [unit.value(each) for each in asked] == ["15s", "15s"]


def test_a_case_whose_content_is_destroyed_stays_so(sqlite_store: Store, beside: Rotates) -> None:
    kit = keeping(sqlite_store)
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk,lead"}))
    destroyed(kit, ended(kit))
    kit.start()
    machine = beside(kit.store)
    rotated(machine)
    good(machine)


# ---------------------------------------------------------------- where it comes from


def test_key_new_makes_a_key_once_for_this_account_alone(kit: Kit, beside: Rotates) -> None:
    machine = beside(kit.store)
    file(machine, "kek.next").unlink()
    assert machine.type("key", "new")[0] == 0
    made = file(machine, "kek.next").read_bytes()
    assert len(made) == 32 and made != KEK
    assert file(machine, "kek.next").stat().st_mode & 0o777 == 0o600
    assert "already" in refused(machine, "key", "new")
    assert file(machine, "kek.next").read_bytes() == made


def test_a_command_gives_the_new_key_and_the_database_opens_before_it_is_put_in_place(
    kit: Kit, beside: Rotates
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    kit.start()
    machine = beside(kit.store)
    file(machine, "kek.next").unlink()
    path = machine.folder / "config.yaml"
    given = yaml.safe_load(path.read_text())
    for name, kek in (("old", KEK), ("new", NEW)):
        (machine.folder / name).write_bytes(kek)
    commands = {what: ["cat", str(machine.folder / what)] for what in ("old", "new")}
    given["key"] = {"command": commands["old"], "next": commands["new"]}
    path.write_text(yaml.safe_dump(given, sort_keys=False))
    assert "A command gives the key here" in refused(machine, "key", "new")
    assert "Let the command or credential" in rotated(machine)
    assert file(machine, "kek").read_bytes() == KEK, "no file was touched"
    good(machine)
    given["key"] = {"command": commands["new"]}
    path.write_text(yaml.safe_dump(given, sort_keys=False))
    good(machine)
    given["key"] = {"command": commands["old"]}
    path.write_text(yaml.safe_dump(given, sort_keys=False))
    assert NEW_NAME in refused(machine, "verify")


def test_a_credential_gives_the_new_key_and_no_file_is_touched(
    kit: Kit, beside: Rotates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    kit.start()
    machine = beside(kit.store)
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "kek").write_bytes(KEK)
    (folder / "kek.next").write_bytes(NEW)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    rotated(machine)
    assert file(machine, "kek").read_bytes() == KEK
    assert file(machine, "kek.next").read_bytes() == NEW
    good(machine)


def test_a_backup_of_before_needs_the_old_key(
    kit: Kit, beside: Rotates, tmp_path: Path, capfd: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    kit.start()
    machine = beside(kit.store)
    assert machine.type("backup", str(tmp_path / "backups"))[0] == 0
    (made,) = (tmp_path / "backups").iterdir()
    rotated(machine)
    (tmp_path / "there").mkdir()
    there = Machine(tmp_path / "there", sqlite_url, capfd)
    there.put_key(NEW)
    assert OLD_NAME in refused(there, "restore", str(made))
    there.put_key(KEK)
    code, said = there.type("restore", str(made))
    assert code == 0, said
    file(there, "kek.next").write_bytes(NEW)
    rotated(there)
    good(there)
