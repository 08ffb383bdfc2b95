"""Owns the typefaces of a PDF, and which characters none of them holds.

They come with the typesetter and, for what local families write, from two packages that hold the
Noto typefaces. Without these a PDF still comes; what it cannot show is said on it.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from pathlib import Path

import typst

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
#: what the typesetter's own typeface has for certain
_LAST_SURE = "\u017f"
#: stands for what no typeface holds
MISSING = "\u25af"
#: a trial takes some milliseconds, and a PDF has four seconds (`bounded.prints`)
_MOST_TRIALS = 100
#: no typeface will ever hold it
_NEVER = "\U0010ffff"
#: What no typeface holds is as wide as the sign for that, whichever typeface is asked first: it is
#: then the sign of that one. What another typeface holds is as wide as it is there, every time.
_MEASURES = b"""#context {
  let wide(one, face) = measure(text(font: face, one)).width.pt()
  let faces = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
  let texts = json(bytes(sys.inputs.texts))
  let away = faces.map(face => wide(sys.inputs.never, face))
  let lost(one) = faces.zip(away).all(((face, width)) => wide(one, face) == width)
  [#metadata(texts.enumerate().filter(((_, one)) => lost(one)).map(((n, _)) => n)) <away>]
}
"""
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
    lost = _away(sorted({*clusters, *"".join(clusters)}), fonts)
    without = [one for one in clusters if not lost.isdisjoint((one, *one))]
    others = [one for one in clusters if lost.isdisjoint((one, *one))]
    return {
        cluster: _best(cluster, lost, fonts, budget)
        for cluster in (*without, *_missing(others, fonts, budget))
    }


def _best(cluster: str, lost: Set[str], fonts: typst.Fonts, budget: list[int]) -> str:
    """What can be shown of it; once too much was tried, what probably can."""
    composed = unicodedata.normalize("NFC", cluster)
    if composed != cluster and composed not in lost and _tried(composed, fonts, budget):
        return composed
    marks = [one for one in cluster if unicodedata.category(one).startswith("M")]
    bare = "".join(one for one in cluster if one not in lost and one not in marks)
    alone = len(bare) == 1 and bare != cluster  # measured by itself
    return bare if alone or (bare and _tried(bare, fonts, budget)) else MISSING


def _tried(text: str, fonts: typst.Fonts, budget: list[int]) -> bool:
    budget[0] -= 1
    return budget[0] >= 0 and _shows([text], fonts)


def _away(clusters: Sequence[str], fonts: typst.Fonts) -> set[str]:
    """Those that no typeface holds, all at once; one of which only a sign is missing is not among
    them, but the sign is."""
    given = {"texts": json.dumps(list(clusters)), "never": _NEVER}
    compiler = typst.Compiler(
        _MEASURES, font_paths=fonts, ignore_system_fonts=True, sys_inputs=given
    )
    places = json.loads(compiler.query("<away>", field="value", one=True))
    return {clusters[place] for place in places if clusters[place] > _LAST_SURE}


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
