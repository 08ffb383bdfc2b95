"""What is kept of a history's sentences, a block of entries at a time: enough to count them, and to
tell any block without those before it.

Of a block only what the history alone says is kept, not names that may change; how a block is told
is `story`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from app.audit.facts import TOPICS
from app.audit.memory import Due
from app.casework import EVERY, Past

SENTENCES = "sentences"
CHAPTERS = "chapters"
#: blocks that are kept once more in one piece, so that few pieces are read in an old case
CHAPTER = 10
#: raise it when something is told otherwise: blocks kept before are made again
FORM = 1
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
    #: behind it: the deadlines that run, each with its instant and whether its whole day counts
    running: Mapping[str, tuple[str, bool]]
    #: behind it: the tasks that one person has signed, each with the entry in which they did
    signed: Mapping[str, int]

    @property
    def dues(self) -> dict[str, Due]:
        return {
            task: Due(datetime.fromisoformat(at), whole_day)
            for task, (at, whole_day) in self.running.items()
        }


def letters(topics: Iterable[str]) -> str:
    return "".join(_LETTERS[topic] for topic in topics)


def running(dues: Mapping[str, Due]) -> dict[str, tuple[str, bool]]:
    return {task: (due.at.isoformat(), due.whole_day) for task, due in dues.items()}


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
