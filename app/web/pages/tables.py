"""A table from elsewhere, pasted or sent as a file, into a list of a task's form.

What the person has typed is in their draft before this page is reached, and the rows go there too:
nothing is sent by it. It has the address of the task, because it is part of its form.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, commands, views
from app.documents.tables import MOST_BYTES, Table, read_text, written
from app.engine import Fault
from app.web.forms import bringing, section_of
from app.web.forms.bringing import Plan, Preview, Target, table_of, target
from app.web.site import desk, now, person

#: the hidden field that says which list takes the rows
LIST = "_table"
#: a button that leads here; behind it the path of the list
BRING = "table:"
_NOTHING = "Paste your table, or choose a file"

Answer = Response | str | tuple[str, int]


def page(look: views.TaskPage, path: str) -> Answer:
    if not look.may_complete:
        return redirect(url_for("task.page", case=look.case, task=look.task))
    return _asked(look, _target(look, path))


def send(look: views.TaskPage, path: str) -> Answer:
    if not look.may_complete:
        return redirect(url_for("task.page", case=look.case, task=look.task))
    to = _target(look, path)
    pasted = request.form.get("pasted", "")
    try:
        table = _table(pasted)
    except Fault as fault:
        return _asked(look, to, pasted=pasted, message=fault.sentence), 422
    preview = bringing.previewed(to, table, _plan(to, table))
    action = request.form.get("_action")
    if action != "bring":
        return _previewed(look, to, table, preview, changed=action == "again")
    if preview.refused:
        return _previewed(look, to, table, preview, refused=preview.refused), 422
    return _brought(look, to, preview)


def marked(look: views.TaskPage, given: Mapping[str, object] | None, path: str) -> dict[str, str]:
    """What the form says about the rows of a list, for a page that shows them after they came."""
    to = target(look.asked, given, path)
    return {} if to is None else to.messages(to.given)


def _target(look: views.TaskPage, path: str) -> Target:
    given = look.draft
    if given is None and look.signed is not None:
        given = look.signed.given
    to = target(look.asked, given, path, anew=look.kept is None)
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


def _asked(look: views.TaskPage, to: Target, *, pasted: str = "", message: str = "") -> str:
    return render_template(
        "table_bring.html", found=look, to=to, pasted=pasted, message=message, name=LIST,
        most=MOST_BYTES // 1_000_000,
    )  # fmt: skip


def _previewed(
    look: views.TaskPage, to: Target, table: Table, preview: Preview, *, refused: str = "",
    changed: bool = False,
) -> str:  # fmt: skip
    return render_template(
        "table_preview.html", found=look, to=to, table=table, text=written(table), preview=preview,
        refused=refused, changed=changed, name=LIST, sentences=bringing.SENTENCES,
    )  # fmt: skip


def _brought(look: views.TaskPage, to: Target, preview: Preview) -> Response:
    posted = bringing.brought(to, preview)
    order = commands.SaveDraft(
        actor=person(), at=now(), key=request.form.get("_key") or None, case=look.case,
        task=look.task, given=posted.given, made=posted.made,
    )  # fmt: skip
    desk().do(order)
    said = f"Brought in and saved: {to.counted(len(preview.rows))}. Nothing is sent yet."
    flash(said, "success")
    return redirect(f"{_rows_of(look, to, bool(preview.wrong))}#f-{to.path}")


def _rows_of(look: views.TaskPage, to: Target, wrong: bool) -> str:
    """Address of the page on which the rows stand: of their section, where there are sections."""
    marked = to.path if wrong else None
    at = section_of(look.asked, to.path)
    if at is None:
        return url_for("task.page", case=look.case, task=look.task, marked=marked)
    return url_for(
        "task_sections.page", case=look.case, task=look.task, number=at.number, marked=marked
    )
