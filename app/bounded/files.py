"""Owns looking at a file that somebody sends: its kind by its content, in a process of its own
within bounds, and whether a virus scanner lets it pass."""

from __future__ import annotations

from app.bounded.line import LINE, Crowded
from app.bounded.scanner import scan
from app.engine import Fault

#: of processor time; 10 MB take a tenth of a second
SECONDS = 5.0
_MEGABYTES = 600


def looked_at(content: bytes, scanner: str = "") -> str:
    """Its kind, a key of `engine.attached.KINDS`. Raises `Fault` with a sentence for whoever sent
    it, also where the scanner does not answer. `scanner`: its address; "": there is none."""
    kind = _kind(content)
    if scanner:
        scan(scanner, content)
    return kind


def _kind(content: bytes) -> str:
    try:
        said, _ = LINE.answer("file", content, seconds=SECONDS, megabytes=_MEGABYTES)
    except Crowded:
        raise Fault("Other files are being checked. Choose this one again in a minute.") from None
    if "kind" not in said:
        stopped = "This file takes too much work to check and was stopped, so it is not taken."
        raise Fault(str(said.get("fault") or stopped))
    return str(said["kind"])
