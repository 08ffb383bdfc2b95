# mypy: disable-error-code="misc"
"""Owns what each kind of task does (BPMN 2.0.2 section 13.3.3).

Written anew as SpiffWorkflow (LGPL-3.0) task specs; see `activities` for why. There
`bpmn:task` waits for a person, services wait for ever, decisions are Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine import saying
from app.engine.dmn import Decided
from app.engine.errors import Fault, UnknownHolidays
from app.engine.events import (
    DecisionMade,
    EffectRequested,
    MessageSent,
    TaskCancelled,
    TaskCompleted,
)
from app.engine.run import offers
from app.engine.run.elements.activities import Activity
from app.engine.run.tokens import (
    Node,
    Token,
    assign,
    mapped,
    normal,
    undated,
    visible,
    worked_out,
)


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
        run.turn.emit(TaskCompleted(**self.place(run), task=token.key))

    def withdrawn(self, token: Token, by: str | None) -> None:
        run = token.workflow
        run.turn.emit(TaskCancelled(**self.place(run), task=token.key, by=by))


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
        try:
            made = run.turn.program.decisions.evaluate(decision, visible(token), run.turn.world())
        except Fault as fault:
            # The drawn task; the sentence names the decision.
            fault.element_id, fault.process = self.name, self.element.process
            raise
        for decided in made.in_order():
            run.turn.emit(_decision_made(self.place(run), decided))
        token.outcome = {self.element.result_variable or decision: made.output}
        return True

    def results(self, token: Token) -> dict[str, Any]:
        if self.element.outputs or self.element.result_variable is None:
            return super().results(token)
        assign(token if token.inner else token.parent, token.outcome, self.name)
        return token.outcome


def _decision_made(place: Mapping[str, str], made: Decided) -> DecisionMade:
    return DecisionMade(
        **place,
        decision=made.decision,
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
            headers = {k: _header(token, v) for k, v in self.element.headers.items()}
            run.turn.emit(
                EffectRequested(
                    **self.place(run),
                    effect=self.element.effect,
                    headers=headers,
                )
            )
        return True if token.live else None


def send_message(token: Token, name: str) -> None:
    """Send to the case; the payload is what the input mappings give."""
    run, node = token.workflow, token.task_spec
    payload: Mapping[str, Any] = {
        k: normal(v) for k, v in undated.plain(mapped(token, node.element.inputs)).items()
    }
    run.turn.emit(MessageSent(**node.place(run), message=name, payload=payload))
    run.post.message(name, payload)


def _header(token: Token, text: str) -> Any:
    """Its value; a day beyond the known bank holidays is said to be one, and holds nothing up."""
    try:
        undated.refuse(token, text)
        return normal(worked_out(token, text))
    except UnknownHolidays as unknown:
        return f"on a day that {saying.undated(unknown.year)}"
