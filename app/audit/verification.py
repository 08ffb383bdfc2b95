"""Both checks of a case together, from the store: the chain of its history, and running it again.

Owns fetching what the checks need; `rapid-review verify` and `replay` and the page all come here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.audit import chain, papers, replay
from app.audit.entries import opened
from app.casework.errors import CaseworkError, NotFound
from app.casework.programs import Programs
from app.engine.drawing.program import Program
from app.engine.feel import Calendar, codec
from app.store import CaseKey, Sealed, Store, Unit, WrongKey, cases, deployments, history, listing
from app.store.cases import CaseRow
from app.store.history import HistoryRow

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    reference: str
    chain: chain.Verified
    #: None when it was not asked for
    replay: replay.Replayed | None = None

    @property
    def good(self) -> bool:
        return self.chain.good and (self.replay is None or self.replay.good)

    def lines(self) -> list[str]:
        """One line a check, for a terminal or a page."""
        found = [f"{self.reference}: history {_word(self.chain.good)}. {self.chain.sentence}"]
        if self.replay is not None:
            word = _word(self.replay.good)
            found.append(f"{self.reference}: replay {word}. {self.replay.sentence}")
        return found


def _word(good: bool) -> str:
    return "good" if good else "WRONG"


def verify_case(
    store: Store, case: str, *, programs: Programs | None = None, run_again: bool = True
) -> Verdict:
    """Checks one case, by id or reference. NotFound."""
    with store.reading() as unit:
        row = cases.find(unit, case)
        if row is None:
            raise NotFound
        return _verdict(unit, row, programs or Programs(), run_again)


def verify_all(store: Store, *, run_again: bool = True) -> Iterator[Verdict]:
    """Every case, a transaction each."""
    programs = Programs()
    for case in _all(store):
        yield verify_case(store, case, programs=programs, run_again=run_again)


def _all(store: Store) -> Iterator[str]:
    eyes = listing.Eyes(person="", everything=True, who=())
    skip = 0
    while True:
        with store.reading() as unit:
            lines = listing.lines(unit, eyes, "all", skip, _PAGE)
        yield from (line.id for line in lines)
        if len(lines) < _PAGE:
            return
        skip += _PAGE


def _verdict(unit: Unit, row: CaseRow, programs: Programs, run_again: bool) -> Verdict:
    rows = list(history.rows(unit, row.id))
    checked = chain.verify(rows, case=row.id, head=row.head, last=row.seq)
    if not run_again or not checked.good:
        return Verdict(reference=row.reference, chain=checked)
    return Verdict(reference=row.reference, chain=checked, replay=_again(unit, row, rows, programs))


def _again(unit: Unit, row: CaseRow, rows: list[HistoryRow], programs: Programs) -> replay.Replayed:
    """Runs the history again, with the key that the chain began with."""
    try:
        key: CaseKey | None = _key(unit, row.id)
        if key is not None and not _began_with(rows, key):
            return _unopened(row.id, "The case's key is not the one its history began with.")
        found = replay.reexecute(
            row.id,
            opened(rows, key),
            lambda digest: _program(unit, programs, digest),
            lambda version: _calendar(unit, version),
            states=_states(unit, key),
        )
        return found if key is None or not found.good else _papers(unit, key, rows, found)
    except _Spoilt:
        return _unopened(row.id, "The state stored now was changed behind the history.")
    except WrongKey:
        return _unopened(row.id, "The case's key cannot be opened with this installation's key.")
    except Sealed:
        return _unopened(row.id, "Some content or state cannot be opened with the case's key.")


def _papers(
    unit: Unit, key: CaseKey, rows: list[HistoryRow], found: replay.Replayed
) -> replay.Replayed:
    """What the replay found, unless a document is not as it was made."""
    wrong = papers.difference(unit, key, opened(rows, key))
    if wrong is None:
        return found
    seq, sentence = wrong
    return replay.Replayed(case=key.case, orders=found.orders, wrong_seq=seq, sentence=sentence)


class _Spoilt(Exception):
    """A stored state does not open with its case's key."""


def _states(unit: Unit, key: CaseKey | None) -> dict[str, bytes]:
    if key is None:
        return {}
    try:
        return cases.states(unit, key)
    except Sealed as error:
        raise _Spoilt from error


def _key(unit: Unit, case: str) -> CaseKey | None:
    """None when it was destroyed on purpose."""
    try:
        return cases.key_of(unit, case)
    except Sealed:
        return None


def _began_with(rows: list[HistoryRow], key: CaseKey) -> bool:
    first = json.loads(rows[0].header) if rows else {}
    return bool(first.get("key_commit") == key.commitment())


def _unopened(case: str, sentence: str) -> replay.Replayed:
    return replay.Replayed(case=case, orders=0, wrong_seq=1, sentence=sentence)


def _program(unit: Unit, programs: Programs, digest: str) -> Program | None:
    try:
        return programs.of(unit, digest).program
    except CaseworkError:
        return None


def _calendar(unit: Unit, version: str) -> Calendar | None:
    content = deployments.calendar_content(unit, version)
    return Calendar.from_dict(codec.loads(content.encode())) if content else None
