"""Fuzzes the parsers: `python -m tests.fuzz --minutes 10 [--seed 1] [bpmn feel dmn form]`.

Each input has a seed of its own, printed with its finding; `--seed S --inputs 1` repeats it.
Findings are written to `var/fuzz/`. Exit code 1 when there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.guard import Finding, resident, watched
from tests.fuzz.targets import TARGETS, TOP, Target

SETS = TOP.parent / "shared" / "conformance"
#: what caches may still take after the first half
CREEP = 150_000_000
Found = tuple[int, Any, Finding]


def fuzz(target: Target, seed: int, *, seconds: float, inputs: int) -> dict[str, Found]:
    """Findings by key: the seed of the first input that showed it, the input, what it was."""
    found: dict[str, Found] = {}
    end, count, half = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end and count < inputs:
        given = target.make(Random(seed + count))
        finding = watched(target.act, given)
        if finding is not None and finding.key not in found:
            found[finding.key] = (seed + count, given, finding)
        count += 1
        if not half and end - time.monotonic() < seconds / 2:
            half = resident()
    print(f"  {count} inputs from seed {seed}; {resident() // 1_000_000} MB", flush=True)
    if half and resident() - half > CREEP:
        text = f"{(resident() - half) // 1_000_000} MB more in the second half"
        found["growth"] = (seed, b"", Finding("memory", "growth", text))
    return found


def keep(name: str, seed: int, given: Any, finding: Finding) -> None:
    folder = TOP / "var" / "fuzz"
    folder.mkdir(parents=True, exist_ok=True)
    content = given[0] if isinstance(given, tuple) else given
    path = folder / f"{name}-{seed}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(errors="replace"))
    print(f"  {finding.kind} {finding.key} (seed {seed}, {path.relative_to(TOP)})\n{finding.text}")


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("what", nargs="*", choices=[[], *TARGETS], help="default: all")
    words.add_argument("--minutes", type=float, default=10, help="in all, shared evenly")
    words.add_argument("--seed", type=int, default=None)
    words.add_argument("--inputs", type=int, default=sys.maxsize, help="at most, for each")
    words.add_argument("--sets", type=Path, default=SETS, help="folder of the conformance sets")
    asked = words.parse_args()
    seed = int(time.time()) * 1000 if asked.seed is None else asked.seed
    names = asked.what or list(TARGETS)
    bad = 0
    for name in names:
        print(f"{name}: seed {seed}", flush=True)
        seconds = asked.minutes * 60 / len(names)
        found = fuzz(TARGETS[name](asked.sets), seed, seconds=seconds, inputs=asked.inputs)
        for first, given, finding in found.values():
            keep(name, first, given, finding)
        bad += len(found)
    print(f"{bad} findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
