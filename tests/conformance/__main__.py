"""Runs all conformance sets in a folder and prints a line a set: `python -m tests.conformance DIR`.

1 when anything is wrong, hangs or crashes in the BPMN or upload sets.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import bpmn_cases, dmn_cases, feel_cases, upload_cases
from tests.conformance.bpmn_cases import KINDS, Outcome

BAD = ("wrong", "hang", "crash")


@dataclass(frozen=True)
class Counted:
    """One set: how many of each kind, and a note for each that is not right."""

    name: str
    counts: Counter[str]
    notes: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Of expressions some are known not to be right; elsewhere nothing may be wrong."""
        return self.name in ("dmn", "feel") or not any(self.counts[kind] for kind in BAD)


def _outcomes(name: str, found: Iterable[Outcome]) -> Counted:
    kept = list(found)
    notes = (
        f"{one.kind}: {one.process} {one.case} {one.why}" for one in kept if one.kind != "right"
    )
    return Counted(name, Counter(one.kind for one in kept), tuple(notes))


def _expressions(name: str, right: int, wrong: Iterable[object]) -> Counted:
    notes = tuple(f"wrong: {_told(one)}" for one in wrong)
    return Counted(name, Counter({"right": right, "wrong": len(notes)}), notes)


def _told(one: object) -> str:
    if isinstance(one, feel_cases.Wrong):
        return f"{one.id}: `{one.expression}` gives {one.got}, not {one.expected}"
    return str(one)


def run(folder: Path) -> Iterator[Counted]:
    """Every set that the folder holds, one after the other."""
    for name in ("traps", "bpmn"):
        if (folder / name).is_dir():
            yield _outcomes(name, bpmn_cases.run(folder / name))
    if (folder / "uploads").is_dir():
        yield _outcomes("uploads", upload_cases.run(folder / "uploads"))
    if (folder / "dmn").is_dir():
        yield _expressions("dmn", *dmn_cases.run(folder / "dmn"))
    if (folder / "feel.jsonl").is_file():
        yield _expressions("feel", *feel_cases.run(folder / "feel.jsonl"))


def counted(folder: Path) -> list[Counted]:
    return list(run(folder))


def main(folder: Path) -> int:
    if not folder.is_dir():
        print(f"There is no folder {folder}.")
        return 2
    print(f"{'set':<10}" + "".join(f"{kind:>9}" for kind in KINDS))
    good = True
    for one in run(folder):
        print(f"{one.name:<10}" + "".join(f"{one.counts[kind]:>9}" for kind in KINDS))
        for note in one.notes:
            print(f"    {note[:300]}")
        good &= one.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
