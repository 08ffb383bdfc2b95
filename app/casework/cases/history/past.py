"""What one look opens of a case's history: entries, and where the drawings stood behind one.

A look begins at the nearest checkpoint, so what it costs does not grow with the case's age.
Checkpoints are made by whoever first needs one, and written down once the look is over. None is
made behind an entry that cannot be read: another release, or the right bytes, may read it yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app import store
from app.casework.cases.history.bodies import Body, Reader
from app.casework.cases.history.drawing_state import Trail
from app.casework.cases.history.packed_trail import packed, unpacked
from app.engine import Program
from app.store import CaseKey, Checkpoint, HistoryRow, Unit, chain

#: entries between two checkpoints
EVERY = 10
DRAWINGS = "drawings"


class Past:
    """Of one case, read only; a look has one, so nothing is opened twice."""

    def __init__(self, unit: Unit, key: CaseKey, program: Program, newest: int) -> None:
        self._unit, self._key = unit, key
        self._program = program
        #: number of the newest entry when the look began
        self.newest = newest
        #: what the look found to be kept, and whether all that is kept goes first
        self.made: dict[tuple[str, int], bytes] = {}
        self.anew = False
        #: instance → process, of all that ever ran; None: not known yet
        self._runs: dict[str, str] | None = None
        self._opened: dict[int, tuple[HistoryRow, Body]] = {}
        self._packed: dict[int, bytes] = {}

    def ask(self, unit: Unit) -> None:
        """What `trail` and the first of `backwards` ask, where no checkpoint is missing."""
        case, newest, last = self._key.case, self.newest, checkpoint_before(self.newest + 1)
        store.chain.checkpoints.newest(unit, self._key, DRAWINGS, newest)
        parts = [(last, newest), (last - EVERY, last), (last - 2 * EVERY, last - EVERY)]
        for first, behind in parts:
            if behind > first >= 0:
                list(chain.history.rows(unit, case, first, behind - first))

    def trail(self, seq: int | None = None) -> Trail:
        """Where the drawings stood behind entry `seq`; None: behind the newest."""
        asked = self.newest if seq is None else seq
        trail = self._read_on(self._nearest(asked), asked)
        if asked == self.newest:
            self._runs = {run.id: run.process for run in trail.runs.values()}
        return trail

    def backwards(self, most: int, without: Collection[str]) -> Iterator[tuple[HistoryRow, Body]]:
        """Of the last `most` entries those that are of no kind in `without`, the newest first; each
        is opened when one comes to it."""
        if self._runs is None:
            self.trail()
        reader = Reader(self._key, self._program, self._runs)
        for row in self._rows_backwards(max(self.newest - most, 0)):
            if row.kind not in without:
                if row.seq not in self._opened:
                    self._opened[row.seq] = row, reader.read(row)
                yield self._opened[row.seq]

    def _rows_backwards(self, first: int) -> Iterator[HistoryRow]:
        """Those behind entry `first`, the newest first; asks for a few at a time."""
        last = self.newest
        while last > first:
            if last in self._opened:
                yield self._opened[last][0]
                last -= 1
                continue
            before = max(last - EVERY, first)
            rows = list(chain.history.rows(self._unit, self._key.case, before, last - before))
            yield from (row for row in reversed(rows) if row.seq <= last)
            last = before

    def entries(self, first: int, last: int) -> list[tuple[HistoryRow, Body]]:
        """These entries, both included, as far as they are there; oldest first."""
        numbers = range(max(first, 1), min(last, self.newest) + 1)
        unopened = [seq for seq in numbers if seq not in self._opened]
        if unopened:
            self._open(checkpoint_before(unopened[0]), unopened[-1])
        return [self._opened[seq] for seq in numbers if seq in self._opened]

    def kept(self, about: str, after: int = 0) -> list[Checkpoint]:
        """Checkpoints about that behind entry `after`, oldest first; none when all are to be made
        anew."""
        return (
            [] if self.anew else store.chain.checkpoints.behind(self._unit, self._key, about, after)
        )

    def kept_newest(self, about: str) -> bytes | None:
        """What the newest checkpoint about that holds."""
        if self.anew:
            return None
        kept = store.chain.checkpoints.newest(self._unit, self._key, about, self.newest)
        return kept.content if kept is not None else None

    def keep(self, about: str, seq: int, content: bytes) -> None:
        self.made[about, seq] = content

    def forget(self) -> None:
        """What is kept is no longer what the entries say: all of it is made anew."""
        self.anew = True
        self.made.clear()
        self._packed.clear()

    def write(self, unit: Unit) -> None:
        """Writes down what the look found to be kept."""
        if self.anew:
            store.chain.checkpoints.drop(unit, self._key.case)
        made = [Checkpoint(*place, content) for place, content in self.made.items()]
        store.chain.checkpoints.put(unit, self._key, made)

    def _nearest(self, seq: int) -> Trail:
        """From the checkpoint at `seq` or before it; an empty one when there is none."""
        mine = max((known for known in self._packed if known <= seq), default=0)
        content = self._packed.get(mine)
        if mine < checkpoint_before(seq + 1) and not self.anew:
            stored = store.chain.checkpoints.newest(self._unit, self._key, DRAWINGS, seq)
            if stored is not None and stored.seq > mine:
                content = stored.content
        trail = unpacked(content, self._program) if content is not None else None
        return trail if trail is not None else Trail(self._program)

    def _open(self, after: int, last: int) -> None:
        """The entries behind `after`; of older forms each says more about those behind it."""
        before = self._read_on(self._nearest(after), after)
        reader = Reader(
            self._key, self._program, {run.id: run.process for run in before.runs.values()}
        )
        for row in chain.history.rows(self._unit, self._key.case, after, last - after):
            if row.seq <= last and row.seq not in self._opened:
                self._opened[row.seq] = row, reader.read(row)

    def _read_on(self, trail: Trail, last: int) -> Trail:
        """That trail, behind entry `last`; makes the checkpoints on the way."""
        if trail.seq >= last:
            return trail
        runs = {run.id: run.process for run in trail.runs.values()}
        reader = Reader(self._key, self._program, runs)
        keeps = True
        for row in chain.history.rows(self._unit, self._key.case, trail.seq, last - trail.seq):
            if row.seq > last:  # an entry is missing
                break
            opened = self._opened.get(row.seq)
            body = opened[1] if opened else reader.read(row)
            reader.note(body.events)
            self._opened[row.seq] = row, body
            keeps = keeps and not body.unread
            trail.take(row.seq, row.kind, body.events, row.at)
            if keeps and row.seq % EVERY == 0:
                self._packed[row.seq] = packed(trail)
                self.keep(DRAWINGS, row.seq, self._packed[row.seq])
        return trail


def checkpoint_before(seq: int) -> int:
    """The number of the newest entry before `seq` behind which there may be a checkpoint."""
    return max(seq - 1, 0) // EVERY * EVERY
