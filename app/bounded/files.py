"""Owns looking at a file that somebody sends: its kind by its content, in a process of its own
within bounds, and whether a virus scanner lets it pass."""

from __future__ import annotations

import contextlib
import json

from app.bounded import frames
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
    what: dict[str, str | float] = {
        "do": "file",
        "all": SECONDS,
        "wall": SECONDS * 5,
        "megabytes": _MEGABYTES,
    }
    try:
        with LINE.asked(what) as line:
            with contextlib.suppress(ConnectionError, TimeoutError):
                frames.send(line, content)
            said = json.loads(frames.receive(line) or b"{}")
    except Crowded:
        raise Fault("Other files are being checked. Choose this one again in a minute.") from None
    except (TimeoutError, ValueError):
        said = {}
    if "kind" not in said:
        stopped = "This file takes too much work to check and was stopped, so it is not taken."
        raise Fault(str(said.get("fault") or stopped))
    return str(said["kind"])
