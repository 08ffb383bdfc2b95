"""Watches one input being read: its processor time, its memory, and what comes out of it."""

from __future__ import annotations

import faulthandler
import gc
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.engine.errors import Fault
from tests.limits import Overdue, within

LIMIT_S = 2.0
#: more than this for one input, none of it given back, is a finding
GROWTH = 300_000_000
#: a C library that never comes back cannot be interrupted: the program stops with a trace
STUCK_S = 120


@dataclass(frozen=True)
class Finding:
    #: "crash", "hang" or "memory"
    kind: str
    #: the same for the same fault: exception and place
    key: str
    text: str


def resident() -> int:
    """Bytes of this program in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def watched(act: Callable[[Any], None], given: Any) -> Finding | None:
    """None when the input is read or refused within the limits. Faults are refusals."""
    before = resident()
    faulthandler.dump_traceback_later(STUCK_S, exit=True)
    found = _run(act, given)
    faulthandler.cancel_dump_traceback_later()
    if found is None and resident() - before > GROWTH:
        gc.collect()
        grown = resident() - before
        if grown > GROWTH:
            return Finding("memory", "memory", f"{grown // 1_000_000} MB more after one input")
    return found


def _run(act: Callable[[Any], None], given: Any) -> Finding | None:
    try:
        with within(LIMIT_S):
            act(given)
    except Fault:
        return None
    except Overdue as late:
        return Finding("hang", f"hang {_place(late)}", f"more than {LIMIT_S} s\n{_trace(late)}")
    except Exception as crash:
        kind = type(crash).__name__
        return Finding("crash", f"{kind} {_place(crash)}", f"{kind}: {crash}\n{_trace(crash)}")
    return None


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f"{os.sep}app{os.sep}" in f.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "?"


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__, limit=-12))
