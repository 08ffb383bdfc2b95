"""How an answer came about, in words: confirmed, corrected, worked out; what was said has none.

What is told here stands in the history body beside the answers (`forms.provenance`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.engine import saying

#: a value as it was given, in words
Words = Callable[[Any], str]


def in_words(how: Mapping[str, Any], steps: Mapping[int, str], words: Words) -> str:
    """`steps`: number of a history entry → what people call the form that was sent in it."""
    kind, entry = how.get("how"), how.get("entry")
    step = steps.get(int(entry)) if entry is not None else None
    source = f"“{step}” (entry {int(entry or 0)})" if step else "what was recorded before"
    if kind == "confirmed":
        return f"Confirmed, as said in {source}."
    if kind == "worked_out":
        return f"Worked out and confirmed{_by(how)}."
    if kind == "shown":
        return f"Not asked: the form shows it{_by(how)}."
    if kind == "offered":
        return "Left as the form offers it."
    if kind != "corrected":
        return ""
    if "taken_out" in how:
        said = f"Corrected: {saying.count(len(how['taken_out']), 'known row')} left out."
    elif how.get("record"):
        said = f"Corrected; {source} said {words(how.get('was'))}."
    else:
        said = f"Corrected; {words(how.get('was'))} was worked out{_by(how)}."
    reason = str(how.get("reason") or "").strip().rstrip(".")
    return f"{said} Reason: {reason}." if reason else said


def _by(how: Mapping[str, Any]) -> str:
    rule = str(how.get("rule") or "").strip().rstrip(".")
    return f" ({rule})" if rule else ""


def counted(provenance: Mapping[str, Mapping[str, Any]]) -> str:
    """How many answers of a form came about in which way; "" where all were simply said."""
    kinds = [how.get("how") for how in provenance.values()]
    parts = [
        (kinds.count("confirmed"), "known before and confirmed"),
        (kinds.count("corrected"), "known before and corrected"),
        (kinds.count("worked_out"), "worked out and confirmed"),
        (kinds.count("shown"), "shown by the form and not asked"),
        (kinds.count("offered"), "left as the form offers them"),
    ]
    told = [f"{saying.text(number)} {words}" for number, words in parts if number]
    return f"Of the answers, {saying.joined(told)}." if told else ""
