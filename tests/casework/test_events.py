"""Recording that something has happened: its form, what would follow, the same, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.audit.narrative import told
from app.casework import look, views
from app.casework.access import SYSTEM
from app.casework.commands import AddMember, Claim, DeliverMessage, TakeBack
from app.casework.errors import NotFound, Refused
from app.store import Store, cases
from app.store.schema import METADATA
from tests.kit import PEOPLE, Kit, diagram, form, settings

GROUPS = {"groups": "clerk"}
#: a case, in which things happen: a death begins a process, a call moves the one that waits
FILES = {
    **diagram("start > task:check > catch:call > task:after > end", check=GROUPS, after=GROUPS,
              call={"message": "called"}),
    **diagram(
        "start:died > send:tell > task:report > end",
        process="death",
        start_groups=None,
        var={"who": "null", "at": "null"},
        died={"message": "died", "recorded_by": "death_told"},
        tell={"effect": "mail", "to": "lead", "template": "heard"},
        report=GROUPS | {"due": "=hours_after(at, 24)", "label": "=who", "status": "A death"},
    ),
    **form("death_told", "who", properties={"tells_apart": "true"}),
    "forms/mail/heard.txt": b"Subject: Heard\n\nSomething in {reference}.",
    "forms/mail/undone.txt": b"Subject: Undone\n\nTaken back in {reference}.",
}  # fmt: skip
_ASKED = FILES["forms/death_told.form"].replace(
    b'"components": [',
    b'"components": [{"type": "datetime", "subtype": "datetime", "key": "at", "id": "at",'
    b' "dateLabel": "When", "timeLabel": "Time", "timeSerializingFormat": "no_timezone",'
    b' "validate": {"required": true}, "properties": {"past": "true"}}, ',
)
FILES["forms/death_told.form"] = _ASKED
DIED = {"who": "Child 1", "at": "2026-03-04T06:00"}


@pytest.fixture
def told_case(sqlite_store: Store) -> Iterator[tuple[Kit, str]]:
    text = b'{"take_back_mail": "undone", "take_back_hours": 24}'
    kit = Kit(sqlite_store)
    kit.desk.settings = settings(settings_json=text)
    kit.deploy(FILES)
    yield kit, begun(kit)


def begun(kit: Kit) -> str:
    case = kit.start("ann")
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="leads"))
    return case


def died(kit: Kit, case: str, who: str = "lea", **changes: Any) -> Any:
    given = {**DIED, **changes.pop("given", {})}
    return kit.do(DeliverMessage, who, case=case, message="died", given=given, **changes)


def test_the_answers_to_the_form_are_the_message(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    died(kit, case)
    page = views.task_page(kit.desk, PEOPLE["ben"], case, kit.task(case, "report"), kit.at)
    assert page.label == "Child 1"
    assert page.asked.scope["at"] == datetime(2026, 3, 4, 6, tzinfo=UTC)


def test_a_limit_counts_from_when_it_happened_and_not_from_the_click(
    told_case: tuple[Kit, str],
) -> None:
    kit, case = told_case
    died(kit, case)
    (row,) = [row for row in kit.tasks(case) if row.element == "report"]
    assert row.due == datetime(2026, 3, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        pytest.param({"who": ""}, "who", "Enter", id="what is asked is needed"),
        pytest.param({"at": "2026-03-05T06:00"}, "at", "past", id="it has happened"),
        pytest.param({"at": "yesterday"}, "at", "", id="a time is a time"),
        pytest.param({"whom": "Child 1"}, "whom", "who", id="the nearest name is told"),
    ],
)
def test_what_the_form_would_not_take_is_refused_by_field(
    told_case: tuple[Kit, str], given: dict[str, str], field: str, sentence: str
) -> None:
    kit, case = told_case
    with pytest.raises(Refused) as refused:
        died(kit, case, given=given)
    assert sentence in refused.value.fields[field]
    assert "report" not in kit.open(case)


def test_the_same_is_asked_about_and_another_is_recorded_with_its_reason(
    told_case: tuple[Kit, str],
) -> None:
    kit, case = told_case
    died(kit, case)
    with pytest.raises(Refused, match="was recorded on Wednesday 4 March 2026 at 10am by Lea Lamb"):
        died(kit, case, given={"who": " child  1"})
    died(kit, case, given={"who": "Child 2"})
    died(kit, case, another="A brother of the same name")
    assert kit.open(case).count("report") == 3
    with look(kit.desk, PEOPLE["lea"], case, kit.at, None) as seen:
        sentences = [sentence.text for sentence in told(seen).sentences]
    assert any("It is another one: A brother of the same name." in text for text in sentences)


def everything(kit: Kit) -> dict[str, list[Any]]:
    with kit.store.reading() as unit:
        return {
            table.name: [tuple(row) for row in unit.rows(table.select(), {})]
            for table in METADATA.sorted_tables
        }


def test_what_would_follow_is_told_and_nothing_is_written(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    before = everything(kit)
    order = DeliverMessage(actor=PEOPLE["lea"], at=kit.at, case=case, message="died", given=DIED)
    follows = views.dry_run(kit.desk, order)
    assert follows.begins == ("Death",)
    (opens,) = follows.opens
    assert (opens.name, opens.label, opens.to) == ("Report", "Child 1", ("Clerk",))
    assert opens.due == datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert follows.mails == ("Lead",)
    assert follows.status == "A death"
    assert [(one.question, one.words) for one in follows.answers][1] == ("Who", "Child 1")
    assert follows.until == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert everything(kit) == before


def test_what_moves_the_case_has_no_way_back_and_says_so(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    order = DeliverMessage(actor=PEOPLE["lea"], at=kit.at, case=case, message="called")
    assert views.dry_run(kit.desk, order).kept
    kit.complete("ben", case, "check")
    follows = views.dry_run(kit.desk, order)
    assert (follows.kept, follows.until) == (False, None)
    assert "cannot be taken back" in follows.fixed
    entry = kit.do(DeliverMessage, "lea", case=case, message="called").seq
    with pytest.raises(Refused, match="cannot be taken back"):
        kit.do(TakeBack, "lea", case=case, entry=entry, reason="A mistake")


def lately_recorded(kit: Kit, case: str) -> tuple[views.LatelyRecorded, ...]:
    with look(kit.desk, PEOPLE["lea"], case, kit.at, None) as seen:
        return views.lately_recorded(seen)


def test_taking_back_ends_what_began_and_tells_who_was_told(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    entry = died(kit, case).seq
    kit.do(Claim, "ben", case=case, task=kit.task(case, "report"))
    (line,) = lately_recorded(kit, case)
    assert (line.entry, line.name) == (entry, "Died")
    done = kit.do(TakeBack, "lea", case=case, entry=entry, reason="It was the wrong case")
    assert kit.open(case) == ["check"]
    (mail,) = [event for event in done.events if type(event).__name__ == "EffectRequested"]
    assert mail.headers == {"to": ["lead", "ben"], "template": "undone"}
    assert lately_recorded(kit, case) == ()
    assert views.recorded_page(kit.desk, PEOPLE["lea"], case, kit.at).forms == ()
    died(kit, case)  # it is no longer recorded, so nobody is asked
    with look(kit.desk, PEOPLE["lea"], case, kit.at, None) as seen:
        sentences = [sentence.text for sentence in told(seen).sentences]
    assert any("took back “Died”" in text and "the wrong case" in text for text in sentences)


def worked_on(kit: Kit, case: str) -> None:
    kit.complete("ben", case, "report")


def a_day_later(kit: Kit, case: str) -> None:
    kit.later(hours=25)


def taken_back(kit: Kit, case: str) -> None:
    kit.do(TakeBack, "lea", case=case, entry=3, reason="A mistake")


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        pytest.param(worked_on, "Somebody has worked on", id="work is not lost"),
        pytest.param(a_day_later, "until Thursday 5 March 2026", id="only for a while"),
        pytest.param(taken_back, "Nothing of what it began goes on", id="only once"),
    ],
)
def test_it_cannot_always_be_taken_back(
    told_case: tuple[Kit, str], first: Any, sentence: str
) -> None:
    kit, case = told_case
    entry = died(kit, case).seq
    assert entry == 3
    first(kit, case)
    with pytest.raises(Refused, match=sentence):
        kit.do(TakeBack, "lea", case=case, entry=entry, reason="A mistake")


def test_nobody_else_takes_it_back(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    entry = died(kit, case).seq
    with pytest.raises(Refused, match="role"):
        kit.do(TakeBack, "ben", case=case, entry=entry, reason="A mistake")
    with pytest.raises(NotFound):
        views.take_back_page(kit.desk, PEOPLE["ben"], case, entry, kit.at)


def test_what_is_kept_can_be_taken_back_too(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    entry = kit.do(DeliverMessage, "lea", case=case, message="called").seq
    kit.do(TakeBack, "lea", case=case, entry=entry, reason="It was another case")
    kit.complete("ben", case, "check")
    assert kit.open(case) == []


def test_the_status_is_what_it_was(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    died(kit, case, given={"who": "Child 2"})
    entry = died(kit, case).seq
    kit.do(TakeBack, "lea", case=case, entry=entry, reason="A mistake")
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None and row.status == "A death"


def test_what_was_recorded_stands_in_the_words_of_its_form(told_case: tuple[Kit, str]) -> None:
    kit, case = told_case
    died(kit, case)
    (recorded,) = views.recorded_page(kit.desk, PEOPLE["lea"], case, kit.at).forms
    assert recorded.name == "Died"
    assert [(a.question, a.words) for a in recorded.answers][1] == ("Who", "Child 1")
