# mypy: disable-error-code="misc"
"""Owns what holds an inner flow: processes, sub-processes, event sub-processes, call activities.

Written anew as SpiffWorkflow (LGPL-3.0) task specs instead of the library's own, because there:

- an event sub-process never interrupts, starts at once when it begins with an error or
  escalation, is deaf inside a sub-process, and changes the shared spec while running
  (tests test_event_sub_process_*);
- a call activity without end is not stopped (test_calls_deeper_than_the_limit_are_an_incident).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.bpmn import model
from app.engine.run import catching, timers, undoing
from app.engine.run.elements.activities import Activity
from app.engine.run.tokens import (
    STARTED,
    Node,
    Token,
    assign,
    declared,
    first_value,
    mapped,
    normal,
    truth,
    undated,
    visible,
)

#: call activities inside each other
DEEPEST_CALL = 50


def open_flow(token: Token) -> None:
    """Begin the flow inside a scope: its event sub-processes listen, its start events run."""
    node = token.task_spec
    catching.open_scope(token)
    plain = [s for s in node.starts if not s.triggers]
    if not node.starts:
        raise node.incident("There is no start event to begin with.")
    for start in plain or node.starts:
        token.workflow.ready(start, token)


class SubProcess(Activity):
    scope = True
    lasting = True

    def work(self, token: Token) -> bool | None:
        return None

    def started(self, token: Token) -> None:
        super().started(token)
        if catching.runs_a_flow(token):
            open_flow(token)

    def emptied(self, token: Token) -> None:
        if catching.runs_a_flow(token):
            token.complete()


class Transaction(SubProcess):
    """A sub-process that a cancel end event can call off (section 10.3.5)."""


class AdHoc(SubProcess):
    """Its activities without incoming flow may all be done, in any order (section 10.3.5).

    Each once; when the completion condition holds, the rest is withdrawn.
    """

    @property
    def order(self) -> model.AdHoc:
        return self.element.ad_hoc or model.AdHoc()

    def started(self, token: Token) -> None:
        Activity.started(self, token)
        if not catching.runs_a_flow(token):
            return
        catching.open_scope(token)
        if not self.starts:
            raise self.incident("There is nothing to do in this sub-process.")
        now = self.starts[:1] if self.order.sequential else self.starts
        token.internal_data["begun"] = len(now)
        for node in now:
            token.workflow.ready(node, token)

    def one_gone(self, token: Token) -> None:
        if not catching.runs_a_flow(token):
            return
        order = self.order
        done = order.completion is not None and truth(token, order.completion)
        if done and order.cancel_remaining:
            for child in token.children:
                child.cancel(self.name)
        begun = token.internal_data["begun"]
        if not done and order.sequential and not token.children and begun < len(self.starts):
            token.internal_data["begun"] = begun + 1
            token.workflow.ready(self.starts[begun], token)
        if not token.children:
            token.complete()


class EventSubProcess(SubProcess):
    """Started by its event; `start` names the start event that caught it."""

    def started(self, token: Token) -> None:
        catching.open_scope(token)
        run = token.workflow
        start = run.ready(
            self._wf_spec.task_specs[token.internal_data["start"]], token, urgent=True
        )
        start.internal_data["caught"] = True
        start.outcome, token.outcome = token.outcome, {}


class Root(Node):
    """The process itself: of the instance, or called by a call activity."""

    border = True
    scope = True

    @property
    def variables(self) -> Mapping[str, str]:
        variables: Mapping[str, str] = self._wf_spec.process.variables
        return variables

    def begin(self, token: Token, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give declared variables their first values, then what was `given`."""
        token._set_state(STARTED)
        for name, source in self.variables.items():
            token.data[name] = None
            if name not in given and source.strip():
                value = first_value(token, source)
                if isinstance(value, undated.Undated):
                    undated.put(token, name, value)
                else:
                    token.data[name] = normal(value)
        for name, value in given.items():
            if not self.variables or name in self.variables:
                token.data[name] = normal(value)
        token.workflow.unchecked = True
        token.workflow.conditional |= self._wf_spec.has_conditions
        return dict(token.data)

    def emptied(self, token: Token) -> None:
        run = token.workflow
        if token.parent is not None:
            token.parent.task_spec.returned(token.parent, token)
        else:
            run.end("completed")

    def cancelled(self, token: Token, by: str | None) -> None:
        timers.drop(token)


class CallActivity(Activity):
    """Runs another process of the deployment inside this one."""

    lasting = True

    def work(self, token: Token) -> bool | None:
        return None

    def started(self, token: Token) -> None:
        super().started(token)
        if self.repeat is not None and not token.inner:
            return
        run = token.workflow
        if _calls_around(token) > DEEPEST_CALL:
            sentence = f"Processes call each other more than {DEEPEST_CALL} deep."
            raise self.incident(sentence)
        called = run.turn.spec_of(self.element.called_process)
        given = self._going_in(token, called.process.variables)
        assert called.root is not None
        root = run.token(called.root, token)
        called.root.begin(root, given)
        own = {mapping.target.split(".")[0] for mapping in self.element.inputs}
        root.internal_data["lent"] = sorted((given.keys() & root.data.keys()) - own)
        for name, value in undated.own(token).items():
            if name in own & root.data.keys():
                undated.put(root, name, value)
        open_flow(root)

    def _going_in(self, token: Token, names: Mapping[str, str]) -> Mapping[str, Any]:
        """What is mapped in, and all it sees here unless drawn otherwise (Camunda 8's default)."""
        mapped_in = {k: v for k, v in token.data.items() if k != "loopCounter"}
        if not self.element.all_in:
            return mapped_in
        seen = visible(token)
        del seen["settings"]
        lent = {k: v for k, v in seen.items() if not names or k in names}
        return {**lent, **mapped_in} if self.element.inputs else lent

    def returned(self, token: Token, root: Token) -> None:
        """The called process came to its end: carry its variables out."""
        outside = token.parent
        if self.element.outputs:
            carried = {**root.data, **undated.own(root)}
            token.outcome = mapped(token, self.element.outputs, carried)
        elif self.element.all_out:
            # What the called process was only lent may have changed outside in the meantime.
            names, lent = declared(outside), root.internal_data.get("lent", ())
            token.outcome = {
                k: v
                for k, v in {**root.data, **undated.own(root)}.items()
                if k not in lent and (not names or k in names)
            }
        undoing.hand_out(token, root)
        timers.drop(root)
        root.workflow.detach(root)
        token.complete()

    def results(self, token: Token) -> dict[str, Any]:
        assign(token if token.inner else token.parent, token.outcome, self.name)
        return undated.plain(token.outcome)


def _calls_around(token: Token) -> int:
    count, at = 0, token
    while at is not None:
        count += isinstance(at.task_spec, CallActivity) and (
            at.task_spec.repeat is None or at.inner
        )
        at = at.parent
    return count
