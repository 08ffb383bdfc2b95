"""Two cases about one thing: the duplicate is merged into the other one, and may come out again.

Owns what that means for both: rest, members, history, the messages that the diagrams may listen to
(`case_merged`, `case_unmerged`). What these mean for a process is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app import store
from app.casework.access import as_person
from app.casework.cases import MERGED, UNMERGED, LockedCase, history, step_name
from app.casework.commands import LET_GO, TOOK_IN, CaseCommand, Done, Merge, Unmerge
from app.casework.errors import Refused
from app.casework.orders import questions
from app.engine import saying


def merge(locked: LockedCase, command: Merge) -> Done:
    reason = questions.reason(command.reason)
    master = _master(locked, command)
    about = {"reference": locked.row.reference, "reason": reason}
    payload = {"reference": locked.row.reference, "processes": locked.engine.declared()}
    master.acting_for = master.only_for(command.actor)  # as it was before members join
    rested = locked.engine.rest(locked.at(command.at))
    store.work.tasks.rest(locked.unit, locked.row.id, locked.engine.asleep())
    locked.known.clear()
    moved = _join(locked, master)
    events = master.engine.tell(MERGED, payload, master.at(command.at))
    said = {**about, "message": MERGED, "payload": payload, **moved}
    done = master.record(replace(command, key=None), events, kind=TOOK_IN, said=said)
    locked.row = replace(locked.row, merged_into=master.row.reference, merged_seq=done.seq)
    said = {"into": master.row.reference, "reason": reason}
    return locked.record(command, rested, said=said)


def unmerge(locked: LockedCase, command: Unmerge) -> Done:
    reason, master = questions.reason(command.reason), locked.beside
    assert master is not None
    if not _sees(master, command):
        raise Refused("Somebody who sees both cases must undo the merge.")
    _fit(master, "The other case")
    _not_sealed(master, "The merge cannot be undone any more")
    about = {"reference": locked.row.reference, "reason": reason}
    payload = {"reference": locked.row.reference}
    master.acting_for = master.only_for(command.actor)  # as it was before members leave
    _part(locked, master)
    events = master.engine.tell(UNMERGED, payload, master.at(command.at))
    said = {**about, "message": UNMERGED, "payload": payload}
    master.record(replace(command, key=None), events, kind=LET_GO, said=said)
    was = locked.row.merged_into
    went_on = locked.engine.go_on(locked.at(command.at))
    store.work.tasks.go_on(locked.unit, locked.row.id)
    locked.known.clear()
    locked.row = replace(locked.row, merged_into=None, merged_seq=None)
    return locked.record(command, went_on, said={"from": was, "reason": reason})


def _master(locked: LockedCase, command: Merge) -> LockedCase:
    """The case to go on, where both fit. What the person may not see is not there."""
    master = locked.beside
    if master is None or not _sees(master, command):
        raise questions.no_such_case()
    if master is locked:
        raise Refused("A case cannot be merged into itself.", {"into": "Enter another case"})
    if master.row.merged_into is not None:
        into = locked.installation.visible(locked.unit, command.actor, master.row.merged_into)
        other = into or "another case"
        so = f" Merge this case into {into} instead." if into else ""
        raise Refused(
            f"{master.row.reference} is itself merged into {other}.{so}",
            {"into": f"Enter {into or 'another case'}"},
        )
    if store.cases.merged(locked.unit, locked.row.reference):
        raise Refused(
            "Other cases are merged into this one, so it must be the one that goes on. "
            f"Merge {master.row.reference} into {locked.row.reference} instead."
        )
    if master.row.ended_at is not None:
        sentence = f"{master.row.reference} has ended. Only cases that still go on can be merged."
        raise Refused(sentence)
    _fit(master, master.row.reference)
    _not_sealed(locked, f"Merge {master.row.reference} into this case instead")
    return master


def _sees(locked: LockedCase, command: CaseCommand) -> bool:
    return locked.installation.roles.sees_whole(command.actor, locked.members)


def _fit(locked: LockedCase, name: str) -> None:
    if locked.row.suspended:
        raise Refused(f"{name} is suspended. It must be resumed first.")


def _not_sealed(locked: LockedCase, so: str) -> None:
    """Refuses once a task with the property `seals_merges` was completed in the case."""
    processes = locked.loaded.program.processes.values()
    seals = {
        (process.id, element.id)
        for process in processes
        for element in process.elements.values()
        if element.rules.seals_merges
    }
    ids = sorted({id for _, id in seals})
    rows = store.work.answers.of_elements(locked.unit, locked.row.id, ids) if seals else []
    for row in rows:
        process = locked.loaded.holder(row.process, row.element)
        if row.how == "completed" and (process, row.element) in seals:
            name = step_name(locked, process, row.element)
            raise Refused(
                f"“{name}” was done in {locked.row.reference} on"
                f" {saying.short_moment(row.at)}. {so}."
            )


def _join(locked: LockedCase, master: LockedCase) -> Mapping[str, Any]:
    """Members of the duplicate see the other case, as their roles allow; who is shut out of either
    is shut out of it. Gives what changed, so that it can be taken back."""
    seq, here = master.row.seq + 1, master.members
    new = sorted(who for who, out in locked.members.items() if not out and who not in here)
    out = {
        who: who in here
        for who, shut in sorted(locked.members.items())
        if shut and not here.get(who, False)
    }
    store.cases.put_members(master.unit, master.row.id, new, seq)
    store.cases.put_members(master.unit, master.row.id, sorted(out), seq, excluded=True)
    for who in out:  # what was asked before is over
        store.people.lifts.drop(master.unit, master.row.id, who)
    master.members_changed()
    for row in store.work.tasks.of_case(master.unit, master.row.id):
        if row.assignee is not None and as_person(row.assignee) in out:
            store.work.tasks.assign(master.unit, master.row.id, row.task, None)
            master.known.pop(row.task, None)
    return {"joined": new, "shut_out": out}


def _part(locked: LockedCase, master: LockedCase) -> None:
    """Takes back what the merge did to the members, unless they have had a part in it since."""
    unit, case, seq = master.unit, master.row.id, locked.row.merged_seq or 0
    said = history.order_of(unit, master.key, seq)
    left = store.cases.came_with(unit, case, seq)
    stay = _took_part(master)
    gone = [who for who in said["joined"] if who in left and who not in stay]
    freed = {who: was for who, was in said["shut_out"].items() if who in left}
    store.cases.drop_members(unit, case, [*gone, *(who for who, was in freed.items() if not was)])
    back = [who for who, was in freed.items() if was]
    store.cases.put_members(unit, case, back, master.row.seq + 1)
    master.members_changed()


def _took_part(locked: LockedCase) -> set[str]:
    """Who was offered a task of the case, holds one, or did one."""
    unit, case = locked.unit, locked.row.id
    hands = {who for offered in store.work.tasks.offers(unit, case).values() for who in offered}
    hands |= {
        as_person(row.assignee) for row in store.work.tasks.of_case(unit, case) if row.assignee
    }
    for row in store.work.answers.of_case(unit, case):
        hands |= {*row.offers.split(), as_person(row.by)}
    return hands
