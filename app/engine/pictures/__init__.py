"""Diagrams drawn as SVG: for pages without script, for documents, for mail."""

from app.engine.pictures.svg import draw

__all__ = [
    "draw",
]
