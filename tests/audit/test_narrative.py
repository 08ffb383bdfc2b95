"""What people read: each fact as a plain sentence, with names instead of ids."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.audit.entries import Entry
from app.audit.narrative import facts, tell
from app.audit.narrative.names import Words
from app.engine import events as fact
from app.engine.bpmn.model import Element, Flow, Process
from app.engine.feel import Calendar
from app.engine.program import Program

AT = datetime(2026, 6, 1, 9, 15, tzinfo=UTC)


class Tables:
    """Stands where decision tables stand in a program; only names are asked of it."""

    ids = {"scope": "Scope of work", "size": "Size"}  # noqa: RUF012
    tables = frozenset({"scope"})


def element(key: str, kind: str, name: str | None = None, on: str | None = None) -> Element:
    return Element(id=key, kind=kind, process="main", name=name, attached_to=on)


MAIN = Process(
    id="main",
    file="bpmn/main.bpmn",
    name="Request",
    elements={
        one.id: one
        for one in (
            element("return_form", "userTask", "Return the\nform"),
            element("ask", "exclusiveGateway", "Needed?"),
            element("join", "exclusiveGateway"),
            element("sent", "intermediateThrowEvent", "Notification sent"),
            element("reminder", "boundaryEvent", "2 days before", "return_form"),
            element("quiet_timer", "boundaryEvent", None, "return_form"),
            element("gather", "subProcess", "Gather returns"),
        )
    },
    flows={
        "f_yes": Flow("f_yes", "ask", "return_form", "Yes"),
        "f_plain": Flow("f_plain", "ask", "return_form"),
        "f_task": Flow("f_task", "return_form", "ask", "named, but not a decision"),
    },
)
PROGRAM = Program(
    digest="d",
    files={},
    processes={"main": MAIN},
    decisions=Tables(),  # type: ignore[arg-type]
    forms={},
    settings={},
)
WORDS = Words(
    PROGRAM,
    people={"priya": "Priya Shah (Partnership team)", "sam": "Sam Lee"},
    groups={"spoc": "Agency contact", "team": "Partnership team"},
    working=Calendar.of("england-and-wales").is_working_day,
)
STARTED = fact.InstanceStarted(instance="1", process="main")
OPENED = fact.TaskOpened(
    instance="1", task="1-7", element="return_form", name="Return the\nform", label="Police",
    groups=("spoc:police", "team"),
)  # fmt: skip
DUE = datetime(2026, 6, 11, 22, 59, 59, tzinfo=UTC)
DEADLINE = fact.DeadlineSet(
    instance="1", task="1-7", element="return_form", due=DUE, whole_day=True, rule="=x",
    sum="8 working days after Monday 1 June 2026", backstop=DUE + timedelta(hours=13, seconds=1),
    backstop_whole_day=False, basis="Guidance 2023, 5.2.",
)  # fmt: skip


def entry(*events: fact.Event, kind: str = "CompleteTask", actor: str = "priya", seq: int = 1,
          at: datetime = AT, **command: object) -> Entry:  # fmt: skip
    return Entry(seq=seq, at=at, kind=kind, actor=actor, command=command, events=events)


BEFORE = entry(STARTED, OPENED, DEADLINE, kind="StartCase")


def last(*events: fact.Event, **more: object) -> str:
    return tell([BEFORE, entry(*events, seq=2, **more)], WORDS)[-1].text  # type: ignore[arg-type]


def test_a_person_starts_a_process_by_its_name() -> None:
    assert tell([BEFORE], WORDS)[0].text == (
        "Priya Shah (Partnership team) started “Request” on Monday 1 June 2026 at 10:15am."
    )


def test_a_completion_names_person_task_label_and_london_time() -> None:
    done = fact.TaskCompleted(instance="1", task="1-7", element="return_form")
    assert last(done, task="1-7") == (
        "Priya Shah (Partnership team) completed “Return the form” for Police"
        " on Monday 1 June 2026 at 10:15am."
    )


def test_a_deadline_tells_its_sum_its_last_day_and_its_basis() -> None:
    assert tell([BEFORE], WORDS)[2].text == (
        "Deadline set: “Return the form” for Police is due by Thursday 11 June 2026"
        " (8 working days after Monday 1 June 2026); at the latest by Friday 12 June 2026 at 1pm."
        " Basis: Guidance 2023, 5.2."
    )


EVENTS: dict[str, tuple[fact.Event, str]] = {
    "opened": (OPENED, "Task opened: “Return the form” for Police, for Agency contact (police)"
               " or Partnership team."),
    "withdrawn": (
        fact.TaskCancelled(instance="1", task="1-7", element="return_form", by="reminder"),
        "“Return the form” for Police is no longer needed, by “2 days before”.",
    ),
    "done by consequence": (
        fact.TaskCompleted(instance="1", task="1-7", element="return_form"),
        "“Return the form” for Police was completed.",
    ),
    "way": (fact.FlowTaken(instance="1", flow="f_yes"), "At “Needed?” the way was “Yes”."),
    "event": (fact.ElementPassed(instance="1", element="sent"), "Reached “Notification sent”."),
    "sub-process": (fact.ElementEntered(instance="1", element="gather"), "“Gather returns” began."),
    "timer": (
        fact.TimerSet(instance="1", timer="t", element="quiet_timer", due=AT, sum="2 days before"),
        "Timer set: the event on “Return the form” on Monday 1 June 2026 at 10:15am"
        " (2 days before).",
    ),
    "fired": (
        fact.TimerFired(instance="1", timer="t", element="reminder", due=AT),
        "Timer went off: “2 days before”, Monday 1 June 2026 at 10:15am.",
    ),
    "decision": (
        fact.DecisionMade(
            instance="1", element="x", decision="scope",
            inputs={"age": Decimal("4.50"), "died": True},
            output=date(2026, 6, 2), rules=("rule 2", "rule 3"),
        ),
        "Decision “Scope of work”: rule 2 and rule 3 matched for age 4.5 and died yes."
        " Result: Tuesday 2 June 2026.",
    ),
    "decision no rule": (
        fact.DecisionMade(
            instance="1", element="x", decision="scope",
            inputs={"Indicators found": [], "age": 4}, output=None, rules=(),
        ),
        "Decision “Scope of work”: no rule matched (Indicators found: nothing; age: 4)."
        " Result: nothing.",
    ),
    "offered anew": (
        fact.TaskOffered(instance="1", task="1-9", element="return_form", groups=("clerk",)),
        "“Return the form” is offered anew, for clerk, and to nobody else.",
    ),
    "decision waits": (
        fact.DecisionWaits(instance="1", element="x", decision="scope", year="2029"),
        "Decision “Scope of work” cannot be worked out yet, the bank holidays of 2029 are not"
        " known: the case waits for them.",
    ),
    "decision expression": (
        fact.DecisionMade(
            instance="1", element="x", decision="size", inputs={"age": 4}, output="small", rules=(),
        ),
        "Decision “Size”: worked out (age: 4). Result: small.",
    ),
    "decision bare": (
        fact.DecisionMade(
            instance="1", element="x", decision="size", inputs={}, output="small", rules=(),
        ),
        "Decision “Size”: worked out. Result: small.",
    ),
    "kept": (
        fact.MessageBuffered(instance="1", id="m", message="reply"),
        "Nobody waited yet for the message “reply”; it is kept.",
    ),
    "status": (
        fact.StatusSet(instance="1", status="in_progress"), "The case is now at: in progress.",
    ),
    "values": (
        fact.VariablesSet(instance="1", element="x", values={"needed": False}),
        "Recorded for the process: needed is no.",
    ),
    "mail": (
        fact.EffectRequested(
            instance="1", element="x", effect="mail",
            headers={"to": "spoc:police", "template": "first_letter"},
        ),
        "Mail “first letter” to Agency contact (police) was put in the outbox.",
    ),
    "trouble": (
        fact.IncidentRaised(instance="1", element="ask", sentence="No way out."),
        "The case stopped at “Needed?” and needs a person: No way out.",
    ),
    "met": (
        fact.DeadlineEnded(instance="1", task="1-7", element="return_form", how="met"),
        "Deadline met: “Return the form” for Police.",
    ),
    "ended": (fact.InstanceEnded(instance="1", how="completed"), "“Request” came to its end."),
    "unknown element": (
        fact.ElementEntered(instance="9", element="old_step"), "“old step” began.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("event", "text"), EVENTS.values(), ids=EVENTS)
def test_each_fact_has_its_sentence(event: fact.Event, text: str) -> None:
    assert last(event) == text


@pytest.mark.parametrize(
    "event",
    [
        fact.FlowTaken(instance="1", flow="f_plain"),
        fact.FlowTaken(instance="1", flow="f_task"),
        fact.ElementPassed(instance="1", element="join"),
    ],
    ids=["unnamed way", "not from a gateway", "gateway passed"],
)
def test_what_tells_a_person_nothing_is_left_out(event: fact.Event) -> None:
    assert len(tell([BEFORE, entry(event)], WORDS)) == len(tell([BEFORE], WORDS))


def test_a_late_completion_says_how_late() -> None:
    ended = fact.DeadlineEnded(instance="1", task="1-7", element="return_form", how="met")
    assert last(ended, at=DUE + timedelta(days=2, hours=1)) == (
        "Deadline missed: “Return the form” for Police was due by Thursday 11 June 2026,"
        " done 1 working day late."
    )


def test_a_moved_deadline_tells_old_new_and_reason() -> None:
    moved = fact.DeadlineMoved(
        instance="1", task="1-7", element="return_form", old=DUE, new=DUE + timedelta(days=1),
        reason="Holiday.", sum="", whole_day=True,
    )  # fmt: skip
    assert last(moved, kind="MoveDeadline") == (
        "Priya Shah (Partnership team) moved the deadline of “Return the form” for Police"
        " from Thursday 11 June 2026 to Friday 12 June 2026 on Monday 1 June 2026 at 10:15am."
        " Reason: Holiday."
    )


ORDERS = {
    "Claim": ({"task": "1-7"}, "took “Return the form” for Police on"),
    "Release": ({"task": "1-7"}, "gave back “Return the form” for Police on"),
    "Assign": ({"task": "1-7", "to": "sam"}, "assigned “Return the form” for Police to Sam Lee on"),
    "SaveDraft": ({"task": "1-7"}, "saved a draft of “Return the form” for Police on"),
    "Suspend": (
        {"reason": "Court."},
        "suspended the case on Monday 1 June 2026 at 10:15am. Reason: Co",
    ),
    "Cancel": ({"reason": "Error"}, "cancelled the case on"),
    "ExcludePerson": ({"person": "sam", "reason": "Relative"}, "excluded Sam Lee from the case on"),
    "read": ({"view": "case_page"}, "looked at the case (case page) on"),
    "refused": (
        {"task": "1-7", "sentence": "You did it."},
        "was refused to complete “Return the form” for Police"
        " on Monday 1 June 2026 at 10:15am: You",
    ),
    "Unheard": ({}, "did “Unheard” on"),
}


@pytest.mark.parametrize(
    ("kind", "given", "text"), [(k, *v) for k, v in ORDERS.items()], ids=ORDERS
)
def test_each_order_has_its_sentence(kind: str, given: dict[str, str], text: str) -> None:
    assert f"Priya Shah (Partnership team) {text}" in last(kind=kind, **given)


def test_every_kind_of_event_has_a_teller() -> None:
    assert set(facts.TELLERS) == set(fact.KINDS.values())


def test_every_topic_of_a_sentence_is_known_to_the_filter() -> None:
    history = [BEFORE, *(entry(event, seq=2) for event, _ in EVENTS.values())]
    history += [entry(kind=kind, **given) for kind, (given, _) in ORDERS.items()]
    assert {one.topic for one in tell(history, WORDS)} <= set(facts.TOPICS)


def test_a_sentence_carries_who_when_and_where() -> None:
    one = tell([BEFORE], WORDS)[1]
    assert (one.seq, one.index, one.at, one.actor) == (1, 1, AT, "priya")
    assert (one.process, one.element, one.topic) == ("main", "return_form", "task")
