"""One sentence for each kind of order that a person gave, where its facts do not say it already.

Completing a task or moving a deadline is told by `facts`; a claim or a suspension leaves no fact of
the engine, so it is told here, in the words of casework's table. Here stand those that only a
function can say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.audit.entries import Entry
from app.audit.narrative.memory import Memory
from app.casework import ORDERS, TOLD, WORDING, CaseCommand, StartCase
from app.casework.cases.provenance_words import counted
from app.casework.orders.document.versions import SHORT
from app.engine import joined, moment, plain

Told = tuple[str, str] | None
ToldBy = Callable[[Mapping[str, Any], Memory, str, str], Told]


def tell(entry: Entry, memory: Memory, actor: str) -> Told:
    """(topic, sentence) of the order itself; None when its facts tell it."""
    when = f"on {moment(entry.at)}"
    if entry.kind not in SENTENCES:  # what an earlier or later release wrote
        return "case", f"{actor or 'Time'} did “{plain(entry.kind)}” {when}."
    row, said = SENTENCES[entry.kind], entry.command
    if row is None or callable(row):
        return row and row(said, memory, actor, when)
    topic, sentence = row
    words = _Words(said, actor=actor, when=when, task=_task(said, memory), because=_because(said))
    words["sources"] = " with its sources" if said.get("sources") else ""
    words["gets_it"] = f" for {said['recipient']}" if said.get("recipient") else ""
    text = str(said.get("says") or "")[:SHORT]
    words["says"] = f" What it says has the digest {text}." if text else ""
    words |= {key: _other(said, key, memory) for key in ("to", "person")}
    return topic, sentence.format_map(words) + _mail(said, memory, entry.at)


def _mail(command: Mapping[str, Any], memory: Memory, at: datetime) -> str:
    """A mail that the order itself sent."""
    mail = command.get(TOLD)
    if not mail:
        return ""
    whom = joined(memory.words.group(str(addressee), at) for addressee in mail.get("to") or ())
    return f" Mail “{plain(str(mail.get('template')))}” to {whom} was put in the outbox."


class _Words(dict[str, Any]):
    """What an order says, and who and when; a word that it lacks is None."""

    def __missing__(self, key: str) -> None:
        return None


def _because(command: Mapping[str, Any]) -> str:
    reason = str(command.get("reason") or "").strip()
    return f" Reason: {reason.rstrip('.')}." if reason else ""


def _task(command: Mapping[str, Any], memory: Memory) -> str:
    task = str(command.get("task") or "")
    return memory.tasks.get(task, f"task {task}")


def _other(command: Mapping[str, Any], key: str, memory: Memory) -> str:
    """Whom the order is about; the name it gave then, where nobody knows the id any more."""
    id = str(command.get(key) or "")
    name = command.get(f"{key}_name") or command.get("name")
    return memory.words.people.get(id) or str(name or id)


def both(command: Mapping[str, Any], memory: Memory, actor: str) -> str:
    """Who completed a task: the second person, with the first where two had to."""
    return f"{_other(command, 'first', memory)} and {actor}" if command.get("first") else actor


def _signed(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    task = _task(command, memory)
    memory.signed[str(command.get("task") or "")] = actor
    if not command.get("instead_of"):
        text = f"{actor} signed {task} first {when}; a second person has to sign it too."
        return "task", f"{text} {_before_them(command, actor, when)}".strip()
    first = _other(command, "instead_of", memory)
    return "task", (
        f"{actor} changed the answers to {task} and signed it first {when}; the signature of"
        f" {first} no longer stands, and somebody else has to sign it too."
        f" {_before_them(command, actor, when)}".rstrip()
    )


def _answered(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    """How the answers came about, and which versions of which documents were before whoever sent
    the form; that it was sent is told by its facts."""
    told = [_before_them(command, actor, when), counted(command.get("provenance") or {})]
    return ("task", " ".join(filter(None, told))) if any(told) else None


def _before_them(command: Mapping[str, Any], actor: str, when: str) -> str:
    shown = [
        f"version {each.get('version')} ({str(each.get('digest'))[:SHORT]}) of "
        f"“{each.get('title')}”"
        for each in command.get("documents") or ()
    ]
    entries = [str(seq) for seq in command.get("shown") or ()]
    if entries:
        shown.append(
            f"the answers of {'entry' if len(entries) == 1 else 'entries'} {joined(entries)}"
        )
    return f"{actor} had {joined(shown)} before them {when}." if shown else ""


def _recorded(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    """An event that a person recorded by its form; without one, a message that came."""
    if not command.get("element"):
        message = plain(str(command.get("message") or ""))
        return "message", f"{actor} delivered the message “{message}” {when}."
    name = memory.words.name(command.get("process"), str(command["element"]))
    again = str(command.get("another") or "").strip().rstrip(".")
    text = f"{actor} recorded “{name}” {when}."
    text += f" It is another one: {again}." if again else ""
    told = counted(command.get("provenance") or {})
    return "message", f"{text} {told}" if told else text


def _replan(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    by = f" by {actor}" if actor else ""
    return "deadline", f"The calendar changed; running deadlines were worked out anew{by} {when}."


def _exclude(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    person = _other(command, "person", memory)
    text = f"{actor} excluded {person} from the case {when}.{_because(command)}"
    for fallen in command.get("signatures") or ():
        memory.signed.pop(str(fallen.get("task")), None)
        text += f" Their signature of {_task(fallen, memory)} no longer stands."
    return "case", text


def _lifted(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    person = _other(command, "person", memory)
    if command.get("step") == "asked":
        did = f"asked that {person} be let in again, which a second person must agree to"
    else:
        did = f"let {person} in again, as {_other(command, 'first', memory)} had asked"
    return "case", f"{actor} {did}, {when}.{_because(command)}"


def _hold_lifted(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    hold = f"the hold “{command.get('hold')}” (entry {command.get('number')})"
    if command.get("step") == "asked":
        did = f"asked that {hold} be lifted, which a second person must agree to"
    else:
        did = f"lifted {hold}, as {_other(command, 'first', memory)} had asked"
    return "case", f"{actor} {did}, {when}.{_because(command)}"


def _destroyed(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "case", (
        f"{actor} agreed {when} that the content of the case be destroyed, as somebody else had"
        " asked. Nothing that was recorded can be read any more."
    )


def _read(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    view = plain(str(command.get("view") or "case"))
    looked = command.get("looked_at")  # an order held the case then
    at = f"on {moment(datetime.fromisoformat(looked))}, written down {when}" if looked else when
    return "read", f"{actor} looked at the case ({view}) {at}."


def _refused(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    what = f" to complete {_task(command, memory)}" if command.get("task") else ""
    return "trouble", f"{actor} was refused{what} {when}: {command.get('sentence', '')}"


#: told by a function: an order whose sentence is worked out, and what is written besides orders
_OWN: Mapping[str, ToldBy | None] = {
    "StartCase": _answered,
    "CompleteTask": _answered,
    "DeliverMessage": _recorded,
    "ReplanCase": _replan,
    "ExcludePerson": _exclude,
    "LiftExclusion": _lifted,
    "LiftHold": _hold_lifted,
    "destroyed": _destroyed,
    "incident": None,
    "read": _read,
    "refused": _refused,
    "signed": _signed,
}


def _of_orders() -> dict[str, tuple[str, str] | None]:
    """Those of casework's wording: a row for every order that stands in the history of a case."""
    sentences = {}
    for kind, order in ORDERS.items():
        if issubclass(kind, CaseCommand | StartCase):
            sentences[kind.__name__] = WORDING[kind].history
        if order.beside is not None:
            sentences[order.beside[0]] = WORDING[kind].beside
    return sentences


#: kind of entry → its topic and sentence; None: its facts say everything
SENTENCES: Mapping[str, tuple[str, str] | ToldBy | None] = {**_of_orders(), **_OWN}
