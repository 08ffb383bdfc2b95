"""What a look at an old case costs beside the same look at a young one, on the site's pages."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from app.casework import Person, accounts
from app.store import cases
from app.web import create_web
from tests.bench.limits import milliseconds, p50
from tests.bench.walk import Walk
from tests.kit import Kit

YOUNG, OLD = 30, 600
PAGES = {
    "case-page": "/cases/{}",
    "history-page": "/cases/{}/history",
    "replay-step": "/cases/{}/history/step.json?step=60",
}


def grown(walk: Walk, entries: int) -> str:
    """The reference of a case with that many history entries."""
    case = walk.start()
    while True:
        with walk.kit.store.reading() as unit:
            row = cases.find(unit, case)
        assert row is not None
        if row.seq >= entries:
            return row.reference
        walk.complete(case)


def signed_in(kit: Kit, config: Any, person: Person) -> FlaskClient:
    desk, at = kit.desk, kit.at
    password = "long enough for a bench"
    accounts.ensure(desk, person.id, person.name, person.roles, at, password=password)
    client = create_web(desk, config, lambda: kit.at).test_client()
    token = accounts.sign_in(desk, person.id, password, at, "127.0.0.1").token
    client.set_cookie("session", token)
    return client


def looks(walk: Walk, config: Any, times: int = 20) -> dict[str, dict[int, float]]:
    """Medians in milliseconds by page and age, taken in turns so that both meet the same noise."""
    aged = {entries: grown(walk, entries) for entries in (YOUNG, OLD)}
    client = signed_in(walk.kit, config, walk.person)
    medians: dict[str, dict[int, float]] = {}
    for name, path in PAGES.items():
        took: dict[int, list[float]] = {entries: [] for entries in aged}
        for number in range(times + 1):
            for entries, case in aged.items():
                at = path.format(case)
                spent = milliseconds(lambda at=at: looked(client, at))
                if number:  # the first look makes the checkpoints
                    took[entries].append(spent)
        medians[name] = {entries: p50(spent) for entries, spent in took.items()}
    return medians


def looked(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
