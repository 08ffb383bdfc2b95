"""Owns how a case stands: its instances as loaded, and what may be asked of them.

Nothing here moves a case; the commands are `case`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.engine.errors import NotOpen
from app.engine.meaning import TODAY
from app.engine.run import around, waiting
from app.engine.run.instances import Instances, Stall
from app.engine.run.mailbox import Mailbox

if TYPE_CHECKING:
    from app.engine.feel import Calendar
    from app.engine.program import Program


class Standing:
    """One case on one deployment.

    `states`: instance id → stored state, "" the case's own; states of ended instances may be left
    out. Every `at` is aware. `meaning`: an older one, to run an old history again as it was meant.
    """

    def __init__(
        self,
        program: Program,
        *,
        case_id: str,
        calendar: Calendar,
        states: Mapping[str, bytes] | None = None,
        meaning: int = TODAY,
    ) -> None:
        self.case_id = case_id
        self._instances = Instances(program, calendar, states or {}, meaning)
        self._mailbox = Mailbox(self._instances)

    def next_due(self) -> datetime | None:
        """The earliest instant at which `wake` has something to do, in UTC."""
        return waiting.next_due(self._instances.awake())

    def earliest(self, at: datetime) -> waiting.Due | None:
        """What `wake` would fire at `at`."""
        return waiting.earliest(self._instances.awake(), at)

    def stalls(self) -> list[Stall]:
        """What nobody and nothing will ever move, of what is awake."""
        return self._instances.stalls()

    def clocks(self) -> list[waiting.Clocked]:
        """The running activities whose days are counted, with the variables as they see them."""
        return [one for run in self._instances.awake() for one in waiting.on_clocks(run)]

    def waiting(self) -> list[waiting.Waiting]:
        return [wait for run in self._instances.running() for wait in waiting.told(run)]

    def open_tasks(self) -> list[str]:
        """Ids of the user tasks that can be completed now."""
        return [wait.name for wait in self.waiting() if wait.kind == "task" and wait.name]

    def asleep(self) -> frozenset[str]:
        """Ids of the instances that sleep."""
        return frozenset(self._instances.asleep)

    def hears(self, message: str) -> bool:
        """Whether something awake waits for it."""
        return any(waiting.hears(run, message) for run in self._instances.awake())

    def awaited(self, message: str) -> list[str]:
        """What tells apart those who wait for it now, where one key does; longest waiting first."""
        runs = self._instances.awake()
        keys = [key for run in runs for key in waiting.keys_of(run, message)]
        return list(dict.fromkeys(key[0] for key in keys if len(key) == 1))

    def declared(self) -> list[dict[str, Any]]:
        """What the running processes, called ones too, hold: {"process": id, "variables": …}."""
        return [process for run in self._instances.running() for process in waiting.declared(run)]

    def around(self, task: str) -> tuple[around.Level, ...]:
        """Where the open task lies: its own scope first, then each around it. NotOpen."""
        return around.levels(waiting.begun(self._instances.holding(task), task))

    def undated(self, task: str) -> int | None:
        """Why the open task's deadline cannot be worked out yet: the bank holidays of this year
        are not known. None: it can, or it has none. NotOpen."""
        return waiting.undated(waiting.begun(self._instances.holding(task), task))

    def undecided(self) -> list[tuple[str, int]]:
        """Decisions that wait for bank holidays: id, and the first year that is not known."""
        return [one for run in self._instances.running() for one in waiting.undecided(run)]

    def lies_in(self, task: str) -> str:
        """The runs around the open task; see `around`. "" once it is not open any more."""
        try:
            return around.lies_in(waiting.begun(self._instances.holding(task), task))
        except NotOpen:
            return ""

    def variables(self, task: str) -> dict[str, Any]:
        """The workflow variables as that task sees them. NotOpen."""
        return waiting.seen_by(waiting.begun(self._instances.holding(task), task))
