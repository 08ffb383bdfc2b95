"""A table from elsewhere, pasted or sent as a file, into a list of a form.

What the person has typed is kept before this page is reached, and the rows are kept too: nothing is
sent by it. It has the address of the form, because it is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from flask import flash, redirect, render_template, request

from app.casework import NotFound
from app.casework.views import Asked
from app.documents.tables import MOST_BYTES, Table, read_text, written
from app.engine import Fault
from app.web.forms import bringing, section_of
from app.web.forms.bringing import Plan, Preview, Target, table_of, target
from app.web.pages.long_forms.keeping import Answer, Keeper, Look

#: the hidden field that says which list takes the rows
LIST = "_table"
#: a button that leads here; behind it the path of the list
BRING = "table:"
_NOTHING = "Paste your table, or choose a file"


def bring_table(keeper: Keeper, path: str) -> Answer:
    """The page that takes the table."""
    look = keeper.look()
    if not look.open:
        return keeper.own_page(look)
    return _asked(keeper, look, _target(look, path))


def take_table(keeper: Keeper, path: str) -> Answer:
    """What that page sent: the table as it is read, and then its rows among the answers."""
    look = keeper.look()
    if not look.open:
        return keeper.own_page(look)
    to = _target(look, path)
    pasted = request.form.get("pasted", "")
    try:
        table = _table(pasted)
    except Fault as fault:
        return _asked(keeper, look, to, pasted=pasted, message=fault.sentence), 422
    preview = bringing.previewed(to, table, _plan(to, table))
    action = request.form.get("_action")
    if action != "bring":
        return _previewed(keeper, look, to, table, preview, changed=action == "again")
    if preview.refused:
        return _previewed(keeper, look, to, table, preview, refused=preview.refused), 422
    return _brought(keeper, look, to, preview)


def marked_rows(asked: Asked, given: Mapping[str, object] | None, path: str) -> dict[str, str]:
    """What the form says about the rows of a list, for a page that shows them after they came."""
    to = target(asked, given, path)
    return {} if to is None else to.messages(to.given)


def _target(look: Look, path: str) -> Target:
    to = target(look.asked, look.given, path, anew=not look.kept)
    if to is None:
        raise NotFound
    return to


def _table(pasted: str) -> Table:
    """What was sent; a file goes before a text."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return table_of(file.stream.read(MOST_BYTES + 1))
    if not pasted.strip():
        raise Fault(_NOTHING)
    if len(pasted) > MOST_BYTES:
        raise Fault(f"This is more than {MOST_BYTES // 1_000_000} MB. Bring it in in parts.")
    table = read_text(pasted)
    others = tuple(request.form.getlist("other"))
    return Table(table.rows, request.form.get("part", ""), others)


def _plan(to: Target, table: Table) -> Plan:
    """What the person said of the table; guessed anew where they say that other words head it."""
    said = request.form.get("heading")
    if said is None or (request.files.get("file") and request.files["file"].filename):
        return bringing.guessed(to, table)
    right = said.isascii() and said.isdecimal() and len(said) < 5 and int(said) < len(table.rows)
    heading = int(said) if right else None
    instead = "instead" in request.form
    if request.form.get("_heading") != said:
        return Plan(heading, bringing.guessed(to, table, heading).sources, instead)
    sources = {column.key: request.form.get(f"from-{column.key}", "") for column in to.columns}
    return Plan(heading, sources, instead)


def _asked(keeper: Keeper, look: Look, to: Target, *, pasted: str = "", message: str = "") -> str:
    return render_template(
        "table_bring.html", to=to, pasted=pasted, message=message, name=LIST,
        most=MOST_BYTES // 1_000_000, **_place(keeper, look),
    )  # fmt: skip


def _previewed(
    keeper: Keeper, look: Look, to: Target, table: Table, preview: Preview, *, refused: str = "",
    changed: bool = False,
) -> str:  # fmt: skip
    return render_template(
        "table_preview.html", to=to, table=table, text=written(table), preview=preview,
        refused=refused, changed=changed, name=LIST, sentences=bringing.SENTENCES,
        another=keeper.at(table=to.path), **_place(keeper, look),
    )  # fmt: skip


def _place(keeper: Keeper, look: Look) -> dict[str, object]:
    return {"found": look.page, "form_url": keeper.at(), **asdict(keeper.words(look))}


def _brought(keeper: Keeper, look: Look, to: Target, preview: Preview) -> Answer:
    keeper.keep(bringing.brought(to, preview))
    said = f"Brought in and saved: {to.counted(len(preview.rows))}. Nothing is sent yet."
    flash(said, "success")
    at = section_of(look.asked, to.path)  # where there are sections, its own shows them
    place = "" if at is None else f"/sections/{at.number}"
    return redirect(f"{keeper.at(place, marked=to.path if preview.wrong else None)}#f-{to.path}")
