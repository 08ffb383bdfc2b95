"""Owns what a manifest says under `published`: what is told of the document once it is published.

Which step publishes it is the drawing's (`publishes`); working the expressions out and keeping what
they give is left to the rooms to the right, whether names in them exist to `document_lint`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import NotExecutable, nearest

#: what of a matter of the case may be told beside the document to everybody
TELLS = ("text", "organisation", "owner", "due", "status", "evidence", "effect")
_EXPRESSIONS = ("when", "title", "day", "themes", "address", "impact")
_KNOWN = ("kind", "readers", "actions", "tells", *_EXPRESSIONS)
_MOST_KIND = 60


@dataclass(frozen=True, slots=True)
class Published:
    """Expressions are FEEL, without "=", and speak of what the template speaks of."""

    #: what sort of thing it is, in the words that people choose by
    kind: str
    #: false: what was answered says that this document is not published; None: it is
    when: str | None = None
    #: None: the document's own
    title: str | None = None
    #: the day of publication; None: the day on which the step was done
    day: str | None = None
    #: texts, or contexts with `value` and `label`, in the words in force on that day
    themes: str | None = None
    #: where else it can be read
    address: str | None = None
    #: what changed for whom, as it is published
    impact: str | None = None
    #: roles that find it; none: everybody with an account
    readers: tuple[str, ...] = ()
    #: kind of the matters that are told beside it; None: none are
    actions: str | None = None
    #: what of these everybody is told; who sees the whole case is told all of it
    tells: tuple[str, ...] = ()

    @property
    def expressions(self) -> Iterator[tuple[str, str]]:
        for key in _EXPRESSIONS:
            source = getattr(self, key)
            if source is not None:
                yield key, source


def read_published(given: Any) -> Published:
    """Raises `NotExecutable` with a sentence for whoever wrote it."""
    if not isinstance(given, dict):
        raise NotExecutable("“published” must hold keys with values: kind, title, themes.")
    for key in given:
        if key not in _KNOWN:
            near = nearest(str(key), _KNOWN)
            raise NotExecutable(
                f"“published.{key}” means nothing here."
                + (f" Did you mean “{near}”?" if near else "")
            )
    kind = given.get("kind")
    if not isinstance(kind, str) or not kind.strip() or len(kind) > _MOST_KIND:
        raise NotExecutable(f"“published.kind” must be a text of at most {_MOST_KIND} characters.")
    tells = _texts(given, "tells")
    for word in tells:
        if word not in TELLS:
            raise NotExecutable(f"“published.tells” may hold {', '.join(TELLS)}, not “{word}”.")
    actions = given.get("actions")
    if actions is not None and not isinstance(actions, str):
        raise NotExecutable("“published.actions” must be a kind of matter, like “action”.")
    sources = {key: _expression(given, key) for key in _EXPRESSIONS}
    return Published(
        kind=kind.strip(), readers=_texts(given, "readers"), actions=actions, tells=tells, **sources
    )


def _expression(given: Mapping[str, Any], key: str) -> str | None:
    source = given.get(key)
    if source is None:
        return None
    if not isinstance(source, str) or not source.startswith("="):
        raise NotExecutable(f"“published.{key}” must be an expression that begins with “=”.")
    return source[1:].strip()


def _texts(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = given.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise NotExecutable(f"“published.{key}” must be a list of texts.")
    return tuple(texts)
