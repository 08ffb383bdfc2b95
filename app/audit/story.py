"""A case's history told only where somebody looks: a page of sentences, or one step of the drawing.

A step is the number of a sentence, from 1. How many there are is known from `story_index`; the
block of entries that holds one is opened and told when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from app.audit.entries import Entry, with_body
from app.audit.frames import Frame, frame
from app.audit.memory import Due, Memory
from app.audit.names import Words
from app.audit.narrative import Sentence, tell_entry, who_ordered
from app.audit.story_index import Block, keep_newest, kept_blocks, letters, running
from app.casework import EVERY, Past
from app.engine import Program
from app.engine import events as fact
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
        rest = _entries(past, kept * EVERY + 1, past.newest)
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
        process = _process(told, self.program) or before
        return known.get(process, otherwise) if process else otherwise

    def _before(self, number: int) -> int:
        """How many sentences there are before that block."""
        return self._ends[number - 1] if number else 0

    def _block(self, number: int) -> list[Sentence]:
        """The sentences of a block, numbered from 0."""
        if number not in self._told:
            entries = _entries(self._past, number * EVERY + 1, (number + 1) * EVERY)
            if self._tell(number, entries).topics != self._blocks[number].topics:
                raise Stale
        return self._told[number]

    def _tell(self, number: int, entries: list[Entry]) -> Block:
        before = self._blocks[number - 1] if number else None
        memory = self._memory(number, before)
        sentences = [told for entry in entries for told in tell_entry(entry, memory)]
        self._told[number] = sentences
        signings = {**(before.signed if before else {}), **_signings(entries)}
        return Block(
            topics=letters(sentence.topic for sentence in sentences),
            names=_names(entries, memory.tasks),
            actors=sorted({entry.actor for entry in entries if entry.actor}),
            process=_process(sentences, self.program) or (before.process if before else None),
            running=running(_still(entries, memory.dues)),
            signed={task: signings[task] for task in memory.signed if task in signings},
        )

    def _memory(self, number: int, before: Block | None) -> Memory:
        """What is remembered from all entries before that block."""
        memory = Memory(self._words)
        if before is not None:
            runs = self._past.trail(number * EVERY).runs.values()
            memory.processes = {run.id: run.process for run in runs}
            for block in self._blocks[:number]:
                memory.tasks.update(block.names)
            memory.dues = before.dues
            for task, seq in before.signed.items():
                for entry in _entries(self._past, seq, seq):
                    memory.signed[task] = who_ordered(entry, self._words)
        return memory


def _entries(past: Past, first: int, last: int) -> list[Entry]:
    return [with_body(row, body) for row, body in past.entries(first, last)]


def _process(sentences: Iterable[Sentence], program: Program) -> str | None:
    """The last one that they are about."""
    about = [told.process for told in sentences if told.process in program.processes]
    return about[-1] if about else None


def _names(entries: Iterable[Entry], known: Mapping[str, str]) -> dict[str, str]:
    opened = (e for entry in entries for e in entry.events if isinstance(e, fact.TaskOpened))
    return {event.task: known[event.task] for event in opened if event.task in known}


def _still(entries: Iterable[Entry], dues: Mapping[str, Due]) -> dict[str, Due]:
    still = dict(dues)
    for event in (event for entry in entries for event in entry.events):
        if isinstance(event, fact.DeadlineEnded):
            still.pop(event.task, None)
        elif isinstance(event, fact.DeadlineSet | fact.DeadlineMoved) and event.task in dues:
            still[event.task] = dues[event.task]
    return still


def _signings(entries: Iterable[Entry]) -> dict[str, int]:
    """Task → the entry in which it was signed first."""
    signed = (entry for entry in entries if entry.kind == "signed" and entry.sound)
    return {str(entry.command.get("task") or ""): entry.seq for entry in signed}
