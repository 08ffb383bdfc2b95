"""The annex of a document made with its sources: who said each statement, when, on which form.

What of the template a number stands for is `documents.citations`'. Nothing here is worked out: who
said what stands in the history, how an answer came about beside it. In what leaves with pseudonyms
people are told by what they are (`document_speakers`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app import store
from app.casework.cases import LockedCase, by_step, collected, history, step_name
from app.casework.orders.document_choices import came_about
from app.casework.orders.document_speakers import by_name, by_role
from app.documents import Taken
from app.engine import day, joined
from app.engine.bpmn import ALL
from app.store import DoneRow

#: no answer has this name
_ROW = "@"


def annex(locked: LockedCase, *, outward: bool) -> Callable[[list[tuple[Taken, ...]]], list[str]]:
    """What says of each numbered statement of the case's document where it comes from.

    `outward`: by role and organisation, never by name.
    """
    rows = {row.seq: row for row in store.work.answers.of_case(locked.unit, locked.row.id)}
    asked = locked.loaded.record_names.clear()
    meant = collected(by_step(locked, rows.values()), {seq: {_ROW: seq} for seq in rows}, asked)
    said = history.orders_of(locked.unit, locked.key, set(rows))
    speakers = by_role(locked, rows) if outward else by_name(locked, rows)
    steps = {seq: step_name(locked, row.process, row.element) for seq, row in rows.items()}

    def line(taken: Taken) -> str:
        if taken.own:
            return "The settings" if taken.name == "settings" else "The case itself"
        seqs = _entries(taken, meant)
        if not seqs:
            return ""
        told = [
            _said(locked, rows[seq], steps, speakers[seq], said.get(seq, {}), taken) for seq in seqs
        ]
        return "; ".join(told)

    def lines(taken: tuple[Taken, ...]) -> str:
        lines_of = dict.fromkeys(filter(None, map(line, taken)))
        return f"{'; '.join(lines_of) or _nothing(locked, taken)}."

    return lambda statements: [lines(each) for each in statements]


def _nothing(locked: LockedCase, taken: tuple[Taken, ...]) -> str:
    known = locked.loaded.record_names.clear()
    records = [known[each.name] for each in taken if each.name in known]
    names = [f"“{step_name(locked, each.process, each.element)}”" for each in records]
    return f"Nothing is recorded in {joined(dict.fromkeys(names))}" if names else "Nobody said it"


def _entries(taken: Taken, meant: Mapping[str, Any]) -> list[int]:
    """Numbers of the history entries in which it was said."""
    if not taken.several:
        kept = meant.get(taken.name)
        return [kept[_ROW]] if isinstance(kept, Mapping) else []
    everybody = [kept[_ROW] for kept in meant.get(f"{taken.name}{ALL}") or []]
    if taken.row is None:
        return everybody
    return everybody[taken.row : taken.row + 1]


def _said(
    locked: LockedCase,
    row: DoneRow,
    steps: Mapping[int, str],
    by: str,
    said: Mapping[str, Any],
    taken: Taken,
) -> str:
    form = locked.form(said.get("form"))
    version = f", form “{form.title}”, version {form.digest[:12]}" if form is not None else ""
    line = f"{by}, {day(row.at)}, in “{steps[row.seq]}” (entry {row.seq}{version})"
    how = (said.get("provenance") or {}).get(taken.path)
    note = came_about(locked, how, steps, form, taken.path, row) if how else ""
    return f"{line}. {note.rstrip('.')}" if note else line
