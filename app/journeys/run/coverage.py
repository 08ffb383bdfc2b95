"""Which elements and flows of the diagrams no journey has walked, per diagram."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from app.engine import Program
from app.engine.bpmn import Process
from app.engine.old_places import Holders

Walked = Set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Covered:
    process: str
    file: str
    elements: int
    flows: int
    #: ids never reached, in the order of the diagram
    left_elements: tuple[str, ...]
    left_flows: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Of elements and flows together; rounded down, so that 100 means all."""
        total = self.elements + self.flows
        left = len(self.left_elements) + len(self.left_flows)
        return 100 * (total - left) // total if total else 100


def covered(program: Program, walked: Walked) -> list[Covered]:
    """`walked`: (process, element or flow id); where an old fact told that of its instance only,
    calls are found here."""
    holders = Holders(program)
    there = {(holders.of(process, key) or process, key) for process, key in walked}
    return [_process(process, there) for process in program.processes.values()]


def _process(process: Process, walked: Walked) -> Covered:
    # A gateway leaves no fact of its own: it is walked when a flow out of it or into it is.
    flows = [key for key in process.flows if (process.id, key) not in walked]
    passed = {
        end
        for key, flow in process.flows.items()
        if (process.id, key) in walked
        for end in (flow.source, flow.target)
    }
    elements = [
        key for key in process.elements if (process.id, key) not in walked and key not in passed
    ]
    return Covered(
        process.id,
        process.file,
        len(process.elements),
        len(process.flows),
        tuple(elements),
        tuple(flows),
    )


def lines(program: Program, walked: Walked) -> Iterator[str]:
    """Plain lines for a terminal."""
    coverages = covered(program, walked)
    for coverage in coverages:
        yield f"{coverage.file}  {coverage.process}: {coverage.percent} %"
        if coverage.left_elements:
            yield f"    elements never walked: {', '.join(coverage.left_elements)}"
        if coverage.left_flows:
            named = (_flow(program, coverage.process, key) for key in coverage.left_flows)
            yield f"    flows never walked: {', '.join(named)}"
    total = sum(coverage.elements + coverage.flows for coverage in coverages)
    left = sum(len(coverage.left_elements) + len(coverage.left_flows) for coverage in coverages)
    yield f"all diagrams: {100 * (total - left) // total if total else 100} %"


def _flow(program: Program, process: str, key: str) -> str:
    flow = program.processes[process].flows[key]
    name = f" “{flow.name}”" if flow.name else ""
    return f"{key}{name} ({flow.source} → {flow.target})"
