"""What a step of a journey can order: the key of each order, its words, and what it must say.

A row for each order that a person gives in a case or about people. What an order is, and what it
takes, is casework's table; how a step becomes one is `orders`' and `case_orders`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.casework import commands as c
from app.casework import takes


@dataclass(frozen=True, slots=True)
class StepOrder:
    command: type[c.Command]
    #: what the person does, as a report says it
    does: str
    #: the reason that a journey gives where a step says none
    reason: str = ""
    #: what an order about people must say
    about: tuple[str, ...] = ()
    #: what the order says too little without
    needs: str | None = None

    @property
    def on_task(self) -> bool:
        """It is about an open task."""
        return "task" in takes(self.command)

    @property
    def bare(self) -> bool:
        """It names nothing, and is given with `true`."""
        return takes(self.command) == {"case", "reason"}


#: key of the step → the order
STEP_ORDERS: Mapping[str, StepOrder] = {
    "start": StepOrder(c.StartCase, "starts"),
    "do": StepOrder(c.CompleteTask, "does"),
    "draft": StepOrder(c.SaveDraft, "drafts"),
    "claim": StepOrder(c.Claim, "takes"),
    "release": StepOrder(c.Release, "gives back"),
    "assign": StepOrder(c.Assign, "assigns", needs="to"),
    "move_deadline": StepOrder(
        c.MoveDeadline, "moves the deadline of", "More time is needed.", needs="to"
    ),
    "message": StepOrder(c.DeliverMessage, "arrives"),
    "document": StepOrder(c.ProduceDocument, "makes"),
    "merge_into": StepOrder(c.Merge, "merges the case into", "Both are about the same."),
    "exclude": StepOrder(c.ExcludePerson, "excludes", "They are too close to it."),
    "add_member": StepOrder(c.AddMember, "adds", "They are needed."),
    "unmerge": StepOrder(c.Unmerge, "undoes the merge", "They are not about the same after all."),
    "suspend": StepOrder(c.Suspend, "suspends the case", "It has to wait."),
    "resume": StepOrder(c.Resume, "resumes the case", "It goes on."),
    "cancel": StepOrder(c.Cancel, "cancels the case", "It is not needed."),
    "cover": StepOrder(c.SetCover, "covers", about=("for", "by", "from", "until", "reason")),
    "end_cover": StepOrder(c.EndCover, "no longer covers", about=("for", "by")),
}
ORDERS = tuple(STEP_ORDERS)
ON_TASK = tuple(key for key, order in STEP_ORDERS.items() if order.on_task)
#: no step gives these: time, other cases and the installation do, and a journey has one deployment
NEVER = (c.DeliverSignal, c.WakeCase, c.ReplanCase, c.Deploy, c.Activate)
