"""SpiffWorkflow executes the diagrams: its specs are the graph, its tasks the tokens. Nothing that
stands beside them holds a token, and docs/decisions.md names what of the library is called."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
import SpiffWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from app.engine.bpmn.executable import executable
from app.engine.bpmn.model import Element
from app.engine.errors import Incident
from app.engine.events import ElementEntered, ElementPassed, TaskCompleted, TaskOpened
from app.engine.run.graph import ROOT, build, spec_of
from app.engine.run.tokens.token import Token
from app.engine.run.tokens.tree import Instance, Node

from .kit import E, Play, S, many, process, program, user
from .test_replay import busy, session

DECISIONS = Path(__file__).parents[3] / "docs" / "decisions.md"
WAITING = TaskState.WAITING
LIBRARY = str(Path(SpiffWorkflow.__file__).parent)
#: what a running process and a token keep beside the library's own; numbers of tasks at most
BESIDE = {"id", "turn", "post", "counter", "how", "unchecked", "conditional", "gathering", "_queue"}
WITH = {"n", "since", "outcome", "unasked"}


def strange_nodes(spec: Any) -> Iterator[str]:
    """What in a graph is not SpiffWorkflow's, or not what the drawing says."""
    if not isinstance(spec, WorkflowSpec):
        yield "the graph is no WorkflowSpec"
    for name, node in spec.task_specs.items():
        if not isinstance(node, TaskSpec):
            yield f"{name} is no TaskSpec"
        elif node.name != name or node._wf_spec is not spec:
            yield f"{name} lies in another graph"
    runs = executable(spec.process)
    if spec.task_specs.keys() != {ROOT, *runs.elements}:
        yield "other elements run than are drawn"
    drawn = sorted((flow.source, flow.target) for flow in runs.flows.values())
    specs = [node for node in spec.task_specs.values() if isinstance(node, TaskSpec)]
    if drawn != sorted((node.name, name) for node in specs for name in node._outputs):
        yield "other flows run than are drawn"


def strange_tokens(run: Any) -> Iterator[str]:
    """What of a running process is held by anything but SpiffWorkflow's Workflow and Task."""
    if not isinstance(run, Workflow):
        yield "the instance is no Workflow"
    own = {"task_tree", *vars(Workflow(run.spec, deserializing=True))}
    yield from (f"the instance keeps {name}" for name in vars(run).keys() - own - BESIDE)
    for n, token in run.tasks.items():
        if not isinstance(token, Task):
            yield f"{n} is no Task"
            continue
        bare = vars(Task(SimpleNamespace(tasks={}), token.task_spec, None)).keys()
        yield from (f"{n} keeps {name}" for name in vars(token).keys() - bare - WITH)
        if token.id != n or token.workflow is not run:
            yield f"{n} is a task of something else"
        if token.state not in (TaskState.WAITING, TaskState.STARTED):
            yield f"{n} is neither waiting nor started"
        if token is not run.task_tree and n not in token.parent._children:
            yield f"{n} is not in the tree"
    waiting = {t.id for t in run.tasks.values() if isinstance(t, Task) and t.state == WAITING}
    if {*run.gathering.values()} != waiting:
        yield "what gathers at a join is not what waits there"


def lives() -> Iterator[Play]:
    """Cases of many kinds of elements, after each of their commands."""
    made = busy()
    for seed in range(4):
        play = Play(made, fresh=False)
        for command, arguments, at in session(made, seed).log:
            play.at = at
            play.do(command, *arguments)
            yield play


def instances(play: Play) -> list[Instance]:
    return list(play.case._instances.running())


def test_the_graph_is_one_of_spiffworkflow() -> None:
    made = busy()
    assert [w for id in made.processes for w in strange_nodes(spec_of(made, id))] == []


def test_every_token_is_a_task_of_spiffworkflow() -> None:
    seen = 0
    for play in lives():
        for run in instances(play):
            assert list(strange_tokens(run)) == []
            seen += len(run.tasks)
    assert seen > 200


