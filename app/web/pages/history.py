"""A case's history: a table of sentences, the drawing stepping through them, and the checks.

What the sentences say and how the drawings looked is the audit room's. Everything works without
script; with it, a slider fetches each step's drawing from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from app.audit import case_story
from app.audit.case_story import Told
from app.audit.exports import entries_jsonl, sentences_csv
from app.audit.facts import TOPICS
from app.audit.narrative import Sentence
from app.audit.wording import moment
from app.casework.reading.look import look
from app.engine.errors import Fault
from app.engine.pictures.svg import draw
from app.web.paging import Paging
from app.web.plain import LONDON
from app.web.site import desk, now, person

bp = Blueprint("history", __name__, url_prefix="/cases/<case>/history")

PAGE_SIZE = 100
#: what is shown when nothing else is asked for
MAIN = "main"
_LEFT_OUT = frozenset({"record", "read", "plan"})
_CHOICES = {MAIN: "What happened", "all": "Everything"}


@dataclass(frozen=True, slots=True)
class Row:
    step: int
    sentence: Sentence


@bp.get("")
def page(case: str) -> str:
    with look(desk(), person(), case, now(), "history") as seen:
        told = case_story.told(seen)
    asked = request.args.get("check") == "yes"
    verdict = case_story.verified(desk(), told.reference) if asked else None
    shown = _asked("show", (*_CHOICES, *TOPICS), MAIN)
    rows = [row for row in _rows(told) if _fits(row.sentence, shown)]
    step = _step(told, rows)
    order = _asked("order", ("newest", "oldest"), "newest")
    listed = rows if order == "oldest" else rows[::-1]
    paging = _paging(case, listed, step, shown, order)
    return render_template(
        "history/page.html",
        case=told.reference,
        rows=listed[paging.first - 1 : paging.last] if rows else [],
        order=order,
        steps=[row.step for row in rows],
        near=_near(rows, step),
        step=step,
        current=told.sentences[step - 1] if told.sentences else None,
        view=_picture(told, step),
        paging=paging,
        shown=shown,
        choices=_CHOICES | TOPICS,
        verdict=verdict,
    )


@bp.get("/step.json")
def step_json(case: str) -> Response:
    """One step for the slider: its drawing and its words."""
    with look(desk(), person(), case, now(), "history") as seen:
        told = case_story.told(seen)
    step = _step(told, _rows(told))
    view, sentence = _picture(told, step), told.sentences[step - 1]
    return jsonify(step=step, words=_words(sentence), name=view["name"], svg=view["svg"])


@bp.get("/download.csv")
def csv(case: str) -> Response:
    with look(desk(), person(), case, now(), "history as CSV") as seen:
        told = case_story.told(seen)
    return _file(told.reference, "csv", "text/csv; charset=utf-8", sentences_csv(told.sentences))


@bp.get("/download.jsonl")
def jsonl(case: str) -> Response:
    with look(desk(), person(), case, now(), "history as JSON lines") as seen:
        told = case_story.told(seen)
    content = "".join(entries_jsonl(told.entries))
    return _file(told.reference, "jsonl", "application/jsonl; charset=utf-8", content)


def recent(case: str, most: int = 8) -> list[Sentence]:
    """The newest sentences for the case's page, newest first; nothing for who sees only a part."""
    with look(desk(), person(), case, now(), None) as seen:
        return case_story.recent(seen, most) if seen.whole else []


def _file(reference: str, ending: str, kind: str, content: str) -> Response:
    name = f"{reference}-history.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)


def _rows(told: Told) -> list[Row]:
    return [Row(number, sentence) for number, sentence in enumerate(told.sentences, 1)]


def _fits(sentence: Sentence, shown: str) -> bool:
    if shown == "all":
        return True
    return sentence.topic not in _LEFT_OUT if shown == MAIN else sentence.topic == shown


def _asked(name: str, known: tuple[str, ...], otherwise: str) -> str:
    chosen = request.args.get(name, otherwise)
    return chosen if chosen in known else otherwise


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _step(told: Told, rows: list[Row]) -> int:
    """The step asked for; the newest one shown when none, or nonsense, is asked for."""
    last = len(told.sentences)
    asked = _number("step")
    if asked is not None and 1 <= asked <= last:
        return asked
    return rows[-1].step if rows else last


def _near(rows: list[Row], step: int) -> dict[str, int | None]:
    """The steps before and after among those shown."""
    before = [row.step for row in rows if row.step < step]
    after = [row.step for row in rows if row.step > step]
    return {
        "first": before[0] if before else None,
        "previous": before[-1] if before else None,
        "next": after[0] if after else None,
        "last": after[-1] if after else None,
    }


def _paging(case: str, rows: list[Row], step: int, shown: str, order: str) -> Paging:
    """The page asked for, else the one that holds the step."""
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    place = next((at for at, row in enumerate(rows) if row.step == step), 0)
    number = _number("page") or place // PAGE_SIZE + 1
    base = url_for(".page", case=case, show=shown, step=step, order=order)
    return Paging(min(max(number, 1), pages), PAGE_SIZE, len(rows), base)


def _picture(told: Told, step: int) -> dict[str, Any]:
    """The drawing of the process that the step is about, as it looked then."""
    frame = told.frame(step) if told.sentences else None
    process = told.process(step)
    if frame is None or process is None:
        return {"name": "", "svg": ""}
    name = process.name or process.id
    at = moment(frame.at)
    try:
        svg = draw(
            told.program.files.get(process.file, b""),
            marks=frame.marks.get(process.file, {}),
            taken=frame.taken.get(process.file, frozenset()),
            title=f"{name}, {at}",
            process=process.id,
        )
    except Fault:
        svg = ""
    return {"name": name, "svg": svg}


def _words(sentence: Sentence) -> str:
    return f"{sentence.at.astimezone(LONDON):%d/%m/%Y %H:%M}: {sentence.text}"
