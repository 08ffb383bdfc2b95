"""Owns the border for decisions: DMN files in, decisions that can be asked out, with findings.

Parts: `reader` and `boxed_reader` (files), `graph` (how they hang together),
`evaluation`, `tables`, `types` (working them out).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.engine.dmn import lint
from app.engine.dmn.evaluation import Decided, Run
from app.engine.dmn.graph import Graph, Placed
from app.engine.dmn.model import Decision, Table
from app.engine.dmn.reader import names_of, open_file, read_model
from app.engine.errors import (
    DecisionFault,
    ExpressionFault,
    Fault,
    Finding,
    UnknownHolidays,
    nearest,
)
from app.engine.feel import World
from app.engine.limits import Spent

T = TypeVar("T")

__all__ = ["Decided", "Decisions", "read_decisions"]


class Decisions:
    """All decisions of a deployment."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        #: decision id → its name for people
        self.ids: Mapping[str, str] = {
            decision_id: placed.node.name for decision_id, placed in graph.decisions.items()
        }
        #: ids of those that are decided by the rules of a table
        self.tables = frozenset(
            decision_id
            for decision_id, placed in graph.decisions.items()
            if isinstance(placed.node, Decision) and isinstance(placed.node.box, Table)
        )

    def inputs(self, decision_id: str) -> frozenset[str]:
        """Names it must be given: variables and input data, also those of required decisions."""
        return frozenset(self._graph.inputs(self._placed(decision_id)))

    def evaluate(
        self,
        decision_id: str,
        scope: Mapping[str, Any],
        world: World,
        imported: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Decided:
        """Work a decision out. Raises `DecisionFault` naming decision and rule, or
        `UnknownHolidays` where it hangs on a day beyond the bank holidays that are known.

        In a strict world what is unknown or of the wrong type is a fault; otherwise it is null,
        as the standard has it. `imported` holds input data of imported models by namespace.
        """
        placed = self._placed(decision_id)
        return _guarded(lambda: Run(self._graph, scope, world, imported).decided(placed))

    def call(self, name: str, scope: Mapping[str, Any], world: World) -> Any:
        """The result of a decision service or knowledge model, found by id or name."""
        placed = self._graph.callable(name)
        if placed is None:
            raise DecisionFault(f"There is no decision service or knowledge model “{name}”.")
        run = Run(self._graph, scope, world)
        return _guarded(lambda: run.called(placed, scope))

    def _placed(self, decision_id: str) -> Placed:
        placed = self._graph.decisions.get(decision_id)
        if placed is None:
            near = nearest(decision_id, self._graph.decisions)
            hint = f" Did you mean “{near}”?" if near else ""
            raise DecisionFault(f"There is no decision “{decision_id}”.{hint}")
        return placed


def _guarded(work: Callable[[], T]) -> T:
    """No library's exception leaves this room, whatever a table holds."""
    try:
        return work()
    except Spent:
        raise
    except DecisionFault as fault:
        raise _first_cause(fault) from fault.__cause__
    except UnknownHolidays:
        raise
    except ExpressionFault as fault:
        raise DecisionFault(fault.sentence, element_id=fault.element_id) from fault
    except RecursionError as fault:
        raise DecisionFault("This decision calls itself too often.") from fault
    except Exception as fault:
        raise DecisionFault("This decision cannot be worked out over these values.") from fault


def _first_cause(fault: DecisionFault) -> Fault:
    """The day that is not known yet, where the fault comes of one; else the fault itself."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, UnknownHolidays):
            return UnknownHolidays(fault.sentence, year=cause.year)
        cause = cause.__cause__
    return fault


def read_decisions(files: Mapping[str, bytes]) -> tuple[Decisions, list[Finding]]:
    """The decisions in the DMN files (path → content) and everything wrong with them."""
    opened = [open_file(path, content) for path, content in sorted(files.items())]
    names = frozenset().union(*(names_of(root) for root, _ in opened if root is not None))
    models = [read_model(root, reader, names) for root, reader in opened if root is not None]
    graph = Graph(models)
    findings = [finding for _, reader in opened for finding in reader.findings]
    unsound = {finding.file for finding in findings if finding.severity == "error"}
    sound = {model.file for model in models} - unsound
    return Decisions(graph), [*findings, *lint.findings(graph, names, sound)]
