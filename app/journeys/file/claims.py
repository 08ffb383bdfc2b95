"""What a step of a journey checks, as frozen values; whether it holds is `checks`'s.

A check that would say nothing (an empty list or text) is a fault: it could never fail. Only `open`
and `late` may be empty, for “none”. Also how an unknown key is spoken of, here and in the whole
file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from app.engine import nearest
from app.journeys.file.lines import Lines, line_of

#: what a check says of a mail; a mail that was not sent has no `times`
MAIL_KEYS = ("to", "template", "contains", "times")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One check: its key, what is expected and where that stands in the file."""

    key: str
    expected: Any
    line: int


@dataclass(frozen=True, slots=True)
class About:
    """What a check says of one thing: a task, a variable, a process."""

    name: str
    line: int
    #: labels or items that pick some of several tasks; empty: all of them
    which: tuple[str, ...] = ()
    #: how many, the day, the value, the texts …
    expected: Any = None


@dataclass(frozen=True, slots=True)
class MailClaim:
    line: int
    to: str | None = None
    template: str | None = None
    contains: str | None = None
    #: exactly so many; None: at least one
    times: int | None = None

    def __str__(self) -> str:
        said = {"to": self.to, "template": self.template, "contains": self.contains}
        return ", ".join(f"{key}: {text}" for key, text in said.items() if text is not None)


def known_key(lines: Lines, key: str, node: Node, known: tuple[str, ...], of: str) -> None:
    """JourneyFault for a key that nobody knows; it names the nearest known one."""
    if key not in known:
        near = nearest(key, known)
        hint = f" Did you mean “{near}”?" if near else f" Known are {', '.join(known)}."
        raise lines.fault(node, f"{of} has no key “{key}”.{hint}")


def read_claims(lines: Lines, node: Node) -> tuple[Claimed, ...]:
    """One `Claimed` for each key, with its own line; every entry in it knows its line too."""
    if not lines.is_empty(node):
        claims: list[Claimed] = []
        for key, where, value in lines.pairs(node):
            known_key(lines, key, where, CHECKS, "A check")
            if lines.is_empty(value) and (key not in _NONE or isinstance(value, ScalarNode)):
                raise lines.fault(where, f"“{key}” checks nothing. {_instead(key)}")
            claims.append(Claimed(key, _READERS[key](lines, value), line_of(where)))
        return tuple(claims)
    raise lines.fault(node, "This check checks nothing.")


def _instead(key: str) -> str:
    if key in ("mail", "no_mail"):
        return "For no mail at all write “no_mail: true”."
    if key in ("due", "no_deadline"):
        return "For no deadline at all write “no_deadline: true”."
    return "Write what must hold, or leave it out."


def _tasks(lines: Lines, node: Node) -> list[About]:
    """[a, b], {a: police}, [a, {b: [police, gp]}] → tasks, and which of several."""
    return [
        About(name, line, _which(lines, value)) if value is not None else About(name, line)
        for name, line, value in _named(lines, node)
    ]


def _open(lines: Lines, node: Node) -> list[About]:
    """As `_tasks`; {a: 8} says how many."""
    abouts: list[About] = []
    for name, line, value in _named(lines, node):
        number = lines.value(value) if isinstance(value, ScalarNode) else None
        if isinstance(number, int) and not isinstance(number, bool):
            abouts.append(About(name, line, expected=number))
        else:
            abouts.append(About(name, line, _which(lines, value) if value is not None else ()))
    return abouts


def _named(lines: Lines, node: Node) -> Iterator[tuple[str, int, Node | None]]:
    """(name, line, what stands behind it) of a text, a list or a block."""
    if lines.is_empty(node):
        return
    if isinstance(node, MappingNode):
        for key, where, value in lines.pairs(node):
            yield key, line_of(where), value
    elif isinstance(node, SequenceNode):
        for entry in node.value:
            yield from _named(lines, entry)
    else:
        yield lines.words(node), line_of(node), None


def _which(lines: Lines, node: Node) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    wrong = [
        entry
        for entry in nodes
        if not isinstance(entry, ScalarNode) or not entry.tag.endswith("str")
    ]
    if wrong or not nodes:
        said = "Which, or how many? A whole number, a label, or a list of labels is expected."
        raise lines.fault(wrong[0] if wrong else node, said)
    return tuple(lines.words(entry) for entry in nodes)


