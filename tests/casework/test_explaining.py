"""What a task says of itself: why it is offered, what comes next, what that waits for."""

from __future__ import annotations

from datetime import date

import pytest

from app.casework import accounts, views
from app.casework.commands import Claim, CompleteTask, SetCover
from app.casework.views import Explained
from tests.kit import PEOPLE, Kit, diagram

ASKED = diagram(
    "start > task:check > xor:well > task:agree > end; well > task:again > end;"
    "boundary:late > end; boundary:soon > task:remind > end",
    check={"groups": "clerk,lead"},
    agree={"groups": "lead,agency:police", "condition": "default"},
    again={"groups": '="clerk"', "condition": "=true"},
    late={"timer": "=working_days_after(today(), 3)", "on": "check"},
    soon={"timer": "=working_days_after(today(), 1)", "on": "check", "interrupting": "false"},
    remind={"groups": "lead"},
)


def of(kit: Kit, who: str, case: str, element: str) -> Explained:
    task = kit.task(case, element)
    return views.task_page(kit.desk, PEOPLE[who], case, task, kit.at).explained


def lines(found: Explained) -> list[tuple[str | None, str, str | None, str | None]]:
    return [(one.when, one.name, one.who, one.after) for one in found.next]


def test_each_answer_of_the_drawing_is_told_with_who_does_what(kit: Kit) -> None:
    kit.deploy(ASKED)
    found = of(kit, "ann", kit.start("ann"), "check")
    assert lines(found) == [
        ("if “Well” is “agree”", "Agree", "Lead or Agency (police)", None),
        ("if “Well” is “again”", "Again", None, None),
    ]
    assert not found.more


def test_events_at_the_border_are_told_with_their_instant(kit: Kit) -> None:
    kit.deploy(ASKED)
    found = of(kit, "ann", kit.start("ann"), "check")
    told = {one.name: (one.withdraws, one.at is not None) for one in found.borders}
    assert told == {"Late": (True, True), "Soon": (False, True)}
    (soon,) = [one for one in found.borders if one.name == "Soon"]
    assert [one.name for one in soon.next] == ["Remind"]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("ann", "It is offered to you because you have the role Clerk."),
        ("lea", "It is offered to you because you have the role Lead."),
        ("aud", None),
    ],
)
def test_why_it_is_offered(kit: Kit, who: str, why: str | None) -> None:
    kit.deploy(ASKED)
    assert of(kit, who, kit.start("ann"), "check").why == why


def test_a_task_for_somebody_by_name_says_so(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check={"users": "gil"}))
    assert of(kit, "gil", kit.start("ann"), "check").why == "It is offered to you by name."


BESIDE = diagram(
    "start > and:fork > task:check > and:join > task:close > end; fork > task:agree > join;"
    "fork > catch:reply > join; fork > task:aside > end",
    check={"groups": "clerk,agency"},
    agree={"groups": "clerk"},
    aside={"groups": "clerk"},
    reply={"message": "reply"},
    close={"groups": "lead"},
)


def test_what_a_join_still_needs_is_named_until_it_is_done(both: Kit) -> None:
    both.deploy(BESIDE)
    case = both.start("ann")
    found = of(both, "ann", case, "check")
    assert lines(found) == [(None, "Close", "Lead", "when what is named below is done too")]
    assert set(found.waits) == {"Agree", "Reply"}, "and not the task that leads nowhere near it"
    both.complete("ben", case, "agree")
    assert of(both, "ann", case, "check").waits == ("Reply",)


def test_who_sees_their_own_part_is_told_of_no_other_open_task(kit: Kit) -> None:
    kit.deploy(BESIDE)
    case = kit.start("ann")
    found = of(kit, "gil", case, "check")
    assert found.waits == ()
    assert lines(found) == [(None, "Close", "Lead", "when other steps are done too")]


MANY = diagram(
    "start > task:check > task:close > end",
    check={"groups": '="agency:" + a', "over": '=["police", "gp"]', "item": "a"},
    close={"groups": "lead"},
)


def test_of_several_tasks_the_others_are_waited_for(kit: Kit) -> None:
    kit.deploy(MANY)
    case = kit.start("lea")
    (mine,) = views.work_list(kit.desk, PEOPLE["gil"], kit.at).rows
    own = views.task_page(kit.desk, PEOPLE["gil"], case, mine.task, kit.at).explained
    assert own.next[0].after == "when everybody who was asked has done theirs"
    whole = views.task_page(kit.desk, PEOPLE["aud"], case, mine.task, kit.at).explained
    assert whole.waits == ("Check (police)",)
    (theirs,) = views.work_list(kit.desk, PEOPLE["pol"], kit.at).rows
    kit.do(CompleteTask, "pol", case=case, task=theirs.task, given={})
    last = views.task_page(kit.desk, PEOPLE["aud"], case, mine.task, kit.at).explained
    assert (last.waits, last.next[0].after) == ((), None)


CALLED = diagram(
    "start > call:k > task:close > end", k={"process": "q"}, close={"groups": "lead"}
) | diagram("start > task:check > end", process="q", start_groups=None, check={"groups": "clerk"})


def test_out_of_a_called_process_the_way_goes_on_in_the_caller(kit: Kit) -> None:
    kit.deploy(CALLED)
    found = of(kit, "ann", kit.start("ann"), "check")
    assert lines(found) == [(None, "Close", "Lead", None)]


def test_the_end_names_the_process_that_ends(kit: Kit) -> None:
    kit.deploy(CALLED)
    case = kit.start("ann")
    kit.complete("ann", case, "check")
    (line,) = of(kit, "lea", case, "close").next
    assert (line.kind, line.name) == ("end", "P: End")


def test_more_ways_than_anybody_reads_are_left_off(kit: Kit) -> None:
    ways = [f"t{n}" for n in range(7)]
    text = "start > task:check > xor:way; " + "; ".join(f"way > task:{id} > end" for id in ways)
    facts = {id: {"groups": "clerk", "condition": f"={n}=1"} for n, id in enumerate(ways[1:])}
    facts[ways[0]] = {"groups": "clerk", "condition": "default"}
    kit.deploy(diagram(text, check={"groups": "clerk"}, **facts))
    found = of(kit, "ann", kit.start("ann"), "check")
    assert len(found.next) == 5 and found.more


def test_a_task_somebody_took_is_explained_like_any_other(kit: Kit) -> None:
    kit.deploy(ASKED)
    case = kit.start("ann")
    kit.do(Claim, "ann", case=case, task=kit.task(case, "check"))
    assert of(kit, "ann", case, "check").next


def test_who_covers_for_somebody_is_told_for_whom_it_is_offered(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "lead"}))
    case = kit.start("ann")
    days = {"first": date(2026, 3, 4), "last": date(2026, 3, 6), "reason": "Leave"}
    kit.do(SetCover, "lea", person="lea", by="pol", **days)
    with kit.store.reading() as unit:
        covering = accounts.present(kit.desk, unit, PEOPLE["pol"], kit.at)
    task = kit.task(case, "check")
    found = views.task_page(kit.desk, covering, case, task, kit.at).explained
    assert found.why == "It is offered to Lea Lamb, for whom you are covering."
