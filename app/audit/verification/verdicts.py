"""Both checks of a case together, from the store: the chain of its history, and running it again.

Owns fetching what the checks need; `rapid-review verify` and `replay` and the page all come here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from app import store
from app.audit.entries import Entry, opened, with_body
from app.audit.verification import beside, chain, numbers, replay
from app.audit.verification.beside import Kept, Opened
from app.audit.verification.chain import Fault
from app.casework import CaseworkError, NotFound, Programs, Reader
from app.engine import Program
from app.store import (
    DESTROYED,
    START,
    BadHeader,
    CaseKey,
    CaseRow,
    HistoryRow,
    Sealed,
    Store,
    Unit,
    WrongKey,
    parsed,
)

_PAGE = 500
_LOST = (
    "The case's key is lost: no entry says that its content was destroyed, so somebody took it"
    " away."
)
_OTHER = "The case's key cannot be opened with this installation's key."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    reference: str
    chain: chain.Verified
    #: what is wrong with something that stands beside a good chain, and is named in it
    beside: Fault | None = None
    #: None when it was not asked for
    replay: replay.Replayed | None = None

    @property
    def good(self) -> bool:
        """Nothing is wrong. What a replay tells of older meanings is not."""
        whole = self.chain.good and self.beside is None
        return whole and (self.replay is None or self.replay.good)

    def lines(self) -> list[str]:
        """One line a check, for a terminal or a page."""
        said = self.beside.sentence if self.beside is not None else self.chain.sentence
        word = replay.GOOD if self.chain.good and self.beside is None else replay.WRONG
        lines = [f"{self.reference}: history {word}. {said}"]
        if self.replay is not None:
            lines.append(f"{self.reference}: replay {self.replay.word}. {self.replay.sentence}")
        return lines


def verify_case(
    database: Store,
    case: str,
    *,
    programs: Programs | None = None,
    run_again: bool = True,
    kept: Kept | None = None,
) -> Verdict:
    """Checks one case, by id or reference. NotFound."""
    with database.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            raise NotFound
        return _verdict(unit, row, programs or Programs(), kept or Kept(), run_again)


def verify_all(database: Store, *, run_again: bool = True) -> Iterator[Verdict]:
    """Every case, a transaction each; then, only where something is wrong, what no case can say:
    numbers that no case has, and deployments that are not as they were stored."""
    programs, kept = Programs(), Kept()
    for case in _all(database):
        yield verify_case(database, case, programs=programs, run_again=run_again, kept=kept)
    with database.reading() as unit:
        for name, sentence in (*numbers.faults(unit), *kept.faults(unit)):
            wrong = chain.wrong(name, 0, START, Fault(0, sentence))
            yield Verdict(reference=name, chain=wrong)


def _all(database: Store) -> Iterator[str]:
    eyes = store.queries.listing.Eyes(person="", everything=True, who=())
    skip = 0
    while True:
        with database.reading() as unit:
            lines = store.queries.listing.lines(unit, eyes, "all", skip, _PAGE)
        yield from (line.id for line in lines)
        if len(lines) < _PAGE:
            return
        skip += _PAGE


def _verdict(unit: Unit, row: CaseRow, programs: Programs, kept: Kept, run_again: bool) -> Verdict:
    rows = list(store.chain.history.rows(unit, row.id))
    key = _key(unit, row, rows)
    sealed = _opened(rows, key)
    chained = _chained(unit, row, rows, key, sealed)
    if not chained.good:
        return Verdict(reference=row.reference, chain=chained)
    try:
        if isinstance(key, str):
            raise Fault(len(rows), key)
        beside.check(unit, row, rows, kept, sealed)
        wrong = None
    except Fault as fault:
        wrong = fault
    if not run_again:
        return Verdict(reference=row.reference, chain=chained, beside=wrong)
    if isinstance(key, str):
        again = _unopened(row.id, key)
    else:
        again = _again(unit, row, _entries(rows, sealed), programs, kept, key)
    return Verdict(reference=row.reference, chain=chained, beside=wrong, replay=again)


def _opened(rows: list[HistoryRow], key: CaseKey | str | None) -> Opened | None:
    if not isinstance(key, CaseKey):
        return None
    reader = Reader(key)
    return Opened(key, [reader.read(row) for row in rows])


def _entries(rows: list[HistoryRow], sealed: Opened | None) -> list[Entry]:
    if sealed is None:
        return list(opened(rows, None))
    return [with_body(row, body) for row, body in zip(rows, sealed.bodies, strict=True)]


def _chained(
    unit: Unit,
    row: CaseRow,
    rows: list[HistoryRow],
    key: CaseKey | str | None,
    sealed: Opened | None,
) -> chain.Verified:
    """The chain, with the bodies where they can be opened."""
    if key == _OTHER:  # then nobody here can say either whether the newest is vouched for
        return chain.verify(rows, case=row.id, head=row.head, last=row.seq)
    vouched = None if row.head_seal is None else store.cases.vouched(unit, row)
    newest = chain.Newest(seq=row.seq, hash=row.head, vouched=vouched)
    bodies = sealed.bodies if sealed is not None else None
    verified = chain.verify(rows, case=row.id, newest=newest, bodies=bodies)
    if key is None and verified.good:
        said = (
            f"{verified.sentence} Their content was destroyed on purpose, as the last of them says."
        )
        return dataclasses.replace(verified, sentence=said)
    return verified


def _program(unit: Unit, programs: Programs, kept: Kept, digest: str) -> Program | None:
    """That an entry names; None when it is not kept as it was. `replay.Refused` for what cannot run
    today."""
    if kept.deployment(unit, digest) is not None:
        return None
    try:
        return programs.of(unit, digest).program
    except CaseworkError as error:
        raise replay.Refused(error.sentence) from error


def _again(
    unit: Unit,
    row: CaseRow,
    told: list[Entry],
    programs: Programs,
    kept: Kept,
    key: CaseKey | None,
) -> replay.Replayed:
    """Runs the history again, and compares the documents that were made."""
    try:
        states = _states(unit, key)
    except _Spoilt:
        return _unopened(row.id, "The state stored now was changed behind the history.")
    program, calendar = partial(_program, unit, programs, kept), partial(kept.calendar, unit)
    replayed = replay.reexecute(row.id, told, program, calendar, states=states)
    wrong = None
    if key is not None and replayed.good:
        wrong = beside.attachments(unit, key, told)
    if wrong is None:
        return replayed
    seq, sentence = wrong
    return replay.Replayed(case=row.id, orders=replayed.orders, wrong_seq=seq, sentence=sentence)


class _Spoilt(Exception):
    """A stored state does not open with its case's key."""


def _states(unit: Unit, key: CaseKey | None) -> dict[str, bytes]:
    if key is None:
        return {}
    try:
        return store.cases.states(unit, key)
    except Sealed as error:
        raise _Spoilt from error


def _key(unit: Unit, row: CaseRow, rows: list[HistoryRow]) -> CaseKey | str | None:
    """The case's key; None when its content was destroyed on purpose, else a sentence."""
    try:
        key = store.cases.key_of(unit, row.id)
    except Sealed:
        return None if rows and rows[-1].kind == DESTROYED else _LOST
    except WrongKey:
        return _OTHER
    if not _began_with(rows, key):
        return "The case's key is not the one its history began with."
    return key


def _began_with(rows: list[HistoryRow], key: CaseKey) -> bool:
    try:
        return bool(rows) and parsed(rows[0].header).get("key_commit") == key.commitment()
    except BadHeader:
        return True  # the chain tells what is wrong with it


def _unopened(case: str, sentence: str) -> replay.Replayed:
    return replay.Replayed(case=case, orders=0, wrong_seq=1, sentence=sentence)
