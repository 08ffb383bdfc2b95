"""What a step of a journey checks, as frozen values; whether it holds is `checks`'s.

Also how an unknown key is spoken of, here and in the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yaml import Node

from app.engine.feel import nearest
from app.journeys.lines import Lines, line_of

CHECKS = (
    "open", "not_open", "signed", "not_signed", "due", "backstop", "sum", "late", "not_late",
    "status", "variables", "history", "mail", "instances", "can_see", "cannot_see",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """One check: its key, what is expected and where that stands in the file."""

    key: str
    expected: Any
    line: int


def known_key(lines: Lines, key: str, node: Node, known: tuple[str, ...], of: str) -> None:
    """JourneyFault for a key that nobody knows; it names the nearest known one."""
    if key not in known:
        near = nearest(key, known)
        hint = f" Did you mean “{near}”?" if near else f" Known are {', '.join(known)}."
        raise lines.fault(node, f"{of} has no key “{key}”.{hint}")


def read_claims(lines: Lines, node: Node) -> tuple[Claimed, ...]:
    """One `Claimed` for each key; lists and blocks give one for each entry, with its own line."""
    found: list[Claimed] = []
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, CHECKS, "A check")
        found.append(Claimed(key, _expected(lines, key, value), line_of(where)))
    return tuple(found)


def _expected(lines: Lines, key: str, node: Node) -> Any:
    if key == "open":
        return _counts(lines, node)
    if key in (
        "not_open",
        "signed",
        "not_signed",
        "late",
        "not_late",
        "history",
        "can_see",
        "cannot_see",
    ):
        return lines.texts(node)
    if key in ("due", "backstop", "sum", "variables", "instances"):
        return [
            (one, lines.value(value), line_of(where)) for one, where, value in lines.pairs(node)
        ]
    if key == "status":
        return lines.text(node)
    return [_mail(lines, one) for one in lines.items(node)]


def _counts(lines: Lines, node: Node) -> list[tuple[str, int | None, int]]:
    """[a, b], {a: 2}, or [{a: 2}, b] → (name, how many or None for at least one, line)."""
    if hasattr(node, "value") and isinstance(node.value, list) and node.tag.endswith(":map"):
        return [_count(lines, key, where, value) for key, where, value in lines.pairs(node)]
    found: list[tuple[str, int | None, int]] = []
    for one in lines.items(node):
        if one.tag.endswith(":map"):
            found += [_count(lines, key, where, value) for key, where, value in lines.pairs(one)]
        else:
            found.append((lines.text(one), None, line_of(one)))
    return found


def _count(lines: Lines, key: str, where: Node, node: Node) -> tuple[str, int | None, int]:
    number = lines.value(node)
    if not isinstance(number, int) or isinstance(number, bool):
        raise lines.fault(node, "How many? A whole number is expected.")
    return key, number, line_of(where)


def _mail(lines: Lines, node: Node) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, ("to", "contains", "template"), "A mail")
        found[key] = lines.text(value)
    return found, line_of(node)
