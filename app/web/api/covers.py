"""The API's part on absence cover: list, set, end. Its bodies stand in `openapi_schemas`.

The addresses belong to `api`, which takes these functions in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, jsonify

from app.casework import views
from app.casework.errors import Refused
from app.casework.orders.commands import Done, EndCover, SetCover
from app.casework.views import CoverLine
from app.web.api.bodies import instant
from app.web.api.requests import body, key, needed
from app.web.site import desk, now, person


def install(bp: Blueprint) -> None:
    bp.get("/covers")(covers)
    bp.post("/covers")(set_cover)
    bp.post("/covers/<cover>/end")(end_cover)


def covers() -> Response:
    cover_page = views.cover_page(desk(), person(), now())
    return jsonify(items=[_line(line) for line in cover_page.lines])


def set_cover() -> tuple[Response, int]:
    g.answers_at = "#/"
    given = body(**dict.fromkeys(("for", "by", "from", "until", "reason"), str))
    command = SetCover(
        actor=person(), at=now(), key=key(), person=needed(given, "for"), by=needed(given, "by"),
        first=_day(given, "from"), last=_day(given, "until"), reason=needed(given, "reason"),
    )  # fmt: skip
    return _done(desk().do(command)), 201


def end_cover(cover: str) -> Response:
    body()
    return _done(desk().do(EndCover(actor=person(), at=now(), key=key(), cover=cover)))


def _day(given: dict[str, Any], name: str) -> date:
    text = needed(given, name)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        wrong = {name: "Give a day like 2027-04-01"}
        raise Refused("Some answers need another look.", wrong) from error


def _done(done: Done) -> Response:
    return jsonify(cover=done.answer["cover"], replayed=done.replayed)


def _line(line: CoverLine) -> dict[str, Any]:
    return {
        "cover": line.id,
        "for": line.person,
        "for_name": line.person_name,
        "by": line.by,
        "by_name": line.by_name,
        "from": line.first.isoformat(),
        "until": line.last.isoformat(),
        "reason": line.reason,
        "set": instant(line.set_at),
        "set_by": line.set_by,
        "ended": instant(line.ended_at) if line.ended_at else None,
        "ended_by": line.ended_by,
        "state": line.state,
        "may_end": line.may_end,
    }
