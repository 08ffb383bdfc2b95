# mypy: disable-error-code="misc"
"""Owns what activities do: begin, work, complete, be withdrawn (BPMN 2.0.2 sections 10.3, 13.3).

Written anew as SpiffWorkflow (LGPL-3.0) task specs instead of the library's own, because there:

- tasks spawned by a boundary cycle vanish when their host completes
  (test_tasks_of_a_boundary_cycle_outlive_their_host);
- `bpmn:task` waits for a person, a receive task without a message passes, services wait for ever.

Loops and multi-instance are in `loops`, sub-processes and calls in `scopes`.
"""

from __future__ import annotations

from typing import Any

from app.engine.events import ElementCancelled, ElementEntered, ElementPassed
from app.engine.run import catching, deadlines, timers, undoing
from app.engine.run.tokens import Node, Token, give_outputs, mapped, undated


class Activity(Node):
    """Anything that is begun and completed, alone or as an instance of a loop."""

    #: takes time: told when entered and when withdrawn
    lasting = False

    def _run_hook(self, token: Token) -> bool | None:
        if self.repeat is not None and not token.inner:
            return self.repeat.begin(token)
        return self.begin(token)

    def begin(self, token: Token) -> bool | None:
        for name, value in mapped(token, self.element.inputs).items():
            undated.put(token, name, value)
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
            run.turn.emit(ElementEntered(**self.place(run)))

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
        given = give_outputs(self, token, outside, token.outcome)
        return {**undated.plain(token.outcome), **given}

    def completed(self, token: Token) -> None:
        self.told(token)

    def told(self, token: Token) -> None:
        run = token.workflow
        if self.drawn:
            run.turn.emit(ElementPassed(**self.place(run)))

    def leave(self, token: Token) -> None:
        timers.drop(token)
        undoing.remember(token)
        super().leave(token)

    def cancelled(self, token: Token, by: str | None) -> None:
        timers.drop(token)
        deadlines.end_deadline(token, "dropped")
        if self.repeat is None or token.inner:
            self.withdrawn(token, by)

    def withdrawn(self, token: Token, by: str | None) -> None:
        run = token.workflow
        if self.lasting and self.drawn:
            run.turn.emit(ElementCancelled(**self.place(run)))
