"""The persons of a case are one list, whatever forms they were named in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.forms import (
    Form,
    Given,
    PersonOfCase,
    as_contexts,
    folded,
    mentions,
    persons_of,
    references,
)
from tests.engine.forms.test_forms import findings_of
from tests.engine.forms.test_forms import read as form_of

TIN, TIM = date(2019, 5, 1), date(2020, 6, 2)
DUE = date(2027, 5, 3)


def part(key: str, is_: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    subtype = {"subtype": "date", "dateLabel": key.title()} if kind == "datetime" else {}
    return {
        "type": kind, "key": key, "id": f"id_{is_}_{key}", "label": key.title(), **subtype,
        "properties": {"person_is": is_, **more},
    }  # fmt: skip


def people(
    path: str = "children", kind: str = "child", name: str = "name", type_: str = "dynamiclist"
) -> dict[str, Any]:
    died = part("died", "died", "radio")
    died["values"] = [{"value": v, "label": v.title()} for v in ("yes", "no")]
    return {
        "type": type_, "id": f"list_{path}", "path": path, "label": path.title(),
        "properties": {"persons": kind},
        "components": [
            part("called", name), part("nicks", "aliases"), part("dob", "born", "datetime"),
            part("edd", "expected", "datetime"), part("known", "born_known"),
            part("year", "born_year", "number"), part("nhs", "number"), part("home", "address"),
            part("role", "relation"), part("works_at", "organisation"), died,
            part("on", "died", "datetime"),
        ],
    }  # fmt: skip


FORM = form_of(people(), people("family", "family member"))


def told(*answers: dict[str, Any], form: Form = FORM) -> tuple[PersonOfCase, ...]:
    """The persons of a case in which this was answered, one form after the other; what an answer
    says under `provenance` is how its parts came about."""
    return persons_of(
        Given(seq, f"step{seq}", form, {k: v for k, v in each.items() if k != "provenance"},
              each.get("provenance", {}))
        for seq, each in enumerate(answers, 1)
    )  # fmt: skip


def child(called: str | None = None, **more: Any) -> dict[str, Any]:
    return {"called": called, **more}


def test_what_forms_say_of_a_person_is_kept() -> None:
    (person,) = told(
        {"children": [child(
            "Zoë Kaya", nicks="Zo; Zoey", dob=TIN, known="exact", nhs="943 476 5919",
            home="1 High Street", role="sister", works_at="Oak School", died="yes",
            on=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        )]}
    )  # fmt: skip
    assert (person.id, person.kind, person.names) == ("p1", "child", ("Zoë Kaya", "Zo", "Zoey"))
    assert (person.born, person.born_known, person.number) == (TIN, "exact", "943 476 5919")
    assert (person.address, person.relation) == ("1 High Street", "sister")
    assert (person.organisation, person.died, person.died_on) == (
        "Oak School", True, date(2026, 3, 1),
    )  # fmt: skip
    assert [(said.seq, said.step, said.path) for said in person.sources] == [
        (1, "step1", "children.0")
    ]


@pytest.mark.parametrize(
    ("first", "later", "names"),
    [
        pytest.param(child("Ann Lee"), child("ann  lee"), ["ann  lee"], id="case and spaces"),
        pytest.param(child("Zoë Kaya"), child("Zoe Kaya"), ["Zoe Kaya"], id="accents"),
        pytest.param(
            child("Siân O’Neill-Roe"), child("Sian O'Neill Roe"), ["Sian O'Neill Roe"],
            id="apostrophes and hyphens",
        ),
        pytest.param(
            child("Ann Lee", nicks="Annie Lee"), child("Annie Lee"), ["Annie Lee"], id="an alias"
        ),
        pytest.param(
            child("Annie Lee"), child("Ann Lee", nicks="Annie Lee"), ["Ann Lee"],
            id="an alias said later",
        ),
        pytest.param(
            child("Ann Lee", nhs="943 476 5919"), child("Anna Leigh", nhs="9434765919", dob=TIN),
            ["Anna Leigh"], id="the number",
        ),
        pytest.param(
            child("Ann Lee", dob=TIN), child("Ann Lee", dob=TIM), ["Ann Lee", "Ann Lee"],
            id="another date of birth",
        ),
        pytest.param(
            child("Ann Lee", dob=TIN), child("Ann Lee", year=2020, known="year"),
            ["Ann Lee", "Ann Lee"], id="another year of birth",
        ),
        pytest.param(
            child("Ann Lee", dob=TIN), child("Ann Lee", year=2020, known="estimated"),
            ["Ann Lee"], id="an estimate contradicts nothing",
        ),
        pytest.param(
            child("Ann Lee"), child("Bob Lee"), ["Ann Lee", "Bob Lee"], id="another name"
        ),
    ],
)  # fmt: skip
def test_who_is_the_same_person_in_a_later_answer(
    first: dict[str, Any], later: dict[str, Any], names: list[str]
) -> None:
    persons = told({"children": [first]}, {"children": [later]})
    assert [person.name for person in persons] == names


def test_rows_of_one_list_are_different_people() -> None:
    """Twins who bear one name in a hurry, and two who are not born yet."""
    rows = [child("Baby Lee", dob=TIN), child("Baby Lee", dob=TIN), child(edd=DUE), child(edd=DUE)]
    persons = told({"children": rows}, {"children": rows})
    assert [(p.id, p.name, p.expected) for p in persons] == [
        ("p1", "Baby Lee", None), ("p2", "Baby Lee", None), ("p3", "", DUE), ("p4", "", DUE),
    ]  # fmt: skip


def test_a_father_and_his_son_of_one_name_are_two() -> None:
    persons = told({"children": [child("Ali Khan", dob=TIN)], "family": [child("Ali Khan")]},
                   {"family": [child("Ali Khan")]})  # fmt: skip
    assert [(p.kind, len(p.sources)) for p in persons] == [("child", 1), ("family member", 2)]


def test_somebody_named_as_family_first_is_the_same_child_by_name_and_birth() -> None:
    persons = told(
        {"family": [child("Ben Lee", dob=TIN)]}, {"children": [child("Ben Lee", dob=TIN)]}
    )
    assert [(p.kind, p.kinds) for p in persons] == [("family member", ("family member", "child"))]


def test_a_corrected_name_keeps_the_person_and_its_old_spelling() -> None:
    how = {"how": "corrected", "record": "step1", "question": "children.1.called", "entry": 1}
    persons = told(
        {"children": [child("Ann Lee"), child("Bob Lee")]},
        {"children": [child("Robert Leigh")], "provenance": {"children.0.called": how}},
        {"children": [child("Bob Lee")]},
    )
    assert [(p.id, p.name, p.aliases) for p in persons] == [
        ("p1", "Ann Lee", ()), ("p2", "Bob Lee", ("Robert Leigh",)),
    ]  # fmt: skip


def test_an_unborn_child_who_gets_a_name_stays_the_same() -> None:
    how = {"how": "confirmed", "record": "step1", "question": "children.0.edd", "entry": 1}
    persons = told(
        {"children": [child(edd=DUE)]},
        {"children": [child("Mia Lee", edd=DUE)], "provenance": {"children.0.edd": how}},
        {"children": [child("Mia Lee", dob=TIM)]},
    )
    assert [(p.id, p.name, p.born, p.expected) for p in persons] == [("p1", "Mia Lee", TIM, None)]


def test_later_answers_stand_and_what_they_leave_out_stays() -> None:
    (person,) = told(
        {"children": [child("Ann Lee", home="Old Road", role="sister", died="no")]},
        {"children": [child("Ann Lee", home="New Road", dob=TIN)]},
        {"children": [child("Ann Lee", died="yes", known="not_known")]},
    )
    assert (person.address, person.relation, person.died) == ("New Road", "sister", True)
    assert (person.born, person.born_known) == (TIN, None), "who does not know it does not unsay it"


def test_a_date_that_is_found_out_takes_the_place_of_an_estimate() -> None:
    (person,) = told(
        {"children": [child("Ann Lee", year=2018, known="estimated")]},
        {"children": [child("Ann Lee", dob=TIN, known="exact")]},
    )
    assert (person.born, person.born_year, person.born_known) == (TIN, None, "exact")


def test_ids_are_never_given_anew() -> None:
    before = told({"children": [child("Ann Lee"), child("Bob Lee")]})
    after = told({"children": [child("Ann Lee"), child("Bob Lee")]},
                 {"children": [child("Cy Lee"), child("Bob Lee")]})  # fmt: skip
    assert [(p.id, p.name) for p in before] == [("p1", "Ann Lee"), ("p2", "Bob Lee")]
    assert [(p.id, p.name) for p in after] == [
        ("p1", "Ann Lee"), ("p2", "Bob Lee"), ("p3", "Cy Lee"),
    ]  # fmt: skip


def test_lone_questions_name_a_person_each() -> None:
    def lone(key: str, is_: str, **more: Any) -> dict[str, Any]:
        return part(key, is_, persons="professional", **more)

    group = {
        "type": "group",
        "id": "g",
        "label": "Rest",
        "components": [lone("works", "organisation")],
    }
    form = form_of(
        lone("you", "name"), lone("job", "relation"), lone("key", "name_and_role"), group
    )
    persons = told(
        {"you": "Jo Fox", "job": "Nurse", "key": "Di Ray, Consultant", "works": "Trust"}, form=form
    )
    assert [(p.name, p.relation, p.organisation) for p in persons] == [
        ("Jo Fox", "Nurse", None), ("Di Ray", "Consultant", "Trust"),
    ]  # fmt: skip


def test_a_group_of_questions_is_one_person() -> None:
    form = form_of(people("mother", "family member", type_="group"))
    assert [m.said["name"] for m in mentions(form, {"mother": child("Ann Lee")})] == ["Ann Lee"]


def test_a_choice_can_be_drawn_from_the_persons() -> None:
    (named, unborn) = as_contexts(told({"children": [child("Ann Lee"), child(edd=DUE)]}))
    assert (named["value"], named["label"]) == ("p1", "Ann Lee")
    assert (unborn["value"], unborn["label"]) == ("p2", "Child without a name")


def test_references_of_a_case_are_those_that_the_owner_marked() -> None:
    number = {"type": "textfield", "key": "ref", "id": "r", "label": "Ref",
              "properties": {"reference_of_case": "true"}}  # fmt: skip
    form = form_of(dict(number), {"type": "dynamiclist", "path": "all", "id": "l", "label": "All",
                                  "components": [{**number, "id": "r2"}]})  # fmt: skip
    given = {"ref": " P/12 ", "all": [{"ref": "Q/1"}, {"ref": ""}]}
    assert references(form, given) == ["P/12", "Q/1"]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Åsa Øst", "asaost"),
        ("Łukasz D'Arcy", "lukaszdarcy"),
        ("Zoe\u0301", "zoe"),
        ("Straße", "strasse"),
        ("محمد", "محمد"),
    ],
)
def test_names_are_compared_without_what_people_type_differently(name: str, same: str) -> None:
    assert folded(name) == same


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        pytest.param(people(name="relation"), "form-persons", id="a list without a name"),
        pytest.param(
            part("called", "relation", persons="child"), "form-persons", id="no name on its own"
        ),
        pytest.param(part("called", "name"), "form-persons", id="nobody says whose name"),
        pytest.param(
            {"type": "textfield", "key": "x", "label": "X", "properties": {"persons": "child"}},
            "form-persons", id="nobody says what of them",
        ),
        pytest.param(
            part("called", "nmae", persons="child"), "form-property", id="no such part"
        ),
    ],
)  # fmt: skip
def test_marks_that_name_nobody_are_told_to_the_owner(component: dict[str, Any], rule: str) -> None:
    assert rule in findings_of(component)


def event() -> Form:
    """Of somebody chosen from the list, or of somebody who is not in it."""
    lone = [
        part("who", "chosen", persons="child"), part("new", "name", persons="child"),
        part("when", "died", "datetime", persons="child"),
    ]  # fmt: skip
    return form_of(*lone)


@pytest.mark.parametrize(
    ("chosen", "who"),
    [("Child 2", "Tim"), ("child 1", "Tin"), ("p2", "Tim")],
    ids=["by number", "by number, in small letters", "by id"],
)
def test_what_is_said_of_a_chosen_person_is_theirs(chosen: str, who: str) -> None:
    listed = Given(1, "start", FORM, {"children": [child("Tin"), child("Tim")]})
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    died = Given(2, "news", event(), {"who": chosen, "when": at})
    (tin, tim) = persons_of([listed, died])
    dead, other = (tim, tin) if who == "Tim" else (tin, tim)
    assert (dead.died, dead.died_on) == (True, date(2026, 3, 1))
    assert (other.died, other.died_on) == (None, None)


def test_somebody_who_is_not_listed_is_a_person_more() -> None:
    listed = Given(1, "start", FORM, {"children": [child("Tin")]})
    news = Given(2, "news", event(), {"who": "Child 2", "new": "Tess", "when": date(2026, 3, 1)})
    assert [(each.name, each.died) for each in persons_of([listed, news])] == [
        ("Tin", None), ("Tess", True),
    ]  # fmt: skip


def test_nobody_is_made_of_a_choice_that_means_nobody() -> None:
    news = Given(1, "news", event(), {"who": "Child 4", "when": date(2026, 3, 1)})
    assert persons_of([news]) == ()
