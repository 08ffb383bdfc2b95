"""Runs all conformance sets in a folder and prints a line a set: `python -m tests.conformance DIR`.

1 when anything is wrong, hangs or crashes in the BPMN or upload sets.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.conformance import bpmn_cases, dmn_cases, feel_cases, upload_cases
from tests.conformance.bpmn_cases import KINDS, Outcome

BAD = ("wrong", "hang", "crash")


def told(name: str, counts: Counter[str], notes: Iterable[str]) -> None:
    print(f"{name:<10}" + "".join(f"{counts[kind]:>9}" for kind in KINDS))
    for note in notes:
        print(f"    {note[:300]}")


def outcomes(name: str, found: list[Outcome]) -> bool:
    notes = [f"{one.kind}: {one.process} {one.case} {one.why}" for one in found
             if one.kind != "right"]  # fmt: skip
    told(name, Counter(one.kind for one in found), notes)
    return not any(one.kind in BAD for one in found)


def expressions(name: str, right: int, wrong: Iterable[object]) -> None:
    notes = [f"wrong: {one}" for one in wrong]
    told(name, Counter({"right": right, "wrong": len(notes)}), notes)


def main(folder: Path) -> int:
    if not folder.is_dir():
        print(f"There is no folder {folder}.")
        return 2
    print(f"{'set':<10}" + "".join(f"{kind:>9}" for kind in KINDS))
    good = True
    for name in ("traps", "bpmn"):
        if (folder / name).is_dir():
            good &= outcomes(name, list(bpmn_cases.run(folder / name)))
    if (folder / "uploads").is_dir():
        good &= outcomes("uploads", list(upload_cases.run(folder / "uploads")))
    if (folder / "dmn").is_dir():
        expressions("dmn", *dmn_cases.run(folder / "dmn"))
    if (folder / "feel.jsonl").is_file():
        expressions("feel", *feel_cases.run(folder / "feel.jsonl"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
