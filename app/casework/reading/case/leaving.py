"""What a person sees before a document leaves: for whom it is, what is replaced, what is doubtful.

Deciding is `orders.leaving`'s, finding names the room `documents`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.access import Person
from app.casework.commands import ProduceDocument
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.orders.documents import allowed, answered, before_it_leaves, missing
from app.casework.reading.look import look
from app.documents import Found
from app.engine import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulWord:
    """One writing, and every place where it may be a name."""

    written: str
    instead: str
    why: str
    places: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPage:
    #: the reference
    case: str
    id: str
    title: str
    #: "inside", "by law" or "outward"
    audience: str
    #: digest of what is shown here
    seen: str
    #: what stands for a name → each writing of that name, and how often
    replaced: Mapping[str, Mapping[str, int]]
    doubtful: tuple[DoubtfulWord, ...]


def leaving_page(
    desk: Desk, person: Person, case: str, document: str, at: datetime, *, sources: bool = False
) -> LeavingPage:
    """Raises `NotFound`, `Refused` where the document cannot be made now."""
    with look(
        desk, person, case, at, f"document {document} before it leaves", by="leaving"
    ) as seen:
        template = allowed(seen.locked, person, document)
        if not seen.takes(ProduceDocument):
            raise NotFound
        lacking = missing(seen.locked, template, answered(seen.locked))
        if lacking:
            raise Refused(f"This document needs what is entered in: {', '.join(lacking)}.")
        about = template.manifest
        page = LeavingPage(
            case=seen.row.reference, id=about.id, title=about.title, audience=about.audience,
            seen="", replaced={}, doubtful=(),
        )  # fmt: skip
        if not about.outward:
            return page
        try:
            survey = before_it_leaves(seen.locked, template, at, sources=sources)
        except Fault as fault:
            raise Refused(fault.sentence) from fault
        doubtful = _grouped(survey.doubtful)
        return replace(page, seen=survey.digest, replaced=survey.replaced, doubtful=doubtful)


def _grouped(places: tuple[Found, ...]) -> tuple[DoubtfulWord, ...]:
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for one in places:
        written = " ".join(one.written.split())
        groups.setdefault((written, one.place.instead, one.place.why), []).append(one)
    return tuple(
        DoubtfulWord(written=written, instead=instead, why=why, places=tuple(found))
        for (written, instead, why), found in groups.items()
    )