def test_what_is_stored_is_those_tasks_and_nothing_else() -> None:
    for play in lives():
        snapshots = play.case.snapshots()
        own = json.loads(snapshots[""].state)
        assert own.keys() - {"asleep"} == {"form", "count", "open", "ended", "kept", "messages"}
        for run in instances(play):
            stored = json.loads(snapshots[run.id].state)
            assert stored.keys() == {"form", "process", "n", "tokens"}
            assert [row[:4] for row in stored["tokens"]] == [
                [task.id, task._parent, task.task_spec.name, "w" if task.state == WAITING else "s"]
                for task in run.tasks.values()
            ]


GRAPHS = [
    pytest.param(lambda spec: spec.task_specs.update(a=SimpleNamespace()), "a is no TaskSpec",
                 id="a node of its own"),
    pytest.param(lambda spec: Node(spec, Element("z", "task", "P")),
                 "other elements run than are drawn", id="one node more"),
    pytest.param(lambda spec: spec.task_specs["a"]._outputs.clear(),
                 "other flows run than are drawn", id="one flow less"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "told"), GRAPHS)
def test_another_graph_is_noticed(plant: Callable[[Any], Any], told: str) -> None:
    spec = build(program(process(S + user("a") + E, "s->a; a->e")).processes["P"])
    assert list(strange_nodes(spec)) == []
    plant(spec)
    assert told in list(strange_nodes(spec))


#: what is done to an instance whose token `n` stands at a task
TOKENS = [
    pytest.param(lambda run, n: setattr(run, "mine", [n]), "the instance keeps mine",
                 id="a list of tokens beside"),
    pytest.param(lambda run, n: run.tasks.update({n: SimpleNamespace()}), "{n} is no Task",
                 id="a token of its own"),
    pytest.param(lambda run, n: setattr(run.tasks[n], "phase", "open"), "{n} keeps phase",
                 id="a state beside"),
    pytest.param(lambda run, n: run.task_tree._children.clear(), "{n} is not in the tree",
                 id="a token outside the tree"),
    pytest.param(lambda run, n: run.gathering.update({(1, "j"): n}),
                 "what gathers at a join is not what waits there", id="a count beside"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "told"), TOKENS)
def test_a_token_beside_is_noticed(plant: Callable[[Any, int], Any], told: str) -> None:
    play = Play(program(process(S + user("a") + E, "s->a; a->e")), fresh=False).start()
    (run,) = instances(play)
    n = max(run.tasks)
    assert list(strange_tokens(run)) == []
    plant(run, n)
    assert told.format(n=n) in list(strange_tokens(run))


class Watch:
    """What of the library is called between the lines of a `with`."""

    def __init__(self) -> None:
        self.called: set[str] = set()
        #: (process, element) of every task that the library ran or completed
        self.moved: set[tuple[str, str]] = set()

    def __enter__(self) -> Watch:
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(LIBRARY):
            return
        name = code.co_qualname.partition(".<locals>")[0]
        self.called.add(name)
        if name in ("Task.run", "Task.complete"):
            node = frame.f_locals["self"].task_spec
            self.moved.add((node.element.process, node.name))


def test_what_was_passed_was_a_task_that_the_library_ran() -> None:
    with Watch() as watch:
        told = [event for play in lives() for event in play.events]
    kinds = (ElementPassed, ElementEntered, TaskOpened, TaskCompleted)
    passed = {(e.process, e.element) for e in told if isinstance(e, kinds)}
    assert len(passed) > 20
    assert passed <= watch.moved
    assert (Token.run, Token.complete, Node._run) == (Task.run, Task.complete, TaskSpec._run)


def test_the_docs_name_what_of_the_library_is_called() -> None:
    made = busy()
    stuck = program(process(S + user("a", inner=many("=v", "x")) + E, "s->a; a->e", v="=1"))
    with Watch() as watch:
        for one in made.processes.values():
            build(one)
        session(made, 1)
        with pytest.raises(Incident):
            Play(stuck).start()
    told = DECISIONS.read_text().partition("**What exactly of SpiffWorkflow runs")[2]
    rows = re.findall(r"^\| `(\w+)`[^|]*\|([^|]+)\|", told.partition("\n\n**")[0], re.MULTILINE)
    named = {f"{kind}.{name}" for kind, cell in rows for name in re.findall(r"`(\w+)`", cell)}
    assert watch.called == named
