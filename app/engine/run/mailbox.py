"""Owns messages and signals between the instances of a case: who gets them, what is kept for later.

A message goes to one receiver: who has waited longest (of those whose key it carries, where one is
drawn), else the process that it starts, else it is kept and offered again after each command. A
signal goes to all who wait, and starts what it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from app.engine import feel
from app.engine.events import MessageBuffered, MessageReceived, MessageUnbuffered
from app.engine.run import beginning, catching, correlation, taking_back
from app.engine.run.instances import Instances
from app.engine.run.tokens import Instance, Node


class Mailbox:
    """The case's one post office (`tokens.Post`)."""

    def __init__(self, instances: Instances) -> None:
        self.instances = instances
        instances.post = self

    def message(self, name: str, payload: Mapping[str, Any]) -> None:
        if not self._delivered(name, payload) and not self._starts(name, payload):
            self._keep(name, payload)

    def _delivered(self, name: str, payload: Mapping[str, Any]) -> bool:
        # What sleeps still hears: news from those that go on must not be lost. It comes last.
        for run in chain(self.instances.awake(), self.instances.sleeping()):
            for wait in catching.all_waits(run, "message", name):
                if correlation.fits(wait, payload):
                    self._received(run, wait.node, name)
                    catching.fire(wait, payload)
                    return True
        return False

    def tell(self, name: str, payload: Mapping[str, Any]) -> None:
        """To everybody who waits now, then to the processes that begin with it; never kept.

        What a case says about itself concerns each of its processes, and later it is no news.
        """
        waits = [
            wait
            for run in self.instances.running()
            for wait in catching.all_waits(run, "message", name)
            if correlation.fits(wait, payload)
        ]
        for wait in waits:
            if wait.token.live and wait in catching.waits(wait.token):
                self._received(wait.token.workflow, wait.node, name)
                catching.fire(wait, payload)
        self._starts(name, payload)

    def _received(self, run: Instance, node: Node, name: str) -> None:
        self.instances.turn.emit(MessageReceived(**node.place(run), message=name))

    def _starts(self, name: str, payload: Mapping[str, Any]) -> bool:
        for process, start, trigger in self._started_by("message", name):
            run = self.instances.new(process)
            node = run.spec.task_specs[start]
            beginning.at_event(run, node, payload, name, trigger)
            self._received(run, node, name)
            return True
        return False

    def _keep(self, name: str, payload: Mapping[str, Any]) -> None:
        self.instances.messages += 1
        id = str(self.instances.messages)
        kept = {key: feel.codec.encode(value) for key, value in payload.items()}
        self.instances.kept.append([id, name, kept])
        self.instances.turn.emit(MessageBuffered(instance="", id=id, message=name))

    def take_back(self, begun: Mapping[str, Any], by: str | None) -> None:
        """Ends what a message began."""
        taking_back.take_back(self.instances, begun, by)

    def offer_again(self) -> bool:
        """Deliver the oldest kept message that somebody now waits for; False when none is."""
        for message in self.instances.kept:
            id, name, kept = message
            payload = {key: feel.codec.decode(value) for key, value in kept.items()}
            if self._delivered(name, payload):
                self.instances.kept.remove(message)
                self._told(id, name, "delivered")
                return True
        return False

    def give_up(self) -> None:
        """Nobody will wait any more: all kept messages are dead."""
        for id, name, _ in self.instances.kept:
            self._told(id, name, "dead")
        self.instances.kept = []

    def _told(self, id: str, name: str, how: str) -> None:
        self.instances.turn.emit(MessageUnbuffered(instance="", id=id, message=name, how=how))

    def signal(self, name: str, payload: Mapping[str, Any], *, starts: bool = True) -> None:
        """To everybody who waits now; then it starts the processes that begin with it."""
        waits = [
            wait
            for run in self.instances.running()
            for wait in catching.all_waits(run, "signal", name)
        ]
        for wait in waits:
            if wait.token.live and wait in catching.waits(wait.token):
                catching.fire(wait, payload)
        if not starts:
            return
        half = {
            (w.token.workflow.spec.process.id, w.node.name)
            for w in waits
            if w.role == "event" and w.node.element.parallel_multiple
        }
        for process, node, trigger in self._started_by("signal", name):
            if (process, node) not in half:  # else it was what a begun instance still needed
                run = self.instances.new(process)
                beginning.at_event(run, run.spec.task_specs[node], payload, None, trigger)

    def _started_by(self, kind: str, name: str) -> list[tuple[str, str, int]]:
        """(process, start event, number of its trigger) of the deployment that begin with it."""
        turn = self.instances.turn
        return [
            (process, start.name, number)
            for process in turn.program.processes
            for start in _starts_of(turn.spec_of(process).root)
            for number, trigger in enumerate(start.triggers)
            if trigger.kind == kind and trigger.name == name
        ]


def _starts_of(root: Node | None) -> tuple[Node, ...]:
    return () if root is None else root.starts
