"""Owns what changed between two versions of a document: by paragraph, and word for word in it.

Pure: two outlines give what was added, taken out and worded otherwise, each under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.documents.word.outline import Part

ADDED, REMOVED, SAME = "added", "removed", "same"
#: paragraphs that share less are not the same paragraph
_ALIKE = 0.4
#: words times words that are compared; longer texts stand side by side whole
_MOST_WORDS = 1_000_000
_WORD = re.compile(r"\s+|[^\s]+")
_BETWEEN_CELLS = "; "


@dataclass(frozen=True, slots=True)
class Change:
    #: the heading above it; "" before the first
    under: str
    #: (“added”, “removed” or “same”, words), in order
    pieces: tuple[tuple[str, str], ...]


def what_changed(before: Sequence[Part], now: Sequence[Part]) -> tuple[Change, ...]:
    """What is said otherwise now, in the order of the document."""
    old, new = [_key(part) for part in before], [_key(part) for part in now]
    found: list[Change] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            found += _between(before, now, range(i, j), range(k, m))
    return tuple(found)


def _key(part: Part) -> tuple[str, tuple[str, ...]]:
    return part.kind, part.words


def _between(
    before: Sequence[Part], now: Sequence[Part], gone: range, come: range
) -> Iterator[Change]:
    left = list(gone)
    for at in come:
        text = _said(now[at])
        like = next((i for i in left if before[i].kind == now[at].kind
                     and _alike(_said(before[i]), text)), None)  # fmt: skip
        if like is None:
            yield Change(_heading(now, at), ((ADDED, text),))
            continue
        for earlier in left[: left.index(like)]:
            yield Change(_heading(before, earlier), ((REMOVED, _said(before[earlier])),))
        left = left[left.index(like) + 1 :]
        yield Change(_heading(now, at), tuple(_words(_said(before[like]), text)))
    for earlier in left:
        yield Change(_heading(before, earlier), ((REMOVED, _said(before[earlier])),))


def _said(part: Part) -> str:
    return _BETWEEN_CELLS.join(part.words)


def _alike(one: str, other: str) -> bool:
    a, b = one.split(), other.split()
    if len(a) * len(b) > _MOST_WORDS:
        return False
    shared = SequenceMatcher(None, a, b, autojunk=False)
    return shared.quick_ratio() >= _ALIKE and shared.ratio() >= _ALIKE


def _heading(parts: Sequence[Part], at: int) -> str:
    above = (part for part in reversed(parts[:at]) if part.kind == "h")
    part = next(above, None)
    return part.words[0] if part is not None and parts[at].kind != "h" else ""


def word_for_word(before: str, now: str) -> tuple[tuple[str, str], ...]:
    """(“added”, “removed” or “same”, words) in order; texts that are too long stand whole."""
    if before == now:
        return ((SAME, now),)
    if len(before.split()) * len(now.split()) > _MOST_WORDS:
        return ((REMOVED, before), (ADDED, now))
    return tuple(_words(before, now))


def _words(before: str, now: str) -> Iterator[tuple[str, str]]:
    a, b = _WORD.findall(before), _WORD.findall(now)
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            yield SAME, "".join(a[i:j])
            continue
        if i < j:
            yield REMOVED, "".join(a[i:j])
        if k < m:
            yield ADDED, "".join(b[k:m])
