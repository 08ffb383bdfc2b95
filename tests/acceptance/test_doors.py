"""Every address as every kind of person: a case they may not see does not exist.

The addresses are those of the application itself, so a new one is tested from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.casework import accounts
from app.casework.access import Person, Role
from app.casework.commands import ExcludePerson, SaveDraft
from app.config.dated import Named
from app.config.installation import CalendarSettings, Config, Mail, SignIn
from app.config.installation import Role as ConfigRole
from app.store import cases
from app.store.chain import history
from app.web.orders import ASKED
from tests.kit import PEOPLE, ROLES, Kit, diagram, form
from tests.templates import create_site

FILES = {
    **diagram(
        "start > and:fork; fork > task:check > join; fork > task:reply > and:join > end",
        start_groups="lead,clerk",
        check={"groups": "lead", "form": "words", "due": "=working_days_after(today(), 5)"},
        reply={"groups": "agency:police", "form": "words"},
    ),
    **form("words", "reason", required=True),
}
#: nobody of these may know that the case of `lea` exists
OUTSIDERS = ("ann", "gil", "out", "dra", "adm", "nob", "shut")
MORE = {
    "adm": Person("adm", "Adm Admin", frozenset({"admin"})),
    "nob": Person("nob", "Nob Nobody", frozenset()),
    "shut": Person("shut", "Shut Out", frozenset({"lead"})),
}
ADMIN = Role("admin", "Administrator", "none", frozenset({"accounts"}))
SECRET = "the words of the case itself"
_CHANGING = re.compile(r'value="[^"]{20,}"|[0-9a-f-]{36}')


class House:
    def __init__(self, kit: Kit, app: Flask) -> None:
        self.kit, self.app = kit, app
        everybody = {**PEOPLE, **MORE}
        self.tokens: dict[str, tuple[str, str]] = {}
        for who, one in everybody.items():
            accounts.ensure(
                kit.desk, who, one.name, one.roles, kit.at,
                attributes=one.attributes, password="a long and simple phrase",
            )  # fmt: skip
            signed = accounts.sign_in(kit.desk, who, "a long and simple phrase", kit.at, who)
            token = accounts.new_token(kit.desk, one, "t", kit.at)
            self.tokens[who] = (signed.token, token)
        done = kit.started("lea")
        self.case, self.id = done.reference, done.case
        kit.complete("lea", self.id, "check", reason=SECRET)
        kit.do(ExcludePerson, "lea", case=self.id, person="shut", reason="their own sister")
        self.task = kit.task(self.id, "reply")
        self.none = self.case[:-1] + ("8" if self.case[-1] != "8" else "9")

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """(method, address in the case, the same of no case)."""
        for rule in self.app.url_map.iter_rules():
            if "case" not in rule.arguments:
                continue
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                for name in _names(str(rule)):
                    shown = re.sub(r"<any[^>]*>", name, str(rule))
                    shown = re.sub(r"<(int:)?(version|entry|number)>", "1", shown)
                    shown = shown.replace("<document>", "letter").replace("<message>", "news")
                    shown = shown.replace("<letter>", "l")
                    yield (
                        method,
                        *(
                            shown.replace("<case>", case).replace("<task>", self.task)
                            for case in (self.case, self.none)
                        ),
                    )

    def ask(self, who: str, method: str, path: str) -> TestResponse:
        cookie, token = self.tokens[who]
        client = self.app.test_client()
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {token}"}
            body = _BODIES.get(path.rsplit("/", 1)[-1], {}) if method == "POST" else None
            return client.open(path, method=method, headers=headers, json=body)
        client.set_cookie("session", cookie)
        given = {}
        if method == "POST":
            page = client.get("/accessibility").get_data(as_text=True)
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert found
            given = {"csrf_token": found[1], "_action": "complete", **_WRITTEN}
        return client.open(path, method=method, data=given or None)

    def entries(self) -> list[tuple[str, str]]:
        with self.kit.store.reading() as unit:
            row = cases.find(unit, self.case)
            assert row is not None
            return [(one.kind, one.actor) for one in history.rows(unit, row.id)]


#: member of a body → what is sent by this name, any other: a text
_SENT: dict[str, Any] = {
    "answers": {"reason": "r"}, "document": "letter", "format": "pdf", "into": "T-2026-9999",
    "entry": 1,
}  # fmt: skip
#: end of an address → what is sent to it
_BODIES: dict[str, dict[str, Any]] = {
    asked.api.path.rsplit("/", 1)[-1]: {
        name: _SENT.get(name, "because")
        for name in asked.api.body.members
        if name in asked.api.body.needed or name == "answers"
    }
    for asked in ASKED.values()
    if asked.api is not None
}
#: headers that differ by chance
CHANCE = ("Set-Cookie", "Date", "X-Request-Id")
#: what the case does not have: that deadline, that version, a document that goes outward, a guest
#: of the task, an event that people record, a form in sections, a file
_NOT_THERE = (
    "/orders/deadline", "letter/1", "before-it-leaves", "/message/news", "/news/form",
    "/take-back/1", "/guest", "/sections/1", "/check",
    "/files/<digest>",
)  # fmt: skip
#: what is written on the pages that ask an order
_WRITTEN = {
    field.key: "because"
    for asked in ASKED.values()
    if asked.form is not None
    for field in asked.form.fields
    if field.kind == "textarea"
}


def _names(rule: str) -> list[str]:
    found = re.search(r"<any\(([^)]*)\)", rule)
    return [one.strip() for one in found[1].split(",")] if found else [""]


@pytest.fixture
def house(both: Kit, tmp_path: Any) -> House:
    kit = both
    kit.desk.settings = type(kit.desk.settings)(
        **{
            **{n: getattr(kit.desk.settings, n) for n in ("calendar", "reference", "sign_in")},
            "roles": {**ROLES, "admin": ADMIN},
        }
    )
    kit.deploy(FILES)
    config = Config(
        title="Rapid Review",
        organisation=(Named("Anyshire Partnership"),),
        database="",
        reference="T",
        calendar=CalendarSettings("england-and-wales", ()),
        roles={
            r.id: ConfigRole(r.id, r.name, r.sees, r.may) for r in kit.desk.settings.roles.values()
        },
        people=(),
        settings={},
        mail=Mail("noreply@example.org"),
        sign_in=SignIn(),
        demo=None,
        secrets_dir=tmp_path / "secrets",
        root=tmp_path,
    )
    return House(kit, create_site(kit.desk, config, lambda: kit.at))


def plain(answer: TestResponse, *paths: str) -> str:
    """The body without what differs by chance: tokens, request ids, the address itself."""
    text = answer.get_data(as_text=True)
    for path in paths:
        text = text.replace(path, "?")
    return _CHANGING.sub("?", text)


def test_for_outsiders_the_case_is_like_one_that_does_not_exist(house: House) -> None:
    before, asked = house.entries(), 0
    for who in OUTSIDERS:
        for method, real, none in house.addresses():
            there, nowhere = house.ask(who, method, real), house.ask(who, method, none)
            asked += 1
            where = f"{who}: {method} {real}"
            assert there.status_code == nowhere.status_code == 404, (where, there.status_code)
            assert plain(there, real, house.case) == plain(nowhere, none, house.none), where
            headers = [(k, v) for k, v in there.headers if k not in CHANCE]
            others = [(k, v) for k, v in nowhere.headers if k not in CHANCE]
            assert headers == others, where
    assert asked >= 7 * 25
    assert house.entries() == before, "nothing happened in the case"
    for method, real, _ in house.addresses():
        if method == "GET" and not real.endswith(_NOT_THERE):
            assert house.ask("lea", method, real).status_code == 200, f"it is there: {real}"


def test_lists_hold_nothing_of_a_case_one_may_not_see(house: House) -> None:
    for who in OUTSIDERS:
        for path in ("/", "/tasks", "/tasks?show=groups", "/cases", "/start", "/api/v1/tasks",
                     "/api/v1/cases", "/processes"):  # fmt: skip
            answer = house.ask(who, "GET", path)
            assert answer.status_code in (200, 302, 404)
            text = answer.get_data(as_text=True)
            assert house.case not in text and house.id not in text and SECRET not in text


def test_who_sees_a_part_sees_no_more(house: House) -> None:
    """`pol` has one task in the case: the rest of it is not theirs."""
    for method, real, _ in house.addresses():
        answer = house.ask("pol", method, real)
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500 and SECRET not in text, f"{method} {real}"
        assert "their own sister" not in text, f"{method} {real}"


def test_auditors_change_nothing(house: House) -> None:
    for method, real, _ in house.addresses():
        if method == "POST":
            answer = house.ask("aud", method, real)
            assert answer.status_code in (404, 422), f"{method} {real}: {answer.status_code}"
        else:
            assert house.ask("aud", method, real).status_code < 500
    kinds = {kind for kind, actor in house.entries() if actor == "aud"}
    assert kinds <= {"read", "refused"}, kinds


def test_only_the_process_owner_has_the_pages_of_the_process(house: House) -> None:
    from app.store import deployments

    with house.kit.store.reading() as unit:
        digest = str(deployments.active(unit))
    for rule in house.app.url_map.iter_rules():
        if not str(rule).startswith("/processes"):
            continue
        real = str(rule).replace("<digest>", digest).replace("<path:file>", "bpmn/p.bpmn")
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            for who in ("ann", "lea", "pol", "aud", "adm", "nob"):
                expected = (404,) if who != "lea" else (200, 302, 422)
                answer = house.ask(who, method, real)
                assert answer.status_code in expected, f"{who}: {method} {real}"
            if method == "GET":
                assert house.ask("dra", method, real).status_code == 200, real


def test_a_draft_is_for_nobody_elses_eyes(house: House) -> None:
    kit = house.kit
    case = kit.started("lea")
    task = kit.task(case.case, "check")
    kit.do(SaveDraft, "lea", case=case.case, task=task, given={"reason": "half a thought"})
    kit.desk.store.writing()
    for who in (*OUTSIDERS, "aud", "pol"):
        for path in (
            f"/cases/{case.reference}/tasks/{task}",
            f"/api/v1/cases/{case.reference}/tasks/{task}",
            f"/api/v1/cases/{case.reference}/tasks/{task}/form",
            f"/cases/{case.reference}/history/download.jsonl",
            f"/cases/{case.reference}/history/download.csv",
        ):
            assert "half a thought" not in house.ask(who, "GET", path).get_data(as_text=True)
