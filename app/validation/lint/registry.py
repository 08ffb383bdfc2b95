"""Owns the list of rules and running them; severity is data here, not code in a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.engine import Finding, Severity, bounded
from app.engine.bpmn import line
from app.validation.lint.view import Said, View

Check = Callable[[View], Iterator[Said]]

#: enough to mend a drawing by; a broken export must not bury the page
MOST_OF_A_RULE = 50


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    severity: Severity
    check: Check
    #: what it would do to a case if the drawing were let through, for a process owner; its page
    #: in docs/rules is made of this
    why: str
    #: module of its subject
    module: str


RULES: list[Rule] = []


def add(name: str, severity: Severity, check: Check, why: str, module: str) -> None:
    """For checks that serve several rules; `module`: the `__name__` of whoever adds it."""
    RULES.append(Rule(name, severity, check, " ".join(why.split()), module))


def rule(name: str, severity: Severity = "error") -> Callable[[Check], Check]:
    """Registers a check under bpmnlint's rule name, or ours where it has none.

    The docstring of the check is the rule's reason, for a process owner.
    """

    def register(check: Check) -> Check:
        add(name, severity, check, check.__doc__ or "", check.__module__)
        return check

    return register


def findings(view: View) -> Iterator[Finding]:
    """Every finding of every rule on one process, with the line it stands on.

    A process that is not marked executable does not run, so nothing about it is an error.
    """
    for registered in RULES:
        for number, said in enumerate(registered.check(view)):
            if number == MOST_OF_A_RULE:
                break
            yield Finding(
                file=view.process.file,
                rule=registered.name,
                sentence=bounded(said.sentence),
                severity=(said.severity or registered.severity)
                if view.process.executable
                else "warning",
                element_id=said.element_id or view.process.id,
                line=_line(view, said.element_id),
            )


def _line(view: View, element_id: str | None) -> int | None:
    node = view.drawn.nodes.get(element_id or view.process.id)
    if node is not None:
        return line(node)
    root = view.drawn.node.getroottree().getroot()
    return next((line(element) for element in root.iter() if element.get("id") == element_id), None)
