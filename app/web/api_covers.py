"""The API's part on absence cover: list, set, end. Its bodies stand in `openapi_schemas`.

The addresses belong to `api`, which takes these functions in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, jsonify

from app.casework import views
from app.casework.commands import Done, EndCover, SetCover
from app.casework.errors import Refused
from app.casework.views import CoverLine
from app.web.api_bodies import instant
from app.web.api_requests import body, key, needed
from app.web.site import desk, now, person


def install(bp: Blueprint) -> None:
    bp.get("/covers")(covers)
    bp.post("/covers")(set_cover)
    bp.post("/covers/<cover>/end")(end_cover)


def covers() -> Response:
    found = views.cover_page(desk(), person(), now())
    return jsonify(items=[_line(one) for one in found.lines])


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


def _line(one: CoverLine) -> dict[str, Any]:
    return {
        "cover": one.id,
        "for": one.person,
        "for_name": one.person_name,
        "by": one.by,
        "by_name": one.by_name,
        "from": one.first.isoformat(),
        "until": one.last.isoformat(),
        "reason": one.reason,
        "set": instant(one.set_at),
        "set_by": one.set_by,
        "ended": instant(one.ended_at) if one.ended_at else None,
        "ended_by": one.ended_by,
        "state": one.state,
        "may_end": one.may_end,
    }
