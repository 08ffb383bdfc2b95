"""The policy walked: every address, as every kind of person, in every relation to a case and every
state of it, answers as the table says; and the table is the page that docs/policy.md prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.casework import accounts, policy
from app.casework.access import DATA_OWNER, SYSTEM, Person, Role
from app.casework.commands import (
    AddMember,
    Assign,
    BreakGlass,
    Cancel,
    Claim,
    ExcludePerson,
    Merge,
    SetCover,
    Suspend,
)
from app.casework.orders import ORDERS
from app.casework.people import guests
from app.casework.policy import Rule, State
from app.config.dated import Named
from app.config.installation import CalendarSettings, Config, Mail, SignIn
from app.config.installation import Role as ConfigRole
from app.store import Store, cases
from app.store.work import letters, tasks
from app.web.orders import ASKED
from tests.casework.policy_page import PAGE, printed
from tests.guests import guest_form
from tests.kit import EVERYTHING, Kit, diagram, form
from tests.rows import need_rows
from tests.templates import create_site

PASSWORD = "a long and simple phrase"
FILES = {
    **diagram(
        "start > and:fork; fork > task:check > join; fork > task:reply > join;"
        "fork > catch:wait > and:join > end",
        start_groups="starter",
        check={
            "groups": "team",
            "form": "words",
            "due": "=working_days_after(today(), 5)",
            "guest": "whom",
        },
        reply={"groups": "agency:police", "form": "words"},
        wait={"message": "news", "recorded_by": "words"},
    ),
    **form("words", "reason", required=True),
    **guest_form(name='="Jo"', address='="jo@example.org"', telephone='="01306 555123"'),
}
#: a role of each sight with every power, and one that allows nothing
ROLES = {
    role.id: role
    for role in (
        Role("starter", "Starter", "case", frozenset({"start"})),
        Role("team", "Team", "case"),
        Role("lead", "Lead", "case", EVERYTHING),
        Role("agency", "Agency", "own"),
        Role("partner", "Partner", "own", EVERYTHING),
        Role("auditor", "Auditor", "all", frozenset({"audit", "figures"})),
        Role("chief", "Chief", "all", EVERYTHING),
        Role("idle", "Idle", "none", EVERYTHING),
        Role("owner", "Owner", "none", frozenset({DATA_OWNER})),
    )
}


@dataclass(frozen=True)
class Stands:
    """A person, how they came to stand to the case, and what the table makes of that."""

    role: str
    #: what of the case the table says is seen
    sight: str
    #: elements whose open task they could do or hold
    hands: frozenset[str] = frozenset()
    attributes: Mapping[str, str] | None = None


CHECK, REPLY = frozenset({"check"}), frozenset({"reply"})
POLICE = {"team": "police"}
PEOPLE: dict[str, Stands] = {
    "starter": Stands("starter", "case"),
    "none": Stands("lead", "none"),
    "none_own": Stands("partner", "none"),
    "none_idle": Stands("idle", "none"),
    "none_chief": Stands("chief", "all"),
    "auditor": Stands("auditor", "all"),
    "offered": Stands("team", "case", CHECK),
    "offered_own": Stands("agency", "own", REPLY, POLICE),
    "assigned": Stands("team", "case", CHECK),
    "member": Stands("lead", "case"),
    "member_own": Stands("partner", "own"),
    "member_idle": Stands("idle", "none"),
    "covers": Stands("partner", "case"),
    "former": Stands("partner", "none"),
    "excluded": Stands("lead", "none"),
    "excluded_chief": Stands("chief", "none"),
    "excluded_team": Stands("team", "none"),
    "opened": Stands("lead", "case"),
    "opened_own": Stands("partner", "own"),
    "lapsed": Stands("lead", "none"),
    "given": Stands("lead", "none"),
    "owner": Stands("owner", "none"),
}
#: states → the states of the case in the policy's words
STATES: dict[str, frozenset[State]] = {
    "open": frozenset(),
    "suspended": frozenset({policy.SUSPENDED}),
    "merged": frozenset({policy.MERGED}),
    "ended": frozenset({policy.ENDED}),
}

#: endpoint of a view → the policy's row; None: it is about nobody's data
VIEWS: dict[str, str | None] = {
    "cases.listing": "case list", "api.listCases": "case list",
    "search.page": "search", "search.send": "search", "api.searchCases": "search",
    "tasks.work_list": "work list", "api.listTasks": "work list", "tasks.done": "work list",
    "calendar.page": "deadlines", "board.page": "deadlines",
    "tasks.save": "work list", "tasks.remove": "work list",
    "cases.page": "case", "api.getCase": "case", "api.listDeadlines": "case",
    "api.listCaseTasks": "case", "cases.diagram": "drawing",
    "parts.deadlines": "case", "parts.drawings": "drawing", "parts.people": "parts",
    "parts.followed": "parts", "parts.meetings": "parts",
    "history.page": "history", "api.getHistory": "history", "history.csv": "history",
    "history.jsonl": "history", "history.step_json": "history",
    "recorded.page": "answers", "answer_files.download": "file",
    "documents.page": "documents", "api.listDocuments": "documents",
    "documents.download": "document", "api.getDocument": "document",
    "documents.leaving": "leaving",
    "guest_team.page": "guest contact", "guest_team.send": "guest contact",
    "task.page": "task", "task_sections.page": "task", "task_sections.check": "task",
    "task_sections.save": "SaveDraft", "task_sections.send": "CompleteTask",
    "api.getTask": "task", "api.getTaskForm": "task",
    "happenings.choose": "recording", "happenings.page": "recording",
    "api.listMessages": "recording", "api.getMessageForm": "recording",
    "taking_back.page": "taking back",
    "figures.page": "figures", "figures.csv": "figures", "figures.counts": "figures",
    "api.getFigures": "figures",
    "figures_by_month.page": "figures", "figures_by_month.csv": "figures",
    "figures_over_years.page": "figures", "figures_over_years.csv": "figures",
    "learning.page": "published", "learning.csv": "published", "learning.document": "published",
    "api.listPublished": "published", "api.getPublished": "published",
    "stopped.page": "stopped", "api.listStopped": "stopped",
    "cover.page": "covers", "api.listCovers": "covers",
    "retention.page": "retention", "retention.case": "retention",
    "retention.question": "retention", "retention.find": "retention",
    "mail.page": "mail page", "mail.again_here": "mail page", "api.listMail": "mail page",
    "api.sendNoticeAgain": "mail page", "mail.case_page": "case mail",
    "api.listCaseMail": "case mail",
    "conflicts.page": "conflicts", "api.listConflicts": "conflicts",
    "who_reads.page": "readers", "who_reads.csv": "readers", "api.listReaders": "readers",
    "processes.versions": "versions", "processes.version": "versions",
    "processes.drawing": "versions", "processes.download": "versions",
    "checking.choose": "versions", "editor.page": "versions",
    "glass.page": "BreakGlass", "start.choose": "StartCase", "api.listProcesses": "StartCase",
    "start.ask_throw_away": "begun forms", "start.throw_away": "begun forms",
    "start.page": "StartCase", "start_sections.page": "StartCase",
    "start_sections.check": "StartCase", "start_sections.save": "StartCase",
    "start_sections.send": "StartCase", "api.getStartForm": "StartCase",
}  # fmt: skip
#: beginning of an endpoint → the row of all of them
BEGUN = {
    "account.": "own account", "ways.": "own account", "proofs.": "accounts",
    "api.readMailChoice": "own account", "api.chooseMail": "own account",
    "api.listTokensOf": "accounts", "api.listTokens": "accounts",
    "log.": "log", "api.readLog": "log", "people.": "accounts", "api.listPeople": "accounts",
    **dict.fromkeys(
        (
            "api.makePerson", "api.changePerson", "api.disablePerson", "api.enablePerson",
            "api.issueLink", "api.signOutPerson", "api.makeToken", "api.revokeToken",
            "api.resetSecondFactor", "api.unlinkWorkAccount",
        ), "accounts",
    ),
}  # fmt: skip
#: addresses for anybody, of the program itself or of somebody's own session
OPEN = (
    "static",
    "guest.",
    "answer_files.of_guest",
    "guest_links.",
    "links.",
    "second_step.",
    "session.",
    "sign_on.",
    "sign_on_ended.",
    "statements.",
    "health.",
    "api.openapi",
    "calendar.read",
    "tasks.home",
    "api.anything_else",
)
BODY: dict[str, Any] = {"answers": {}, "payload": {}, "format": "docx", "entry": 9999}
#: answers that say that a row of the table was not met, whatever else was wrong
NOT_ALLOWED = re.compile(
    r"Your role does not allow|is suspended\. Nothing|was merged into|has ended already|is not "
    r"suspended|is not merged|is offered to others|Only another case|Only the clock|see this case "
    r"already|is merged into .* already|has ended\. Only"
)


class House:
    def __init__(self, store: Store, folder: Any) -> None:
        self.kit = kit = Kit(store, roles=ROLES)
        kit.deploy(FILES)
        self.people = {
            who: Person(who, who, frozenset({one.role}), dict(one.attributes or {}))
            for who, one in PEOPLE.items()
        }
        config = Config(
            title="R", organisation=(Named("A"),), database="", reference="T",
            calendar=CalendarSettings("england-and-wales", ()),
            roles={r.id: ConfigRole(r.id, r.name, r.sees, r.may) for r in ROLES.values()},
            people=(), settings={}, mail=Mail("a@example.org"), sign_in=SignIn(), demo=None,
            secrets_dir=folder, root=folder,
        )  # fmt: skip
        self.app: Flask = create_site(kit.desk, config, lambda: kit.at)
        self.tokens, self.clients = dict[str, str](), dict[str, FlaskClient]()
        self.csrf = dict[str, str]()
        for who, person in self.people.items():
            accounts.ensure(
                kit.desk, who, who, person.roles, kit.at, attributes=person.attributes,
            )  # fmt: skip
            self.tokens[who] = accounts.new_token(kit.desk, person, "t", kit.at)

    def sign_in(self) -> None:
        from app.casework.people.links import hashed
        from app.store import SessionRow
        from app.store.people import accounts as rows

        for who in PEOPLE:
            with self.kit.store.writing() as unit:
                session = SessionRow(
                    who, self.kit.at, self.kit.at, self.kit.at + timedelta(hours=8)
                )
                rows.add_session(unit, hashed(who), session)
            self.clients[who] = client = self.app.test_client()
            client.set_cookie("session", who)
            page = client.get("/accessibility").get_data(as_text=True)
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            self.csrf[who] = found[1] if found else ""

    def system(self, command: type, **more: Any) -> Any:
        return self.kit.desk.do(command(actor=SYSTEM, at=self.kit.at, **more))

    def made(self, state: str) -> None:
        """The case in that state, and everybody in their relation to it."""
        kit, reason = self.kit, {"reason": "r"}
        lapsed = kit.desk.do(self._start())
        kit.desk.do(BreakGlass(actor=self.now("lapsed"), at=kit.at, case=lapsed.case, **reason))
        kit.later(hours=1)
        done = kit.desk.do(self._start())
        self.case, self.reference = done.case, done.reference
        self.other = kit.desk.do(self._start())
        for who in ("member", "member_own", "member_idle", "excluded"):
            self.system(AddMember, case=self.case, person=who, **reason)
        for who in ("excluded", "excluded_chief", "excluded_team"):
            self.system(ExcludePerson, case=self.case, person=who, **reason)
        days = {"first": kit.at.date(), "last": kit.at.date()}
        cover = SetCover(actor=self.people["member"], at=kit.at, person="member", by="covers",
                         reason="r", **days)  # fmt: skip
        kit.desk.do(cover)
        for who in ("opened", "opened_own"):
            kit.desk.do(BreakGlass(actor=self.now(who), at=kit.at, case=self.case, **reason))
        self.task = {element: kit.task(self.case, element) for element in ("check", "reply")}
        kit.desk.do(Claim(
            actor=self.people["assigned"], at=kit.at, case=self.case, task=self.task["check"]
        ))  # fmt: skip
        with kit.store.writing() as unit:  # by a drawing or however it came about
            tasks.assign(unit, self.case, self.task["reply"], "given")
            mailed = letters.asked(letters.MAIL, "l", "l", "starter", kit.at, case=self.case)
            letters.add(unit, [mailed])
        if state == "suspended":
            self.system(Suspend, case=self.case, **reason)
        if state == "merged":
            self.system(AddMember, case=self.other.case, person="member", **reason)
            self.system(Merge, case=self.case, into=self.other.reference, **reason)
        if state == "ended":
            self.system(Cancel, case=self.case, **reason)
        self.free()

    def _start(self) -> Any:
        from app.casework.commands import StartCase

        return StartCase(actor=self.people["starter"], at=self.kit.at, process="p", given={})

    def now(self, who: str) -> Person:
        with self.kit.store.reading() as unit:
            return accounts.present(self.kit.desk, unit, self.people[who], self.kit.at)

    def free(self) -> None:
        """As it was before somebody took or gave back a task."""
        with self.kit.store.writing() as unit:
            for task in self.task.values():
                holder = "given" if task == self.task["reply"] else None
                tasks.assign(unit, self.case, task, holder)

    def ask(self, who: str, method: str, path: str, *, whole: bool = False) -> tuple[int, str]:
        """`whole`: with all that an order says; else it is refused to whoever may give it."""
        said = self.said if whole else {}
        if path.startswith("/api/"):
            head = {"Authorization": f"Bearer {self.tokens[who]}"}
            body = _api_body(path, said) if method == "POST" else None
            client = self.app.test_client()
            answer = client.open(path, method=method, headers=head, json=body)
        else:
            given = {"csrf_token": self.csrf[who], "_action": "complete", **said}
            answer = self.clients[who].open(
                path, method=method, data=given if method == "POST" else None
            )
        return answer.status_code, answer.get_data(as_text=True)

    @property
    def said(self) -> dict[str, str]:
        days = dict(zip(("due-day", "due-month", "due-year"), ("9", "3", "2026"), strict=True))
        return {
            "reason": "because", "to": "offered", "person": "none", "into": self.other.reference,
            "_beside": self.other.reference, "message": "news", "seen": "x", **days,
        }  # fmt: skip


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Any) -> House:
    return House(sqlite_store, tmp_path)


def doors(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of everything there is."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            names = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
            for name in names[1].split(", ") if names else [""]:
                address = re.sub(r"<any[^>]*>", name, rule.rule)
                yield rule.endpoint, method, address


def _api_body(path: str, said: Mapping[str, str]) -> dict[str, Any]:
    """What this address takes, of what is said; of an order by itself nothing that would do it."""
    for asked in ASKED.values():
        if asked.api is not None and asked.api.path.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1]:
            body = {name: said.get(name, BODY.get(name, "x")) for name in asked.api.body.needed}
            return body if said else {name: BODY.get(name, " ") for name in body}
    return {}


#: of each order the address to which it is posted
def posted() -> dict[tuple[str, str], type]:
    """(endpoint or path, name of its form) → the order."""
    found: dict[tuple[str, str], type] = {}
    for kind, asked in ASKED.items():
        if asked.page:
            found[asked.page, ""] = kind
        if asked.form is not None:
            found["orders", asked.form.name] = kind
        if asked.api is not None:
            found[f"api.{asked.api.name}", ""] = kind
    return found


def row_of(endpoint: str, method: str, address: str) -> tuple[str, Rule] | None:
    """The policy's row of an address; None: it is open to anybody."""
    if endpoint.startswith(OPEN):
        return None
    name = address.rsplit("/orders/", 1)[-1] if "/orders/" in address else ""
    orders = posted()
    kind = orders.get((endpoint, "")) if method == "POST" else None
    if endpoint.startswith("orders."):
        kind = orders.get(("orders", name))
    if endpoint.startswith("happenings.") and method == "POST":
        kind = orders.get(("orders", "message"))
    if kind is not None:
        return kind.__name__, policy.rule(kind.__name__)
    row = VIEWS.get(endpoint) or next(
        (row for begin, row in BEGUN.items() if endpoint.startswith(begin)), ""
    )
    return None if row is None else (row, policy.RULES[row]) if row else ("", Rule(what=""))