def _values(lines: Lines, node: Node) -> list[About]:
    """{a: 2026-06-11}, and for one of several {a: {police: 2026-06-11}}."""
    abouts: list[About] = []
    for name, where, value in lines.pairs(node):
        if isinstance(value, MappingNode):
            abouts += [
                About(name, line_of(key), (which,), lines.value(expected))
                for which, key, expected in lines.pairs(value)
            ]
        else:
            abouts.append(About(name, line_of(where), expected=lines.value(value)))
    return abouts


def _stated(lines: Lines, node: Node) -> list[About]:
    """As `_values`, and nothing in it may be left open."""
    abouts = _values(lines, node)
    for about in abouts:
        if about.expected in (None, "", []):
            raise lines.fault_at(about.line, f"“{about.name}”: here a value is expected.")
    return abouts


def _variables(lines: Lines, node: Node) -> list[About]:
    return [
        About(name, line_of(where), expected=lines.value(value))
        for name, where, value in lines.pairs(node)
    ]


def _counts(lines: Lines, node: Node) -> list[About]:
    abouts = _variables(lines, node)
    for about in abouts:
        if not isinstance(about.expected, int) or isinstance(about.expected, bool):
            raise lines.fault_at(about.line, "How many? A whole number is expected.")
    return abouts


def _lists(lines: Lines, node: Node) -> list[About]:
    """{a: text}, {a: [text, text]}"""
    abouts: list[About] = []
    for name, where, value in lines.pairs(node):
        nodes = value.value if isinstance(value, SequenceNode) else [value]
        if not nodes:
            raise lines.fault(where, f"“{name}”: here a text or a list of texts is expected.")
        texts = tuple(lines.words(entry) for entry in nodes)
        abouts.append(About(name, line_of(where), expected=texts))
    return abouts


def _texts(lines: Lines, node: Node) -> list[tuple[str, int]]:
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    return [(lines.words(entry), line_of(entry)) for entry in nodes]


def _true_or(read: Callable[[Lines, Node], Any]) -> Callable[[Lines, Node], Any]:
    """`true` for “none at all”, else what `read` makes of it."""

    def either(lines: Lines, node: Node) -> Any:
        if isinstance(node, ScalarNode) and node.tag.endswith(":bool"):
            return lines.said_true(node)
        return read(lines, node)

    return either


def _mails(lines: Lines, node: Node) -> list[MailClaim]:
    return [_mail(lines, entry, MAIL_KEYS) for entry in lines.items(node)]


def _no_mails(lines: Lines, node: Node) -> list[MailClaim]:
    return [_mail(lines, entry, MAIL_KEYS[:-1]) for entry in lines.items(node)]


def _mail(lines: Lines, node: Node, keys: tuple[str, ...]) -> MailClaim:
    texts: dict[str, Any] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, keys, "A mail")
        texts[key] = lines.count(value) if key == "times" else lines.words(value)
    if not texts.keys() - {"times"}:
        raise lines.fault(node, "Which mail? Say “to”, “template” or “contains”.")
    return MailClaim(line_of(node), **texts)


#: key → how what it expects is read
_READERS: Mapping[str, Callable[[Lines, Node], Any]] = {
    "open": _open,
    "not_open": _tasks,
    "signed": _tasks,
    "not_signed": _tasks,
    "offered": _lists,
    "page": _lists,
    "due": _stated,
    "backstop": _values,
    "sum": _stated,
    "late": _tasks,
    "not_late": _tasks,
    "no_deadline": _true_or(_tasks),
    "status": Lines.words,
    "ended": Lines.truth,
    "suspended": Lines.truth,
    "variables": _variables,
    "history": _texts,
    "not_history": _texts,
    "mail": _mails,
    "no_mail": _true_or(_no_mails),
    "instances": _counts,
    "can_see": _texts,
    "cannot_see": _texts,
}
CHECKS = tuple(_READERS)
#: the checks that may be empty: then there is none
_NONE = ("open", "late")
