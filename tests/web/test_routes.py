"""The list of addresses is a promise: none disappears unnoticed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

LIST = Path(__file__).parent / "routes.txt"


def addresses(app: Flask) -> list[str]:
    found = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return sorted(found, key=lambda line: line.split(" ", 1)[::-1])


def test_every_address_is_in_the_list(app: Flask) -> None:
    """A new one is added to the list by hand; a lost one is a broken bookmark."""
    assert addresses(app) == LIST.read_text().splitlines()