def test_the_printed_page_is_the_table() -> None:
    assert PAGE.read_text() == printed(), "python -m tests.casework.policy_page"


def test_every_order_has_a_row_and_every_row_of_an_order_an_order() -> None:
    assert set(policy.ORDERS) == {kind.__name__ for kind in ORDERS}
    assert not set(policy.ORDERS) & set(policy.VIEWS)


@pytest.mark.parametrize("what", ["", "Claim ", "Made up", "everything"])
def test_what_stands_in_no_row_nobody_may(what: str) -> None:
    with pytest.raises(LookupError, match="has no row for"):
        policy.rule(what)


def test_every_address_has_a_row_of_the_policy(house: House) -> None:
    missing = {
        f"{method} {address} ({endpoint})"
        for endpoint, method, address in doors(house.app)
        if (row := row_of(endpoint, method, address)) is not None and not row[0]
    }
    need_rows(__file__, "VIEWS", missing, ())


TASKED = {"CompleteTask", "Claim", "SaveDraft", "Release", "task"}
#: bounds beyond the row that depend on whom it is: a list, one's own, or what the content offers
BOUND = {"covers", "conflicts", "SetCover", "EndCover", "AgreeCover", "RecordConflict",
         "EndConflict", "work list", "case list", "StartCase", "versions", "Deploy", "Activate",
         "document", "file", "leaving", "ProduceDocument", "taking back", "TakeBack",
         "Release"}  # fmt: skip


