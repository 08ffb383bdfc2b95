"""The page before a document leaves: what is replaced in it, what is doubtful, and who gets it.

It works without script: what was chosen comes back with every look. Making it is `documents`'.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.casework import Refused, Undecided, views
from app.documents import FORMATS
from app.web.site import desk, now, person

Answer = Response | str | tuple[str, int]
_PLACE, _ALL, _OF = "place-", "all-", "of-"


def decisions(sent: MultiDict[str, str]) -> dict[str, str]:
    """Doubtful place → what was chosen: for itself, or for all places of one writing."""
    chosen: dict[str, str] = {}
    for name, value in sent.items():
        if name.startswith(_ALL) and value in ("replace", "leave"):
            key = name.removeprefix(_ALL)
            chosen |= dict.fromkeys(sent.get(_OF + key, key).split(), value)
    own = {
        name.removeprefix(_PLACE): value for name, value in sent.items() if name.startswith(_PLACE)
    }
    return chosen | own


def leaving_page(case: str, document: str, error: Refused | None = None) -> Answer:
    sent = request.values
    sources = bool(sent.get("sources"))
    page = views.leaving_page(desk(), person(), case, document, now(), sources=sources)
    problems = _problems(page, error) if error is not None else []
    shown = render_template(
        "leaving.html",
        found=page,
        format=sent.get("format") if sent.get("format") in FORMATS else "docx",
        sources=sources,
        sent=sent,
        problems=problems,
        wrong={problem["target"]: problem["sentence"] for problem in problems},
    )
    return (shown, 422) if error is not None else shown


def _problems(page: views.LeavingPage, error: Refused) -> list[Mapping[str, str]]:
    """A line for each writing that nobody has decided, with its place on the page."""
    if not isinstance(error, Undecided):
        wrong = error.fields or {"": error.sentence}
        return [{"target": target, "sentence": said} for target, said in wrong.items()]
    if not error.fields:
        return [{"target": "", "sentence": error.sentence}]
    problems: list[Mapping[str, str]] = []
    for word in page.doubtful:
        for place in word.places:
            if place.key in error.fields:
                said = f"Select whether “{word.written}” is replaced by “{word.instead}”"
                several = len(word.places) > 1
                target = f"{_ALL}{word.places[0].key}" if several else f"{_PLACE}{place.key}"
                problems.append({"target": target, "sentence": said})
                break
    return problems
