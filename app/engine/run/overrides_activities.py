# mypy: disable-error-code="misc"
"""Owns what activities do: begin, work, complete, be withdrawn (BPMN 2.0.2 sections 10.3, 13.3).

Written anew as SpiffWorkflow (LGPL-3.0) task specs instead of the library's own, because there:

- a flow's condition behind an activity is ignored (test_conditions_on_flows_out_of_an_activity);
- tasks spawned by a boundary cycle vanish when their host completes
  (test_tasks_of_a_boundary_cycle_outlive_their_host);
- `bpmn:task` waits for a person, a receive task without a message passes, services wait for ever.

Loops and multi-instance are in `overrides_loops`, sub-processes and calls in `overrides_scopes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.engine.events import (
    DecisionMade,
    EffectRequested,
    ElementCancelled,
    ElementEntered,
    MessageSent,
    TaskCancelled,
    TaskCompleted,
)
from app.engine.run import catching, deadlines, offers, timers, undoing
from app.engine.run.overrides import Node
from app.engine.run.overrides_gateways import chosen
from app.engine.run.overrides_tokens import Token
from app.engine.run.turn import about
from app.engine.run.variables import (
    assign,
    give_outputs,
    mapped,
    normal,
    visible,
    worked_out,
)

if TYPE_CHECKING:
    from app.engine.run.overrides_loops import Repeat
    from app.engine.run.shape import Arc


class Activity(Node):
    """Anything that is begun and completed, alone or as an instance of a loop."""

    #: takes time: told when entered and when withdrawn
    lasting = False
    repeat: Repeat | None = None

    def _run_hook(self, token: Token) -> bool | None:
        if self.repeat is not None and not token.inner:
            return self.repeat.begin(token)
        return self.begin(token)

    def begin(self, token: Token) -> bool | None:
        for name, value in mapped(token, self.element.inputs).items():
            token.data[name] = normal(value)
        self.entered(token)
        self.set_status(token)
        deadlines.set_deadline(token)
        return self.work(token)

    def work(self, token: Token) -> bool | None:
        """True: done at once. None: it waits."""
        return True

    def started(self, token: Token) -> None:
        """Its token has begun and waits: set timers."""
        catching.arm(token)

    def entered(self, token: Token) -> None:
        run = token.workflow
        if self.lasting and self.drawn:
            run.turn.emit(ElementEntered(instance=run.id, element=self.name))

    def _on_complete(self, token: Token) -> None:
        if not token.live:
            return
        if self.repeat is not None and not token.inner:
            self.repeat.end(token)
            self.leave(token)
            return
        self.completed(token)
        deadlines.end_deadline(token, "met")
        came = self.results(token)
        if self.repeat is not None:
            undoing.hand_up(token, token.parent)
            self.repeat.one_done(token.parent, token, came)
        else:
            self.leave(token)

    def results(self, token: Token) -> dict[str, Any]:
        """Set the variables its end sets; gives all that an output element may speak of."""
        outside = token.parent if self.element.outputs else token
        return {**token.outcome, **give_outputs(self, token, outside, token.outcome)}

    def completed(self, token: Token) -> None:
        self.told(token)

    def told(self, token: Token) -> None:
        from app.engine.events import ElementPassed

        run = token.workflow
        if self.drawn:
            run.turn.emit(ElementPassed(instance=run.id, element=self.name))

    def leave(self, token: Token) -> None:
        timers.drop(token)
        undoing.remember(token)
        super().leave(token)

    def choose(self, token: Token) -> Iterable[Arc]:
        """Conditions on flows out of an activity choose inclusively (section 13.2.1)."""
        if any(arc.condition is not None or arc.default for arc in self.arcs_out):
            return chosen(self, token, only_first=False)
        return self.arcs_out

    def cancelled(self, token: Token, by: str | None) -> None:
        timers.drop(token)
        deadlines.end_deadline(token, "dropped")
        if self.repeat is None or token.inner:
            self.withdrawn(token, by)

    def withdrawn(self, token: Token, by: str | None) -> None:
        run = token.workflow
        if self.lasting and self.drawn:
            run.turn.emit(ElementCancelled(instance=run.id, element=self.name))


class AutomaticTask(Activity):
    """bpmn:task and a manual task without a form: passed at once."""


class UserTask(Activity):
    """Open until a person completes it."""

    def entered(self, token: Token) -> None:
        token.workflow.turn.emit(offers.opened(token))

    def work(self, token: Token) -> bool | None:
        return None

    def results(self, token: Token) -> dict[str, Any]:
        offers.fill_up(token, self.element.form)
        return super().results(token)

    def completed(self, token: Token) -> None:
        run = token.workflow
        run.turn.emit(TaskCompleted(instance=run.id, task=token.key, element=self.name))

    def withdrawn(self, token: Token, by: str | None) -> None:
        run = token.workflow
        run.turn.emit(TaskCancelled(instance=run.id, task=token.key, element=self.name, by=by))


class ReceiveTask(Activity):
    """Waits for its message."""

    lasting = True

    def awaited(self, token: Token) -> Iterable[Node]:
        return (self,) if self.repeat is None or token.inner else ()

    def work(self, token: Token) -> bool | None:
        return True if "caught" in token.internal_data else None


class DecisionTask(Activity):
    """A business rule task: asks a decision and keeps its answer."""

    def work(self, token: Token) -> bool | None:
        run = token.workflow
        decision = self.element.decision or ""
        with about(self.name):
            made = run.turn.program.decisions.evaluate(decision, visible(token), run.turn.world())
        for step in (*_steps(made), (decision, made)):
            run.turn.emit(_decision_made(run.id, self.name, *step))
        token.outcome = {self.element.result_variable or decision: made.output}
        return True

    def results(self, token: Token) -> dict[str, Any]:
        if self.element.outputs or self.element.result_variable is None:
            return super().results(token)
        assign(token if token.inner else token.parent, token.outcome, self.name)
        return token.outcome


def _steps(made: Any) -> Iterable[tuple[str, Any]]:
    for step in made.steps:
        yield from _steps(step)
        yield getattr(step, "decision", ""), step


def _decision_made(instance: str, element: str, decision: str, made: Any) -> DecisionMade:
    return DecisionMade(
        instance=instance,
        element=element,
        decision=decision,
        inputs=made.inputs,
        output=made.output,
        rules=tuple(made.rules),
    )


class EffectTask(Activity):
    """A service or send task: asks for something outside, or sends a message, and goes on."""

    def work(self, token: Token) -> bool | None:
        run = token.workflow
        for trigger in self.triggers:
            if trigger.kind == "message" and trigger.name is not None:
                send_message(token, trigger.name)
        if self.element.effect and token.live:
            headers = {k: normal(worked_out(token, v)) for k, v in self.element.headers.items()}
            run.turn.emit(
                EffectRequested(
                    instance=run.id,
                    element=self.name,
                    effect=self.element.effect,
                    headers=headers,
                )
            )
        return True if token.live else None


def send_message(token: Token, name: str) -> None:
    """Send to the case; the payload is what the input mappings give."""
    run, node = token.workflow, token.task_spec
    payload: Mapping[str, Any] = {
        k: normal(v) for k, v in mapped(token, node.element.inputs).items()
    }
    run.turn.emit(MessageSent(instance=run.id, element=node.name, message=name, payload=payload))
    run.post.message(name, payload)