#: for whoever is shut out of the case there is nothing of it here either
RETENTION = {"retention", "SetHold", "LiftHold", "EraseContent", "KeepContent"}


def expected(house: House, who: str, name: str, rule: Rule, state: str, page: bool) -> bool:
    """What the table says. `page`: a page that only asks is there whatever the state."""
    stands = PEOPLE[who]
    role = ROLES[stands.role]
    may = rule.allows(lambda power: power in role.may)
    if name == "Release" and "check" in stands.hands:
        may = True  # whoever it is offered to
    if name == "BreakGlass":
        return may and stands.sight == "none" and not who.startswith("excluded")
    if name in RETENTION and who.startswith("excluded"):
        return False
    if not (may and rule.reaches(stands.sight) and (page or rule.fits(STATES[state]))):
        return False
    if name in ("CompleteTask", "Claim", "SaveDraft"):
        return "check" in stands.hands
    part = stands.sight == "own" and name in ("task", "Release")
    return not part or "check" in stands.hands


def walked(house: House, state: str) -> Iterator[tuple[str, str, str, str, bool, int, str]]:
    for endpoint, method, address in doors(house.app):
        row = row_of(endpoint, method, address)
        if row is None or not row[0] or row[0] in BOUND or "<case>" not in address:
            continue
        name, rule = row
        if state in ("ended", "merged") and (name in TASKED or "<task>" in address):
            continue  # there is no task any more, or it rests
        path = address.replace("<case>", house.reference).replace("<task>", house.task["check"])
        path = re.sub(r"<(int:)?(version|entry|incident|number)>", "1", path)
        path = path.replace("<document>", "letter").replace("<message>", "news")
        path = path.replace("<letter>", "l")
        for who in PEOPLE:
            asks = method == "GET" and name in policy.ORDERS
            yes = expected(house, who, name, rule, state, asks)
            code, text = house.ask(who, method, path, whole=not yes)
            yield who, name, method, path, yes, code, text
            if method == "POST":
                house.free()


