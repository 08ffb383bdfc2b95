"""The demonstration: people of every role with one password, and cases at telling stages.

The cases are journeys in relative time (bpmn/demo), played by the same commands as people give.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app import journeys, wiring
from app.casework import Desk
from app.config import Config, Demo

Say = Callable[[str], None]


def prepare(desk: Desk, config: Config, at: datetime, say: Say, *, new: bool) -> None:
    """Accounts where they are missing; in a new database also the demo cases."""
    demo = config.demo
    assert demo is not None
    if new:
        say(f"Making {len(config.people)} demo people …")
    wiring.put_people(desk, config, at)
    if new:
        _play(desk, config, demo, at, say)
    say("This is a demonstration: do not enter real people's details.")
    if config.mail.unsent:
        say(config.mail.unsent)
    say(f"Sign in as one of these, password “{demo.password}”:")
    for person in config.people:
        roles = ", ".join(config.roles[role].name for role in person.roles)
        more = "".join(f" ({value})" for value in person.attributes.values())
        say(f"  {person.id:<18} {person.name:<22} {roles}{more}")


def _play(desk: Desk, config: Config, demo: Demo, at: datetime, say: Say) -> None:
    people = wiring.people_of(config)
    for number, name in enumerate(demo.cases, 1):
        say(f"Playing demo case {number} of {len(demo.cases)} …")
        try:
            journeys.play(config.root / name, desk, present=at, people=people)
        except journeys.JourneyFailed as failed:
            say(f"  {name} could not be played to its end: {failed}")
