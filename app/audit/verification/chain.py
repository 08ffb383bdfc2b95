"""Checks that a history is the one that was written: numbers, links, hashes, bodies, newest entry.

Trusts nothing but the rows it is given, and the key where there is one; says the first wrong row in
a sentence. What is stored beside the history is `beside`'s, whether the case's present state
follows from it `replay`'s. Entries of every form are checked for ever (docs/history-format.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from app.casework import Body
from app.store import HistoryRow, chain, stamp

#: said of a history whose newest entry nobody vouches for: such ones are as old as form 1
UNVOUCHED = (
    " The newest was written before heads were sealed, so an entry cut off after it would not show."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking one case found."""

    case: str
    #: rows that were looked at
    rows: int
    #: the last good hash, as hex
    head: str
    #: first wrong row; None when all is well
    wrong_seq: int | None = None
    sentence: str = ""

    @property
    def good(self) -> bool:
        return self.wrong_seq is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What the case itself says about its newest entry."""

    seq: int
    hash: bytes
    #: somebody with the installation's key vouches for it; None: nobody says anything of it
    vouched: bool | None = None


class Fault(Exception):
    """The first wrong entry, and what is wrong with it."""

    def __init__(self, seq: int, sentence: str) -> None:
        super().__init__(sentence)
        self.seq, self.sentence = seq, sentence


def verify(
    rows: Iterable[HistoryRow],
    *,
    case: str,
    head: bytes | None = None,
    last: int | None = None,
    newest: Newest | None = None,
    bodies: Sequence[Body] | None = None,
    whose: str = "case",
    after: tuple[int, bytes] | None = None,
) -> Verified:
    """Checks one chain's rows, oldest first; `case`: its name, `whose` in a sentence.
    `after`: number and hash of the entry that goes before the first row, if it is not the first.

    `head` and `last`, or `newest`, are what the case itself says about its newest row: with them a
    cut tail shows, without them only changes inside. `bodies`: what was sealed in each row, where
    the case's key is at hand; it is compared with what stands in the open.
    """
    links = _Links(case, whose, after)
    try:
        for row, body in zip_longest(rows, bodies or ()):
            links.take(row, body)
        if newest is not None:
            links.end(newest.hash, newest.seq)
            links.vouched(newest.vouched)
        else:
            links.end(head, last)
    except Fault as fault:
        return wrong(case, links.count, links.previous, fault)
    said = f"All {links.count} entries are as they were written, in an unbroken chain."
    if newest is not None and newest.vouched is None:
        said += UNVOUCHED
    return Verified(case=case, rows=links.count, head=links.previous.hex(), sentence=said)


def wrong(case: str, count: int, head: bytes, fault: Fault) -> Verified:
    return Verified(
        case=case, rows=count, head=head.hex(), wrong_seq=fault.seq, sentence=fault.sentence
    )


class _Links:
    def __init__(self, case: str, whose: str, after: tuple[int, bytes] | None) -> None:
        self._case, self._whose = case, whose
        self.count, self.previous = after or (0, chain.headers.START)
        self._form = 1
        self._kind = ""

    def take(self, row: HistoryRow, body: Body | None) -> None:
        """The next row, and what was sealed in it. Fault."""
        fields = self._header(row)
        self._link(row, fields)
        if hashlib.sha256(row.body).hexdigest() != fields.get("body"):
            raise _changed(row, "its content is not the one that was sealed")
        if self._form > 1 and not row.body and row.kind != chain.headers.DESTROYED:
            raise Fault(row.seq, f"Entry {row.seq} has no content.")
        if body is not None and row.body:
            _compare(row, fields, body, self._whose)
        self.previous, self.count, self._kind = row.hash, self.count + 1, row.kind

    def _header(self, row: HistoryRow) -> Mapping[str, Any]:
        """What stands in the row's header, with the columns beside it compared. Fault."""
        expected = self.count + 1
        if row.seq != expected:
            said = f"Entry {expected} is missing: after {expected - 1} comes {row.seq}."
            raise Fault(row.seq, said)
        if chain.headers.digest(row.header) != row.hash:
            raise _changed(row, "its header does not give the hash stored with it")
        try:
            fields = chain.headers.parsed(row.header)
        except chain.headers.BadHeader as error:
            raise _changed(row, f"its header is not in the form we write: {error}") from None
        lacking = chain.headers.lacking(fields)
        if lacking:
            raise _changed(row, f"its header is not in the form we write: {lacking}")
        return fields

    def _link(self, row: HistoryRow, fields: Mapping[str, Any]) -> None:
        if fields.get("prev") != self.previous.hex():
            said = f"Entry {row.seq} does not follow entry {row.seq - 1}:"
            raise Fault(row.seq, f"{said} the link between them is wrong.")
        for name, is_now in _columns(row, self._case).items():
            if fields.get(name) != is_now:
                raise _changed(row, f"its {name} is not the one in its sealed header")
        if fields["v"] < self._form:
            raise _changed(row, f"it is of an older form than entry {row.seq - 1}")
        if self._kind == chain.headers.DESTROYED:
            said = f"Entry {row.seq} was added after the content had been destroyed."
            raise Fault(row.seq, said)
        self._form = fields["v"]

    def end(self, head: bytes | None, last: int | None) -> None:
        """Compares with what the case says of its newest row. Fault."""
        if last is not None and last != self.count:
            raise Fault(self.count + 1, _cut(self.count, last, self._whose))
        if head is not None and head != self.previous:
            said = (
                f"The {self._whose} names another newest entry than entry {self.count} of its"
                " history."
            )
            raise Fault(self.count, said)

    def vouched(self, vouched: bool | None) -> None:
        """Whether somebody with the installation's key says that this is the newest. Fault."""
        if vouched is None and self._form > 1:
            said = f"Nothing vouches for entry {self.count} as the newest: its seal was taken away."
            raise Fault(self.count, said)
        if vouched is False:
            said = f"The seal on the newest entry is not that of entry {self.count}."
            raise Fault(self.count, f"{said} Entries were cut off or put in the place of others.")


def _changed(row: HistoryRow, what: str) -> Fault:
    return Fault(row.seq, f"Entry {row.seq} was changed: {what}.")


def _compare(row: HistoryRow, fields: Mapping[str, Any], body: Body, whose: str) -> None:
    """What was sealed with what stands in the open. Fault.

    What this release cannot read of a body that is as it was sealed is no fault of the history.
    """
    if not body.opened:
        raise _changed(row, f"its content does not open with the {whose}'s key")
    if body.changed:
        raise Fault(row.seq, body.changed)
    if body.form > 1 and _root(body) != fields.get("content"):
        raise _changed(row, "its fields are not those that its header commits to")


def _root(body: Body) -> str | None:
    try:
        return chain.commitments.root(body.fields, body.secret).hex()
    except (TypeError, RecursionError):  # nested too deeply, or no JSON object
        return None


def _cut(count: int, last: int, whose: str) -> str:
    if count < last:
        return f"The history ends at entry {count}, but the {whose} says that {last} were written."
    return f"The history has {count} entries, but the {whose} says that only {last} were written."


def _columns(row: HistoryRow, case: str) -> dict[str, Any]:
    """What stands beside the header in columns of its own, for searching."""
    return {
        "case": case,
        "seq": row.seq,
        "at": stamp(row.at),
        "kind": row.kind,
        "actor": row.actor,
    }
