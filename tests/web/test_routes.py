"""The list of addresses is a promise: none disappears unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from tests.rows import need_rows

LIST = Path(__file__).parent / "routes.txt"


_NAMES = re.compile(r"<any\(([^)]*)\):\w+>")


def named(rule: str) -> list[str]:
    """The rule once for each name that it takes: `…/<any(suspend, resume):name>` is two."""
    names = _NAMES.search(rule)
    return [rule] if names is None else [_NAMES.sub(name, rule) for name in names[1].split(", ")]


def addresses(app: Flask) -> list[str]:
    lines = {
        f"{method} {address}"
        for rule in app.url_map.iter_rules()
        for address in named(rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return sorted(lines, key=lambda line: line.split(" ", 1)[::-1])


def test_every_address_is_in_the_list(app: Flask) -> None:
    """A new one is added to the list by hand; a lost one is a broken bookmark."""
    listed, there = LIST.read_text().splitlines(), addresses(app)
    need_rows(str(LIST), "the list", there, listed)
    assert listed == there, "an address is gone, or stands at another place of the list"
