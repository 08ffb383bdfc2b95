"""Owns the parsed processes: one frozen graph per (deployment, process), kept for the next command.

Parsing is `parser`. A graph is never changed after it is built, so threads share it.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.engine.errors import Incident
from app.engine.program import Program
from app.engine.run.elements.base import ProcessSpec

MOST_KEPT = 256
_kept: OrderedDict[tuple[str, str], ProcessSpec] = OrderedDict()
_lock = Lock()


def spec_of(program: Program, process: str | None) -> ProcessSpec:
    """The graph of a process; Incident when the deployment has none."""
    key = (program.digest, process or "")
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
            return kept
    drawn = program.processes.get(process or "")
    if drawn is None:
        raise Incident(f"There is no process “{process}” in this deployment.")
    from app.engine.run.parser import read_process

    spec = read_process(drawn)
    with _lock:
        _kept[key] = spec
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return spec
