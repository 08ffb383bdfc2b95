"""What a page weighs on its way: itself, its scripts and its stylesheets, each compressed.

The limits are the product's: 80 kB of page, 60 kB of script, 60 kB of style. As nginx compresses
(docs/operations/nginx.conf), and pages themselves not at all: their size would tell secrets.
"""

from __future__ import annotations

import gzip
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from app.web.rendering import VENDOR

PAGE, SCRIPT, STYLE = 80_000, 60_000, 60_000
#: bpmn-js with its panel, which only the page “Edit …” fetches: docs/decisions.md
EDITOR = 650_000
_SCRIPTS = "//script/@src | //script/@data-govuk"


@cache
def weight(address: str) -> int:
    """Of a file of ours, in bytes; 0 where the browser assets are not built."""
    path = VENDOR.parent / urlsplit(address).path.removeprefix("/static/")
    return len(gzip.compress(path.read_bytes(), 6)) if path.is_file() else 0


def _together(addresses: set[str]) -> int:
    return sum(map(weight, addresses))


def too_heavy(text: str, tree: Any) -> list[str]:
    page = len(text) if len(text) <= PAGE else len(gzip.compress(text.encode(), 6))
    parts = {
        "page": (page, PAGE),
        "script": (_together(set(tree.xpath(_SCRIPTS))), SCRIPT),
        "style": (_together(set(tree.xpath("//link[@rel='stylesheet']/@href"))), STYLE),
        "editor": (_together(set(tree.xpath("//@data-modeler"))), EDITOR),
    }
    return [f"{what}: {bytes} bytes compressed" for what, (bytes, most) in parts.items()
            if bytes > most]  # fmt: skip
