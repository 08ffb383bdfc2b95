"""What replay gives the engine for an order once more, where that needs more than a line.

The others stand in their rows of `table`.
"""

from __future__ import annotations

from app.casework.orders.order import Stored
from app.engine import Event
from app.engine.run import Case


def told_again(engine: Case, order: Stored) -> list[Event]:
    """What the case that goes on was told, once more."""
    return engine.tell(order.command["message"], order.command["payload"], order.at)


def completed_again(engine: Case, order: Stored) -> list[Event]:
    """The same answers, and what the drawings were told of the matters that they named."""
    said = order.command
    told = [(one["tells"], one["matter"]) for one in said.get("matters") or () if one["tells"]]
    return engine.complete(said["task"], said["answers"], order.at, told)


def held_again(engine: Case, order: Stored) -> list[Event]:
    """The same timer is held. What stopped an order or a whole case never came to the engine."""
    said = order.command
    place = {name: said[name] for name in ("sentence", "element", "process", "until")}
    return engine.stop_timer(said["timer"], order.at, **place)
