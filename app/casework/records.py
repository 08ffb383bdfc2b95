"""What the forms of a case may ask about: answers given before, as `records`.

Answers stand once, in the history body of the command that gave them; `answers` says where. Only
elements that a form's file names are opened, so the cost does not grow with the case's age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.casework import bodies
from app.engine.feel import codec
from app.store import CaseKey, Unit, answers
from app.store.answers import DoneRow


def records(
    unit: Unit, case: str, key: CaseKey, elements: Iterable[str] | None = None
) -> dict[str, Any]:
    """Element or started process → its latest answers; `<element>_all` → every one's, in order.

    A later answer of the same label (a multi-instance item) takes the place of the earlier one;
    items stand beside the answers. `elements` None: all of them.
    """
    if elements is None:
        rows = answers.of_case(unit, case)
    else:
        wanted = {name for one in elements for name in (one, one.removesuffix("_all"))}
        rows = answers.of_elements(unit, case, sorted(wanted)) if wanted else []
    orders = bodies.orders_of(unit, key, {row.seq for row in rows})
    return collected(rows, {seq: said.get("answers") for seq, said in orders.items()})


def collected(rows: Iterable[DoneRow], given: Mapping[int, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    labelled: dict[str, dict[Any, Any]] = {}
    for number, row in enumerate(rows):
        item = codec.loads(row.item.encode()) if row.item else {}
        entry = {**item, **(given.get(row.seq) or {})}
        found[row.element] = entry
        labelled.setdefault(row.element, {})[row.label or number] = entry
    for element, entries in labelled.items():
        found[f"{element}_all"] = list(entries.values())
    return found
