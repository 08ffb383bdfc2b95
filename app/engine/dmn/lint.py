"""Owns what is wrong between decisions: ids, requirements, imports, circles, calls, types.

One file's own faults are found in reading it (`reader`), those of a table's rules in
`coverage`. What ran before this release is warned of, never refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from app.engine.dmn import call_lint as calls
from app.engine.dmn import coverage
from app.engine.dmn.cell_lint import Cells
from app.engine.dmn.graph import Graph, Placed, logic, parts
from app.engine.dmn.grid import Judge
from app.engine.dmn.model import (
    Column,
    Decision,
    DecisionService,
    Knowledge,
    Literal,
    Model,
    Node,
    Reference,
    Table,
)
from app.engine.errors import Finding, Severity, bounded
from app.engine.feel import Expression

MOST_TOLD = 20
MOST_NAMED = 8


def findings(graph: Graph, names: frozenset[str], sound: Collection[str]) -> Iterator[Finding]:
    """Everything that is wrong between decisions, and between the cells of their tables.

    `names` are those that all files give. Tables are judged in the files (paths) that are `sound`:
    all of their cells could be read.
    """
    yield from _structure(graph)
    special = frozenset(name for name in names if not name.isidentifier())
    known = names.union(*(_spoken_of(node) for model in graph.models for node in _nodes(model)))
    for model in graph.models:
        judge = Judge(model, graph.types, special)
        cells = Cells(model, graph.types, special, known)
        for placed in (Placed(node, model) for node in _nodes(model)):
            for rule, sentence in calls.told(placed, graph, special):
                yield finding(placed, rule, sentence, "warning")
            if model.file in sound:
                yield from _tables(placed, judge, cells)


def _nodes(model: Model) -> list[Node]:
    return list(model.nodes.values())


def _spoken_of(node: Node) -> set[str]:
    """Names that expressions use otherwise than as a whole cell: they are meant as names."""
    return {
        name
        for part in parts(logic(node))
        if isinstance(part, Expression)
        for name in part.names | part.maybe
        if name != part.source.strip()
    } | {
        name
        for part in parts(logic(node))
        if isinstance(part, Column | Literal) and part.expression is not None
        for name in part.expression.names
    }


def _tables(placed: Placed, judge: Judge, cells: Cells) -> Iterator[Finding]:
    for table in parts(logic(placed.node)):
        if not isinstance(table, Table):
            continue
        misfit = set()
        for rule, sentence, row in islice(cells.told(table), MOST_TOLD):
            misfit.add(row.number)
            yield finding(placed, rule, f"{table.where}, {sentence}", "warning", row.line)
        for rule, sentence, line in coverage.told(table, judge, frozenset(misfit)):
            yield finding(placed, rule, f"{table.where}: {sentence}", "warning", line)


def _structure(graph: Graph) -> Iterator[Finding]:
    """Decisions with one id, requirements that lead nowhere, circles, imports without a file."""
    for model in graph.models:
        for node in _nodes(model):
            placed = Placed(node, model)
            yield from _missing(placed, graph)
            if isinstance(node, Decision | Knowledge):
                yield from _twice(placed, graph)
        yield from _imports(model, graph)
    for group in graph.groups:
        yield from _circle(group, graph)


def finding(
    placed: Placed, rule: str, sentence: str, severity: Severity = "error", line: int | None = None
) -> Finding:
    line = line or getattr(placed.node, "line", None)
    return Finding(placed.model.file, rule, bounded(sentence), severity, placed.node.id, line)


def _twice(placed: Placed, graph: Graph) -> Iterator[Finding]:
    first = graph.decisions.get(placed.node.id)
    if first is not None and first.model is not placed.model:
        sentence = f"The decision id “{placed.node.id}” is also used in {first.model.file}."
        yield finding(placed, "decision-id-twice", sentence)


def _missing(placed: Placed, graph: Graph) -> Iterator[Finding]:
    node = placed.node
    references: tuple[Reference, ...] = ()
    if isinstance(node, Decision | Knowledge):
        references = node.requires
    elif isinstance(node, DecisionService):
        references = node.outputs + node.input_decisions + node.input_data
    for reference in references:
        if graph.place(reference, placed.model) is None:
            sentence = f"“{node.name}” requires “{reference.id}”, which is not there."
            yield finding(placed, "decision-missing-required", sentence)


def _circle(group: list[Placed], graph: Graph) -> Iterator[Finding]:
    """Decisions that need their own results; a knowledge model may call itself."""
    alone = len(group) == 1
    if alone and all(placed.key != group[0].key for placed in graph.required(group[0])):
        return
    names = f"{_quoted(placed.node.name for placed in group)} require one another"
    for placed in group:
        if isinstance(placed.node, Decision):
            sentence = f"Decision “{placed.node.name}” requires its own result in a circle"
            yield finding(placed, "decision-cycle", f"{sentence}{'' if alone else f': {names}'}.")


def _quoted(names: Iterable[str]) -> str:
    """“A”, “B” and “C”, cut after a few."""
    quoted = [f"“{name}”" for name in names]
    if len(quoted) > MOST_NAMED:
        quoted[MOST_NAMED - 1 :] = [f"{len(quoted) - MOST_NAMED + 1} more"]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _imports(model: Model, graph: Graph) -> Iterator[Finding]:
    for name, namespace in model.imports:
        if not graph.has(namespace):
            sentence = f"The imported model “{name}” ({namespace}) is not among the files."
            yield Finding(
                model.file, "decision-import", bounded(sentence), "error", name or None, 1
            )
