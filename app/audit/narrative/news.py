"""What happened lately in a case, for its page: the newest sentences that people want to read.

All sentences, with how the drawing went and what was sent, are the history's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.audit.entries import Entry, with_body
from app.audit.narrative.case_story import actors_of, words_of
from app.audit.narrative.sentences import Sentence, tell
from app.casework import Look
from app.engine import events as fact
from app.engine import moment
from app.store.queries.done_lately import labels

#: rows among which `recent` looks at most, and how many of them it opens
_RECENT_ROWS, _OPENED = 40, 12
#: orders that are no news on a case's page
_QUIET = ("read", "record", "plan")
#: what these say of themselves is how many answers were known before; their facts tell the rest
_TOLD = ("StartCase", "CompleteTask")
#: facts that are news: what people were asked and did, what moved, what is missed or stands still.
#: How the drawing went on from there, its tables, timers, messages and outbox stand in the history
_NEWS = (
    fact.TaskOpened, fact.TaskOffered, fact.TaskCompleted, fact.TaskCancelled, fact.DeadlineMoved,
    fact.StatusSet, fact.DecisionWaits, fact.IncidentRaised, fact.IncidentEnded,
)  # fmt: skip


def recent(seen: Look, most: int = 4) -> list[Sentence]:
    """The newest sentences that are news, newest first; opens no more entries than it needs.

    Task names that were given earlier are asked of the diagram, and for whom each was of what is
    done. The time of a sentence stands beside it, not in it.
    """
    entries: dict[int, Entry] = {}
    there = 0
    for row, body in seen.past.backwards(_RECENT_ROWS, without=("read",)):
        entry = with_body(row, body)
        there += sum(_is_news(entry, event) for event in entry.events)
        entries[row.seq] = entry
        if there >= most or len(entries) == _OPENED:
            break
    oldest_first = [entries[seq] for seq in sorted(entries)]
    words = words_of(seen, actors_of(oldest_first))
    sentences = tell(oldest_first, words, _is_news, _labels(seen, oldest_first))
    news = [one for one in sentences if one.index >= 0 or _is_told(one, entries[one.seq])]
    return [_timeless(one) for one in news[: -most - 1 : -1]]


def _labels(seen: Look, entries: Iterable[Entry]) -> Mapping[str, str]:
    """Of the tasks that ended in these entries and were opened before them."""
    events = [event for entry in entries for event in entry.events]
    opened = {event.task for event in events if isinstance(event, fact.TaskOpened)}
    ends = (fact.TaskCompleted, fact.TaskCancelled)
    ended = {event.task for event in events if isinstance(event, ends)} - opened
    return labels(seen.unit, seen.row.id, ended) if ended else {}


def _timeless(sentence: Sentence) -> Sentence:
    text = sentence.text.removesuffix(f" on {moment(sentence.at)}.")
    return sentence if text == sentence.text else replace(sentence, text=f"{text}.")


def _is_told(sentence: Sentence, entry: Entry) -> bool:
    """Of what is told of an order itself."""
    return sentence.topic == "trouble" or (sentence.topic not in _QUIET and entry.kind not in _TOLD)


def _is_news(entry: Entry, event: fact.Event) -> bool:
    if isinstance(event, fact.InstanceStarted):  # the case itself
        return entry.kind == "StartCase" and event is entry.events[0]
    return isinstance(event, _NEWS)
