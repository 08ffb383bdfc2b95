"""What is stored beside a history and named in it by digest: still there, still the same?

Deployments, calendars, settings in force, the instances' states, what the case's own row
repeats; documents and files are `attachments`', who belongs to it is `belonging`'s. The other rows
that people work from (tasks, deadlines, mail) are compared with nothing yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import store
from app.audit.verification import belonging
from app.audit.verification.attachments import attachments as attachments
from app.audit.verification.chain import Fault
from app.casework import Body
from app.engine import Fault as EngineFault
from app.engine import InstanceEnded, InstanceStarted, StatusSet, feel
from app.engine.feel import Calendar
from app.store import CaseKey, CaseRow, HistoryRow, Sealed, Spoilt, Unit, parsed
from app.validation import deployment

Header = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A history that can be read: its key, and what was sealed in each row."""

    key: CaseKey
    bodies: Sequence[Body]


class Kept:
    """What one database keeps beside its histories; each thing is looked at once."""

    def __init__(self) -> None:
        self._deployments: dict[str, str | None] = {}
        self._calendars: dict[str, Calendar] = {}
        self._settings: set[str] = set()

    def deployment(self, unit: Unit, digest: str) -> str | None:
        """What is wrong with a deployment, in a clause; None: its files give its digest."""
        if digest not in self._deployments:
            self._deployments[digest] = _files(unit, digest)
        return self._deployments[digest]

    def faults(self, unit: Unit) -> Iterator[tuple[str, str]]:
        """(name, sentence) of every deployment that is not as it was stored."""
        for digest in store.deployments.digests(unit):
            wrong = self.deployment(unit, digest)
            if wrong:
                yield f"Deployment {digest[:12]}", f"It {wrong}."

    def calendar(self, unit: Unit, name: str) -> Calendar | None:
        """The calendar of this digest, or of this version in entries of form 1; None: it is not
        kept as it was."""
        if name not in self._calendars:
            self._calendars |= _calendars(unit)
        return self._calendars.get(name)

    def settings(self, unit: Unit, digest: str) -> bool:
        """Whether the settings of this digest are kept as they were."""
        if digest not in self._settings:
            kept = store.deployments.settings_kept(unit)
            self._settings |= {name for name, content in kept.items() if _sha256(content) == name}
        return digest in self._settings


def _files(unit: Unit, digest: str) -> str | None:
    named = store.deployments.named(unit, digest)
    if not named:
        return "is no longer kept"
    for path, (_, same) in named.items():
        if not same:
            return f"is not as it was: its file {path} was changed or taken away"
    try:
        files = store.deployments.files(unit, digest)
    except Spoilt:
        return "is not as it was"
    if deployment.digest(files) != digest:
        return "is not as it was: a file was added, left out or put in the place of another"
    return None


def _calendars(unit: Unit) -> dict[str, Calendar]:
    """What a header may name → the calendar, where its content gives that name."""
    calendars: dict[str, Calendar] = {}
    for version, content in store.deployments.calendars(unit).items():
        read = _calendar(content)
        if read is not None and read.version == version:
            calendars |= {version: read, _sha256(content): read}
    return calendars


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _calendar(content: str) -> Calendar | None:
    try:
        return Calendar.from_dict(feel.codec.loads(content.encode("utf-8", "surrogatepass")))
    except (EngineFault, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def check(
    unit: Unit,
    row: CaseRow,
    rows: Sequence[HistoryRow],
    kept: Kept,
    opened: Opened | None,
) -> None:
    """Compares what is beside one case's history, which is good itself. Raises `chain.Fault`."""
    if not rows:
        return
    entry_headers = [parsed(entry.header) for entry in rows]
    for header in entry_headers:
        _named(unit, header, kept)
    for name, now, then in _repeated(row, rows, entry_headers):
        if now != then:
            said = f"What the case says of itself ({name}) is not what its history says."
            raise Fault(len(rows), said)
    _states(unit, row, entry_headers[-1], opened.key if opened is not None else None)
    if opened is not None:
        _from_facts(row, rows, opened.bodies)
        belonging.check(unit, row, opened.bodies)


def _named(unit: Unit, header: Header, kept: Kept) -> None:
    seq = header["seq"]
    wrong = kept.deployment(unit, str(header.get("definition")))
    if wrong:
        raise Fault(seq, f"The deployment that entry {seq} names {wrong}.")
    if kept.calendar(unit, str(header.get("calendar"))) is None:
        raise Fault(seq, f"The calendar that entry {seq} names is not kept here as it was.")
    if header["v"] > 1 and not kept.settings(unit, header["settings"]):
        raise Fault(seq, f"The settings that entry {seq} names are not kept here as they were.")


def _repeated(
    row: CaseRow, rows: Sequence[HistoryRow], entry_headers: Sequence[Header]
) -> Iterator[tuple[str, Any, Any]]:
    """(what, as the case's row has it, as the history has it)."""
    first, newest = entry_headers[0], entry_headers[-1]
    yield "who opened it", row.opened_by, first["actor"]
    yield "when it was opened", row.opened_at, rows[0].at
    yield "its deployment", row.deployment, newest.get("definition")
    yield "the time of its newest entry", row.last_at, rows[-1].at
    yield "its state", row.state.hex(), newest.get("state")
    if "reference" in first:
        yield "its reference", row.reference, first["reference"]


def _states(unit: Unit, row: CaseRow, newest: Header, key: CaseKey | None) -> None:
    """The stored states are those of the newest entry."""
    hashes = {}
    for id, state, sha256, ended in store.cases.stored_states(unit, row.id):
        if key is not None and _hash(key, id, state) != sha256:
            said = f"The stored state of instance {id or 'of the case'} was changed."
            raise Fault(newest["seq"], said)
        if not id or not ended:
            hashes[id] = sha256
    text = "\n".join(f"{id} {hashes[id]}" for id in sorted(hashes))
    if hashlib.sha256(text.encode()).hexdigest() != newest.get("state"):
        said = f"The state stored now is not the one that entry {newest['seq']} left."
        raise Fault(newest["seq"], said)


def _hash(key: CaseKey, id: str, state: bytes) -> str | None:
    try:
        return hashlib.sha256(key.open(state, f"state:{id}")).hexdigest()
    except Sealed:
        return None


def _from_facts(row: CaseRow, rows: Sequence[HistoryRow], bodies: Sequence[Body]) -> None:
    """Process, status, and whether it ended, as the facts of the history lead to them."""
    status, ended_at, running, process = None, None, set(), row.process
    for entry, body in zip(rows, bodies, strict=True):
        if body.unread:
            return  # what cannot be read leads nowhere
        process = str(body.said.get("process")) if body.kind == "StartCase" else process
        moved = False
        for event in body.events:
            match event:
                case StatusSet():
                    status = event.status
                case InstanceStarted():
                    running.add(event.instance)
                    moved = True
                case InstanceEnded():
                    running.discard(event.instance)
                    moved = True
        if moved:
            ended_at = None if running else ended_at or entry.at
    told = (("its process", row.process, process), ("its status", row.status, status),
            ("when it ended", row.ended_at, ended_at))  # fmt: skip
    for name, now, then in told:
        if now != then:
            said = f"What the case says of itself ({name}) is not what its history says."
            raise Fault(len(rows), said)
