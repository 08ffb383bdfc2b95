"""A file that came with answers, for who may read the answers that name it: their own draft, what
was signed first where they sign second, and what was recorded, by the rule of that page.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import draft_of, open_task
from app.casework.desk import Desk
from app.casework.errors import Conflict, NotFound
from app.casework.reading.case.documents import KeptDocument
from app.casework.reading.look import Look, look
from app.engine.attached import KINDS, Attached, read_all, within


def kept_file(
    desk: Desk, person: Person, case: str, task: str, digest: str, at: datetime
) -> KeptDocument:
    """The file as it came; the reading is written down. Raises `NotFound`, `Sealed`."""
    by = "file" if person.guest is None else "guest task"
    with look(desk, person, case, at, f"file {digest[:12]} of task {task}", by=by) as seen:
        named = next((file for file in _named(seen, task) if file.digest == digest), None)
        kept = store.work.answers.files.read(seen.unit, seen.key, task, digest) if named else None
        if named is None or kept is None:
            raise NotFound
        row, content = kept
        return KeptDocument(
            name=named.name, media=KINDS[row.kind].media, content=content, sha256=digest
        )


def _named(seen: Look, task: str) -> list[Attached]:
    """The files that the person may read of, in answers of this task."""
    named = [file for seq in _entries(seen, task) for file in _of_entry(seen, seq)]
    draft = draft_of(seen.locked, task, seen.person.id) if _theirs(seen, task) else None
    if draft is not None:
        beside = [entry.value for entry in draft[0].apart]
        named += _in_texts([draft[0].given, beside])
    return named


def _entries(seen: Look, task: str) -> list[int]:
    """Numbers of the history entries whose answers they may read."""
    ended = store.work.answers.find(seen.unit, seen.row.id, task)
    if ended is not None and ended.how != "cancelled":
        return [ended.seq] if seen.whole or seen.person.id in ended.doers else []
    row = seen.locked.task(task)
    signed = row[0].signed_seq if row is not None else None
    return [signed] if signed and (seen.whole or _theirs(seen, task)) else []


def _theirs(seen: Look, task: str) -> bool:
    """The task is open, and theirs to answer."""
    try:
        return open_task(seen.locked, seen.person, task).doer is not None
    except (Conflict, NotFound):
        return False


def _of_entry(seen: Look, seq: int) -> list[Attached]:
    return [
        file for _, body in seen.past.entries(seq, seq) for file in within(body.said.get("files"))
    ]


def _in_texts(given: object) -> list[Attached]:
    """Of answers as they were typed, where a file is a text."""
    if isinstance(given, dict):
        return [file for part in given.values() for file in _in_texts(part)]
    if isinstance(given, list | tuple):
        return [file for part in given for file in _in_texts(part)]
    return list(read_all(given))
