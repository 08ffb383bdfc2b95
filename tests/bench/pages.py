"""Every page of the demonstration as its people find it, each beside what a page may take."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException

from app import demo, wiring
from app.casework import Desk, accounts
from app.config import Config
from app.scheduler.clock import present
from app.web import create_web
from tests.bench.limits import milliseconds, p50

#: milliseconds that a page may take of the server
LIMIT = 30.0
#: so many pages of one kind are looked at, of one person's so many at all, and each so often
_OF_A_KIND, _OF_A_PERSON, _TIMES = 2, 120, 5
_FIRST = (
    "/tasks", "/cases", "/board", "/figures", "/start", "/processes", "/people", "/people/new",
    "/log", "/mail", "/retention", "/stopped", "/readers", "/account", "/search", "/calendar",
    "/cover", "/conflicts", "/tasks/done",
)  # fmt: skip


def slowest(url: str, config: Config, most: int = 8) -> tuple[int, list[tuple[str, float]]]:
    """(how many pages were looked at, the slowest of each kind with its median milliseconds)."""
    with tempfile.TemporaryDirectory() as folder:
        own = replace(config, secrets_dir=Path(folder))
        desk = wiring.open_desk(own, database=url, upgrade=True)
        at = present(desk.store)
        if not wiring.deploy_content(desk, own, at, print):
            raise SystemExit("the content cannot be used")
        demo.prepare(desk, own, at, lambda _: None, new=True)
        app = create_web(desk, own, lambda: at)
        took: dict[str, list[float]] = {}
        for account in own.people:
            _walk(app, _signed_in(desk, own, app, account.id), took)
        desk.store.close()
    kinds = sorted(((kind, max(each)) for kind, each in took.items()), key=lambda one: -one[1])
    return sum(map(len, took.values())), kinds[:most]


def _signed_in(desk: Desk, config: Config, app: Any, person: str) -> FlaskClient:
    assert config.demo is not None
    client: FlaskClient = app.test_client()
    signed = accounts.sign_in(desk, person, config.demo.password, present(desk.store), "127.0.0.1")
    client.set_cookie("session", signed.token)
    return client


def _walk(app: Any, client: FlaskClient, took: dict[str, list[float]]) -> None:
    """From link to link; files are none of it."""
    routes, seen, of_kind = app.url_map.bind("localhost"), set(), Counter[str]()
    left = list(_FIRST)
    while left and len(seen) < _OF_A_PERSON:
        path = left.pop(0).partition("#")[0]
        try:
            kind, _ = routes.match(path.partition("?")[0], method="GET")
        except HTTPException:
            continue
        if path in seen or kind == "static" or of_kind[kind] >= _OF_A_KIND:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        of_kind[kind] += 1
        left += [each for each in html.fromstring(answer.data).xpath("//a/@href") if each[0] == "/"]
        spent = [milliseconds(partial(client.get, path)) for _ in range(_TIMES)]
        took.setdefault(kind, []).append(p50(spent))
