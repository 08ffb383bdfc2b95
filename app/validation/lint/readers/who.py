"""Owns who is meant by a text that offers a task or addresses a mail, as sorts of readers.

A reader is the id of a role, or a word for people whom no role tells. What a text gives is followed
over the names it uses; of what cannot be followed everybody is meant whose role may come of it, and
where that is nobody, `SOMEBODY`, so that it is never taken for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.documents import CONTRIBUTORS, STARTER
from app.engine.bpmn import Element, Process, listed
from app.engine.feel.syntax import nodes
from app.validation.lint.readers.carried import parsed
from app.validation.lint.readers.flow import Flow
from app.validation.lint.sources import Sources
from app.validation.shapes import Record, Shape, Texts, item_of

#: everybody who sees all of a case: its history and pages hold every answer
WHOLE = "whole_case"
#: somebody without an account, who answers one task by a link
GUEST = "guest"
#: whoever a document goes to: with names by law, or outward with pseudonyms
BY_LAW, OUTWARD = "by_law", "outward"
#: everybody who sees all of another case, to which a signal goes
OTHER = "other_case"
#: a person named by an answer, or whoever a text gives that nobody can follow
SOMEBODY = "somebody"
SORTS: Mapping[str, str] = {
    WHOLE: "Everybody who sees all of the case",
    STARTER: "Who began the case",
    CONTRIBUTORS: "Who was asked in the case for one organisation",
    GUEST: "A guest, without an account",
    BY_LAW: "Whoever a document goes to by law",
    OUTWARD: "Whoever a document goes to outside, with pseudonyms",
    OTHER: "Everybody who sees all of another case",
    SOMEBODY: "Somebody whom the case names, or whom the check cannot tell",
}
#: any text
_ANY = ".*"
#: texts put together; beyond it anything may come of them
_MOST = 400
#: names behind names
_MOST_DEEP = 6
#: functions that give the items of the lists they are given
_GATHERING = frozenset({"concatenate", "union", "append", "flatten", "distinct values", "in_force"})


class Who:
    """The readers that texts of one deployment mean."""

    def __init__(self, flow: Flow, settings: Mapping[str, Any], sources: Sources) -> None:
        self.flow, self.sources = flow, sources
        sights = settings.get("role_sight")
        self.sights: Mapping[str, str] = sights if isinstance(sights, dict) else {}
        given = settings.get("roles")
        roles = given if isinstance(given, list) else [*self.sights]
        self.roles = sorted({*map(str, roles), *self.sights})

    @property
    def whole(self) -> list[str]:
        """Roles whose people see all of the cases they belong to."""
        return [role for role in self.roles if self.sights.get(role) in ("case", "all")]

    def doers(self, process: Process, task: Element) -> frozenset[str]:
        """Who may have the task before them; a guest beside its groups."""
        readers: set[str] = set()
        readers |= self.meant(process, task, task.groups, groups=True)
        for text in (task.users, task.assignee):
            readers |= self.meant(process, task, text)
        return frozenset(readers | ({GUEST} if task.rules.guest else set()))

    def meant(
        self, process: Process, element: Element | None, text: str | None, *, groups: bool = False
    ) -> frozenset[str]:
        """Who is meant by a list with commas, or by FEEL after “=”. `groups`: a name that is no
        role is nobody's; else it may be a person's."""
        bare = (text or "").strip()
        if not bare:
            return frozenset()
        if not bare.startswith("="):
            named = frozenset(self.reader(name) for name in listed(bare))
            return named - {SOMEBODY} if groups else named
        patterns = self._patterns(process, element, bare[1:])
        if groups and self.roles:
            patterns = {each for each in patterns if _ANY in _role(each) or self._roles(each)}
        return frozenset(reader for each in patterns for reader in self._readers(each))

    def reader(self, name: str) -> str:
        """The reader that a group or person is."""
        role = name.partition(":")[0]
        return role if role in self.roles or role in SORTS or not self.roles else SOMEBODY

    def _readers(self, pattern: str) -> Iterator[str]:
        """`pattern`: a regular expression of a name."""
        if _role(pattern) == _ANY:
            yield SOMEBODY
            return
        yield from self._roles(pattern) or [SOMEBODY]

    def _roles(self, pattern: str) -> list[str]:
        every, role = (*self.roles, STARTER, CONTRIBUTORS), _role(pattern)
        return [each for each in every if re.fullmatch(role, each)]

    def _patterns(self, process: Process, element: Element | None, source: str) -> set[str]:
        node = parsed(source)
        if node is None:
            return {_ANY}
        return _Walk(self, process, element).texts(node, {}) - {""}


class _Walk:
    """The texts that an expression at an element may give, each as a regular expression."""

    def __init__(self, who: Who, process: Process, element: Element | None, deep: int = 0) -> None:
        self.who, self.process, self.element, self.deep = who, process, element, deep

    def texts(self, node: nodes.Node, bound: Mapping[str, nodes.Node]) -> set[str]:
        """`bound`: a name of a loop in the expression → the list that it goes through."""
        if isinstance(node, nodes.Literal):
            return set(_written(node))
        if isinstance(node, nodes.If):
            return self._all((node.then, node.otherwise), bound)
        if isinstance(node, nodes.For):
            return self.texts(node.body, {**bound, **dict(node.iterators)})
        if isinstance(node, nodes.ListOf):
            return self._all(node.items, bound)
        if isinstance(node, nodes.Arithmetic):
            return self._sum(node, bound)
        if isinstance(node, nodes.Call) and node.function_name in _GATHERING:
            return self._all(node.arguments, bound)
        if isinstance(node, nodes.Name) and node.name in bound:
            return self.texts(bound[node.name], {k: v for k, v in bound.items() if k != node.name})
        shape = item_of(self._shape(node, bound))
        if isinstance(shape, Texts) and shape.values - {""}:
            return {re.escape(part) for value in shape.values for part in listed(value)}
        if isinstance(node, nodes.Filter):
            return self.texts(node.of, bound)
        return self._set_around(node.name) if isinstance(node, nodes.Name) else {_ANY}

    def _all(self, several: Iterable[nodes.Node], bound: Mapping[str, nodes.Node]) -> set[str]:
        made: set[str] = set()
        return made.union(*(self.texts(node, bound) for node in several))

    def _sum(self, node: nodes.Arithmetic, bound: Mapping[str, nodes.Node]) -> set[str]:
        made = self.texts(node.first, bound)
        for _, operand in node.rest:
            more = self.texts(operand, bound)
            made = {a + b for a in made for b in more} if len(made) * len(more) < _MOST else {_ANY}
        return made

    def _shape(self, node: nodes.Node, bound: Mapping[str, nodes.Node]) -> Shape:
        if isinstance(node, nodes.Name):
            if node.name in bound:
                rest = {name: rows for name, rows in bound.items() if name != node.name}
                return item_of(self._shape(bound[node.name], rest))
            return self.who.sources.names(self.process, self.element)(node.name)
        if isinstance(node, nodes.Filter):
            return self._shape(node.of, bound)
        if isinstance(node, nodes.Path):
            of = item_of(self._shape(node.of, bound))
            return of.keys.get(node.name) if isinstance(of, Record) else None
        return None

    def _set_around(self, name: str) -> set[str]:
        """An item of a loop, or an input, of what lies around the element."""
        around = self.element if self.deep < _MOST_DEEP else None
        while around is not None:
            outer = self.process.elements.get(around.scope or "")
            sources = [each.source for each in around.inputs if each.target == name]
            if around.loop is not None and around.loop.element == name:
                sources.append(around.loop.collection)
            made: set[str] = set()
            for source in sources:
                node = parsed(source.strip().removeprefix("=").strip())
                walk = _Walk(self.who, self.process, outer, self.deep + 1)
                made |= {_ANY} if node is None else walk.texts(node, {})
            if made:
                return made
            around = outer
        return {_ANY}


def _role(pattern: str) -> str:
    """Without the value behind it."""
    return pattern.partition(":")[0]


def _written(node: nodes.Literal) -> Iterator[str]:
    if isinstance(node.value, str):
        yield from (re.escape(part) for part in (listed(node.value) or (node.value,)))
