"""Every order there is, one row each: what it does, and what the engine is given once more when a
history is run again.

Admission, pages, replay and journeys read this table. Who may give an order, and in which states of
a case, is the policy's row of the same name; how it is asked and told has its row in `wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.casework import commands as c
from app.casework import policy
from app.casework.orders import (
    authority,
    deploying,
    documents,
    looking,
    merging,
    retention,
    starting,
    tasks,
    whole_case,
)
from app.casework.orders.events import by_whoever_recorded, carried, deliver, take_back
from app.casework.orders.order import ENDED, MERGED, Again, Order
from app.casework.orders.replaying import completed_again, held_again, told_again

#: in the order in which journeys name them
_ROWS: Mapping[type[c.Command], Order] = {
    c.StartCase: Order(
        handle=starting.start,
        again=lambda engine, order: engine.start(
            order.command["process"], order.command["answers"], order.at),
    ),
    c.CompleteTask: Order(
        handle=tasks.complete,
        again=completed_again,
    ),
    c.SaveDraft: Order(handle=tasks.save_draft, again=None),
    c.TakeOverDraft: Order(handle=tasks.take_over_draft, again=None),
    c.Claim: Order(handle=tasks.claim, again=None),
    c.Release: Order(handle=tasks.release, unless=tasks.own, again=None),
    c.Assign: Order(handle=tasks.assign, word="assign", again=None),
    c.MoveDeadline: Order(
        handle=whole_case.move_deadline, word="move_deadline",
        again=lambda engine, order: engine.move_deadline(
            order.command["task"], order.command["due"], order.command["reason"], order.at),
    ),
    c.DeliverMessage: Order(
        handle=deliver, word="message",
        again=lambda engine, order: engine.message(
            order.command["message"], carried(order.command), order.at),
    ),
    c.TakeBack: Order(
        handle=take_back, unless=by_whoever_recorded,
        again=lambda engine, order: engine.take_back(
            order.command["begun"], order.at, by=order.actor or None),
    ),
    c.ProduceDocument: Order(handle=documents.produce, again=None),
    c.LookAcross: Order(handle=looking.look_across, word="look_across", again=None),
    c.LayBeside: Order(handle=looking.lay_beside, again=None),
    c.Merge: Order(
        handle=merging.merge, word="merge",
        sentences={
            MERGED: "This case is merged into {into} already.",
            ENDED: "This case has ended. Only cases that still go on can be merged.",
        },
        again=lambda engine, order: engine.rest(order.at),
        beside=(c.TOOK_IN, told_again),
    ),
    c.ExcludePerson: Order(handle=authority.exclude, word="members", again=None),
    c.LiftExclusion: Order(handle=authority.lift_exclusion, word="members", again=None),
    c.BreakGlass: Order(handle=authority.break_glass, again=None),
    c.AddMember: Order(handle=authority.add_member, word="members", again=None),
    c.Unmerge: Order(
        handle=merging.unmerge, word="unmerge",
        again=lambda engine, order: engine.go_on(order.at),
        beside=(c.LET_GO, told_again),
    ),
    c.Suspend: Order(handle=whole_case.suspend, word="suspend", again=None),
    c.Resume: Order(handle=whole_case.resume, word="resume", again=None),
    c.Cancel: Order(
        handle=whole_case.cancel, word="cancel",
        again=lambda engine, order: engine.cancel(order.at, by=order.actor or None),
    ),
    c.SetCover: Order(handle=authority.set_cover, unless=authority.for_oneself, again=None),
    c.AgreeCover: Order(
        handle=authority.agree_cover, unless=authority.away_oneself, again=None,
    ),
    c.EndCover: Order(handle=authority.end_cover, unless=authority.about_oneself, again=None),
    c.RecordConflict: Order(
        handle=authority.record_conflict, unless=authority.own_conflict, again=None,
    ),
    c.EndConflict: Order(handle=authority.end_conflict, unless=authority.own_conflict, again=None),
    c.SetHold: Order(handle=retention.set_hold, again=None),
    c.LiftHold: Order(handle=retention.lift_hold, again=None),
    c.EraseContent: Order(
        handle=retention.erase_content, locks=retention.take_all, again=None,
    ),
    c.KeepContent: Order(handle=retention.keep_content, again=None),
    c.DeliverSignal: Order(
        handle=whole_case.signal,
        again=lambda engine, order: engine.signal(
            order.command["signal"], order.at, order.command["payload"], starts=False),
    ),
    c.WakeCase: Order(
        handle=whole_case.wake,
        again=lambda engine, order: engine.wake(order.at),
    ),
    c.SendAgain: Order(handle=whole_case.send_again, again=None),
    c.RetryIncident: Order(
        handle=whole_case.retry,
        again=lambda engine, order: engine.release_timer(order.command["timer"], order.at)
        if order.command["timer"] else [],
    ),
    c.ReplanCase: Order(
        handle=whole_case.replan,
        again=lambda engine, order: engine.replan(order.at),
    ),
    c.Deploy: Order(handle=deploying.deploy, before=deploying.judged, again=None),
    c.Activate: Order(handle=deploying.activate, before=deploying.usable, again=None),
}  # fmt: skip
#: each with the policy's row
ORDERS: Mapping[type[c.Command], Order] = {
    kind: replace(order, rule=policy.rule(kind.__name__)) for kind, order in _ROWS.items()
}


def replayed() -> dict[str, Again]:
    """Kind of history entry → what replay gives the engine; others never moved one."""
    own = {kind.__name__: order.again for kind, order in ORDERS.items() if order.again}
    beside = dict(order.beside for order in ORDERS.values() if order.beside)
    return own | beside | {c.INCIDENT: held_again}


#: all that a role may allow of orders
POWERS = frozenset(order.power for order in ORDERS.values() if order.power is not None)
