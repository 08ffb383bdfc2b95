"""What is kept of a history's sentences, a block of entries at a time: enough to count them, and to
tell any block without those before it.

Of a block only what the history alone says is kept, not names that may change; which block is
told when is `story`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from app.audit.entries import Entry, with_body
from app.audit.narrative.facts import TOPICS
from app.audit.narrative.memory import Due, Memory
from app.audit.narrative.names import Words
from app.audit.narrative.sentences import Sentence, who_ordered
from app.casework import EVERY, Past
from app.engine import Program
from app.engine import events as fact

SENTENCES = "sentences"
CHAPTERS = "chapters"
#: blocks that are kept once more in one piece, so that few pieces are read in an old case
CHAPTER = 10
#: raise it when something is told otherwise: blocks kept before are made again
FORM = 2
#: each topic as a letter, in the order of `TOPICS`
_LETTERS = {topic: chr(ord("a") + number) for number, topic in enumerate(TOPICS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`EVERY` entries, or fewer at the end of a history."""

    #: of its sentences, in letters
    topics: str
    #: what the tasks are called that it opened
    names: Mapping[str, str]
    #: ids of who ordered something in it
    actors: Sequence[str]
    #: the process told last, in it or before it
    process: str | None
    #: behind it: the deadlines that run, each with its instant, whether its whole day counts and
    #: the mark of the calendar by which it does
    running: Mapping[str, tuple[str, bool, str]]
    #: behind it: the tasks that one person has signed, each with the entry in which they did
    signed: Mapping[str, int]

    @property
    def dues(self) -> dict[str, Due]:
        return {
            task: Due(datetime.fromisoformat(at), whole_day, calendar)
            for task, (at, whole_day, calendar) in self.running.items()
        }


def letters(topics: Iterable[str]) -> str:
    return "".join(_LETTERS[topic] for topic in topics)


def entries_of(past: Past, first: int, last: int) -> list[Entry]:
    return [with_body(row, body) for row, body in past.entries(first, last)]


def block_of(
    entries: Sequence[Entry],
    sentences: Sequence[Sentence],
    memory: Memory,
    before: Sequence[Block],
    program: Program,
) -> Block:
    """What is to be kept of entries that were told, with the memory as it was after the last."""
    newest = before[-1] if before else None
    signings = {**(newest.signed if newest else {}), **_signings(entries)}
    return Block(
        topics=letters(sentence.topic for sentence in sentences),
        names=_names(entries, memory.tasks),
        actors=sorted({entry.actor for entry in entries if entry.actor}),
        process=last_process(sentences, program) or (newest.process if newest else None),
        running=_running(_still(entries, memory.dues)),
        signed={task: signings[task] for task in memory.signed if task in signings},
    )


def remembered(past: Past, before: Sequence[Block], words: Words) -> Memory:
    """What is known from all entries of these blocks, which are a history's first ones."""
    memory = Memory(words)
    if not before:
        return memory
    runs = past.trail(len(before) * EVERY).runs.values()
    memory.processes = {run.id: run.process for run in runs}
    for block in before:
        memory.tasks.update(block.names)
    memory.dues = before[-1].dues
    for task, seq in before[-1].signed.items():
        for entry in entries_of(past, seq, seq):
            memory.signed[task] = who_ordered(entry, words)
    return memory


def last_process(sentences: Iterable[Sentence], program: Program) -> str | None:
    """The last one that they are about."""
    about = [told.process for told in sentences if told.process in program.processes]
    return about[-1] if about else None


def _running(dues: Mapping[str, Due]) -> dict[str, tuple[str, bool, str]]:
    return {task: (due.at.isoformat(), due.whole_day, due.calendar) for task, due in dues.items()}


def kept_blocks(past: Past) -> list[Block]:
    """From the first one on, without a gap."""
    blocks: list[Block] = []
    for about, count in ((CHAPTERS, CHAPTER), (SENTENCES, 1)):
        for stored in past.kept(about, len(blocks) * EVERY):
            content = json.loads(stored.content.decode("utf-8", "surrogatepass"))
            if stored.seq != (len(blocks) + count) * EVERY or content["form"] != FORM:
                break
            blocks += [Block(**block) for block in content["blocks"]]
    return blocks[: past.newest // EVERY]


def keep_newest(past: Past, blocks: Sequence[Block]) -> None:
    """All blocks up to one that is to be kept, and the chapter that ends with it."""
    _keep(past, SENTENCES, blocks, 1)
    if len(blocks) % CHAPTER == 0:
        _keep(past, CHAPTERS, blocks, CHAPTER)


def _keep(past: Past, about: str, blocks: Sequence[Block], count: int) -> None:
    names = [field.name for field in fields(Block)]
    kept = [{name: getattr(block, name) for name in names} for block in blocks[-count:]]
    text = json.dumps({"form": FORM, "blocks": kept}, ensure_ascii=False, separators=(",", ":"))
    past.keep(about, len(blocks) * EVERY, text.encode("utf-8", "surrogatepass"))


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
