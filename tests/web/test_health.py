"""What machines that watch are told: that it lives, that it is ready or what is wrong, figures."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.cli import log_lines
from app.config import Config
from app.config.access import Web
from app.scheduler import clock
from app.store import CaseKey, Keys
from app.store.queries import condition
from app.store.schema import case_key
from app.web import create_web
from tests.kit import Kit

LOOKS = ("clock", "database", "key", "mail", "schema", "worker")


def works(kit: Kit, ago: timedelta = timedelta()) -> None:
    with kit.store.writing() as unit:
        condition.works(unit, "w", kit.at - ago)


@pytest.fixture
def watched(both: Kit, config: Config) -> Flask:
    """The site on each database, its clock the kit's, a worker there."""
    works(both)
    mail = replace(config.mail, host="127.0.0.1")
    return create_web(both.desk, replace(config, mail=mail), lambda: both.at)


def test_it_lives_whatever_the_database_does(watched: Flask, both: Kit) -> None:
    with both.store.writing() as unit:
        unit.run(text("DROP TABLE beat"))
    for path in ("/livez", "/healthz"):
        answer = watched.test_client().get(path)
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_it_is_ready_when_all_it_needs_is_there(watched: Flask) -> None:
    answer = watched.test_client().get("/readyz")
    assert answer.json == {"ready": True, **dict.fromkeys(LOOKS, "ok")}
    assert answer.status_code == 200


