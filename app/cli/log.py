"""The command that archives old entries of the installation's log: `archive-log`."""

from __future__ import annotations

import argparse
import os

from app.audit.verification import archived
from app.casework import Desk
from app.config import Config
from app.engine import saying, start_of_day
from app.scheduler.clock import present


def archive(desk: Desk, config: Config, given: argparse.Namespace) -> int:
    """Writes old entries of the installation's log into a new file; a sealed stub of them stays."""

    def keep(content: bytes) -> None:
        with given.file.open("xb") as out:  # nothing is ever written over
            out.write(content)
            out.flush()
            os.fsync(out.fileno())

    count = archived(desk, start_of_day(given.before), present(desk.store), keep)
    words = saying.count(count, "entry", "entries")
    print(f"{words} of before {given.before.isoformat()} archived.", flush=True)
    return 0
