"""Runs all conformance sets in a folder and prints a line a set: `python -m tests.conformance DIR`.

1 when anything is wrong, hangs or crashes, save the few expressions that are known to (with their
reasons: `feel_cases.KNOWN`). 2 when there is nothing to run, or something that nobody here knows
how to run: what is not judged must not look right.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    #: how many of the wrong ones are known
    known: int = 0

    @property
    def good(self) -> bool:
        return sum(self.counts[kind] for kind in BAD) == self.known and self.counts.total() > 0


class Unknown(Exception):
    """There is something in the folder that cannot be judged, or nothing at all."""


def _outcomes(name: str, found: Iterable[Outcome]) -> Counted:
    kept = list(found)
    notes = (
        f"{one.kind}: {one.process} {one.case} {one.why}" for one in kept if one.kind != "right"
    )
    return Counted(name, Counter(one.kind for one in kept), tuple(notes))


def _decisions(path: Path) -> Counted:
    right, wrong = dmn_cases.run(path)
    notes = tuple(f"wrong: {one}" for one in wrong)
    return Counted(path.name, Counter({"right": right, "wrong": len(notes)}), notes)


def _expressions(path: Path, known: Mapping[str, str] = feel_cases.KNOWN) -> Counted:
    right, wrong = feel_cases.run(path)
    notes = [
        f"wrong: {one.id}: `{one.expression}` gives {one.got}, not {one.expected}"
        + (f" (known: {known[one.id]})" if one.id in known else "")
        for one in wrong
    ]
    expected = {one.id for one in wrong} & known.keys()
    there = {case["id"] for case in feel_cases.read(path)}
    notes += [
        f"right now: {id}: take it off the list of known ones"
        for id in known
        if id in there and id not in expected
    ]
    counts = Counter({"right": right, "wrong": len(wrong)})
    return Counted(path.stem, counts, tuple(notes), len(expected))


#: a set's name in the folder → how it is run
SETS: dict[str, Callable[[Path], Counted]] = {
    "traps": lambda path: _outcomes(path.name, bpmn_cases.run(path)),
    "bpmn": lambda path: _outcomes(path.name, bpmn_cases.run(path)),
    "uploads": lambda path: _outcomes(path.name, upload_cases.run(path)),
    "dmn": _decisions,
    "feel.jsonl": _expressions,
}
#: what may lie beside the sets
BESIDE = (".md", ".tsv", ".txt")


def held(folder: Path) -> list[str]:
    """The names of the sets that the folder holds. Unknown when it holds none, or others."""
    if not folder.is_dir():
        raise Unknown(f"There is no folder {folder}.")
    there = {p.name for p in folder.iterdir() if not p.name.startswith(".")}
    strange = sorted(n for n in there - SETS.keys() if Path(n).suffix not in BESIDE)
    if strange:
        raise Unknown(f"Nobody here knows how to run {', '.join(strange)} in {folder}.")
    known = [name for name in SETS if name in there]
    if not known:
        raise Unknown(f"The folder {folder} holds no set: {', '.join(SETS)}.")
    return known


def run(folder: Path) -> Iterator[Counted]:
    """Every set that the folder holds, one after the other. Unknown as `held`."""
    for name in held(folder):
        yield SETS[name](folder / name)


def counted(folder: Path) -> list[Counted]:
    return list(run(folder))


def main(folder: Path) -> int:
    try:
        held(folder)
    except Unknown as fault:
        print(fault)
        return 2
    print(f"{'set':<10}" + "".join(f"{kind:>9}" for kind in KINDS))
    good = True
    for one in run(folder):
        print(f"{one.name:<10}" + "".join(f"{one.counts[kind]:>9}" for kind in KINDS))
        for note in one.notes:
            print(f"    {note[:300]}")
        if not one.counts.total():
            print("    wrong: it holds no case")
        good &= one.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(max(main(Path(folder)) for folder in sys.argv[1:]) if sys.argv[1:] else 2)
