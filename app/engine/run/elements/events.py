# mypy: disable-error-code="misc"
"""Owns what events do: start, catch, throw, end, boundary (BPMN 2.0.2 sections 10.5 and 13.5).

Written anew as SpiffWorkflow (LGPL-3.0) task specs instead of the library's own, because there:

- a signal end event and a link are read as plain ones and nothing happens
  (test_signal_end_event_is_sent);
- an error nobody catches lets the process complete (test_uncaught_error_fails_the_instance);
- a non-interrupting boundary event fires once, an interrupting cycle never interrupts
  (test_boundary_message_fires_every_time, test_interrupting_cycle_fires_once).

How an event finds its catcher is `catching`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.engine.bpmn import Trigger
from app.engine.events import ElementCancelled, ElementEntered, SignalSent
from app.engine.run import catching, timers, undoing
from app.engine.run.elements.tasks import send_message
from app.engine.run.tokens import (
    Node,
    Token,
    assign,
    give_outputs,
    mapped,
    only_declared,
    undated,
)


class Catching(Node):
    """What catching events share: their own output mappings, and going on."""

    def _on_complete(self, token: Token) -> None:
        if not token.live:
            return
        self.passed(token)
        self.take_payload(token)
        timers.drop(token)
        self.leave(token)

    def take_payload(self, token: Token) -> None:
        give_outputs(self, token, token.parent, token.outcome)


class CatchEvent(Catching):
    """An intermediate catching event."""

    def _run_hook(self, token: Token) -> bool | None:
        if "caught" in token.internal_data:
            return True
        run = token.workflow
        if self.drawn:
            run.turn.emit(ElementEntered(**self.place(run)))
        return None

    def started(self, token: Token) -> None:
        catching.arm(token)

    def awaited(self, token: Token) -> Iterable[Node]:
        return (self,)

    def cancelled(self, token: Token, by: str | None) -> None:
        run = token.workflow
        timers.drop(token)
        if self.drawn:
            run.turn.emit(ElementCancelled(**self.place(run)))


class BoundaryEvent(Catching):
    """Runs when it has been caught; waiting is its host's."""

    def _run_hook(self, token: Token) -> bool | None:
        return True


class StartEvent(Catching):
    """Passes on what started it; in an instance started by hand, one with triggers waits."""

    def _run_hook(self, token: Token) -> bool | None:
        if not self.triggers or "caught" in token.internal_data:
            return True
        return None

    def started(self, token: Token) -> None:
        catching.arm(token)

    def awaited(self, token: Token) -> Iterable[Node]:
        return (self,) if "caught" not in token.internal_data else ()

    def _on_complete(self, token: Token) -> None:
        if self.triggers and "caught" not in token.internal_data:
            for other in token.parent.children:
                if other is not token and isinstance(other.task_spec, StartEvent):
                    other.cancel(self.name)
        super()._on_complete(token)

    def take_payload(self, token: Token) -> None:
        if token.outcome and self.element.outputs:
            extra = {**token.outcome, "answers": dict(token.outcome)}
            values = mapped(token, self.element.outputs, extra, unasked=token.unasked)
            assign(token.parent, values, self.name)
        elif token.outcome:
            assign(token.parent, only_declared(token, token.outcome), self.name)

    def cancelled(self, token: Token, by: str | None) -> None:
        timers.drop(token)


class ThrowEvent(Node):
    """An intermediate throwing event."""

    def _run_hook(self, token: Token) -> bool | None:
        self.passed(token)
        for trigger in self.triggers:
            if token.live:
                self.throw(token, trigger)
        return True if token.live and not token.children else None

    def emptied(self, token: Token) -> None:
        """What it set off to be undone is undone: the next, until all is."""
        if not undoing.go_on(token):
            self.all_undone(token)

    def all_undone(self, token: Token) -> None:
        token.complete()

    def throw(self, token: Token, trigger: Trigger) -> None:
        run, kind, name = token.workflow, trigger.kind, trigger.name
        if kind == "message" and name is not None:
            send_message(token, name)
        elif kind == "signal" and name is not None:
            payload = undated.plain(mapped(token, self.element.inputs))
            run.turn.emit(SignalSent(**self.place(run), signal=name, payload=payload))
            run.post.signal(name, payload)
        elif kind == "escalation":
            catching.throw_up(token, "escalation", name)
        elif kind == "compensate":
            undoing.undo(token, trigger.activity)


class EndEvent(ThrowEvent):
    """Ends its token; may throw, fail, cancel a transaction or terminate its scope."""

    def throw(self, token: Token, trigger: Trigger) -> None:
        run, kind, name = token.workflow, trigger.kind, trigger.name
        if kind == "error":
            if not catching.throw_up(token, "error", name):
                run.end("failed", error=name or "", by=self.name)
        elif kind == "cancel":
            self._call_off(token)
        elif kind == "terminate":
            self._terminate(token)
        else:
            super().throw(token, trigger)

    def _terminate(self, token: Token) -> None:
        """End everything in the scope of this event, and only there (section 13.5.6)."""
        scope: Any = token.parent
        if scope.parent is None:
            token.workflow.end("terminated", by=self.name)
            return
        timers.drop(scope, {start.name for _, start in scope.task_spec.event_starts})
        for other in scope.children:
            if other is not token:
                other.cancel(self.name)

    def all_undone(self, token: Token) -> None:
        if self.element.first("cancel") is not None:
            self._called_off(token)
        else:
            super().all_undone(token)

    def _call_off(self, token: Token) -> None:
        """Undo the transaction, then leave it by its cancel boundary event (section 10.7.1)."""
        for other in token.parent.children:
            if other is not token:
                other.cancel(self.name)
        if not undoing.undo(token, None):
            self._called_off(token)

    def _called_off(self, token: Token) -> None:
        if not catching.throw_up(token, "cancel", None):
            sentence = "This transaction is cancelled, but no cancel boundary event is drawn."
            raise self.incident(sentence)
