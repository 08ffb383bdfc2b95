"""A case's history: a table of sentences, the drawing stepping through them, and the checks.

What the sentences say and how the drawings looked is the audit room's. Everything works without
script; with it, a slider fetches each step's drawing from here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from app.audit.exports import entries_jsonl, sentences_csv
from app.audit.narrative import TOPICS, Sentence, Story, ask, told, verified
from app.casework import look
from app.engine import Fault, moment, short_moment
from app.engine.pictures import draw
from app.web.paging import Paging
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
    with look(desk(), person(), case, now(), "history", by="history") as seen:
        shown = ask(seen, _shown)
        reference = seen.row.reference
    asked = request.args.get("check") == "yes"
    verdict = verified(desk(), reference) if asked else None
    return render_template("history/page.html", case=reference, verdict=verdict, **shown)


def _shown(story: Story) -> dict[str, Any]:
    """What the address asks for."""
    shown = _asked("show", (*_CHOICES, *TOPICS), MAIN)
    order = _asked("order", ("newest", "oldest"), "newest")
    steps = story.steps(topic for topic in TOPICS if _fits(topic, shown))
    step = _step(story, steps)
    listed = steps if order == "oldest" else steps[::-1]
    paging = _paging(listed, step, shown, order)
    here = listed[paging.first - 1 : paging.last] if steps else []
    return {
        "rows": [Row(number, story.sentence(number)) for number in here],
        "order": order,
        "steps": steps,
        "near": _near(steps, step),
        "step": step,
        "current": story.sentence(step) if story.length else None,
        "view": _picture(story, step),
        "paging": paging,
        "shown": shown,
        "choices": _CHOICES | TOPICS,
    }


@bp.get("/step.json")
def step_json(case: str) -> Response:
    """One step for the slider: its drawing and its words."""
    with look(desk(), person(), case, now(), "history", by="history") as seen:
        step, view, words = ask(seen, _one_step)
    return jsonify(step=step, words=words, name=view["name"], svg=view["svg"])


def _one_step(story: Story) -> tuple[int, dict[str, Any], str]:
    step = _step(story, [])
    return step, _picture(story, step), _words(story.sentence(step))


@bp.get("/download.csv")
def csv(case: str) -> Response:
    with look(desk(), person(), case, now(), "history as CSV", by="history") as seen:
        history = told(seen)
    return _file(
        history.reference, "csv", "text/csv; charset=utf-8", sentences_csv(history.sentences)
    )


@bp.get("/download.jsonl")
def jsonl(case: str) -> Response:
    with look(desk(), person(), case, now(), "history as JSON lines", by="history") as seen:
        history = told(seen)
    content = "".join(entries_jsonl(history.entries))
    return _file(history.reference, "jsonl", "application/jsonl; charset=utf-8", content)


def _file(reference: str, ending: str, kind: str, content: str) -> Response:
    name = f"{reference}-history.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)


def _fits(topic: str, shown: str) -> bool:
    if shown == "all":
        return True
    return topic not in _LEFT_OUT if shown == MAIN else topic == shown


def _asked(name: str, known: tuple[str, ...], otherwise: str) -> str:
    chosen = request.args.get(name, otherwise)
    return chosen if chosen in known else otherwise


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _step(story: Story, steps: list[int]) -> int:
    """The step asked for; the newest one shown when none, or nonsense, is asked for."""
    asked = _number("step")
    if asked is not None and 1 <= asked <= story.length:
        return asked
    return steps[-1] if steps else story.length


def _near(steps: list[int], step: int) -> dict[str, int | None]:
    """The steps before and after among those shown."""
    before, after = bisect_left(steps, step), bisect_right(steps, step)
    return {
        "first": steps[0] if before else None,
        "previous": steps[before - 1] if before else None,
        "next": steps[after] if after < len(steps) else None,
        "last": steps[-1] if after < len(steps) else None,
    }


def _paging(steps: list[int], step: int, shown: str, order: str) -> Paging:
    """The page asked for, else the one that holds the step."""
    pages = max(1, -(-len(steps) // PAGE_SIZE))
    place = steps.index(step) if step in steps else 0
    number = _number("page") or place // PAGE_SIZE + 1
    case = (request.view_args or {})["case"]
    base = url_for(".page", case=case, show=shown, step=step, order=order)
    return Paging(min(max(number, 1), pages), PAGE_SIZE, len(steps), base)


def _picture(story: Story, step: int) -> dict[str, Any]:
    """The drawing of the process that the step is about, as it looked then."""
    frame, process = story.frame(step), story.process(step)
    if frame is None or process is None:
        return {"name": "", "svg": ""}
    name = process.name or process.id
    at = moment(frame.at)
    try:
        svg = draw(
            story.program.files.get(process.file, b""),
            marks=frame.marks.get(process.file, {}),
            taken=frame.taken.get(process.file, frozenset()),
            title=f"{name}, {at}",
            process=process.id,
        )
    except Fault:
        svg = ""
    return {"name": name, "svg": svg}


def _words(sentence: Sentence) -> str:
    return f"{short_moment(sentence.at)}: {sentence.text}"