@pytest.mark.parametrize("state", STATES)
def test_every_address_answers_everybody_as_the_table_says(house: House, state: str) -> None:
    house.made(state)
    house.sign_in()
    wrong, count = [], 0
    for who, name, method, path, yes, code, text in walked(house, state):
        count += 1
        assert code < 500, f"{method} {path} as {who}: {code}"
        no = code in (401, 403, 404) or (code >= 400 and NOT_ALLOWED.search(text) is not None)
        if yes == no:
            wrong.append(f"{method} {path} as {who}: {code}; the table ({name}) says {yes}")
    assert count > 500
    assert not wrong, "\n".join(wrong[:40]) + f"\n{len(wrong)} of {count}"


@pytest.mark.parametrize("state", STATES)
def test_lists_hold_what_the_table_says(house: House, state: str) -> None:
    house.made(state)
    house.sign_in()
    for who, stands in PEOPLE.items():
        code, text = house.ask(who, "GET", "/api/v1/cases")
        listed = f'"{house.reference}"' in text
        assert (code, listed) == (200, stands.sight != "none"), who
        code, text = house.ask(who, "GET", "/api/v1/tasks")
        works = bool(stands.hands) and state in ("open", "suspended")
        taken = who == "offered_own"  # the task is somebody else's now
        assert (house.reference in text) is (works and not taken), f"tasks of {who}"
        for path in ("/tasks", "/cases?show=all"):
            code, page = house.ask(who, "GET", path)
            seen = stands.sight != "none" if path.startswith("/cases") else works and not taken
            assert (house.reference in page) is seen, f"{path} of {who}"


