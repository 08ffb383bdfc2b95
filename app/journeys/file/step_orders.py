"""What a step of a journey can order: the key of each order, its words, and what it must say.

The words are casework's wording's, what an order takes its table's; how a step becomes one is
`orders`' and `case_orders`'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.casework import ORDERS as TABLE
from app.casework import WORDING, Command, StepWords, takes


@dataclass(frozen=True, slots=True)
class StepOrder:
    command: type[Command]
    words: StepWords

    @property
    def on_task(self) -> bool:
        """It is about an open task."""
        return "task" in takes(self.command)

    @property
    def says(self) -> frozenset[str]:
        """Members of the command beside what it is about and why."""
        return takes(self.command) - {"case", "task", "reason"}

    @property
    def bare(self) -> bool:
        """It names nothing, and is given with `true`."""
        return "case" in takes(self.command) and not self.on_task and not self.says

    @property
    def names(self) -> frozenset[str]:
        """By which a refusal may name it."""
        name = self.command.__name__
        spaced = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        return frozenset({self.words.key, spaced, name.lower(), *self.words.also})

    def does(self, what: str = "") -> str:
        """What the person does, in a report."""
        does = self.words.does
        return does.format(what) if "{}" in does else f"{does} {what}".strip()


#: key of the step → the order
STEP_ORDERS: Mapping[str, StepOrder] = {
    step.key: StepOrder(kind, step) for kind in TABLE if (step := WORDING[kind].step) is not None
}
ORDERS = tuple(STEP_ORDERS)
ON_TASK = tuple(key for key, order in STEP_ORDERS.items() if order.on_task)
#: no step gives these: time, other cases and the installation do, and a journey has one deployment
NEVER = tuple(kind for kind in TABLE if WORDING[kind].step is None)
