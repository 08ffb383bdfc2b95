"""Writes the installation's log: who changed what of people, roles, tokens, cover and versions.

`record` adds an entry to the chain `installation`, in the transaction that makes the change, and
says the touched rows as they are then: so the tables can be made from the log, and compared. The
first entry says all that stood before there was a log. Reading it is the audit room's.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from app import store
from app.casework.access import SYSTEM, Person
from app.casework.cases import history
from app.casework.cases.installation import Installation
from app.casework.settings import ENGINE
from app.store import Entry, Head, Rows, Store, StoreFault, Unit

_LOG = logging.getLogger(__name__)


class LogKind(StrEnum):
    """What an entry tells. A value stands in logs for ever."""

    BEGIN = "BeginLog"
    MAKE_PERSON = "MakePerson"
    CHANGE_PERSON = "ChangePerson"
    CHANGE_ROLES = "ChangeRoles"
    DISABLE_PERSON = "DisablePerson"
    ENABLE_PERSON = "EnablePerson"
    ISSUE_LINK = "IssueLink"
    USE_LINK = "UseLink"
    SET_PASSWORD = "SetPassword"
    KEEP_PASSWORD = "KeepPassword"
    SIGN_IN = "SignIn"
    SIGN_OUT = "SignOut"
    END_SESSIONS = "EndSessions"
    MAKE_TOKEN = "MakeToken"
    REVOKE_TOKEN = "RevokeToken"
    LINK_IDENTITY = "LinkIdentity"
    UNLINK_IDENTITY = "UnlinkIdentity"
    SET_SECOND_FACTOR = "SetSecondFactor"
    RESET_SECOND_FACTOR = "ResetSecondFactor"
    USE_RECOVERY_CODE = "UseRecoveryCode"
    MAKE_RECOVERY_CODES = "MakeRecoveryCodes"
    ADD_PASSKEY = "AddPasskey"
    REMOVE_PASSKEY = "RemovePasskey"
    INVITE_GUEST = "InviteGuest"
    GUEST_CODE = "MakeGuestCode"
    GUEST_IN = "GuestIn"
    GUEST_OUT = "GuestOut"
    END_GUEST = "EndGuest"
    SET_COVER = "SetCover"
    END_COVER = "EndCover"
    DEPLOY = "Deploy"
    ACTIVATE = "Activate"
    SETTINGS = "ChangeSettings"
    SEND_AGAIN = "SendAgain"
    SEARCH = "Search"
    REFUSALS = "Refusals"
    ARCHIVE = "ArchiveLog"
    LATE_READ = "LateRead"
    ROTATE_KEY = "RotateKey"


#: what is refused and counted
FAILED, THROTTLED, TOKEN, LOOK, LINK = "failed", "throttled", "token", "look", "link"
SECOND, SIGN_ON, GUEST_CODE = "second", "sign_on", "guest code"
SCOPE, FORM, HOST = "scope", "form", "host"


def record(
    installation: Installation,
    unit: Unit,
    kind: str,
    by: Person,
    at: datetime,
    said: Mapping[str, Any] | None = None,
    *,
    about: Iterable[str] = (),
    rows: Sequence[Rows] = (),
) -> int:
    """Adds an entry and gives its number. `said`: what only who has the log's key may read, with no
    secret in it; `about`: ids of the people it is about; `rows`: what of the tables was touched.

    Call it last in a transaction: from here on others who record wait for its end.
    """
    newest, key = store.chain.log.entries.lock(unit)
    pen = _Pen(installation, unit, key)
    if not newest.seq:
        newest = pen.write(newest, LogKind.BEGIN, SYSTEM, at, {"rows": _all(unit)})
        if kind == LogKind.BEGIN:
            return newest.seq
    newest = pen.hours(newest, at)
    images = [_touched(unit, each) for each in rows]
    whole = {**(said or {}), **({"about": sorted(set(about))} if about else {})}
    return pen.write(newest, kind, by, at, whole | ({"rows": images} if images else {})).seq


class _Pen:
    def __init__(self, installation: Installation, unit: Unit, key: store.CaseKey) -> None:
        self.installation, self.unit, self.key = installation, unit, key

    def write(
        self, newest: Head, kind: str, by: Person, at: datetime, said: Mapping[str, Any]
    ) -> Head:
        calendar, settings = self.installation.settings.digests
        first = {"key_commit": self.key.commitment()} if not newest.seq else None
        active = store.deployments.active(self.unit) or ""
        entry = Entry(
            at=at, kind=str(kind), actor=by.id, definition=active,
            engine=ENGINE, state=b"", calendar=calendar, settings=settings, first=first,
        )  # fmt: skip
        content = history.written(str(kind), by.name, said, (), entry)
        about = said.get("about", ())
        return store.chain.log.entries.append(self.unit, self.key, newest, entry, content, about)

    def hours(self, newest: Head, at: datetime) -> Head:
        """Writes the refusals of hours that are over."""
        if not store.chain.log.refusals.over(self.unit, at):
            return newest
        counted = store.chain.log.refusals.take(self.unit, at)
        said = [
            {"hour": store.stamp(row.hour), "what": row.what, "who": row.who, "count": row.count}
            for row in counted
        ]
        about = sorted({row.who[2:] for row in counted if row.who.startswith("p:")})
        return self.write(newest, LogKind.REFUSALS, SYSTEM, at, {"counted": said, "about": about})


def begin(installation: Installation, database: Store, at: datetime) -> None:
    """Sees to it that there is a log, and that refusals of past hours stand in it."""
    with database.reading() as unit:
        newest = store.chain.log.entries.head(unit)
        waiting = store.chain.log.refusals.over(unit, at)
    if newest is None:
        with database.writing() as unit:
            record(installation, unit, LogKind.BEGIN, SYSTEM, at)
    elif waiting:
        with database.writing() as unit:
            newest, key = store.chain.log.entries.lock(unit)
            _Pen(installation, unit, key).hours(newest, at)


def refused(database: Store, what: str, who: str, at: datetime) -> None:
    """Counts a refusal; that it cannot be counted stops nobody's answer."""
    try:
        with database.writing() as unit:
            store.chain.log.refusals.count(unit, what, who, at)
    except StoreFault:
        _LOG.warning("a refusal could not be counted")


def of_person(person: str) -> str:
    return f"p:{person}"


def of_address(address: str) -> str:
    """An address as it is counted: of IPv6 the network, which one sender has whole."""
    if ":" not in address:
        return f"a:{address[:60]}"
    return "a:" + _network(address)


def _network(address: str) -> str:
    try:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return "unknown"


def _touched(unit: Unit, rows: Rows) -> dict[str, Any]:
    are = store.chain.log.images.read(unit, rows)
    where = store.chain.log.images.said(rows.table, rows.where)
    return {"table": rows.table, "where": where, "are": are}


def _all(unit: Unit) -> list[dict[str, Any]]:
    return [
        {"table": table, "where": {}, "are": are}
        for table, are in store.chain.log.images.everything(unit)
    ]
