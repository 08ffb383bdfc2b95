"""What goes of a case when its content is destroyed: its key, and every row that is sealed with it
or says anything of it in the open.

A table that belongs to a case stands in one of the two lists here; a test asks it.
"""

from __future__ import annotations

from sqlalchemy import Table, bindparam, delete, select, update

from app.store.database.unit import Unit
from app.store.people.authority.tables import exclusion_lift, opened_case, read_row
from app.store.people.guests.tables import guest, guest_code, guest_link, guest_session
from app.store.retention.tables import erasure, hold
from app.store.schema import (
    case_key,
    cases,
    checkpoint,
    deadline,
    document,
    done,
    draft,
    history,
    idempotency,
    inbox,
    instance,
    known_by,
    member,
    offer,
    outbox,
    task,
)
from app.store.tallies.shares import let_go
from app.store.tallies.tables import late_line, share
from app.store.work.tables import (
    answer_file,
    case_label,
    document_reader,
    document_text,
    incident,
    letter,
    meeting,
    published,
    published_text,
    published_theme,
)

#: where a destroyed case stands, in every list
STATUS = "Content destroyed"
#: every row of the case goes from these
GOES: tuple[Table, ...] = (
    case_key, instance, draft, document, document_text, document_reader, checkpoint, known_by,
    incident, task, offer, done, deadline, inbox, outbox, idempotency, exclusion_lift, guest,
    letter, read_row, share, late_line, case_label, meeting, answer_file, published,
    published_text, published_theme,
)  # fmt: skip
#: these stay: who ordered what and when, who might see it, and what was decided of the destruction
STAYS: tuple[Table, ...] = (history, member, hold, erasure, opened_case)
#: these belong to a guest
_OF_GUESTS = (guest_link, guest_code, guest_session)
#: tables that say something in the open, whose deleted rows have to be overwritten; and the key's
OPEN = (
    case_key, cases, incident, task, offer, done, deadline, inbox, idempotency, guest, known_by,
    exclusion_lift, document, draft, outbox, hold, letter, share, late_line, meeting,
    answer_file, published, published_text, published_theme,
)  # fmt: skip

_DELETES = [delete(table).where(table.c.case_id == bindparam("case")) for table in GOES]
_GUESTS = select(guest.c.id).where(guest.c.case_id == bindparam("case"))
_THEIRS = [delete(table).where(table.c.guest == bindparam("who")) for table in _OF_GUESTS]
_SILENT = update(hold).where(hold.c.case_id == bindparam("case")).values(body=b"")
_STANDS = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(status=STATUS, suspended=False, next_due=None, wake_at=None, attempts=0, stalls="")
)


def erase(unit: Unit, case: str) -> None:
    """Deletes all of it. What the database keeps of deleted rows is `sweeping`'s, afterwards."""
    if unit.connection.dialect.name == "sqlite":
        # Of this connection, from here on: what is deleted is overwritten in its page at once.
        unit.connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for id in guests(unit, case):
        for statement in _THEIRS:
            unit.run(statement, {"who": id})
    let_go(unit, case)
    for statement in _DELETES:
        unit.run(statement, {"case": case})
    unit.run(_SILENT, {"case": case})
    unit.run(_STANDS, {"case": case})


def guests(unit: Unit, case: str) -> list[str]:
    """Ids of those who were asked a task of the case."""
    return [row[0] for row in unit.rows(_GUESTS, {"case": case})]
