"""A case's history told only where somebody looks: a page of sentences, or one step of the drawing.

A step is the number of a sentence, from 1. How many there are is known from `story_index`; the
block of entries that holds one is opened and told when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from app.audit.entries import Entry
from app.audit.narrative.frames import Frame, frame
from app.audit.narrative.names import Words
from app.audit.narrative.sentences import Sentence, tell_entry
from app.audit.narrative.story_index import (
    Block,
    block_of,
    entries_of,
    keep_newest,
    kept_blocks,
    last_process,
    letters,
    remembered,
)
from app.casework import EVERY, Past
from app.engine import Program
from app.engine.bpmn import Process

#: names for what the history names by id, once it is known who ordered something in it
WordsOf = Callable[[frozenset[str]], Words]


class Stale(Exception):
    """What is kept is not what the entries say: another release wrote it, or they were changed."""


class Story:
    def __init__(self, past: Past, program: Program, words_of: WordsOf) -> None:
        self.program = program
        self._past = past
        self._blocks = kept_blocks(past)
        self._told: dict[int, list[Sentence]] = {}
        kept = len(self._blocks)
        rest = entries_of(past, kept * EVERY + 1, past.newest)
        actors: list[Sequence[str]] = [block.actors for block in self._blocks]
        actors.append([entry.actor for entry in rest if entry.actor])
        self._words = words_of(frozenset().union(*actors))
        sound = True
        for first in range(kept * EVERY + 1, past.newest + 1, EVERY):
            number, last = len(self._blocks), first + EVERY - 1
            entries = [entry for entry in rest if first <= entry.seq <= last]
            block = self._tell(number, entries)
            sound = sound and len(entries) == EVERY and not any(e.unread for e in entries)
            self._blocks.append(block)
            if sound:
                keep_newest(past, self._blocks)
        #: by block: how many sentences there are up to its end
        self._ends = list(accumulate(len(block.topics) for block in self._blocks))

    @property
    def length(self) -> int:
        """How many sentences there are."""
        return self._ends[-1] if self._ends else 0

    def steps(self, topics: Iterable[str]) -> list[int]:
        """Of the sentences on these topics, oldest first."""
        fitting, told = set(letters(topics)), "".join(block.topics for block in self._blocks)
        return [step for step, letter in enumerate(told, 1) if letter in fitting]

    def sentence(self, step: int) -> Sentence:
        """Raises `Stale`, as all that tells something."""
        number = bisect_left(self._ends, step)
        return self._block(number)[step - self._before(number) - 1]

    def behind(self, seq: int, most: int) -> tuple[list[Sentence], bool]:
        """The sentences of the entries behind `seq`, about `most` of them: no entry is cut in two.
        And whether there are more."""
        shown: list[Sentence] = []
        number = seq // EVERY
        while number < len(self._blocks) and len(shown) <= most:
            shown += [told for told in self._block(number) if told.seq > seq]
            number += 1
        if len(shown) <= most:
            return shown, False
        last = shown[most - 1].seq  # what is told of it may be cut
        whole = [told for told in shown if told.seq < last]
        whole = whole or [told for told in shown if told.seq == last]
        return whole, len(whole) < len(shown) or self._before(number) < self.length

    def frame(self, step: int) -> Frame | None:
        """What the drawings looked like after sentence `step`."""
        if not self.length:
            return None
        sentence = self.sentence(step)
        trail, at = self._past.trail(sentence.seq - 1), sentence.at
        for row, body in self._past.entries(sentence.seq, sentence.seq):
            last = len(body.events) if sentence.index < 0 else sentence.index + 1
            trail.take(row.seq, row.kind, body.events[:last], row.at)
        return frame(trail, at)

    def process(self, step: int) -> Process | None:
        """The process that sentence `step` is about, or the last one before it."""
        known = self.program.processes
        otherwise = next(iter(known.values()), None)
        if not self.length:
            return otherwise
        number = bisect_left(self._ends, step)
        before = self._blocks[number - 1].process if number else None
        told = self._block(number)[: step - self._before(number)]
        process = last_process(told, self.program) or before
        return known.get(process, otherwise) if process else otherwise

    def _before(self, number: int) -> int:
        """How many sentences there are before that block."""
        return self._ends[number - 1] if number else 0

    def _block(self, number: int) -> list[Sentence]:
        """The sentences of a block, numbered from 0."""
        if number not in self._told:
            entries = entries_of(self._past, number * EVERY + 1, (number + 1) * EVERY)
            if self._tell(number, entries).topics != self._blocks[number].topics:
                raise Stale
        return self._told[number]

    def _tell(self, number: int, entries: Sequence[Entry]) -> Block:
        before = self._blocks[:number]
        memory = remembered(self._past, before, self._words)
        sentences = [told for entry in entries for told in tell_entry(entry, memory)]
        self._told[number] = sentences
        return block_of(entries, sentences, memory, before, self.program)