def test_a_case_that_is_not_there_answers_like_one_that_may_not_be_seen(house: House) -> None:
    house.made("open")
    house.sign_in()
    unseen = [who for who, stands in PEOPLE.items() if stands.sight == "none"]
    for path in ("/cases/{}", "/cases/{}/history", "/api/v1/cases/{}", "/api/v1/cases/{}/history"):
        for who in unseen:
            answers = [house.ask(who, "GET", path.format(case)) for case in
                       (house.reference, "T-2026-9999")]  # fmt: skip
            plain = [(code, re.sub(r'value="[^"]{20,}"|[0-9a-f-]{36}|T-2026-\d+', "", text))
                     for code, text in answers]  # fmt: skip
            assert plain[0] == plain[1], f"{path} as {who}"


def test_an_address_about_no_case_needs_its_power(house: House) -> None:
    house.made("open")
    house.sign_in()
    wrong = []
    for endpoint, method, address in doors(house.app):
        row = row_of(endpoint, method, address)
        if row is None or "<" in address or method == "POST" or row[0] in BOUND - {"versions"}:
            continue
        for who, stands in PEOPLE.items():
            yes = row[1].allows(lambda power, held=ROLES[stands.role].may: power in held)
            code, _ = house.ask(who, method, address)
            if (yes or not row[1].hidden) != (code < 400):
                wrong.append(f"{method} {address} as {who}: {code}; the table says {yes}")
    assert not wrong, "\n".join(wrong)


