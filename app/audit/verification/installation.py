"""Whether the installation's log is as it was written, and the tables are what it says of them.

The chain is checked by the rules of a case's (`chain`). Then every entry's rows are laid over those
before them, and what comes of it is compared with every row that is stored now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app import store
from app.audit.verification import chain
from app.audit.verification.chain import Fault
from app.audit.verification.rebuilding import Begun, Table, begun, rebuilt, told_about
from app.audit.verification.verdicts import Verdict
from app.casework import Body, Reader
from app.store import CaseKey, HistoryRow, Sealed, Store, Unit, WrongKey, parsed
from app.store.chain import log

NAME = "Installation log"
#: table → its name in a sentence
_WORDS = {
    "person": "account", "person_group": "group", "token": "token", "link": "link",
    "cover": "cover", "cover_end": "end of cover", "deployment": "version",
    "activation": "activation", "settings": "settings", "signing": "sign-in",
    "identity": "work account", "totp": "authenticator app of", "recovery_code": "recovery code",
    "passkey": "passkey", "guest": "guest", "guest_link": "link of", "guest_code": "code of",
    "guest_session": "session of guest",
    "session": "session of",
    "cover_agreed": "agreement to cover", "opened_case": "broken glass",
    "conflict": "conflict", "conflict_end": "end of conflict",
}  # fmt: skip
#: columns by which a row is named in a sentence; none: its key
_NAMED = {
    "token": ("person", "name"),
    "link": ("person", "at"),
    "person_group": ("person", "group"),
    "identity": ("person", "subject"),
    "recovery_code": ("person", "at"),
    "passkey": ("person", "name"),
    "guest_link": ("guest", "at"),
    "guest_code": ("guest", "at"),
    "guest_session": ("guest", "at"),
    "session": ("person", "at"),
    "opened_case": ("person", "at"),
}


def verify_installation(database: Store) -> Verdict | None:
    """None in a database without a log, where nothing was written since there is one."""
    with database.reading() as unit:
        newest = log.entries.head(unit)
        if newest is None:
            return _none(unit)
        rows = list(store.chain.history.rows(unit, log.entries.NAME))
        archived = log.blocks.all_of_them(unit)
        key = _key(unit, rows, archived)
        bodies = None
        if isinstance(key, CaseKey):
            reader = Reader(key)
            bodies = [reader.read(row) for row in rows]
        checked = _chain(unit, newest, rows, bodies, archived)
        if not checked.good:
            return Verdict(reference=NAME, chain=checked)
        try:
            if isinstance(key, str):
                raise Fault(len(rows), key)
            _stubs(unit, archived)
            _beside(unit, bodies or [], _begun(key, archived), rows[-1].at if rows else None)
        except Fault as fault:
            return Verdict(reference=NAME, chain=checked, beside=fault)
        return Verdict(reference=NAME, chain=checked)


def _stubs(unit: Unit, archived: Sequence[log.Block]) -> None:
    """Raises `Fault` for a block that was changed, or that leaves a gap."""
    expected = 1
    for block in archived:
        if block.first != expected or not log.blocks.vouched(unit, block):
            said = f"The stub of the archived entries {block.first} to {block.last} was changed."
            raise Fault(block.first, said)
        expected = block.last + 1


def _begun(key: CaseKey, archived: Sequence[log.Block]) -> Begun:
    """What the newest archived block says of the tables at its end."""
    if not archived:
        return Begun({}, set(), None)
    try:
        return begun(log.blocks.content(archived[-1], key))
    except (Sealed, ValueError, KeyError, TypeError):
        said = f"The stub of the archived entries up to {archived[-1].last} cannot be read."
        raise Fault(archived[-1].last, said) from None


def _none(unit: Unit) -> Verdict | None:
    """Entries or a key without the row that names the newest: somebody took it away."""
    try:
        log.entries.key_of(unit)
    except Sealed:
        return None
    except WrongKey:
        pass
    said = "What names the newest entry of the log is no longer there."
    return Verdict(reference=NAME, chain=chain.wrong(NAME, 0, store.START, Fault(0, said)))


def _chain(
    unit: Unit,
    newest: store.Head,
    rows: Sequence[HistoryRow],
    bodies: Sequence[Body] | None,
    archived: Sequence[log.Block],
) -> chain.Verified:
    after = (archived[-1].last, archived[-1].head) if archived else None
    vouched = None if newest.seal is None else log.entries.vouched(unit, newest)
    end = chain.Newest(seq=newest.seq, hash=newest.hash, vouched=vouched)
    return chain.verify(
        rows, case=log.entries.NAME, newest=end, bodies=bodies, whose="log", after=after
    )


def _key(unit: Unit, rows: Sequence[HistoryRow], archived: Sequence[log.Block]) -> CaseKey | str:
    """The log's key, or why it is none, in a sentence."""
    try:
        key = log.entries.key_of(unit)
    except Sealed:
        return "The log's key is lost: somebody took it away."
    except WrongKey:
        return "The log's key cannot be opened with this installation's key."
    if archived:  # its stub opens with this key alone
        return key
    try:
        known = parsed(rows[0].header).get("key_commit") if rows else None
    except store.BadHeader:  # the chain tells what is wrong with it
        return key
    return key if known == key.commitment() else "The log's key is not the one it began with."


#: rows that go without an entry when their time is over
_SWEPT = ("session", "guest_session")


def _beside(unit: Unit, bodies: Sequence[Body], before: Begun, until: datetime | None) -> None:
    """Raises `Fault` for the first row that is not as the log says."""
    for body in bodies:
        if body.unread:
            raise Fault(body.seq, body.unread[0])
    told = rebuilt(bodies, before.tables)
    for table in _SWEPT:
        kept = {key: row for key, row in told.get(table, {}).items() if not _over(row, until)}
        told[table] = kept
    for table, are in log.images.everything(unit):
        if table in _SWEPT:
            are = [row for row in are if not _over(row, until)]
        _compare(table, told.get(table, {}), {log.images.key(table, row): row for row in are})
    for seq, person in sorted(told_about(bodies, before.about) ^ log.entries.about(unit)):
        said = f"What is kept to search entry {seq} by ({person}) is not what the entry says."
        raise Fault(seq, said)


def _over(session: Mapping[str, Any], until: datetime | None) -> bool:
    """Its time was over at the newest entry: it opens nothing, and is swept without an entry."""
    ends = datetime.fromisoformat(str(session["expires_at"]).replace("Z", "+00:00"))
    return until is not None and ends < until


def _compare(table: str, told: Table, are: Table) -> None:
    for key, row in told.items():
        named, seq = _name(table, row), int(row[""])
        if key not in are:
            raise Fault(seq, f"The {named} that entry {seq} tells of is no longer there.")
        for column, value in _plain(row):
            if column in are[key] and are[key][column] != value:
                said = f"The {named} was changed behind the log: its {_column(column)} is not"
                raise Fault(seq, f"{said} what entry {seq} says.")
    for key, row in are.items():
        if key not in told:
            raise Fault(0, f"The {_name(table, row)} stands in no entry of the log.")


def _plain(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if name)


def _name(table: str, row: Mapping[str, Any]) -> str:
    columns = _NAMED.get(table) or [column.name for column in log.images.LOGGED[table].primary_key]
    named = " ".join(str(row.get(column)) for column in columns)
    return f"{_WORDS.get(table, table)} “{named}”"


def _column(name: str) -> str:
    return name.replace("_", " ")
