"""Keeps what a case published, so that it is found again over all cases: worked out anew whenever a
step published something, or said how what came of it stands.

What is kept of a publication is `publication`'s, asking for it `reading.published`'s.
"""

from __future__ import annotations

import re

from app import store
from app.casework.cases.locked_case import LockedCase
from app.casework.cases.publication import published_by
from app.store.work.published import Publication, keep

_RECORD = re.compile(r"\brecords\s*\.\s*(\w+)")


def keep_published(locked: LockedCase, process: str, element: str) -> None:
    """After a step was answered, or its answer taken back, in the same transaction."""
    publishing = locked.loaded.publishing
    if not publishing:
        return
    step = (locked.loaded.holder(process, element), element)
    if step in publishing or step in locked.loaded.matter_steps or element in _spoken_of(locked):
        publish_anew(locked)


def publish_anew(locked: LockedCase) -> None:
    """From all that the case holds. Of two publications of one title the later stands."""
    publishing = locked.loaded.publishing
    if not publishing:
        return
    steps = sorted({element for _, element in publishing})
    rows = store.work.answers.of_elements(locked.unit, locked.row.id, steps)
    standing: dict[tuple[str, str], Publication] = {}
    for row in rows:
        step = (locked.loaded.holder(row.process, row.element), row.element)
        for each in published_by(locked, row, publishing.get(step, ())):
            standing[each.document, each.title] = each
    keep(locked.unit, locked.key, tuple(standing.values()))


def _spoken_of(locked: LockedCase) -> set[str]:
    """Ids of the steps of which manifests tell what changed, as it stands now."""
    known = locked.loaded.record_names.clear()
    told = [each.manifest.published for each in locked.loaded.documents.values()]
    names = {name for each in told if each and each.impact for name in _RECORD.findall(each.impact)}
    return {known[name].element for name in names if name in known}
