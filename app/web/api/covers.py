"""The API's part on absence cover and the register of conflicts: what is said, and the lists.

Setting and ending one are orders, and stand in `web.orders`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.casework import Done, Refused, views
from app.web.api.bodies import REPLAYED
from app.web.api.operations import EVERYBODY, read
from app.web.api.shapes import (
    DAY,
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Body,
    Kind,
    one_of,
    several,
    shape,
)
from app.web.site import desk, now, person

#: whoever covers, who is away, and the days
_COVER: dict[str, Kind] = {
    "for": TEXT("person who is away").of("person"),
    "by": TEXT("person who covers for them"),
    "from": DAY("first day in London").of("first"),
    "until": DAY("last day in London, included").of("last"),
    "reason": TEXT,
}
COVER = shape(
    "Cover", **_COVER, cover=TEXT.of("id"), for_name=TEXT.of("person_name"), by_name=TEXT,
    set=INSTANT.of("set_at"), set_by=TEXT,
    ended=MAYBE_INSTANT("when it was ended early").of("ended_at"), ended_by=MAYBE_TEXT,
    agreed_by=MAYBE_TEXT("who agreed to what somebody else proposed"),
    state=one_of("running", "planned", "ended", "proposed"), may_end=TRUTH, may_agree=TRUTH,
)  # fmt: skip
COVERS = several("Covers", COVER)
SET_COVER = shape("SetCover", **_COVER)
COVER_DONE = shape("CoverDone", cover=TEXT.of(lambda done: done.answer["cover"]), replayed=REPLAYED)

CONFLICT = shape(
    "Conflict", conflict=TEXT.of("id"), person=TEXT("id of the person"), name=TEXT,
    about=TEXT("with whom or what"), recorded=INSTANT.of("at"), recorded_by=TEXT.of("by"),
    ended=MAYBE_INSTANT.of("ended_at"), ended_by=MAYBE_TEXT, may_end=TRUTH,
)  # fmt: skip
CONFLICTS = several("Conflicts", CONFLICT)
CONFLICT_DONE = shape(
    "ConflictDone", conflict=TEXT.of(lambda done: done.answer["id"]), replayed=REPLAYED
)

READS = (
    read(
        path="/covers", name="listCovers", summary="Absence cover that you may read of",
        sight=EVERYBODY, answer=COVERS,
        reads=lambda: {"items": views.cover_page(desk(), person(), now()).lines},
    ),
    read(
        path="/conflicts", name="listConflicts",
        summary="Entries of the register of conflicts that you may read",
        sight=EVERYBODY, answer=CONFLICTS,
        reads=lambda: {"items": views.conflict_page(desk(), person()).lines},
    ),
)  # fmt: skip


def to_set(body: Mapping[str, Any]) -> dict[str, Any]:
    """What `SetCover` takes. Raises `Refused` for a day that is none."""
    about = {"person": body["for"], "by": body["by"], "reason": body["reason"]}
    return about | {"first": _day(body, "from"), "last": _day(body, "until")}


def _day(body: Mapping[str, Any], name: str) -> date:
    try:
        day = date.fromisoformat(body[name])
    except ValueError:
        day = None
    if day is None or day.isoformat() != body[name]:  # weeks and days without hyphens
        wrong = {name: "Give a day like 2027-04-01"}
        raise Refused("Some answers need another look.", wrong)
    return day


def done(outcome: Done, **_: str) -> Body:
    return COVER_DONE.said(outcome)


def conflict_done(outcome: Done, **_: str) -> Body:
    return CONFLICT_DONE.said(outcome)
