# mypy: disable-error-code="misc"
"""Owns what each kind of task does (BPMN 2.0.2 section 13.3.3).

Written anew as SpiffWorkflow (LGPL-3.0) task specs; see `activities` for why. There
`bpmn:task` waits for a person, services wait for ever, decisions are Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from app.engine import saying
from app.engine.dmn import Decided
from app.engine.errors import Fault, UnknownHolidays
from app.engine.events import (
    DecisionMade,
    DecisionWaits,
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
    """A business rule task: asks a decision and keeps its answer.

    One that hangs on bank holidays which are not known yet waits for them: without them nobody can
    say which way the case goes.
    """

    def work(self, token: Token) -> bool | None:
        run, decision = token.workflow, self.element.decision or ""
        try:
            self._decide(token, run.turn.at)
        except UnknownHolidays as unknown:
            token.internal_data["undecided"] = {
                "at": run.turn.at.isoformat(),
                "decision": decision,
                "year": unknown.year,
            }
            waits = DecisionWaits(**self.place(run), decision=decision, year=str(unknown.year))
            run.turn.emit(waits)
            return None
        except Fault as fault:
            # The drawn task; the sentence names the decision.
            fault.element_id, fault.process = self.name, self.element.process
            raise
        return True

    def _decide(self, token: Token, at: datetime) -> None:
        """Ask it as of `at`. UnknownHolidays where it hangs on a day that is not known yet."""
        run, decision = token.workflow, self.element.decision or ""
        decisions = run.turn.program.decisions
        undated.refuse_any(token, decisions.inputs(decision))
        made = decisions.evaluate(decision, visible(token), run.turn.world(at=at))
        for decided in made.in_order():
            run.turn.emit(_decision_made(self.place(run), decided))
        token.outcome = {self.element.result_variable or decision: made.output}

    def decide_later(self, token: Token) -> None:
        """Decide what waited for bank holidays, if they are known now, and go on."""
        at = datetime.fromisoformat(token.internal_data["undecided"]["at"])
        with suppress(UnknownHolidays):
            self._decide(token, at)
            del token.internal_data["undecided"]
            token.complete()

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
