"""One sentence for each kind of order that a person gave, where its facts do not say it already.

Completing a task or moving a deadline is told by `facts`; a claim or a suspension leaves no fact of
the engine, so it is told here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.audit.entries import Entry
from app.audit.memory import Memory
from app.casework.orders.merging import LET_GO, TOOK_IN
from app.engine.saying import moment, plain

Told = tuple[str, str] | None


def tell(entry: Entry, memory: Memory, actor: str) -> Told:
    """(topic, sentence) of the order itself; None when its facts tell it."""
    if entry.kind in _SILENT:
        return None
    told = _ORDERS.get(entry.kind)
    when = f"on {moment(entry.at)}"
    if told is None:
        return "case", f"{actor or 'Time'} did “{plain(entry.kind)}” {when}."
    return told(entry.command, memory, actor, when)


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


def _claim(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "task", f"{actor} took {_task(command, memory)} {when}."


def _release(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "task", f"{actor} gave back {_task(command, memory)} {when}."


def _assign(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    to = _other(command, "to", memory)
    return "task", f"{actor} assigned {_task(command, memory)} to {to} {when}."


def _signed(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    task = _task(command, memory)
    memory.signed[str(command.get("task") or "")] = actor
    if not command.get("instead_of"):
        return "task", f"{actor} signed {task} first {when}; a second person has to sign it too."
    first = _other(command, "instead_of", memory)
    return "task", (
        f"{actor} changed the answers to {task} and signed it first {when}; the signature of"
        f" {first} no longer stands, and somebody else has to sign it too."
    )


def _draft(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "task", f"{actor} saved a draft of {_task(command, memory)} {when}."


def _message(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "message", f"{actor} delivered the message “{command.get('message')}” {when}."


def _signal(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "message", f"The signal “{command.get('signal')}” came from another case {when}."


def _replan(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    by = f" by {actor}" if actor else ""
    return "deadline", f"The calendar changed; running deadlines were worked out anew{by} {when}."


def _suspend(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "case", f"{actor} suspended the case {when}.{_because(command)}"


def _resume(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "case", f"{actor} resumed the case {when}.{_because(command)}"


def _cancel(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    return "case", f"{actor} cancelled the case {when}.{_because(command)}"


def _merge(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    into = command.get("into")
    return "case", f"{actor} merged this case into {into} {when}.{_because(command)}"


def _took_in(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    reference = command.get("reference")
    return "case", f"{actor} merged {reference} into this case {when}.{_because(command)}"


def _unmerge(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    was = command.get("from")
    return "case", f"{actor} undid the merge into {was} {when}.{_because(command)}"


def _let_go(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    reference = command.get("reference")
    return (
        "case",
        f"{actor} undid the merge of {reference} into this case {when}.{_because(command)}",
    )


def _add(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    person = _other(command, "person", memory)
    return "case", f"{actor} gave {person} access to the case {when}.{_because(command)}"


def _exclude(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    person = _other(command, "person", memory)
    text = f"{actor} excluded {person} from the case {when}.{_because(command)}"
    for fallen in command.get("signatures") or ():
        memory.signed.pop(str(fallen.get("task")), None)
        text += f" Their signature of {_task(fallen, memory)} no longer stands."
    return "case", text


def _produced(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    what = f"“{command.get('title')}”, version {command.get('version')} ({command.get('format')})"
    return "document", f"{actor} made {what} {when}. SHA-256: {command.get('sha256')}."


def _read(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    view = plain(str(command.get("view") or "case"))
    return "read", f"{actor} looked at the case ({view}) {when}."


def _refused(command: Mapping[str, Any], memory: Memory, actor: str, when: str) -> Told:
    what = f" to complete {_task(command, memory)}" if command.get("task") else ""
    return "trouble", f"{actor} was refused{what} {when}: {command.get('sentence', '')}"


#: orders whose facts say everything
_SILENT = frozenset({"StartCase", "CompleteTask", "MoveDeadline", "WakeCase", "incident"})
_ORDERS: dict[str, Callable[[Mapping[str, Any], Memory, str, str], Told]] = {
    "Claim": _claim,
    "Release": _release,
    "Assign": _assign,
    "SaveDraft": _draft,
    "DeliverMessage": _message,
    "DeliverSignal": _signal,
    "ReplanCase": _replan,
    "Suspend": _suspend,
    "Resume": _resume,
    "Cancel": _cancel,
    "Merge": _merge,
    "Unmerge": _unmerge,
    TOOK_IN: _took_in,
    LET_GO: _let_go,
    "AddMember": _add,
    "ExcludePerson": _exclude,
    "ProduceDocument": _produced,
    "read": _read,
    "refused": _refused,
    "signed": _signed,
}
