"""Several people, one case, one moment: over HTTP, by API and by page, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from app.store import cases
from app.store.work import answers
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import Answer, Caller, Site, cookie, enter
from tests.kit import diagram, form

NAMES = [f"t{n}" for n in range(8)]
GROUPS = {"groups": "clerk", "form": "words"}
FILES = {
    **diagram(
        "start > and:fork; "
        + "; ".join(f"fork > task:{name} > join" for name in NAMES)
        + "; and:join > task:after > end",
        after=GROUPS,
        **dict.fromkeys(NAMES, GROUPS),
    ),
    **form("words", "reason", required=True),
}


def at_once(orders: Sequence[Callable[[], Any]]) -> list[Any]:
    start = threading.Barrier(len(orders))
    found: list[Any] = [None] * len(orders)

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = orders[number]()
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(orders))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


class Crowd:
    """Twenty clerks with tokens and sessions, before one or two servers."""

    def __init__(self, site: Site, database: str) -> None:
        self.site = site
        assert site.installed().returncode == 0
        self.desk = site.desk()
        self.people = [f"clerk{n:02}" for n in range(20)]
        tokens = [enter(self.desk, who, "clerk") for who in self.people]
        sessions = [cookie(self.desk, who) for who in self.people]
        servers = 2 if database.startswith("postgres") else 1
        ports = [site.start("serve").port or 0 for _ in range(servers)]
        self.api = [Caller(ports[n % servers], t) for n, t in enumerate(tokens)]
        self.pages = [
            Caller(ports[n % servers], cookies=dict(one)) for n, one in enumerate(sessions)
        ]

    def case(self) -> tuple[str, dict[str, str]]:
        """A new case, and its open tasks by element."""
        case = self.api[0].post("/api/v1/cases", {"process": "p", "answers": {}}).json["case"]
        return case, self.open(case)

    def open(self, case: str) -> dict[str, str]:
        rows = self.api[0].get(f"/api/v1/cases/{case}/tasks").json["items"]
        return {one["element"]: one["task"] for one in rows}


@pytest.fixture
def crowd(make_site: MakeSite, database: str) -> Crowd:
    return Crowd(make_site(FILES, database), database)


def test_eight_people_complete_eight_tasks_and_all_succeed(crowd: Crowd) -> None:
    for _ in range(5):
        case, tasks = crowd.case()
        found = at_once(
            [
                partial(
                    crowd.api[n].post,
                    f"/api/v1/cases/{case}/tasks/{tasks[name]}/complete",
                    {"answers": {"reason": "r"}},
                )
                for n, name in enumerate(NAMES)
            ]
        )
        assert [one.code for one in found] == [200] * 8, found
        assert sorted(one.json["entry"] for one in found) == list(range(3, 11)), (
            "2 is the look at the tasks"
        )
        assert set(crowd.open(case)) == {"after"}
    for _ in range(3):
        case, tasks = crowd.case()
        sent = [_filled(crowd.pages[n], case, tasks[name]) for n, name in enumerate(NAMES)]
        found = at_once([partial(crowd.pages[n].post, *one) for n, one in enumerate(sent)])
        assert [one.code for one in found] == [302] * 8, found
        assert set(crowd.open(case)) == {"after"}
    assert crowd.site.do("verify").returncode == 0
    assert crowd.site.do("replay", "--reexecute").returncode == 0


def test_twenty_people_on_one_task_one_wins_and_nobody_loses_a_word(crowd: Crowd) -> None:
    case, tasks = crowd.case()
    path = f"/api/v1/cases/{case}/tasks/{tasks['t0']}/complete"
    found = at_once(
        [
            partial(crowd.api[n].post, path, {"answers": {"reason": f"words of {n}"}})
            for n in range(20)
        ]
    )
    assert sorted(one.code for one in found) == [200] + [409] * 19, found
    for one in found:
        if one.code == 409:
            assert one.json["by"].startswith("Clerk") and one.json["when"], one.json
    path = f"/cases/{case}/tasks/{tasks['t1']}"
    forms = [_filled(one, case, tasks["t1"], f"words of {n}") for n, one in enumerate(crowd.pages)]
    found = at_once([partial(crowd.pages[n].post, *forms[n]) for n in range(20)])
    assert sorted(one.code for one in found) == [302] + [409] * 19, found
    for n, one in enumerate(found):
        if one.code == 409:
            assert f"words of {n}" in one.words and "already completed this task" in one.words
            again = crowd.pages[n].get(path)
            assert again.code == 410 and "already completed this task" in again.words
    drafts = _drafts(crowd, case, tasks)
    assert len(drafts) == 38 and all("words of" in one for one in drafts)


def test_a_double_click_has_one_effect_and_one_answer(crowd: Crowd) -> None:
    for click in range(5):
        case, tasks = crowd.case()
        path, given = _filled(crowd.pages[click], case, tasks["t0"])
        found = at_once([partial(crowd.pages[click].post, path, given)] * 4)
        assert [one.code for one in found] == [302] * 4, found
        assert len({one.headers["Location"] for one in found}) == 1
        key = {"Idempotency_Key": f"key-{click}"}
        api = f"/api/v1/cases/{case}/tasks/{tasks['t1']}/complete"
        body = {"answers": {"reason": "twice"}}
        found = at_once([partial(crowd.api[click].post, api, body, **key)] * 4)
        assert [one.code for one in found] == [200] * 4, found
        assert len({one.json["entry"] for one in found}) == 1
        assert sorted(one.json["replayed"] for one in found) == [False, True, True, True]
        other = crowd.api[click].post(api, {"answers": {"reason": "else"}}, **key)
        assert other.code == 422, "the same key with other content is refused"


def test_a_case_started_twice_with_one_form_is_one_case(crowd: Crowd) -> None:
    given = crowd.pages[3].form("/start/p") | {"_action": "complete"}
    found: list[Answer] = at_once([partial(crowd.pages[3].post, "/start/p", given)] * 5)
    assert [one.code for one in found] == [302] * 5, found
    assert len({one.headers["Location"] for one in found}) == 1
    assert crowd.api[3].get("/api/v1/cases").json["total"] == 1


def _filled(page: Caller, case: str, task: str, words: str = "r") -> tuple[str, dict[str, str]]:
    path = f"/cases/{case}/tasks/{task}"
    return path, {**page.form(path), "reason": words, "_action": "complete"}


def _drafts(crowd: Crowd, case: str, tasks: dict[str, str]) -> list[str]:
    found = []
    with crowd.desk.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        key = cases.key_of(unit, row.id)
        for person in crowd.people:
            for name in ("t0", "t1"):
                draft = answers.read_draft(unit, key, tasks[name], person)
                found += [draft[1].decode()] if draft else []
    return found
