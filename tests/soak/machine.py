"""A machine that plays tricks: its clock jumps both ways, its disk is full or fails to write.

The product runs as its own process behind a small library (`shim.c`), compiled here; without a
compiler the drill is left out.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from datetime import timedelta
from pathlib import Path

from app.audit.entries import of_case
from app.audit.verification import verify_case
from app.store import cases
from tests.acceptance.site import Caller, Running, answering
from tests.kit import diagram
from tests.limits import until
from tests.soak.load import FILES, load, proved
from tests.soak.report import Report
from tests.soak.serving import Place, placed

_FORM = "<4q"
LEFT_OUT = "there is no C compiler"
#: seconds that the clock is moved by, one after the other
JUMPS = (3600, -86_400, 86_400 * 3, -5, 0)
TIMED = diagram("start > catch:pause > catch:again > end", process="timed",
                pause={"timer": "PT1S"}, again={"timer": "PT2S"})  # fmt: skip


class Shim:
    """What the product's process believes of its machine."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        assert compiler is not None, LEFT_OUT
        self.library = folder / "shim.so"
        source = Path(__file__).with_name("shim.c")
        words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(self.library), str(source)]
        subprocess.run(words, check=True)
        self.path = folder / "shim.said"
        self.path.write_bytes(bytes(struct.calcsize(_FORM)))
        self.path.chmod(0o666)
        with self.path.open("r+b") as file:
            self._said = mmap.mmap(file.fileno(), 0)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "DRILL_SHIM": str(self.path)}

    @property
    def faults(self) -> int:
        return int(struct.unpack(_FORM, self._said[:])[3])

    def says(self, *, seconds: int = 0, no_sync: bool = False, full: bool = False) -> None:
        self._said[:24] = struct.pack("<3q", seconds, no_sync, full)


def possible() -> bool:
    return shutil.which("cc") is not None


def _running(place: Place, shim: Shim) -> Running:
    place.site.environment = shim.environment
    running = place.site.start("run")
    answering(running)
    assert running.alive, running.said()
    return running


def disk(seed: int, size: int, folder: Path) -> Report:
    """`size`: times that the disk fails, on SQLite: full and without a sync in turn."""
    report = Report("disk", seed)
    if not possible():
        report.left_out.append(LEFT_OUT)
        return report.ended()
    place, shim = placed(folder / "disk", FILES), Shim(folder)
    running = _running(place, shim)
    try:
        with load(place, [running.port or 0], seed, 2) as made:
            for number in range(size):
                made.more(10)
                before = shim.faults
                shim.says(no_sync=number % 2 == 0, full=number % 2 == 1)
                until(lambda before=before: shim.faults > before + 2)  # type: ignore[misc]
                shim.says()
                report.counts["times"] += 1
            made.more(10)
    finally:
        place.site.stop()
    report.counts["faults of the disk"] = shim.faults
    proved(made, report)
    place.letting_go()
    return report.ended()


def clock(seed: int, size: int, folder: Path) -> Report:
    """`size`: rounds of jumps under load, on SQLite, whose clock is the machine's. No timer goes
    off before its instant by that clock, none twice, and no case goes back in time."""
    report = Report("clock jumps", seed)
    if not possible():
        report.left_out.append(LEFT_OUT)
        return report.ended()
    place, shim = placed(folder / "clock", FILES | TIMED), Shim(folder)
    running = _running(place, shim)
    timed: list[str] = []
    try:
        with load(place, [running.port or 0], seed, 2) as made:
            for _ in range(size):
                for seconds in JUMPS:
                    timed.append(_timed(running, place))
                    shim.says(seconds=seconds)
                    made.more(5)
                    report.counts["jumps"] += 1
            shim.says(seconds=max(JUMPS) + 60)
            until(lambda: not _waiting(place, timed), running.said)
    finally:
        place.site.stop()
    for case in timed:
        report.faults += _wrong(place, case)
    proved(made, report)
    report.counts["timers"] = 2 * len(timed)
    place.letting_go()
    return report.ended()


def _timed(running: Running, place: Place) -> str:
    body = {"process": "timed", "answers": {}}
    answer = Caller(running.port or 0, place.token("lead0")).post("/api/v1/cases", body)
    assert answer.code in (200, 201), answer.text
    return str(answer.json["case"])


def _waiting(place: Place, timed: list[str]) -> list[str]:
    with place.desk.store.reading() as unit:
        rows = [cases.find(unit, case) for case in timed]
    return [row.reference for row in rows if row is not None and row.ended_at is None]


def _wrong(place: Place, case: str) -> list[str]:
    """What in its history happened before its time, twice, or backwards."""
    wrong: list[str] = []
    with place.desk.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        entries = list(of_case(unit, row.id))
    before = None
    for entry in entries:
        if before is not None and entry.at < before:
            wrong.append(f"{case}: entry {entry.seq} is earlier than the one before it")
        before = entry.at
    wakes = [entry for entry in entries if entry.kind == "WakeCase"]
    if len(wakes) != 2:
        wrong.append(f"{case}: {len(wakes)} timers went off, not 2")
    starts = [entry for entry in entries if entry.kind == "StartCase"]
    for span, (first, second) in zip(
        (1, 2), zip([*starts, *wakes], wakes, strict=False), strict=False
    ):
        if second.at - first.at < timedelta(seconds=span):
            wrong.append(f"{case}: a timer of {span} s went off after {second.at - first.at}")
    verdict = verify_case(place.desk.store, case)
    return wrong + ([] if verdict.good else verdict.lines())
