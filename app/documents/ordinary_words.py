"""Owns words that are names of people and something else, too: a reader has to say which is meant.

They stand in ordinary_words.txt; a word that is missing there is taken for the name alone.
"""

from __future__ import annotations

import re
from pathlib import Path


def _lists() -> dict[str, frozenset[str]]:
    text = (Path(__file__).parent / "ordinary_words.txt").read_text()
    pieces = re.split(r"^\[(\w+)\].*\n", text, flags=re.M)[1:]
    return {
        name: frozenset(words.split())
        for name, words in zip(pieces[::2], pieces[1::2], strict=True)
    }


_LISTS = _lists()
NO_NAMES = _LISTS["no_names"]
PARTICLES = _LISTS["particles"]
ABBREVIATIONS = _LISTS["abbreviations"]
ORDINARY = _LISTS["ordinary"]
