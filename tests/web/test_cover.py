"""The page of absence cover, what task pages say of it, and the organisation's name of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from app.casework import views
from app.casework.commands import AgreeCover, SetCover
from app.casework.people import passwords
from app.config.dated import Named
from app.config.installation import Config
from app.store.people import covers
from tests.kit import PEOPLE, Kit, diagram
from tests.templates import create_site
from tests.web.conftest import Browser, own_form

BrowserOf = Callable[[str], Browser]


def days(first: str, last: str) -> dict[str, str]:
    """As date questions send them; each text is day, month and year."""
    found = {}
    for name, text in (("from", first), ("until", last)):
        keys = (f"{name}-day", f"{name}-month", f"{name}-year")
        found |= dict(zip(keys, text.split(), strict=True))
    return found


GOOD = {"for": "ann", "by": "pol", **days("4 3 2026", "6 3 2026"), "reason": "Leave"}


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    return kit.started("ann").reference


def cover(kit: Kit, away: str = "ann", by: str = "pol") -> str:
    order: dict[str, Any] = {"first": kit.at.date(), "last": date(2026, 3, 6), "reason": "Leave"}
    id = str(kit.do(SetCover, "lea", person=away, by=by, **order).answer["cover"])
    if away != "lea":
        kit.do(AgreeCover, away, cover=id)
    return id


def test_a_cover_is_set_shown_and_ended(lea: Browser, kit: Kit, case: str) -> None:
    page = lea.fill("/cover", GOOD)
    assert page.says("The cover is proposed.") and page.says("Waits for agreement")
    with kit.store.reading() as unit:
        (proposed,) = covers.everything(unit)
    kit.do(AgreeCover, "ann", cover=proposed.id)
    page = lea.visit("/cover")
    row = page.words("//main//table//tbody/tr")
    assert "Ann Archer Pol Police Wednesday 4 March 2026 to Friday 6 March 2026 Leave" in row
    assert "Running" in row
    (action,) = page.tree.xpath("//form[contains(@action, '/end')]/@action")
    page = lea.send(action, page.form(action))
    assert page.says("The cover has ended.") and page.says("Cover that has ended: 1")
    assert page.says("Ended early by Lea Lamb") and page.says("Nobody is covered for at present.")
    again = lea.send(action, {"csrf_token": page.form("/cover")["csrf_token"]}, 422)
    assert again.says("This cover has ended already.")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"for": ""}, "Select who is away"),
        ({"by": ""}, "Select who covers"),
        ({"by": "ann"}, "nobody can cover for themselves"),
        ({"from-day": ""}, "First day must include a day"),
        (days("30 2 2026", "6 3 2026"), "must be a real date"),
        (days("3 3 2026", "6 3 2026"), "The first day must be today or later"),
        (days("6 3 2026", "5 3 2026"), "The last day must be the first day or later"),
        (days("6 3 2026", "5 3 2062"), "A cover can last a year at most"),
        ({"reason": " "}, "Enter a reason"),
    ],
)
def test_a_mistake_is_named_and_every_answer_kept(
    lea: Browser, change: dict[str, str], says: str
) -> None:
    page = lea.fill("/cover", {**GOOD, **change}, 422)
    assert page.title.startswith("Error: ")
    assert page.says(says), page.words()
    form = page.form("/cover")
    given = {**GOOD, **change}
    assert {name: form[name].strip() for name in given} == {k: v.strip() for k, v in given.items()}


def test_everybody_can_set_cover_for_themselves_only(
    browser_of: BrowserOf, ann: Browser, case: str
) -> None:
    link = ann.visit("/tasks").links()["Going to be away? Say who covers for you"]
    page = ann.visit(link)
    assert page.says("Set cover for yourself") and not page.tree.xpath("//select[@name='for']")
    given = {name: value for name, value in GOOD.items() if name != "for"}
    assert ann.fill("/cover", {**given, "for": "ben"}).says("Ann Archer")
    pol = browser_of("pol").visit("/cover")
    assert pol.says("Ann Archer") and not pol.tree.xpath("//form[contains(@action, '/end')]")
    assert browser_of("ben").visit("/cover").says("Nobody is covered for at present.")


def test_an_auditor_reads_all_and_sets_nothing(browser_of: BrowserOf, kit: Kit) -> None:
    cover(kit)
    page = browser_of("aud").visit("/cover")
    assert page.says("Ann Archer") and not page.tree.xpath("//form[@action='/cover']")
    assert "Absence cover" in page.links()


def test_who_covers_is_told_for_whom_and_until_when(
    browser_of: BrowserOf, kit: Kit, case: str
) -> None:
    pol = browser_of("pol")
    assert "Check" not in pol.visit("/tasks").links()
    cover(kit)
    listed = pol.visit("/tasks")
    assert listed.says("You are covering for Ann Archer until Friday 6 March 2026.")
    assert "for Ann Archer" in listed.words("//main//table//tbody/tr")
    page = pol.visit(listed.links()["Check"])
    assert page.says("You are covering for Ann Archer until Friday 6 March 2026.")
    page = pol.send(listed.links()["Check"], {**own_form(page), "_action": "claim"})
    assert page.says("Give this back to the group") and page.says("Ann Archer")
    done = pol.fill(listed.links()["Check"], {"note": "Seen"})
    assert done.says("The task is done.")
    recorded = views.recorded_page(kit.desk, PEOPLE["aud"], case, kit.at)
    assert recorded.forms[0].by == "Pol Police for Ann Archer"


def test_the_case_page_says_for_whom(browser_of: BrowserOf, kit: Kit, case: str) -> None:
    cover(kit)
    assert "for Ann Archer" in browser_of("pol").visit(f"/cases/{case}").words()


@pytest.fixture
def named(kit: Kit, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    names = (
        Named("Old Partnership", None, date(2027, 3, 31)),
        Named("New Partnership", date(2027, 4, 1)),
    )
    yield create_site(kit.desk, replace(config, organisation=names), lambda: kit.at)


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (datetime(2027, 3, 31, 22, 59, tzinfo=UTC), "Old Partnership"),
        (datetime(2027, 3, 31, 23, 0, tzinfo=UTC), "New Partnership"),
    ],
)
def test_pages_bear_the_name_in_force(named: Flask, kit: Kit, at: datetime, name: str) -> None:
    kit.at = at
    assert Browser(named.test_client()).visit("/sign-in").words("//header").startswith(name)