def test_a_given_task_ends_with_its_release(house: House) -> None:
    """Who was given a task holds it while it lasts, and nothing of the case afterwards."""
    house.made("open")
    kit = house.kit
    with kit.store.reading() as unit:
        before = dict(cases.members(unit, house.case))
    kit.desk.do(Assign(actor=house.people["member"], at=kit.at, case=house.case,
                       task=house.task["check"], to="offered"))  # fmt: skip
    house.free()
    with kit.store.reading() as unit:
        assert dict(cases.members(unit, house.case)) == before


def _guest(house: House) -> FlaskClient:
    """The browser of somebody who came by a link to the task “check”, with a code."""
    kit, task = house.kit, house.task["check"]
    made = guests.invite(kit.desk, house.case, task, kit.at, timedelta(days=1))
    assert made is not None
    _, code = guests.read_out(kit.desk, house.people["offered"], house.case, task, kit.at)
    client = house.app.test_client()
    client.set_cookie("guest", guests.enter(kit.desk, made.secret, code, kit.at).token)
    return client


@pytest.mark.parametrize("state", ["open", "suspended"])
def test_a_guest_finds_one_page_and_nothing_else(house: House, state: str) -> None:
    """Their address holds neither case nor task, so there is none in which to put another one."""
    house.made("open")
    client = _guest(house)
    if state == "suspended":
        house.system(Suspend, case=house.case, reason="r")
    assert client.get("/guest").status_code == 200
    page = client.get("/guest").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token and house.reference not in page
    wrong = []
    for endpoint, method, address in doors(house.app):
        if endpoint.startswith(OPEN):
            continue
        path = address.replace("<case>", house.reference).replace("<task>", house.task["check"])
        path = re.sub(r"<(int:)?(version|entry|incident|number)>", "1", path)
        path = path.replace("<document>", "letter").replace("<message>", "news")
        path = path.replace("<letter>", "l")
        given = {"csrf_token": token[1], "_action": "complete", "reason": "x"}
        code = client.open(path, method=method, data=given if method == "POST" else None)
        if code.status_code not in ((401,) if path.startswith("/api/") else (404,)):
            wrong.append(f"{method} {path}: {code.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("what", sorted(policy.RULES))
def test_a_guest_may_do_what_three_rows_say(what: str) -> None:
    allowed = {"CompleteTask", "SaveDraft", "guest task"}
    assert policy.RULES[what].reaches("guest") is (what in allowed)
