"""Whether the same was recorded already, or runs already for the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases import LockedCase, history, name_of
from app.casework.orders.events.answers import Recorded
from app.casework.orders.events.happenings import Happening
from app.engine import moment

#: how an event that was recorded stands among the answers of a case
TOLD = "told"


@dataclass(frozen=True, slots=True)
class Before:
    """That the same was recorded already."""

    at: datetime | None
    #: a name
    by: str
    #: what was recorded
    sentence: str


def before(locked: LockedCase, told: Recorded) -> Before | None:
    """The newest record of the same: the same event, with the same answers where they tell apart.

    What runs already for the same counts too, whoever told of it.
    """
    about = told.about
    if about is None or told.asked is None:
        return None
    apart = {field.key for field in told.asked.form.walk() if field.rules.tells_apart}
    mine = {key: _same(told.payload.get(key)) for key in apart}
    if apart and not any(mine.values()):
        return None  # nobody can tell, so it may be another
    rows = store.work.answers.of_elements(locked.unit, locked.row.id, [about.element])
    rows = [row for row in rows if row.how == TOLD and row.process == about.process]
    given = history.some(locked.unit, locked.key, {row.seq for row in rows})
    for row in reversed(rows):
        said = given[row.seq].said.get("answers") or {} if row.seq in given else {}
        if all(_same(said.get(key)) == mine[key] for key in apart):
            by = name_of(locked, row.by)
            sentence = f"“{about.name}” was recorded on {moment(row.at)} by {by}."
            return Before(row.at, by, sentence)
    return _running(locked, about, mine) if apart else None


def _running(locked: LockedCase, about: Happening, mine: Mapping[str, Any]) -> Before | None:
    for run in locked.engine.declared():
        variables = run["variables"]
        same = all(_same(variables.get(key)) == value for key, value in mine.items())
        if run["process"] == about.process and same:
            process = locked.loaded.process(about.process)
            name = (process.name if process is not None else None) or about.name
            return Before(None, "", f"“{name}” is open in this case already for the same.")
    return None


def _same(value: Any) -> Any:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
