"""Who is told of a case beyond their own part: who began it, who waits, whom answers are shown.

That a mail is sent is the projection's, showing answers is reading's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases import history
from app.casework.cases.loaded_program import Loaded
from app.casework.cases.locked_case import TOLD, LockedCase
from app.documents import CONTRIBUTORS, MAIL, STARTER, NoLetter, addressees, worded
from app.engine import feel, value
from app.engine.forms import Field, Form
from app.store import CaseRow, DoneRow, Unit

Given = Mapping[str, Any]


def starters(unit: Unit, row: CaseRow) -> list[str]:
    """Ids of those for whom `STARTER` stands: who began the case, or one merged into it."""
    merged = (store.cases.find(unit, id) for id in store.cases.merged(unit, row.reference))
    began = [row.opened_by, *(other.opened_by for other in merged if other is not None)]
    return list(dict.fromkeys(began))


def contributors(unit: Unit, case: str) -> list[str]:
    """Groups for which `CONTRIBUTORS` stands: people of one organisation who were offered a task of
    the case, whatever became of it."""
    done, gone = store.work.answers.of_case(unit, case), store.work.answers.cancelled(unit, case)
    offers = _offered(unit, case, [*done, *gone])
    return sorted(who[2:] for who in offers if who.startswith("g:") and ":" in who[2:])


def _offered(unit: Unit, case: str, ended: Iterable[DoneRow]) -> set[str]:
    """To whom ("g:…", "p:…") tasks of the case are offered now, and those that have ended were."""
    open_ = {who for each in store.work.tasks.offers(unit, case).values() for who in each}
    return open_ | {who for row in ended for who in row.offers.split()}


def standing_for(unit: Unit, row: CaseRow, names: Iterable[str]) -> list[str]:
    """The groups and people that are meant, where a name stands for others."""
    meant: list[str] = []
    for name in names:
        if name == STARTER:
            meant += starters(unit, row)
        elif name == CONTRIBUTORS:
            meant += contributors(unit, row.id)
        else:
            meant.append(name)
    return list(dict.fromkeys(meant))


def mail_about(locked: LockedCase, what: str) -> dict[str, Any]:
    """What an order about the whole case says of the mail that it sends; empty where the settings
    name none for `what` (`tells`).

    It goes to whom a task is offered now and to who began the case, and when the case was
    cancelled also to those who have done a task of it.
    """
    template = (locked.loaded.program.settings.get("tells") or {}).get(what)
    if not template:
        return {}
    unit, case = locked.unit, locked.row.id
    done = store.work.answers.of_case(unit, case) if what == "cancelled" else []
    offers = _offered(unit, case, done)
    return {TOLD: {"to": [STARTER, *sorted({who[2:] for who in offers})], "template": template}}


def mails_to(locked: LockedCase, mine: Set[str]) -> Iterator[tuple[datetime, str, str]]:
    """(when, subject, text) of each mail of the case that was meant for these, as it was sent;
    among them `STARTER` and `CONTRIBUTORS` where these stand for them."""
    unit = locked.unit
    rows = store.work.messages.outbox_of(unit, locked.row.id)
    files = locked.loaded.program.files
    for row in rows:
        headers = feel.codec.loads(row.content(locked.key)) if row.effect == MAIL else {}
        if mine.isdisjoint(addressees(headers.get("to"))):
            continue
        template = files.get(f"forms/mail/{headers.get('template')}.txt", b"")
        fields = {name: value(header) for name, header in headers.items()}
        fields |= {"reference": locked.row.reference, "link": ""}
        with suppress(NoLetter):  # such a mail was never sent
            subject, text = worded(template.decode(errors="replace"), fields)
            yield row.at, subject, text


def shown_answers(locked: LockedCase, mine: Set[str]) -> Iterator[tuple[DoneRow, Form, Given]]:
    """Of each form that was sent what it shows to these groups, and its answers."""
    unit, loaded = locked.unit, locked.loaded
    rows = store.work.answers.of_case(unit, locked.row.id)
    forms = {row.seq: _shown_form(loaded, row.process, row.element, mine) for row in rows}
    kept = history.some(unit, locked.key, {seq for seq, form in forms.items() if form})
    for row in rows:
        form = forms[row.seq]
        if form is not None and row.seq in kept:
            yield row, form, kept[row.seq].said.get("answers") or {}


def _shown_form(loaded: Loaded, process: str, element: str, mine: Set[str]) -> Form | None:
    """The step's form with nothing but what it shows to these groups (`shown_to`); None where that
    is nothing."""
    form = loaded.form_of_step(process, element)
    fields = tuple(_for(form.fields, mine)) if form is not None else ()
    return replace(form, fields=fields) if form is not None and fields else None


def _for(fields: Iterable[Field], mine: Set[str]) -> Iterator[Field]:
    for field in fields:
        if not mine.isdisjoint(field.rules.shown_to):
            yield replace(field, label=field.rules.shown_as or field.label)
        elif field.kind == "group" and (inner := tuple(_for(field.fields, mine))):
            yield replace(field, fields=inner)
