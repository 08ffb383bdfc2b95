# mypy: disable-error-code="misc"
"""Owns the token: one task of SpiffWorkflow's tree, as this room keeps it.

Subclasses SpiffWorkflow's Task (LGPL-3.0); why it is kept so differently is told in `tree`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from app.engine.run.tokens.tree import Instance, Node

READY, WAITING, STARTED = TaskState.READY, TaskState.WAITING, TaskState.STARTED
FUTURE, CANCELLED = TaskState.FUTURE, TaskState.CANCELLED


class Numbers(dict[int, None]):
    """The numbers of a token's children, oldest first; a list's removal would cost their count."""

    def append(self, n: int) -> None:
        self[n] = None

    def remove(self, n: int) -> None:
        del self[n]


class Token(Task):
    """One token, or one running scope. `n` counts within the instance."""

    workflow: Instance
    task_spec: Node

    def __init__(self, run: Instance, node: Node, parent: Token | None, state: int, n: int) -> None:
        super().__init__(run, node, parent, state, n)
        self._children = Numbers()
        self.n = n
        self.since = ""
        #: answers or payload that came with its completion
        self.outcome: dict[str, Any] = {}
        #: questions of its form that were hidden from who answered
        self.unasked: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Its id for people and the store, unique within the case."""
        return f"{self.workflow.id}-{self.n}"

    @property
    def live(self) -> bool:
        return self.workflow.tasks.get(self.n) is self

    @property
    def inner(self) -> bool:
        """One instance of a loop or multi-instance activity."""
        return "i" in self.internal_data

    def _set_state(self, value: int) -> None:
        self._state = value

    def cancel(self, by: str | None = None) -> None:
        """Withdraw it and all that runs inside it, innermost first."""
        if not self.live:
            return
        for child in self.children:
            child.cancel(by)
        begun = self.state == STARTED
        self._set_state(CANCELLED)
        self.workflow.detach(self)
        if begun:
            self.task_spec.cancelled(self, by)
