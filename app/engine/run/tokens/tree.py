# mypy: disable-error-code="misc"
"""Owns how SpiffWorkflow's task tree holds the tokens of one running process.

SpiffWorkflow (LGPL-3.0) supplies the tree (Task, Workflow), the task states, the graph of task
specs and the protocol run → complete or wait → cancel. This module subclasses them and changes:

- Upstream a task's parent is its predecessor, so the tree grows with the age of a case, is
  predicted ahead (b**n for n blocks of b branches) and stops silently at depth 1000. Here a
  token's parent is the scope it lies in and a finished token leaves the tree: nothing is
  predicted, and the tree is exactly the open work
  (tests: test_state_does_not_grow_with_age, test_many_parallel_blocks_start_at_once).
- Upstream ids are uuid4 and states carry wall-clock times; here ids are counted per instance
  (test_replay_gives_the_same_events_and_hashes).
- Upstream `do_engine_steps` drains inner flows before boundary events; here one token runs at a
  time, boundary events and outer scopes first
  (test_interrupting_boundary_stops_the_sub_process_before_it_runs_on).

What an element means is in the other modules of this folder.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import TYPE_CHECKING

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.workflow import Workflow

from app.engine.bpmn import Element, Flow, Process, Trigger
from app.engine.errors import Incident
from app.engine.events import ElementPassed, FlowTaken, InstanceEnded, StatusSet
from app.engine.run.tokens.token import FUTURE, READY, STARTED, WAITING, Token
from app.engine.run.tokens.variables import worked_out

if TYPE_CHECKING:
    from app.engine.run.elements.loops import Repeat
    from app.engine.run.tokens.turn import Post, Turn


class Node(TaskSpec):
    """A flow node. Subclasses say what happens when a token runs, completes or is withdrawn."""

    #: True where variables of the outside end: the root of a process
    border = False
    #: True for nodes that hold an inner flow
    scope = False
    join = False
    #: how an activity is repeated; None: it is done once
    repeat: Repeat | None = None

    def __init__(self, wf_spec: ProcessSpec, element: Element) -> None:
        super().__init__(wf_spec, element.id, inputs=[], outputs=[], data={}, defines={})
        #: as it runs (`bpmn.executable`)
        self.element = element
        self.triggers: tuple[Trigger, ...] = element.triggers
        self.drawn = element.id in wf_spec.process.elements
        self.incoming: tuple[Flow, ...] = ()
        self.outgoing: tuple[Flow, ...] = ()
        #: of what waits for several tokens: incoming flow → nodes from which one could still come
        self.sources: dict[str, frozenset[str]] = {}
        #: kinds of all triggers that a token here can be open for
        self.listens: frozenset[str] = frozenset()
        self.boundaries: tuple[Node, ...] = ()
        self.starts: tuple[Node, ...] = ()
        #: (event sub-process, its start event)
        self.event_starts: tuple[tuple[Node, Node], ...] = ()
        #: compensation handlers at its boundary
        self.handlers: tuple[Node, ...] = ()
        #: its completion is remembered, so that it can be compensated
        self.undoable = False

    def place(self, run: Instance) -> dict[str, str]:
        """What each fact about it tells: its instance, the process that holds it, its id."""
        return {"instance": run.id, "process": self.element.process, "element": self.name}

    def incident(self, sentence: str) -> Incident:
        """The case has stopped here."""
        return Incident(sentence, element_id=self.name, process=self.element.process)

    def test(self) -> None:
        """Drawings are checked before deployment, not while running."""

    def arrive(self, run: Instance, scope: Token, flow: Flow) -> None:
        """A token comes along `flow`: every arrival is a token of its own (BPMN 13.3.1)."""
        needed = self.element.start_quantity
        if needed == 1 or self._gathered(run, scope, flow) == needed:
            run.ready(self, scope)

    def _gathered(self, run: Instance, scope: Token, flow: Flow) -> int:
        """Tokens of a start quantity above one that have come so far, this one included."""
        token = self.gather(run, scope, flow)
        total = sum(token.internal_data["in"].values())
        if total == self.element.start_quantity:
            run.detach(token)
        return total

    def gather(self, run: Instance, scope: Token, flow: Flow) -> Token:
        """Count an arrival on the token that waits before this node for more to come."""
        n = run.gathering.get((scope.n, self.name))
        token = run.token(self, scope, WAITING) if n is None else run.tasks[n]
        run.gathering[scope.n, self.name] = token.n
        counts = token.internal_data.setdefault("in", {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        return token

    def _run_hook(self, token: Token) -> bool | None:
        self.passed(token)
        return True

    def _on_complete(self, token: Token) -> None:
        if token.workflow.tasks.get(token.n) is token:
            self.leave(token)

    def leave(self, token: Token) -> None:
        """Go on along the outgoing flows and vanish."""
        run, scope = token.workflow, token.parent
        if self.element.rules.replan:  # what follows is `stepping`'s
            run.turn.replans.append(" ".join((self.element.name or self.name).split()))
        flows = tuple(self.choose(token))
        for _ in range(self.element.completion_quantity):
            run.take(scope, flows)
        run.remove(token)

    def choose(self, token: Token) -> Iterable[Flow]:
        """The flows that its token goes on along."""
        return self.outgoing

    def started(self, token: Token) -> None:
        """Its token has run once and now waits."""

    def awaited(self, token: Token) -> Iterable[Node]:
        """The catching events that this token itself stands at, or before."""
        return ()

    def passed(self, token: Token) -> None:
        """Tell that it was completed, and the case status that goes with it."""
        run = token.workflow
        if self.drawn:
            run.turn.emit(ElementPassed(**self.place(run)))
            self.set_status(token)

    def set_status(self, token: Token) -> None:
        text = self.element.rules.status
        if text:
            status = worked_out(token, text)
            if status:
                run = token.workflow
                run.turn.emit(StatusSet(instance=run.id, status=str(status)))

    def cancelled(self, token: Token, by: str | None) -> None:
        """Its token was withdrawn while it ran."""

    def one_gone(self, token: Token) -> None:
        """A token inside it is finished."""
        if not token._children:
            self.emptied(token)

    def emptied(self, token: Token) -> None:
        """The last token inside it is gone."""


class ProcessSpec(WorkflowSpec):
    """The graph of one process, sub-processes included. Never changed once built."""

    task_specs: dict[str, Node]

    def __init__(self, process: Process) -> None:
        super().__init__(name=process.id)
        self.process = process
        self.root: Node | None = None
        self.has_conditions = False


class Instance(Workflow):
    """One running process of a case."""

    tasks: dict[int, Token]

    def __init__(self, id: str, spec: ProcessSpec, turn: Turn, post: Post) -> None:
        super().__init__(spec, deserializing=True)
        self.id = id
        self.turn = turn
        self.post = post
        self.counter = 0
        self.how: str | None = None
        #: a variable changed or a condition came up since conditions were last looked at
        self.unchecked = False
        #: some process in it has conditional events
        self.conditional = spec.has_conditions
        #: (scope, node) → the token that waits there for more to come
        self.gathering: dict[tuple[int, str], int] = {}
        self._queue: list[tuple[bool, int, int]] = []

    def token(self, node: Node, parent: Token | None, state: int = FUTURE) -> Token:
        self.counter += 1
        token = Token(self, node, parent, state, self.counter)
        token.since = self.turn.at.isoformat()
        return token

    def ready(self, node: Node, scope: Token, *, urgent: bool = False) -> Token:
        """A new token that will run: boundary events first, then outer scopes, then by age."""
        token = self.token(node, scope, READY)
        heapq.heappush(self._queue, (not urgent, scope.depth, token.n))
        return token

    def next_ready(self) -> Token | None:
        while self._queue:
            token = self.tasks.get(self._queue[0][2])
            if token is not None and token.state == READY:
                return token
            heapq.heappop(self._queue)
        return None

    def take(self, scope: Token, flows: Iterable[Flow]) -> None:
        """Send a token along each flow."""
        spec: ProcessSpec = scope.task_spec._wf_spec
        for flow in flows:
            if flow.id in spec.process.flows:  # else nobody drew it
                self.turn.emit(FlowTaken(instance=self.id, process=spec.name, flow=flow.id))
            spec.task_specs[flow.target].arrive(self, scope, flow)

    def detach(self, token: Token) -> None:
        parent = token.parent
        if parent is not None:
            parent._children.remove(token.n)
            place = (parent.n, token.task_spec.name)
            if self.gathering.get(place) == token.n:
                del self.gathering[place]
        self.tasks.pop(token.n, None)

    def remove(self, token: Token) -> None:
        """Take a finished token away; a scope left empty is finished too."""
        if not token.live:
            return
        parent = token.parent
        self.detach(token)
        if parent is not None and parent.state == STARTED:
            parent.task_spec.one_gone(parent)

    def end(self, how: str, error: str | None = None, by: str | None = None) -> None:
        """Finish the instance; whatever still runs is withdrawn."""
        if self.how is not None:
            return
        self.how = how
        self.task_tree.cancel(by)
        self.completed = True
        self.turn.emit(InstanceEnded(instance=self.id, how=how, error=error))
