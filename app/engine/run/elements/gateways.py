# mypy: disable-error-code="misc"
"""Owns what gateways do with tokens (BPMN 2.0.2 sections 10.6 and 13.4).

Written anew as SpiffWorkflow (LGPL-3.0) task specs instead of the library's own, because there:

- a flow's condition behind an activity is ignored (test_conditions_on_flows_out_of_an_activity);
- a parallel or inclusive join inside a loop counts arrivals of earlier laps and fires early
  (test_and_join_in_a_loop_waits_on_every_lap, test_or_join_in_a_loop_waits_for_this_lap);
- an exclusive gateway tries its flows by the y-coordinate of their targets
  (test_exclusive_gateway_takes_the_first_flow_in_document_order);
- several timers behind one event gateway share one due instant
  (test_each_timer_behind_an_event_gateway_has_its_own_instant).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.engine.bpmn import Flow
from app.engine.events import ElementCancelled, ElementEntered
from app.engine.run import catching, timers
from app.engine.run.tokens import Instance, Node, Token, truth


def chosen(node: Node, token: Token, *, only_first: bool) -> list[Flow]:
    """Flows whose condition is true, in document order; else the default; else Incident."""
    flows = []
    for flow in node.outgoing:
        if flow.default:
            continue
        if flow.condition is None or truth(token, flow.condition):
            flows.append(flow)
            if only_first:
                break
    if flows or not node.outgoing:
        return flows
    default = [flow for flow in node.outgoing if flow.default]
    if not default:
        name = node.element.name or node.name
        raise node.incident(f"No condition after “{name}” is true and no default flow is drawn.")
    return default


class ExclusiveGateway(Node):
    def choose(self, token: Token) -> Iterable[Flow]:
        return chosen(self, token, only_first=True)


class Join(Node):
    """Waits for tokens on its incoming flows and counts them per flow (section 13.4.1)."""

    join = True

    def arrive(self, run: Instance, scope: Token, flow: Flow) -> None:
        if len(self.incoming) < 2:
            run.ready(self, scope)
            return
        self.arrived(run, scope, self.gather(run, scope, flow))

    def arrived(self, run: Instance, scope: Token, token: Token) -> None:
        raise NotImplementedError

    def open(self, run: Instance, scope: Token, token: Token) -> None:
        """Take one token off every filled flow and go on with one."""
        counts = {k: n - 1 for k, n in token.internal_data["in"].items() if n > 1}
        run.ready(self, scope)
        if counts:
            token.internal_data["in"] = counts
        else:
            run.detach(token)


class ParallelGateway(Join):
    def arrived(self, run: Instance, scope: Token, token: Token) -> None:
        if len(token.internal_data["in"]) == len(self.incoming):
            self.open(run, scope, token)


class Patient(Join):
    """A join that must know whether more tokens can come; looked at when all is at rest."""

    def arrived(self, run: Instance, scope: Token, token: Token) -> None:
        """Nothing yet: see `settle`."""

    def settle(self, run: Instance, scope: Token, token: Token) -> bool:
        """Move on if no more tokens need be waited for; False when it goes on waiting."""
        raise NotImplementedError

    def complete_now(self, scope: Token, token: Token) -> bool:
        """No token can still reach an empty flow, unless it can reach a filled one too."""
        filled = token.internal_data["in"]
        empty = [flow.id for flow in self.incoming if flow.id not in filled]
        if not empty:
            return True
        none: frozenset[str] = frozenset()
        held = none.union(*(self.sources[flow] for flow in filled))
        open_ = none.union(*(self.sources[flow] for flow in empty)) - held
        places = (c.task_spec.name for c in scope.children if c is not token)
        return not any(place in open_ for place in places)

    def choose(self, token: Token) -> Iterable[Flow]:
        if len(self.outgoing) == 1 and self.outgoing[0].condition is None:
            return self.outgoing
        return chosen(self, token, only_first=False)


class InclusiveGateway(Patient):
    def settle(self, run: Instance, scope: Token, token: Token) -> bool:
        if not self.complete_now(scope, token):
            return False
        self.open(run, scope, token)
        return True


class ComplexGateway(Patient):
    """Opens when its activation condition holds, then takes in the late ones (section 13.4.5)."""

    def arrived(self, run: Instance, scope: Token, token: Token) -> None:
        kept = token.internal_data
        if "opened" in kept:
            return
        count = Decimal(sum(kept["in"].values()))
        condition = self.element.activation
        if condition is None:
            raise self.incident("This gateway has no activation condition.")
        if truth(token, condition, {"activationCount": count}):
            kept["opened"] = True
            run.ready(self, scope)

    def settle(self, run: Instance, scope: Token, token: Token) -> bool:
        """Once open, it begins afresh when every late token has come or cannot come any more."""
        if "opened" not in token.internal_data or not self.complete_now(scope, token):
            return False
        run.remove(token)
        return True


def settle_one(run: Instance) -> bool:
    """Let the oldest patient join that can move on do so; False when there is none."""
    for n in sorted(run.gathering.values()):
        token = run.tasks[n]
        node = token.task_spec
        if isinstance(node, Patient):
            run.turn.step(node.name, node.element.process, among=len(run.tasks))
            if node.settle(run, token.parent, token):
                return True
    return False


class EventGateway(Node):
    """Waits for the first of the events behind it (section 10.6.6)."""

    def _run_hook(self, token: Token) -> bool | None:
        run = token.workflow
        if self.drawn:
            run.turn.emit(ElementEntered(**self.place(run)))
        return None

    def started(self, token: Token) -> None:
        catching.arm(token)
        token.workflow.unchecked = True

    def awaited(self, token: Token) -> Iterable[Node]:
        specs = self._wf_spec.task_specs
        return [specs[flow.target] for flow in self.outgoing]

    def cancelled(self, token: Token, by: str | None) -> None:
        run = token.workflow
        timers.drop(token)
        if self.drawn:
            run.turn.emit(ElementCancelled(**self.place(run)))
