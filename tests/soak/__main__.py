"""Fire drills: `python -m tests.soak --minutes 60 [--seed 1] [--only history]`.

Every drill runs once in full, however long that takes; while there are minutes left they go round
again, each with the next seed. Exit code 1 when anything was wrong. What a drill does with its seed
is the same each time, but for what the machine decides: which process is quicker.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.databases import POWER_CUT
from tests.soak import (
    clients,
    disturbances,
    failover,
    kill_points,
    machine,
    orders_model,
    random_diagrams,
)
from tests.soak.report import Report
from tests.soak.servers import Server

Drill = Callable[[int, Path], Report]


#: for drills in which no server dies: nothing waits for the disk
QUICK = tuple(f"{setting}=off" for setting in POWER_CUT)


def kill_points_on_both(seed: int, folder: Path, points: int = 0) -> Report:
    server = Server(folder / "data").begin(*QUICK)
    try:
        return kill_points.drill(seed, points, folder, ["", server.url])
    finally:
        server.kill()


def history(seed: int, folder: Path) -> Report:
    server = Server(folder / "data").begin(*QUICK)
    try:
        return clients.drill(seed, 10_000, folder, server.url)
    finally:
        server.kill()


#: name → the drill in full
DRILLS: dict[str, Drill] = {
    "kill-points": kill_points_on_both,
    "orders": lambda seed, folder: orders_model.drill(seed, 50_000, folder),
    "diagrams": lambda seed, folder: random_diagrams.drill(seed, 500, folder),
    "history": history,
    "disturbances": lambda seed, folder: disturbances.drill(seed, 3, folder),
    "disk": lambda seed, folder: machine.disk(seed, 20, folder),
    "clock": lambda seed, folder: machine.clock(seed, 3, folder),
    "failover": lambda seed, folder: failover.drill(seed, 3, folder),
    "without-copy": lambda seed, folder: failover.without_copy(seed, 20, folder),
}


def done(name: str, seed: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # a server's own account must reach its folder
        report = DRILLS[name](seed, Path(folder))
    print(report.line(), flush=True)
    for fault in report.faults:
        print(f"  {fault}", flush=True)
    return report


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    words.add_argument("--minutes", type=float, default=0, help="go round until then")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", choices=list(DRILLS), action="append", help="may stand repeatedly")
    words.add_argument("--points", type=int, default=0, help="to kill at, of each order; 0: all")
    asked = words.parse_args()
    DRILLS["kill-points"] = partial(kill_points_on_both, points=asked.points)
    names, end, seed, faults = asked.only or list(DRILLS), time.monotonic(), asked.seed, 0
    end += asked.minutes * 60
    print(f"seed {seed}: {', '.join(names)}", flush=True)
    while True:
        for name in names:
            faults += len(done(name, seed).faults)
        if time.monotonic() >= end:
            break
        seed += 1
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
