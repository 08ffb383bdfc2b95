"""Owns what a function of a decision model is for the expressions that call it, and its failures.

By the standard a call that fails is null, as every error in FEEL is. In a case (`exact`) it is a
fault that names the function. What the function does is `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.dmn.model import Decision, DecisionService
from app.engine.errors import DecisionFault, ExpressionFault
from app.engine.feel import Function

Call = Callable[..., Any]


def kind_named(node: Any) -> str:
    """“Decision “Route””, “Decision service “x””, “Knowledge model “y””."""
    if isinstance(node, Decision):
        return f"Decision “{node.name}”"
    if isinstance(node, DecisionService):
        return f"Decision service “{node.name}”"
    return f"Knowledge model “{node.name}”"


def or_null(name: str, parameters: tuple[str, ...], call: Call) -> Function:
    """A function that is null where it fails."""

    def safe(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except (DecisionFault, ExpressionFault, ValueError):
            return None

    return Function(name, parameters, safe)


def or_fault(
    name: str, parameters: tuple[str, ...], call: Call, who: str, element_id: str | None
) -> Function:
    """A function that is a fault where it fails; the sentence begins with `who`."""

    def faulty(*arguments: Any) -> Any:
        if len(arguments) != len(parameters):
            sentence = miscounted(who, parameters, len(arguments))
            raise DecisionFault(sentence, element_id=element_id)
        try:
            return call(*arguments)
        except (DecisionFault, ExpressionFault) as fault:
            if fault.element_id:
                raise
            raise DecisionFault(f"{who}: {fault.sentence}", element_id=element_id) from fault

    return _Demanding(name, parameters, faulty)


def miscounted(who: str, parameters: tuple[str, ...], count: int) -> str:
    arguments = "one argument" if count == 1 else f"{count or 'no'} arguments"
    takes = f"{len(parameters)} ({', '.join(parameters)})" if parameters else "none"
    return f"{who} is called with {arguments} and takes {takes}."


def misnamed(who: str, parameters: tuple[str, ...], given: Mapping[str, Any]) -> str | None:
    """What is wrong with arguments given by name; None when nothing is."""
    for name in given:
        if name not in parameters:
            return f"{who} has no parameter “{name}”."
    for name in parameters:
        if name not in given:
            return f"{who} is called without its parameter “{name}”."
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Demanding(Function):
    """Takes whatever it is given, to complain of it: elsewhere a call that does not fit is null."""

    def fits(self, count: int) -> bool:
        return True

    def in_order(self, named: Mapping[str, Any]) -> list[Any] | None:
        wrong = misnamed(f"“{self.name or 'The function'}”", self.parameters, named)
        if wrong is not None:
            raise DecisionFault(wrong)
        return [named[name] for name in self.parameters]
