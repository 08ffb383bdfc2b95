"""What a case published: of each publication what everybody may read, and sealed what is told
beside it. All of it follows from the history and can be worked out anew.

What is published, what is told and to whom is casework's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, select

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.work.published_tables import published, published_text, published_theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    #: number of the history row of the step that published it
    seq: int
    document: str
    kind: str
    title: str
    #: London's
    day: date
    #: roles; none: everybody with an account
    readers: tuple[str, ...]
    #: (value, label) in the words of its time
    themes: tuple[tuple[str, str], ...]
    #: that it is found by, folded
    words: tuple[str, ...]
    #: what is told beside it
    body: bytes


_OF_CASE = published.c.case_id == bindparam("case")
_KNOWN = select(published.c.seq, published.c.document, published.c.id).where(_OF_CASE)
_DROPS = [
    delete(table).where(table.c.case_id == bindparam("case"))
    for table in (published, published_text, published_theme)
]
_ADD, _ADD_TEXT, _ADD_THEMES = map(insert, (published, published_text, published_theme))


def keep(unit: Unit, key: CaseKey, publications: Sequence[Publication]) -> None:
    """These, and none but these. Each keeps the id that it has."""
    given = {"case": key.case}
    known = {(seq, document): id for seq, document, id in unit.rows(_KNOWN, given)}
    for statement in _DROPS:
        unit.run(statement, given)
    for each in publications:
        place = {"case_id": key.case, "seq": each.seq, "document": each.document}
        row = {
            "id": known.get((each.seq, each.document)) or os.urandom(8).hex(),
            "kind": each.kind, "title": each.title, "day": each.day, "year": each.day.year,
            "readers": " ".join(each.readers),
        }  # fmt: skip
        unit.run(_ADD, {**place, **row})
        body = key.seal(each.body, sealed_at(each.seq, each.document))
        unit.run(_ADD_TEXT, {**place, "words": f" {' '.join(each.words)} ", "body": body})
        themes = dict(reversed(each.themes))
        unit.many(_ADD_THEMES, [
            {**place, "value": value, "number": number, "label": themes[value]}
            for number, value in enumerate(dict.fromkeys(value for value, _ in each.themes))
        ])  # fmt: skip


def sealed_at(seq: int, document: str) -> str:
    return f"published:{seq}:{document}"
