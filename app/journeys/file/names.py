"""What a journey may speak of: everything the deployment names, with the nearest one for a slip.

Ids come first, names as drawn second, whatever their case. A name that several elements bear means
all of them. Who may act is `cast`'s.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from app.casework import people_needed
from app.documents import STANDING_FOR, read_documents
from app.engine import Program, nearest, saying
from app.engine.bpmn import Element
from app.journeys.file.lines import JourneyFault

#: (process id, element id): where something is drawn
Spot = tuple[str, str]
#: activities that can have a deadline
_TIMED = ("Task", "subProcess", "callActivity", "transaction", "task")
_MAIL = re.compile(r"forms/mail/(.+)\.txt\Z")
#: texts in an expression, and words that may name a variable
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_VALUE = re.compile(r'"([^"<>{}\[\]=,;:]{1,80})"')
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: files that name values of groups: what comes behind the colon
_SAYING = (".bpmn", ".dmn", ".form", ".json")


def hint(said: str, known: Iterable[str], lacking: str = "") -> str:
    """“ Did you mean …?” with the nearest known name; `lacking` where none is near."""
    near = nearest(said, known)
    return f" Did you mean “{near}”?" if near else lacking


class Names:
    def __init__(
        self, program: Program, roles: Collection[str], values: Iterable[str] = ()
    ) -> None:
        """`values`: more values that groups have, e.g. those of people's attributes."""
        self._program = program
        self.roles = frozenset(roles)
        self._processes = {key: process.name for key, process in program.processes.items()}
        self._elements: dict[Spot, Element] = {
            (process.id, element.id): element
            for process in program.processes.values()
            for element in process.elements.values()
        }
        self._more_values = frozenset(values)

    def process(self, said: str, line: int) -> str:
        return _found(said, self._processes, "process", line)

    def tasks(self, said: str, line: int) -> frozenset[Spot]:
        """The user tasks of this id or name; `process.id` where two processes have one."""
        spots = self.task_spots(said)
        if not spots:
            other = _spots(said, self._elements)
            kinds = sorted({_plain_kind(self._elements[spot].kind) for spot in other})
            if kinds:
                raise JourneyFault(f"“{said}” is no task but {saying.joined(kinds)}.", line=line)
            raise JourneyFault(_unknown("task", said, self._tasks), line=line)
        return spots

    def task_spots(self, said: str) -> frozenset[Spot]:
        """As `tasks`; none where there is no such task."""
        by_id, by_name = self._task_words
        return by_id.get(said) or by_name.get(_folded(said)) or frozenset()

    def timed(self, said: str, line: int) -> frozenset[Spot]:
        """The activities of this id or name: whatever can have a deadline."""
        timed = {
            spot: element
            for spot, element in self._elements.items()
            if element.kind.endswith(_TIMED)
        }
        spots = _spots(said, timed)
        if not spots:
            raise JourneyFault(_unknown("element", said, timed), line=line)
        return spots

    def for_two(self, spots: frozenset[Spot]) -> bool:
        """One of these tasks needs two people."""
        return any(people_needed(self._elements[spot]) == 2 for spot in spots)

    def message(self, said: str, line: int) -> str:
        return _found(said, dict.fromkeys(self._heard), "message", line)

    def content(self, message: str, said: Iterable[str], line: int) -> None:
        """JourneyFault for what nobody who hears the message could take in: it is a word of no
        diagram that speaks of the message, be it in a mapping, a key or a variable."""
        words = set(self._variables)
        for path in self._heard[message]:
            words |= set(_WORD.findall(self._program.files[path].decode(errors="replace")))
        for process in self._program.processes.values():
            for element in process.elements.values():
                form = self._program.forms.get(element.rules.form or "")
                if element.message == message and form is not None:
                    words |= {field.key for field in form.walk() if field.key}
        strange = next((word for word in said if word not in words), None)
        if strange is not None:
            near = hint(strange, self._variables)
            sentence = f"Nobody who hears “{message}” takes in “{strange}”.{near}"
            raise JourneyFault(sentence, line=line)

    def template(self, said: str, line: int) -> str:
        matches = (_MAIL.match(path) for path in self._program.files)
        known = dict.fromkeys(match[1] for match in matches if match)
        if said not in known:
            sentence = f"There is no mail template “{said}”.{hint(said, known)}"
            raise JourneyFault(sentence, line=line)
        return said

    def document(self, said: str, line: int) -> str:
        known = {
            key: document.manifest.title
            for key, document in read_documents(self._program.files)[0].items()
        }
        return _found(said, known, "document", line, "There is no document “{}”.")

    def group(self, said: str, line: int, people: Collection[str] = ()) -> str:
        """A role, `role:value`, or the id of one of these people."""
        role, _, value = said.partition(":")
        someone = said in STANDING_FOR or said in people
        if someone or (role in self.roles and (not value or value in self.values)):
            return said
        if role in self.roles:
            known = [f"{role}:{likely}" for likely in self._likely_values]
        else:
            known = [*self.roles, *people]
        sentence = f"Nobody is called “{said}”, and no role is.{hint(said, known)}"
        raise JourneyFault(sentence, line=line)

    def slip(self, said: str, seen: Collection[str]) -> str | None:
        """What `role:value` may have meant, where its value is nearly a known one; `seen`: groups
        that were spoken of so far. A quite different value is somebody from outside, on purpose."""
        role, _, value = said.partition(":")
        if role not in self.roles or not value or said in seen or value in self.values:
            return None
        theirs = {group.partition(":")[2] for group in seen if group.startswith(f"{role}:")}
        near = nearest(value, theirs | self._likely_values)
        return f"{role}:{near}" if near else None

    def variable(self, said: str, line: int, there: Collection[str]) -> None:
        """JourneyFault when no diagram has it and none `there` was set."""
        if said not in self._variables and said not in there:
            near = hint(said, [*there, *self._variables])
            raise JourneyFault(f"No diagram has the variable “{said}”.{near}", line=line)

    def unknown_status(self, said: str) -> str:
        """A sentence when no diagram sets it; "" where one does or may."""
        plain = {snake(status): status for status in self._statuses}
        if snake(said) in plain:
            return ""
        near = nearest(snake(said), plain)
        hinted = f" Did you mean “{plain[near]}”?" if near else ""
        return f" No diagram sets the status “{said}”.{hinted}"

    @cached_property
    def _tasks(self) -> dict[Spot, Element]:
        return {spot: task for spot, task in self._elements.items() if task.kind == "userTask"}

    @cached_property
    def _task_words(self) -> tuple[dict[str, frozenset[Spot]], dict[str, frozenset[Spot]]]:
        """By the two ways to say its id, and by its name."""
        by_id: dict[str, set[Spot]] = {}
        by_name: dict[str, set[Spot]] = {}
        for spot, task in self._tasks.items():
            for id in (spot[1], f"{spot[0]}.{spot[1]}"):
                by_id.setdefault(id, set()).add(spot)
            if task.name:
                by_name.setdefault(_folded(task.name), set()).add(spot)
        return (
            {said: frozenset(spots) for said, spots in by_id.items()},
            {said: frozenset(spots) for said, spots in by_name.items()},
        )

    @cached_property
    def values(self) -> frozenset[str]:
        """Every text between quotes in the content: what the value of a group may be made of."""
        values = set(self._more_values)
        for path, content in self._program.files.items():
            if path.endswith(_SAYING):
                text = content.decode(errors="replace")
                for quote in ("&quot;", "&#34;", '\\"'):
                    text = text.replace(quote, '"')
                values |= set(_VALUE.findall(text))
        return frozenset(values)

    @cached_property
    def _likely_values(self) -> frozenset[str]:
        """Those that stand in the settings, or in what people's attributes say."""
        return self._more_values | frozenset(_texts(self._program.settings))

    @cached_property
    def _variables(self) -> frozenset[str]:
        names: set[str] = set()
        for process in self._program.processes.values():
            names |= set(process.variables)
        for element in self._elements.values():
            names |= {mapped.target for mapped in (*element.inputs, *element.outputs)}
            loop = (element.loop.element, element.loop.output_collection) if element.loop else ()
            names |= {name for name in (element.result_variable, *loop) if name}
        return frozenset(names)

    @cached_property
    def _statuses(self) -> frozenset[str]:
        stated = {element.rules.status or "" for element in self._elements.values()}
        texts = {
            text for status in stated if status.startswith("=") for text in _TEXT.findall(status)
        }
        return frozenset(
            texts | {status for status in stated if not status.startswith("=")} | {"Merged"}
        )

    @cached_property
    def _heard(self) -> dict[str, set[str]]:
        """Message name → files of the processes that hear or send it."""
        files: dict[str, set[str]] = {}
        for process in self._program.processes.values():
            heard = {element.message for element in process.elements.values() if element.message}
            for name in heard | set(process.message_starts):
                files.setdefault(name, set()).add(process.file)
        return files


def snake(text: str) -> str:
    """In progress → in_progress"""
    return "_".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def _plain_kind(kind: str) -> str:
    """callActivity → a call activity"""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _spots(said: str, known: Mapping[Spot, Element]) -> frozenset[Spot]:
    by_id = {spot for spot in known if spot[1] == said or f"{spot[0]}.{spot[1]}" == said}
    wanted = _folded(said)
    by_name = (
        spot for spot, element in known.items() if element.name and _folded(element.name) == wanted
    )
    return frozenset(by_id or by_name)


def _unknown(what: str, said: str, known: Mapping[Spot, Element]) -> str:
    ids = [element for _, element in known]
    near = hint(said, ids) or hint(
        said, [element.name for element in known.values() if element.name]
    )
    return f"No diagram has the {what} “{said}”.{near}"


def _found(said: str, known: Mapping[str, Any], what: str, line: int, sentence: str = "") -> str:
    if said in known:
        return said
    wanted = _folded(said)
    for key, name in known.items():
        if name and _folded(name) == wanted:
            return key
    near = hint(said, known) or hint(said, [name for name in known.values() if name])
    told = sentence.format(said) or f"No diagram has the {what} “{said}”."
    raise JourneyFault(f"{told}{near}", line=line)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)
