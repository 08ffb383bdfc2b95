"""Owns the typefaces of a PDF, and which characters none of them holds.

They come with the typesetter and, for what local families write, from two packages that hold the
Noto typefaces. Without these a PDF still comes; what it cannot show is said on it.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import typst

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
#: what the typesetter's own typeface has for certain
_LAST_SURE = "\u017f"
#: stands for what no typeface holds
MISSING = "\u25af"
#: in a text without end not every character is tried
_MOST_TRIALS = 400
_PROGRAM = b"""#set document(title: "x")
#set page(width: auto, height: auto)
#for one in json(bytes(sys.inputs.texts)) { text(one); parbreak() }
"""


@lru_cache(maxsize=1)
def typefaces() -> typst.Fonts:
    folders: list[Path] = []
    for package in PACKAGES:
        there = importlib.util.find_spec(package)
        if there is not None and there.origin is not None:
            folders.append(Path(there.origin).parent)
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def replaced(texts: Iterable[str], fonts: typst.Fonts) -> dict[str, str]:
    """What no typeface holds → what is printed instead: a letter without the sign that is missing,
    or an empty box."""
    clusters = sorted({each for text in texts for each in _clusters(text)})
    budget = [_MOST_TRIALS]
    instead = {}
    for cluster in _missing(clusters, fonts, budget):
        composed = unicodedata.normalize("NFC", cluster)
        if composed != cluster and _shows([composed], fonts):
            instead[cluster] = composed
            continue
        kept = [one for one in cluster if _shows([one], fonts) or not one.strip()]
        bare = "".join(one for one in kept if not unicodedata.category(one).startswith("M"))
        instead[cluster] = bare if bare and _shows([bare], fonts) else MISSING
    return instead


def _clusters(text: str) -> Iterable[str]:
    """Characters that may be missing, each with the signs that stand on it."""
    whole = ""
    for one in text:
        sign = unicodedata.category(one) in ("Mn", "Mc", "Me") or one in "\u200d\ufe0f"
        if whole and (sign or whole.endswith("\u200d")):
            whole += one
            continue
        if len(whole) > 1 or whole > _LAST_SURE:
            yield whole
        whole = one
    if len(whole) > 1 or whole > _LAST_SURE:
        yield whole


def _missing(clusters: Sequence[str], fonts: typst.Fonts, budget: list[int]) -> list[str]:
    """Those that cannot be shown, found by halves."""
    if not clusters:
        return []
    budget[0] -= 1
    if budget[0] >= 0 and _shows(clusters, fonts):
        return []
    if len(clusters) == 1 or budget[0] < 0:
        return [*clusters]
    half = len(clusters) // 2
    return [
        *_missing(clusters[:half], fonts, budget),
        *_missing(clusters[half:], fonts, budget),
    ]


def _shows(texts: Sequence[str], fonts: typst.Fonts) -> bool:
    try:
        typst.Compiler(_PROGRAM, font_paths=fonts, ignore_system_fonts=True).compile(
            format="pdf", sys_inputs={"texts": json.dumps(list(texts))}, pdf_standards=["ua-1"]
        )
    except typst.TypstError:
        return False
    return True
