"""The one place where a case's history becomes plain sentences for people.

Owns the order and the parts of a sentence (who, when, about what); the words of each fact are in
`facts`, of each order in `orders`, of values in `wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.audit.entries import Entry
from app.audit.narrative import facts, orders
from app.audit.narrative.memory import Memory
from app.audit.narrative.names import Words
from app.engine import events as fact

#: whether a fact of an entry is to be told
Wanted = Callable[[Entry, fact.Event], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    #: number of the history entry
    seq: int
    #: place of the event within its entry; -1: the order itself
    index: int
    #: aware UTC
    at: datetime
    #: person id, "" when time did it
    actor: str
    #: the person in words, "" when time did it
    who: str
    #: a key of `facts.TOPICS`
    topic: str
    text: str
    process: str | None = None
    #: element id it is about
    element: str | None = None


def tell(
    history: Iterable[Entry],
    words: Words,
    wanted: Wanted | None = None,
    labels: Mapping[str, str] | None = None,
) -> list[Sentence]:
    """All sentences of a case's history, oldest first; of facts those that are `wanted`. `labels`:
    task → for whom it is, where the entries are not the whole history."""
    memory = Memory(words, labels=labels or {})
    return [sentence for entry in history for sentence in tell_entry(entry, memory, wanted)]


def tell_entry(entry: Entry, memory: Memory, wanted: Wanted | None = None) -> Iterator[Sentence]:
    """What an entry says, then what of it cannot be read or is not as it was sealed.

    `memory`: of the entries before it."""
    unread = entry.unread
    try:
        yield from list(_entry(entry, memory, wanted))
    except (TypeError, ValueError, LookupError, AttributeError):
        # Its order or its facts hold something else than any release has written.
        unread = (*unread, f"Entry {entry.seq} ({entry.kind}) cannot be told by this release.")
    for sentence in unread:
        yield Sentence(
            seq=entry.seq, index=-1, at=entry.at, actor=entry.actor, who="", topic="trouble",
            text=sentence,
        )  # fmt: skip


def who_ordered(entry: Entry, words: Words) -> str:
    """The person in words, and for whom where they covered; "" when time did it."""
    known = words.people.get(entry.actor)
    who = (known or entry.by or entry.actor) if entry.actor else ""
    if who and entry.command.get("for_name"):
        who = f"{who} for {entry.command['for_name']}"
    return who


def _entry(entry: Entry, memory: Memory, wanted: Wanted | None) -> Iterator[Sentence]:
    who = who_ordered(entry, memory.words)
    told = orders.tell(entry, memory, who) if entry.sound else None
    if told is not None:
        topic, text = told
        yield Sentence(
            seq=entry.seq, index=-1, at=entry.at, actor=entry.actor, who=who, topic=topic, text=text
        )
    memory.begin(entry.events)
    for index, event in enumerate(entry.events):
        memory.note(event)
        if wanted is not None and not wanted(entry, event):
            continue
        teller = facts.TELLERS.get(type(event))
        said = teller(event, memory, _doer(entry, event, who, memory), entry.at) if teller else None
        if said is not None:
            yield Sentence(
                seq=entry.seq,
                index=index,
                at=entry.at,
                actor=entry.actor,
                who=who,
                topic=said[0],
                text=said[1],
                process=memory.place(event),
                element=getattr(event, "element", None),
            )


def _doer(entry: Entry, event: fact.Event, who: str, memory: Memory) -> str:
    """The person, where the fact is their own deed and not only a consequence of it."""
    if isinstance(event, fact.TaskCompleted):
        mine = entry.command.get("task") == event.task
        return orders.both(entry.command, memory, who) if mine else ""
    if isinstance(event, fact.IncidentRaised):
        return who if "order" in entry.command else ""
    if isinstance(event, fact.InstanceStarted):
        return who if entry.kind == "StartCase" else ""
    if isinstance(event, fact.DeadlineMoved):
        return who if entry.kind == "MoveDeadline" else ""
    return ""
