"""Another partnership, and another kind of casework, change no Python: three things say it all.

Each folder beside this file is a whole content set (config.yaml, bpmn/, forms/), invented, with
other names, limits, calendar and texts. It is checked, walked, run as pages and proved as ours is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from lxml import html

from app import wiring
from app.audit.verification import verify_all
from app.casework import accounts
from app.casework.desk import Desk
from app.casework.people import passwords
from app.config.installation import Config, load
from app.journeys import play
from app.journeys.run.coverage import covered
from app.validation.deployment import check
from tests.templates import create_site
from tests.word_documents import lines

HERE = Path(__file__).parent
SETS = sorted(path.parent.name for path in HERE.glob("*/config.yaml"))
PRESENT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
PASSWORD = "a long and simple phrase"


@dataclass
class Elsewhere:
    name: str
    config: Config
    desk: Desk

    @property
    def journeys(self) -> list[Path]:
        return sorted((HERE / self.name / "bpmn/journeys").glob("*.yaml"))


@pytest.fixture(scope="module", params=SETS)
def elsewhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Elsewhere]:
    folder = tmp_path_factory.mktemp(request.param)
    config = replace(load(HERE / request.param / "config.yaml"), secrets_dir=folder)
    desk = wiring.open_desk(config, database="sqlite://", upgrade=True)
    said: list[str] = []
    assert wiring.deploy_content(desk, config, PRESENT, said.append), said
    yield Elsewhere(request.param, config, desk)
    desk.store.close()


def test_both_sets_are_there() -> None:
    assert SETS == ["northmoor", "trees"]


def test_the_check_says_nothing(elsewhere: Elsewhere) -> None:
    assert [wiring.told(one) for one in wiring.check_files(elsewhere.config, [])] == []


def test_every_journey_holds_and_together_they_walk_everything(elsewhere: Elsewhere) -> None:
    results = [
        play(file, elsewhere.desk, present=PRESENT, own_time=True) for file in elsewhere.journeys
    ]
    walked = {place for result in results for place in result.walked}
    left = {
        one.process: (one.left_elements, one.left_flows)
        for one in covered(results[0].program, walked)
        if one.percent < 100
    }
    assert len(results) >= 3 and not left


def test_every_history_is_sound_and_runs_again(elsewhere: Elsewhere) -> None:
    play(elsewhere.journeys[0], elsewhere.desk, present=PRESENT, own_time=True)
    told = list(verify_all(elsewhere.desk.store))
    assert told and not [line for one in told if not one.good for line in one.lines()]


# As pages


@pytest.fixture
def client(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    # Real hashes, but cheap ones.
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    for one in elsewhere.config.people:
        accounts.ensure(
            elsewhere.desk, one.id, one.name, one.roles, PRESENT,
            attributes=one.attributes, email=one.email, password=PASSWORD,
        )  # fmt: skip
    return create_site(elsewhere.desk, elsewhere.config, lambda: PRESENT).test_client()


def signed_in(client: FlaskClient, elsewhere: Elsewhere, who: str) -> FlaskClient:
    opened = accounts.sign_in(elsewhere.desk, who, PASSWORD, PRESENT, "127.0.0.1")
    client.set_cookie("session", opened.token)
    return client


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return html.fromstring(answer.get_data(as_text=True))


def test_everybody_signs_in_and_sees_their_page_under_the_name_of_the_house(
    elsewhere: Elsewhere, client: FlaskClient
) -> None:
    for person in elsewhere.config.people:
        signed_in(client, elsewhere, person.id)
        tree = page(client, "/")
        assert tree.findtext(".//title").endswith(f" – {elsewhere.config.title}")
        assert len(tree.xpath("//h1")) == 1


def test_every_start_form_opens_for_who_may_start(
    elsewhere: Elsewhere, client: FlaskClient
) -> None:
    program = check(elsewhere.config.content_files()).program
    assert program is not None
    started = [one for one in program.processes.values() if one.start_groups]
    assert started
    for process in started:
        groups = process.start_groups.replace(" ", "").split(",")
        starters = [p for p in elsewhere.config.people if {*p.roles} & {*groups}]
        assert starters
        for person in starters:
            signed_in(client, elsewhere, person.id)
            tree = page(client, f"/start/{process.id}")
            assert tree.xpath("//main//form[@method='post']")


LEAVES = {
    "northmoor": ("told_in_time", "summary_sheet", "bea", "Child 1 was found hurt."),
    "trees": ("refused_and_appealed", "decision_notice", "tam", "Tree: The beech at the bridge"),
}


def sent(tree: Any, action: str) -> dict[str, str]:
    """What the form would send as it stands."""
    (form,) = (f for f in tree.xpath("//main//form") if f.get("action") == action)
    return dict(form.form_values())


def test_its_document_says_what_was_recorded_and_hides_the_names_it_must(
    elsewhere: Elsewhere, client: FlaskClient
) -> None:
    journey, document, who, words = LEAVES[elsewhere.name]
    file = HERE / elsewhere.name / f"bpmn/journeys/{journey}.yaml"
    reference = play(file, elsewhere.desk, present=PRESENT, own_time=True).cases["A"]
    signed_in(client, elsewhere, who)
    path = f"/cases/{reference}/documents"
    tree = page(client, path)
    given = {**sent(tree, f"{path}/{document}"), "format": "docx"}
    answer = client.post(f"{path}/{document}", data=given)
    tree = page(client, answer.headers["Location"])  # what is replaced, and who gets it
    given = {**sent(tree, f"{path}/{document}"), "format": "docx", "recipient": "Whoever asked"}
    assert client.post(f"{path}/{document}", data=given).status_code == 302
    word = client.get(f"{path}/{document}/1")
    assert words in lines(word.get_data())
    assert "Robin Example" not in " ".join(lines(word.get_data()))
