"""Owns multi-instance and standard loops of activities (BPMN 2.0.2 sections 10.3.7 and 13.3.6-7).

Written anew beside SpiffWorkflow's own (LGPL-3.0), because there a second lap fails, outputs come
in the order of completion, completion conditions see one instance's data only, and one withdrawn
instance keeps the whole from ever ending (test_multi_instance_* in the tests of this room).

An activity with a loop has one token for the whole (boundary events hang there) and, inside it,
one token per instance, which holds the item and `loopCounter` as variables of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.engine import feel
from app.engine.bpmn import Element, MultiInstance, StandardLoop
from app.engine.run.tokens import MOST_STEPS, Token, assign, evaluate, normal, truth


class Repeat:
    """How an activity is repeated."""

    def begin(self, body: Token) -> bool | None:
        """Start the first instances; True when there is nothing to do."""
        raise NotImplementedError

    def one_done(self, body: Token, inner: Token, came: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def end(self, body: Token) -> None:
        """The whole is done."""

    def spawn(self, body: Token, index: int, data: Mapping[str, Any]) -> None:
        inner = body.workflow.ready(body.task_spec, body)
        inner.internal_data["i"] = index
        inner.data = {**data, "loopCounter": Decimal(index + 1)}


class ForEach(Repeat):
    """Over a collection, all at once or one after the other (multi-instance)."""

    def __init__(self, loop: MultiInstance) -> None:
        self.loop = loop

    def begin(self, body: Token) -> bool | None:
        items = evaluate(body, self.loop.collection)
        if not isinstance(items, list):
            shown = "null" if items is None else str(items)
            sentence = f"The collection “{self.loop.collection}” gave {shown}, not a list."
            raise body.task_spec.incident(sentence)
        if len(items) > MOST_STEPS:
            sentence = (
                f"The collection “{self.loop.collection}” has {len(items):,} items;"
                f" {MOST_STEPS:,} is the most that one activity is repeated for."
            )
            raise body.task_spec.incident(sentence)
        items = normal(items)
        kept = body.internal_data
        kept["size"], kept["done"] = len(items), 0
        if self.loop.output_collection:
            kept["out"] = [None] * len(items)
        if not items:
            return True
        if self.loop.sequential:
            kept["rest"] = feel.codec.encode(items[1:])
            self._one(body, 0, items[0])
        else:
            for index, item in enumerate(items):
                self._one(body, index, item)
        return None

    def _one(self, body: Token, index: int, item: Any) -> None:
        self.spawn(body, index, {self.loop.element: item} if self.loop.element else {})

    def one_done(self, body: Token, inner: Token, came: Mapping[str, Any]) -> None:
        kept, run = body.internal_data, body.workflow
        kept["done"] += 1
        counts = self._counts(body)
        if self.loop.output_collection and self.loop.output_element:
            value = evaluate(inner, self.loop.output_element, came)
            kept["out"][inner.internal_data["i"]] = feel.codec.encode(normal(value))
        extra = {**came, **counts}
        if self.loop.completion and truth(inner, self.loop.completion, extra):
            run.detach(inner)
            for child in body.children:
                child.cancel(body.task_spec.name)
            body.complete()
            return
        run.detach(inner)
        if kept["done"] == kept["size"]:
            body.complete()
        elif self.loop.sequential:
            self._one(body, kept["done"], feel.codec.decode(kept["rest"].pop(0)))

    def _counts(self, body: Token) -> dict[str, Any]:
        """The four numbers a completion condition may use (section 10.3.7), Camunda's names."""
        kept = body.internal_data
        done, size = kept["done"], kept["size"]
        active = min(1, size - done) if self.loop.sequential else size - done
        return {
            "numberOfInstances": Decimal(size),
            "numberOfActiveInstances": Decimal(active),
            "numberOfCompletedInstances": Decimal(done),
            "numberOfTerminatedInstances": Decimal(0),
        }

    def end(self, body: Token) -> None:
        if self.loop.output_collection:
            values = [feel.codec.decode(value) for value in body.internal_data["out"]]
            assign(body.parent, {self.loop.output_collection: values}, body.task_spec.name)


class While(Repeat):
    """While a condition holds, at most so many times (standard loop)."""

    def __init__(self, loop: StandardLoop) -> None:
        self.loop = loop

    def begin(self, body: Token) -> bool | None:
        body.internal_data["done"] = 0
        if self.loop.maximum is not None and self.loop.maximum < 0:
            sentence = f"A loop cannot run {self.loop.maximum} times."
            raise body.task_spec.incident(sentence)
        if self.loop.test_before and not self._again(body):
            return True
        self.spawn(body, 0, {})
        return None

    def _again(self, body: Token) -> bool:
        done, most = body.internal_data["done"], self.loop.maximum
        if most is not None and done >= most:
            return False
        condition = self.loop.condition
        return condition is None or truth(body, condition, {"loopCounter": Decimal(done)})

    def one_done(self, body: Token, inner: Token, came: Mapping[str, Any]) -> None:
        body.internal_data["done"] += 1
        body.workflow.detach(inner)
        if self._again(body):
            self.spawn(body, body.internal_data["done"], {})
        else:
            body.complete()


def repeat_of(element: Element) -> Repeat | None:
    """How the activity is repeated; None where it is done once."""
    if element.loop is not None:
        return ForEach(element.loop)
    return While(element.standard_loop) if element.standard_loop is not None else None
