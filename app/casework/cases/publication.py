"""What is told of a document that a case published, worked out from the case.

Which step publishes which document is the drawing's, what is told of it the manifest's. A text is
kept as it was when it was published; actions and what changed, as they are now. All of it is
without names: of what nobody looked at, also without what may be one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import store
from app.casework.cases import history
from app.casework.cases.document_scope import case_scope
from app.casework.cases.locked_case import LockedCase
from app.documents import REPLACE, Published, Template, outlined, surveyed, without_names
from app.engine import Fault, day_in_london
from app.engine.feel import World, compile_expression
from app.store import DoneRow
from app.store.work.published import Publication

_WORD = re.compile(r"[^\W_]+")
#: of a title and the like, in characters; a longer one is cut
_LONGEST = 300
#: different words by which a publication is found
_MOST_WORDS = 5_000


def words_of(text: str) -> list[str]:
    """The words of a text, without capitals and accents, as they are searched for."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class _Expressions:
    scope: Mapping[str, Any]
    world: World

    def of(self, source: str | None) -> Any:
        """None where nothing is said, or it cannot be worked out: that stops no work."""
        if source is None:
            return None
        try:
            return compile_expression(source).evaluate(self.scope, self.world)
        except Fault:
            return None

    def text(self, source: str | None) -> str:
        said = self.of(source)
        return " ".join(said.split())[:_LONGEST] if isinstance(said, str) else ""


def published_by(
    locked: LockedCase, row: DoneRow, documents: Sequence[str]
) -> Iterator[Publication]:
    """Of each of these documents that was published with the step that was done."""
    if not documents:
        return
    then = _Expressions(case_scope(locked, upto=row.seq), locked.world(row.at))
    now = _Expressions(case_scope(locked), locked.world(locked.row.last_at))
    for id in documents:
        template = locked.loaded.documents[id]
        told = template.manifest.published
        if told is not None and (told.when is None or then.of(told.when) is True):
            yield _publication(locked, row, template, told, then, now)


def _publication(
    locked: LockedCase,
    row: DoneRow,
    template: Template,
    told: Published,
    then: _Expressions,
    now: _Expressions,
) -> Publication:
    people = then.scope["persons"]
    title = then.text(told.title) or template.manifest.title
    impact = now.of(told.impact)
    address = then.text(told.address)
    title, changed = without_names([title, impact if isinstance(impact, str) else ""], people)
    themes = tuple(_themes(then.of(told.themes)))
    actions = _actions(now.scope["matters"], told, people)
    text = _text(locked, template, row.at, then)
    said = [title, told.kind, text, changed, *(label for _, label in themes)]
    said += [str(each["text"]) for each in actions] if "text" in told.tells else []
    beside = {
        "version": _version(locked, template.manifest.id, row.seq), "address": address,
        "impact": changed, "actions": actions, "tells": list(told.tells),
    }  # fmt: skip
    return Publication(
        seq=row.seq,
        document=template.manifest.id,
        kind=told.kind,
        title=title,
        day=_day(then.of(told.day), row.at),
        readers=told.readers,
        themes=themes,
        words=tuple(sorted({word for each in said for word in words_of(each)})[:_MOST_WORDS]),
        body=json.dumps(beside, ensure_ascii=False).encode(),
    )


def _themes(said: Any) -> Iterator[tuple[str, str]]:
    for each in said if isinstance(said, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("value"), str):
            yield each["value"], str(each.get("label") or each["value"])
        elif isinstance(each, str):
            yield each, each


def _actions(
    named: Sequence[Mapping[str, Any]], told: Published, people: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """As each stands now: what of it everybody is told says `tells`."""
    matters = [each for each in named if told.actions and each["kind"] == told.actions]
    typed = ("text", "owner", "evidence", "effect")
    texts = [str(each[name] or "") for each in matters for name in typed]
    clean = iter(without_names(texts, people))
    return [
        {
            **{name: next(clean) for name in typed},
            "organisation": each["organisation_name"],
            "due": None if each["due"] is None else each["due"].isoformat(),
            "status": each["stands"],
        }
        for each in matters
    ]


def _text(locked: LockedCase, template: Template, at: datetime, then: _Expressions) -> str:
    """What the document said, by which it is found; "" where it cannot be made."""
    try:
        survey = surveyed(template, then.scope, then.world, at)
        decisions, also = decided_last(locked, template.manifest.id)
        of_all = {each.key: decisions.get(each.key, REPLACE) for each in survey.doubtful}
        hidden = survey.hidden(of_all, survey.left_out(also))
        parts = outlined(template, then.scope, then.world, at, hidden)
    except Fault:
        return ""
    return " ".join(word for part in parts for word in part.words)


def _version(locked: LockedCase, document: str, seq: int) -> int | None:
    """The newest file that there was when it was published; none that was made later: it may say
    what nobody has published."""
    made = store.documents.of_case(locked.unit, locked.row.id)
    return next((row.version for row in made if row.document == document and row.seq <= seq), None)


def _day(said: Any, at: datetime) -> date:
    if isinstance(said, datetime):
        return day_in_london(said)
    return said if isinstance(said, date) else day_in_london(at)


def decided_last(locked: LockedCase, document: str) -> tuple[Mapping[str, str], list[str]]:
    """What was decided of doubtful places when the file was made last."""
    made = store.documents.of_case(locked.unit, locked.row.id)
    seq = next((row.seq for row in made if row.document == document), None)
    said = history.order_of(locked.unit, locked.key, seq) if seq is not None else {}
    return said.get("decisions") or {}, list(said.get("also") or ())
