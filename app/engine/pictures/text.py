"""Text in pictures: how wide it is, where it breaks, how it is written as SVG.

Owns widths and wrapping; which text stands where is `shapes`.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

#: advance widths of Arial for " " to "~", in thousandths of the size (Adobe's AFM of Helvetica)
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 "
    "556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 "
    "722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 "
    "556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 "
    "260 334 584"
)
_WIDTH = {chr(32 + at): int(width) / 1000 for at, width in enumerate(_WIDTHS.split())}
#: what XML 1.0 cannot hold, even escaped
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: a name is cut here in the drawing; its <title> keeps more
LONGEST = 400
LONGEST_TITLE = 2_000


def safe(text: str, longest: int = LONGEST_TITLE) -> str:
    """Escaped for element content and attributes, without what XML forbids, cut to `longest`."""
    clean = _FORBIDDEN.sub("", text)
    return escape(clean if len(clean) <= longest else clean[: longest - 1] + "…")


def width_of(text: str, size: float) -> float:
    """Pixels that the text takes in Arial."""
    return sum(_WIDTH.get(char, 0.6) for char in text) * size


def wrap(text: str, width: float, size: float, most: int = 12) -> list[str]:
    """Lines no wider than `width` pixels; a longer word is broken; at most `most` lines."""
    lines: list[str] = []
    for paragraph in text[:LONGEST].splitlines():
        line = ""
        for word in paragraph.split():
            for piece in _pieces(word, width, size):
                if line and width_of(f"{line} {piece}", size) > width:
                    lines.append(line)
                    line = piece
                else:
                    line = f"{line} {piece}" if line else piece
        if line:
            lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    if width_of(word, size) <= width:
        return [word]
    cuts, used = [0], 0.0
    for at, char in enumerate(word):
        wide = _WIDTH.get(char, 0.6) * size
        if used + wide > width and at > cuts[-1]:
            cuts.append(at)
            used = 0.0
        used += wide
    return [word[start:end] for start, end in pairwise([*cuts, len(word)])]


def centred(
    text: str, x: float, y: float, width: float, *, size: float = 12, most: int = 12
) -> str:
    """Lines centred on (x, y) both ways."""
    lines = wrap(text, width, size, most)
    return _lines(lines, x, y - (len(lines) - 1) * size * 0.6 + size * 0.35, size)


def hanging(
    text: str,
    x: float,
    y: float,
    width: float,
    *,
    size: float = 11,
    anchor: str = "middle",
    halo: bool = False,
) -> str:
    """Lines whose upper edge is `y`; `halo` keeps them readable where a flow crosses."""
    return _lines(wrap(text, width, size), x, y + size * 0.85, size, anchor, halo)


def _lines(
    lines: list[str], x: float, y: float, size: float, anchor: str = "middle", halo: bool = False
) -> str:
    about = (
        f'<text text-anchor="{anchor}" font-size="{size:g}" '
        + ('stroke="#fff" stroke-width="3" paint-order="stroke"' if halo else 'stroke="none"')
        + ' fill="#0b0c0c">'
    )
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + at * size * 1.2:g}">{safe(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    return f"{about}{spans}</text>" if spans else ""
