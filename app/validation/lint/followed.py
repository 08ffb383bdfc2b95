"""What each expression of a process gives and what it misses, worked out once for all rules.

What a name can be is `sources`', what an expression gives `validation.shapes`'.
"""

from __future__ import annotations

from app.validation.lint.places import Place, places
from app.validation.lint.sources import sources
from app.validation.lint.view import View
from app.validation.shapes import Missing, Shape, look_up


def followed(view: View) -> list[tuple[Place, Shape, tuple[Missing, ...]]]:
    """Every expression of the process with what it gives and what it misses."""
    if "followed" not in view.memo:
        known = sources(view)
        view.memo["followed"] = [
            (place, *look_up(place.source, known.at(view, place)))
            for place in places(view)
            if place.source
        ]
    kept: list[tuple[Place, Shape, tuple[Missing, ...]]] = view.memo["followed"]
    return kept
