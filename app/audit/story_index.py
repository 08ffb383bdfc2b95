"""What is kept of a history's sentences, a block of entries at a time: enough to count them, and to
tell any block without those before it.

Of a block only what the history alone says is kept, not names that may change; how a block is told
is `story`'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.memory import Due
from app.casework.reading.past import EVERY, Past

SENTENCES = "sentences"
#: raise it when something is told otherwise: blocks kept before are made again
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`EVERY` entries, or fewer at the end of a history."""

    #: by entry: the topics of its sentences
    topics: tuple[tuple[str, ...], ...]
    #: what the tasks are called that it opened
    names: Mapping[str, str]
    #: ids of who ordered something in it
    actors: frozenset[str]
    #: the process told last, in it or before it
    process: str | None
    #: behind it: the deadlines that run, and the tasks that one person has signed, each with the
    #: number of the entry in which they did
    dues: Mapping[str, Due]
    signed: Mapping[str, int]


def kept_blocks(past: Past) -> list[Block]:
    """From the first one on, without a gap."""
    blocks: list[Block] = []
    for stored in past.kept(SENTENCES):
        block = _block(stored.content)
        if block is None or stored.seq != (len(blocks) + 1) * EVERY or stored.seq > past.newest:
            break
        blocks.append(block)
    return blocks


def keep_block(past: Past, seq: int, block: Block) -> None:
    """`seq`: of its last entry."""
    content = {
        "v": FORM,
        "topics": [" ".join(topics) for topics in block.topics],
        "names": dict(block.names),
        "actors": sorted(block.actors),
        "process": block.process,
        "dues": {task: [due.at.isoformat(), due.whole_day] for task, due in block.dues.items()},
        "signed": dict(block.signed),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    past.keep(SENTENCES, seq, text.encode("utf-8", "surrogatepass"))


def _block(content: bytes) -> Block | None:
    """None for one of another release."""
    stored: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    if stored.get("v") != FORM:
        return None
    dues = {
        task: Due(datetime.fromisoformat(at), whole_day)
        for task, (at, whole_day) in stored["dues"].items()
    }
    return Block(
        topics=tuple(tuple(topics.split()) for topics in stored["topics"]),
        names=stored["names"],
        actors=frozenset(stored["actors"]),
        process=stored["process"],
        dues=dues,
        signed=stored["signed"],
    )