def _no_worker(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    works(kit, timedelta(seconds=31))


def _another_key(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Keys(bytes(32))
    wrapped = CaseKey.new("x").wrapped_by(other)
    with kit.store.writing() as unit:
        unit.run(case_key.insert(), {"case_id": "x", "kek": other.name, "wrapped": wrapped})


def _older_tables(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    with kit.store.writing() as unit:
        unit.run(text("UPDATE alembic_version SET version_num = '0001'"))


def _gone(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    with kit.store.writing() as unit:
        unit.run(text("DROP TABLE beat"))


WRONG: dict[str, tuple[Callable[[Kit, pytest.MonkeyPatch], None], str, str]] = {
    "nobody works": (_no_worker, "worker", "rapid-review work"),
    "sealed with another key": (_another_key, "key", "a key that is not here"),
    "tables of another release": (_older_tables, "schema", "another release"),
    "the database fails": (_gone, "database", "cannot be reached"),
}


@pytest.mark.parametrize(("harm", "name", "words"), WRONG.values(), ids=WRONG)
def test_what_is_missing_is_named_and_it_is_not_ready(
    watched: Flask, both: Kit, monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Kit, pytest.MonkeyPatch], None], name: str, words: str,
) -> None:  # fmt: skip
    harm(both, monkeypatch)
    answer = watched.test_client().get("/readyz")
    assert answer.status_code == 503 and answer.json is not None
    assert not answer.json["ready"] and words in answer.json[name], answer.json
    assert [key for key, said in answer.json.items() if said not in ("ok", False)] == [name]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_machine_whose_clock_differs_from_the_databases_is_not_ready(
    postgres_store: object, config: Config, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    kit = Kit(postgres_store)  # type: ignore[arg-type]
    works(kit)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=hours))
    answer = create_web(kit.desk, config, lambda: kit.at).test_client().get("/readyz")
    assert answer.status_code == 503 and answer.json is not None
    assert re.fullmatch(r"this machine's differs .* by 3(599|600|601) s", answer.json["clock"])


def test_figures_are_counts_and_ages(watched: Flask, both: Kit) -> None:
    both.at += timedelta(minutes=5)
    told = watched.test_client().get("/metrics").get_data(as_text=True)
    said = dict(line.split(" ") for line in told.splitlines() if not line.startswith("#"))
    assert said["casework_open_cases"] == "0.0" and said["casework_incidents"] == "0.0"
    assert said["casework_worker_seconds"] == "300.0"
    watched.test_client().get("/nothing")
    told = watched.test_client().get("/metrics").get_data(as_text=True)
    assert 'casework_answers_total{method="GET",status="404"}' in told


@pytest.mark.parametrize(
    ("address", "watchers", "code"),
    [
        pytest.param("127.0.0.1", (), 200, id="this machine"),
        pytest.param("10.0.0.9", (), 404, id="another machine"),
        pytest.param("10.0.0.9", ("10.0.0.0/24",), 200, id="in a network that is named"),
        pytest.param("10.0.1.9", ("10.0.0.0/24",), 404, id="beside it"),
    ],
)
def test_only_who_watches_gets_figures(
    kit: Kit, config: Config, address: str, watchers: tuple[str, ...], code: int
) -> None:
    site = create_web(kit.desk, replace(config, web=Web(watchers=watchers)), lambda: kit.at)
    answer = site.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == code


THROUGH: dict[str, tuple[dict[str, str], Web, int]] = {
    "nothing between": ({}, Web(), 200),
    "under a local name": ({"Host": "localhost:8000"}, Web(), 200),
    "IPv6 by its address": ({"Host": "[::1]:8000"}, Web(), 200),
    "a proxy that names the client": ({"X-Forwarded-For": "203.0.113.7"}, Web(), 404),
    "… as this machine": ({"X-Forwarded-For": "127.0.0.1"}, Web(), 404),
    "… the scheme alone": ({"X-Forwarded-Proto": "https"}, Web(), 404),
    "… by the standard's header": ({"Forwarded": "for=203.0.113.7"}, Web(), 404),
    "… itself": ({"Via": "1.1 gate"}, Web(), 404),
    "… in nginx's other way": ({"X-Real-IP": "203.0.113.7"}, Web(), 404),
    "… nothing but the site": ({"Host": "review.example.org"}, Web(), 404),
    "a named proxy": ({"X-Forwarded-For": "203.0.113.7"}, Web(trusted_proxies=("127.0.0.1",)), 404),
    "a named proxy that hides for whom": (
        {"X-Forwarded-Proto": "https"},
        Web(trusted_proxies=("127.0.0.1",), watchers=("127.0.0.1",)), 404,
    ),
    "a named proxy, for who watches": (
        {"X-Forwarded-For": "203.0.113.7"},
        Web(trusted_proxies=("127.0.0.1",), watchers=("203.0.113.7",)), 200,
    ),
    "an unnamed proxy that says it is for who watches": (
        {"X-Forwarded-For": "203.0.113.7"}, Web(watchers=("203.0.113.7", "127.0.0.1")), 404,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "web", "code"), THROUGH.values(), ids=THROUGH)
def test_nobody_reads_figures_through_a_proxy_on_this_machine(
    kit: Kit, config: Config, headers: dict[str, str], web: Web, code: int
) -> None:
    site = create_web(kit.desk, replace(config, web=web), lambda: kit.at)
    asked = {"Host": "127.0.0.1:8000", **headers}
    answer = site.test_client().get(
        "/metrics", headers=asked, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    )
    assert answer.status_code == code


@pytest.mark.parametrize("form", log_lines.FORMS)
def test_a_line_has_time_and_id_of_its_request_and_no_address_of_a_case(
    kit: Kit, config: Config, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        log_lines.install(form)
        site = create_web(kit.desk, config, lambda: kit.at)
        answer = site.test_client().get("/cases/T-2026-0042")
        said = capfd.readouterr().err
    finally:
        logging.getLogger().handlers[:], level = before[0], before[1]
        logging.getLogger().setLevel(level)
    assert answer.headers["X-Request-Id"] in said and "/cases/<case>" in said
    assert "0042" not in said
    assert re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", said)


def test_an_outage_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        log_lines.install(log_lines.TEXT)
        for _ in range(50):
            logging.getLogger("app.x").warning("waking failed: %s", "The database is away.")
        logging.getLogger("app.x").warning("sending failed")
        said = capfd.readouterr().err
    finally:
        logging.getLogger().handlers[:], level = before[0], before[1]
        logging.getLogger().setLevel(level)
    assert len(said.splitlines()) == 2, said
