"""What a mark looks like and means: colour and line style together, and a word for the title.

Presentation attributes only: a strict content policy would stop a style sheet inside an SVG.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    fill: str
    stroke: str
    width: float
    dash: str
    word: str

    def attributes(self, least: float = 0) -> str:
        """`least`: the width this shape has anyway."""
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        width = max(self.width, least)
        return f' fill="{self.fill}" stroke="{self.stroke}" stroke-width="{width:g}"{dash}'


#: no two share their line style; contrast of each stroke on its fill is at least 5
LOOKS: dict[str, Look] = {
    "stopped": Look("#f6d7d2", "#942514", 4.5, "8 2", "stopped"),
    "late": Look("#f6d7d2", "#942514", 4.5, "", "late"),
    "wrong": Look("#f6d7d2", "#942514", 3, "2 2", "wrong"),
    "warned": Look("#fdf0d5", "#6f4f00", 3, "9 3 2 3", "please check"),
    "active": Look("#fff7bf", "#0b0c0c", 3.5, "6 3", "open now"),
    "done": Look("#cce2d8", "#005a30", 2.5, "", "done"),
    "cancelled": Look("#eeefef", "#505a5f", 2, "2 5", "cancelled"),
    "never": Look("#ffffff", "#942514", 2.5, "1 4", "never walked"),
    "added": Look("#cce2d8", "#005a30", 3, "12 3", "added"),
    "removed": Look("#f6d7d2", "#942514", 3, "12 3 2 3 2 3", "removed"),
    "changed": Look("#d2e2f1", "#003078", 3, "5 2", "changed"),
    "moved": Look("#f3f2f1", "#003078", 2, "3 6", "moved"),
}
#: a mark this module does not know is drawn all the same
OTHER = Look("#e8edf5", "#003078", 2.5, "4 1", "")
TAKEN = "#005a30"
_CLASS = re.compile(r"[^A-Za-z0-9_ -]")


def classes(mark: str) -> str:
    """The class attribute's text, without anything that could leave it."""
    return _CLASS.sub("", mark).strip()[:100]


def look(mark: str) -> Look | None:
    """Of several classes, the first in the order of `LOOKS` decides."""
    words = mark.split()
    if not words:
        return None
    first = next((LOOKS[name] for name in LOOKS if name in words), None)
    if first is None and words != ["now"]:
        return OTHER
    return first


def words(mark: str) -> str:
    """The mark in words, for those who do not see colour: "late, open now"."""
    said = [LOOKS[name].word for name in LOOKS if name in mark.split()]
    return ", ".join(said)
