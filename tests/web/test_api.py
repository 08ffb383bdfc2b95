"""The API: the same orders as the pages, with tokens, keys, problems; and as described."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from app.casework import accounts
from app.casework.people import tokens
from app.store import StoreFault
from app.web.api.openapi import OPERATIONS, document
from app.web.api.operations import Operation
from app.web.api.queries import Query
from tests.kit import PEOPLE, Kit, diagram, form

ROOT = "/api/v1"
FILES = diagram(
    "start > task:ask > task:answer > end",
    ask={"groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 1)"},
    answer={"groups": "clerk,lead", "form": "pick"},
) | form("ask", "wanted") | form(
    "pick", "one", kind="radio", values=[{"label": "Yes", "value": "yes"}]
)  # fmt: skip


#: something that people can record in every case
HEARS = diagram(
    "start:news_came > task:read > end", process="news", start_groups=None,
    news_came={"message": "news"}, read={"groups": "lead"},
)  # fmt: skip


class Client:
    """One person's program. Every answer is held against the description."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.http = app.test_client()
        self.head = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, code: int = 200, **more: Any) -> Any:
        headers = {**self.head, **more.pop("headers", {})}
        answer = self.http.open(ROOT + path, method=method, headers=headers, **more)
        assert answer.status_code == code, answer.get_data(as_text=True)
        assert not described(method, path, answer)
        return answer.get_json()

    def get(self, path: str, code: int = 200, **more: Any) -> Any:
        return self.call("GET", path, code, **more)

    def post(self, path: str, body: Any = None, code: int = 200, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, code, json=body, headers=headers)


def described(method: str, path: str, answer: TestResponse) -> list[str]:
    """What is not as the description says."""
    plain = path.partition("?")[0].strip("/").split("/")
    for template, operations in document()["paths"].items():
        parts = template.strip("/").split("/")
        fits = len(parts) == len(plain) and all(
            a.startswith("{") or a == b for a, b in zip(parts, plain, strict=True)
        )
        if fits and method.lower() in operations:
            return _compared(operations[method.lower()]["responses"], answer)
    problem = answer.content_type == "application/problem+json"
    return [] if problem else ["an address that is not described gave no problem"]


def _compared(responses: dict[str, Any], answer: TestResponse) -> list[str]:
    found = responses.get(str(answer.status_code))
    if found is None:
        return [f"the status {answer.status_code} is not described"]
    if "$ref" in found:
        found = document()["components"]["responses"][found["$ref"].rpartition("/")[2]]
    content = found["content"].get(answer.mimetype)
    if content is None:
        return [f"{answer.mimetype} is not described"]
    schema = {**content["schema"], "components": document()["components"]}
    errors = Draft202012Validator(schema).iter_errors(answer.get_json())
    return [f"{one.json_path}: {one.message}" for one in errors]


@pytest.fixture
def api(app: Flask, kit: Kit) -> Callable[[str], Client]:
    kit.deploy(FILES)
    names = itertools.count()

    def client(who: str) -> Client:
        name = f"test {next(names)}"
        return Client(app, accounts.new_token(kit.desk, PEOPLE[who], name, kit.at))

    return client


@pytest.fixture
def ann(api: Callable[[str], Client]) -> Client:
    return api("ann")


def start(client: Client) -> str:
    return str(client.post("/cases", {"process": "p"}, 201)["case"])


def task_of(client: Client, case: str) -> str:
    (one,) = client.get(f"/cases/{case}/tasks")["items"]
    return f"/cases/{case}/tasks/{one['task']}"


def test_a_case_walks_to_its_end_by_the_api_alone(ann: Client) -> None:
    assert [one["process"] for one in ann.get("/processes")["items"]] == ["p"]
    case = start(ann)
    (mine,) = ann.get("/tasks")["items"]
    assert (mine["case"], mine["element"], mine["late"]) == (case, "ask", False)
    task = task_of(ann, case)
    assert ann.get(task)["may_claim"] is True
    assert [one["key"] for one in ann.get(f"{task}/form")["fields"]] == ["wanted"]
    ann.post(f"{task}/claim")
    assert ann.get(task)["assignee"] == "ann"
    ann.post(f"{task}/release")
    ann.post(f"{task}/complete", {"answers": {"wanted": "yes"}})
    (due,) = ann.get(f"/cases/{case}/deadlines")["items"]
    assert due["how"] == "met"
    second = task_of(ann, case)
    options = ann.get(f"{second}/form")["fields"][0]["options"]
    assert options == [{"value": "yes", "label": "Yes"}]
    ann.post(f"{second}/complete", {"answers": {"one": "yes"}, "version": 99})
    assert ann.get(f"/cases/{case}")["ended"] is not None
    texts = [one["text"] for one in ann.get(f"/cases/{case}/history")["items"]]
    assert any("completed “Ask”" in text for text in texts)


def test_a_task_that_needs_two_people_is_signed_by_two(
    api: Callable[[str], Client], kit: Kit
) -> None:
    ann, ben = api("ann"), api("ben")
    kit.deploy(
        diagram(
            "start > task:ask > task:answer > end",
            ask={"groups": "clerk,lead", "form": "ask", "people": "2"},
            answer={"groups": "clerk,lead", "form": "ask"},
        ),
        form("ask", "wanted"),
    )
    case = start(ann)
    task = task_of(ann, case)
    found = ann.get(task)
    assert (found["people"], found["signed"]) == (2, None)
    body = {"answers": {"wanted": "yes"}, "version": found["version"]}
    first = ann.post(f"{task}/complete", body, key="k")
    assert first["completed"] is False
    again = ann.post(f"{task}/complete", body, key="k")
    assert (again["completed"], again["replayed"], again["entry"]) == (False, True, first["entry"])
    assert ann.get("/tasks")["items"] == []
    (line,) = ben.get("/tasks")["items"]
    assert line["signed_by"] == "Ann Archer"
    refused = ann.post(f"{task}/complete", body, 422)
    assert "somebody else must sign it too" in refused["detail"]
    late = ben.post(f"{task}/complete", body, 409)
    assert (late["by"], late["type"].rpartition(":")[2]) == ("Ann Archer", "conflict")
    seen = ben.get(task)
    assert seen["signed"]["by"] == "Ann Archer" and seen["version"] > found["version"]
    given = ben.get(f"{task}/form")["answers"]
    assert given == {"wanted": "yes"}
    done = ben.post(f"{task}/complete", {"answers": given, "version": seen["version"]})
    assert done["completed"] is True


def test_a_task_explains_itself(ann: Client) -> None:
    found = ann.get(task_of(ann, start(ann)))
    assert found["why"] == "It is offered to you because you have the role Clerk."
    assert found["next"] == [
        {"kind": "task", "name": "Answer", "who": "Clerk or Lead", "when": None, "after": None}
    ]
    assert (found["waits"], found["borders"], found["more"]) == ([], [], False)


def test_a_new_case_says_where_it_is(ann: Client) -> None:
    answer = ann.http.post(f"{ROOT}/cases", json={"process": "p"}, headers=ann.head)
    assert answer.headers["Location"] == f"{ROOT}/cases/{answer.get_json()['case']}"


def test_the_same_key_gets_the_first_answer_again(ann: Client) -> None:
    first = ann.post("/cases", {"process": "p"}, 201, key="one")
    again = ann.post("/cases", {"process": "p"}, 201, key="one")
    assert (again["case"], again["replayed"]) == (first["case"], True)
    task = task_of(ann, first["case"])
    done = ann.post(f"{task}/complete", {"answers": {"wanted": "a"}}, key="two")
    assert (
        ann.post(f"{task}/complete", {"answers": {"wanted": "a"}}, key="two")["entry"]
        == (done["entry"])
    )
    ann.post(f"{task}/complete", {"answers": {"wanted": "b"}}, 422, key="two")
    assert ann.get("/cases")["total"] == 1


def test_a_refusal_names_each_field_and_where_it_stands(ann: Client) -> None:
    task = task_of(ann, start(ann))
    problem = ann.post(f"{task}/complete", {"answers": {"wanted": ""}}, 422)
    (error,) = problem["errors"]
    assert (error["field"], error["pointer"]) == ("wanted", "#/answers/wanted")
    assert problem["type"] == "urn:rapid-review:problem:refused"


def test_a_misspelt_answer_is_refused_with_the_nearest_name(ann: Client) -> None:
    task = task_of(ann, start(ann))
    problem = ann.post(f"{task}/complete", {"answers": {"wanted": "a", "wantd": "b"}}, 422)
    (error,) = problem["errors"]
    assert (error["field"], error["pointer"]) == ("wantd", "#/answers/wantd")
    assert error["detail"] == "This form asks nothing called “wantd”. Did you mean “wanted”?"


def test_who_comes_second_is_told_who_was_first(api: Callable[[str], Client]) -> None:
    ann, ben = api("ann"), api("ben")
    task = task_of(ann, start(ann))
    ann.post(f"{task}/complete", {"answers": {"wanted": "a"}})
    problem = ben.post(f"{task}/complete", {"answers": {"wanted": "b"}}, 409)
    assert problem["by"] == "Ann Archer"
    ben.get(task, 409)


@pytest.mark.parametrize("token", [None, "x", "wrong" * 10, "a" * 5000, "\N{SNOWMAN}"], ids=str)
def test_without_a_valid_token_nothing_is_open(app: Flask, kit: Kit, token: str | None) -> None:
    client = Client(app, None)
    if token:
        client.head = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    for path in ("/cases", "/tasks", "/cases/T-2026-0001", "/nothing"):
        answer = client.http.get(ROOT + path, headers=client.head)
        assert answer.status_code == 401
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_the_session_cookie_opens_nothing(browser_of: Any) -> None:
    assert browser_of("ann").client.get(f"{ROOT}/tasks").status_code == 401


def test_a_revoked_token_is_closed_at_once(app: Flask, kit: Kit) -> None:
    client = Client(app, accounts.new_token(kit.desk, PEOPLE["ann"], "old", kit.at))
    client.get("/tasks")
    tokens.revoke(kit.desk, PEOPLE["ann"], "ann", "old", kit.at)
    client.get("/tasks", 401)


def test_a_case_one_may_not_see_does_not_exist(api: Callable[[str], Client]) -> None:
    case = start(api("ann"))
    out = api("out")
    for path in ("", "/tasks", "/deadlines", "/history", "/tasks/1-2", "/tasks/1-2/form"):
        assert out.get(f"/cases/{case}{path}", 404) == out.get(f"/cases/T-2026-9999{path}", 404)
    out.post(f"/cases/{case}/messages", {"message": "x"}, 404)
    out.post(f"/cases/{case}/tasks/1-2/claim", None, 404)
    out.post("/cases", {"process": "p"}, 404)


BAD: dict[str, tuple[bytes, str, int]] = {
    "no JSON": (b"{", "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "NaN": (b'{"process": NaN}', "application/json", 400),
    "a member twice": (b'{"process": "p", "process": "q"}', "application/json", 400),
    "an unknown member": (b'{"process": "p", "actor": "lea"}', "application/json", 400),
    "a wrong kind": (b'{"process": 1}', "application/json", 400),
    "too deep": (b'{"answers": ' + b"[" * 100_000, "application/json", 400),
    "900 objects": (
        b'{"process": "p", "answers": ' + b'{"a": ' * 900 + b"1" + b"}" * 901,
        "application/json",
        400,
    ),
    "21 lists": (
        b'{"process": "p", "answers": ' + b"[" * 21 + b"]" * 21 + b"}",
        "application/json",
        400,
    ),
    "a text turned round": ('{"process": "p\u202e"}'.encode(), "application/json", 400),
    "a huge number": (b'{"process": ' + b"9" * 10_000 + b"}", "application/json", 400),
    "not UTF-8": (b'{"process": "\xff"}', "application/json", 400),
    "a form": (b"process=p", "application/x-www-form-urlencoded", 415),
    "nothing": (b"", "application/json", 400),
    "too large": (b'{"process": "' + b"p" * 27_000_000 + b'"}', "application/json", 413),
}


@pytest.mark.parametrize(("data", "kind", "code"), BAD.values(), ids=BAD)
def test_a_body_that_cannot_be_read_is_a_problem(
    ann: Client, data: bytes, kind: str, code: int
) -> None:
    ann.call("POST", "/cases", code, data=data, content_type=kind)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "size=201", "size=-1", "state=lost", "page=1e9", "size=²"]
)
def test_a_query_that_means_nothing_is_a_problem(ann: Client, query: str) -> None:
    ann.get(f"/cases?{query}", 400)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "é"])
def test_a_key_must_be_printable_and_short(ann: Client, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    ann.call("POST", "/cases", 400, json={"process": "p"}, headers=headers)


def test_lists_come_in_pages(ann: Client) -> None:
    for _ in range(3):
        start(ann)
    page = ann.get("/cases?size=2&page=2")
    assert (len(page["items"]), page["page"], page["size"], page["total"]) == (1, 2, 2, 3)


def test_a_history_is_read_on_from_where_one_stopped(ann: Client) -> None:
    case = start(ann)
    ann.post(f"{task_of(ann, case)}/complete", {"answers": {"wanted": "a"}})
    ann.get(f"/cases/{case}/history")  # the first look is an entry itself
    whole = ann.get(f"/cases/{case}/history")
    assert whole["more"] is False
    found: list[Any] = []
    after, more = 0, True
    while more:
        part = ann.get(f"/cases/{case}/history?limit=2&after={after}")
        found, after, more = found + part["items"], part["last"], part["more"]
    assert found == whole["items"]


def test_messages_need_the_right_to_send_them(api: Callable[[str], Client], kit: Kit) -> None:
    kit.deploy(FILES, HEARS)
    case = start(api("ann"))
    body = {"message": "news", "payload": {"at": "2026-03-05", "many": 1.5}}
    api("ann").post(f"/cases/{case}/messages", body, 422)
    assert api("lea").post(f"/cases/{case}/messages", body)["entry"] > 1


def test_an_address_that_is_not_there_and_a_method_that_is_not(ann: Client) -> None:
    ann.get("/nothing", 404)
    ann.get("/", 404)
    answer = ann.http.delete(f"{ROOT}/cases", headers=ann.head)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    ann.call("PUT", "/tasks", 405)


@pytest.mark.parametrize(
    ("error", "code"), [(StoreFault("SELECT secret"), 503), (ValueError("secret"), 500)], ids=str
)
def test_a_fault_inside_is_told_without_what_is_inside(
    ann: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    from app.casework import views

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(views, "work_list", fail)
    problem = ann.get("/tasks", code)
    assert "secret" not in json.dumps(problem)


def test_the_description_is_valid_and_open_to_everybody(app: Flask) -> None:
    answer = app.test_client().get(f"{ROOT}/openapi.json")
    assert answer.status_code == 200
    validate(answer.get_json())


def test_every_route_is_in_the_document_and_the_other_way_round(app: Flask) -> None:
    routes = {
        (method.lower(), rule.rule.removeprefix(ROOT).replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(f"{ROOT}/")
        and rule.endpoint not in ("api.anything_else", "api.openapi")
    }
    paths = document()["paths"]
    assert routes == {(method, path) for path, methods in paths.items() for method in methods}


READS = [row for row in OPERATIONS if row.method == "get"]
QUERIES = [pytest.param(row, query, id=f"{row.name} {query.name}")
           for row in READS for query in row.query]  # fmt: skip


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in READS])
def test_what_somebody_does_not_see_is_not_there_as_its_row_says(
    ann: Client, row: Operation
) -> None:
    """Ann's role allows no figures; nobody sees what is not there."""
    path = re.sub(r"{\w+}", "none", row.path)
    ann.get(path, 404 if 404 in row.problems else 200)


@pytest.mark.parametrize(("row", "query"), QUERIES)
def test_a_query_takes_what_the_document_says_and_no_more(
    api: Callable[[str], Client], row: Operation, query: Query
) -> None:
    lea = api("aud" if row.path == "/log" else "lea")
    path = re.sub(r"{case}", start(lea), row.path) if "{case}" in row.path else row.path
    schema = query.schema
    (taken, *_), refused = (
        (schema["enum"], "none") if "enum" in schema
        else ([""], "x" * (schema["maxLength"] + 1)) if "maxLength" in schema
        else ([schema["maximum"]], schema["maximum"] + 1)
    )  # fmt: skip
    lea.get(f"{path}?{query.name}={taken}")
    lea.get(f"{path}?{query.name}={refused}", 400)


def test_the_answers_have_the_security_headers(ann: Client) -> None:
    answer = ann.http.get(f"{ROOT}/tasks", headers=ann.head)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_cases_are_merged_and_taken_apart(api: Callable[[str], Client]) -> None:
    lea = api("lea")
    copy, main = (lea.post("/cases", {"process": "p", "answers": {}}, 201)["case"] for _ in "ab")
    lea.post(f"/cases/{copy}/merge", {"into": main}, 400)
    blank = lea.post(f"/cases/{copy}/merge", {"into": main, "reason": " "}, 422)
    assert [error["pointer"] for error in blank["errors"]] == ["#/reason"]
    lea.post(f"/cases/{copy}/merge", {"into": "T-2026-0999", "reason": "r"}, 422)
    api("ann").post(f"/cases/{copy}/merge", {"into": main, "reason": "r"}, 422)
    body = {"into": main, "reason": "the same"}
    first = lea.post(f"/cases/{copy}/merge", body, key="m")
    assert lea.post(f"/cases/{copy}/merge", body, key="m")["entry"] == first["entry"]
    found = lea.get(f"/cases/{copy}")
    assert (found["merged_into"], found["tasks"]) == (main, [])
    assert found["may"] == ["members", "unmerge"]
    assert lea.get(f"/cases/{main}")["merged_here"] == [copy]
    lea.post(f"/cases/{copy}/messages", {"message": "x"}, 422)
    said = [one["text"] for one in lea.get(f"/cases/{main}/history")["items"]]
    assert any(f"merged {copy} into this case" in one for one in said)
    lea.post(f"/cases/{copy}/unmerge", {"reason": "not the same"})
    assert lea.get(f"/cases/{copy}")["merged_into"] is None


def test_cover_is_set_listed_and_ended(api: Callable[[str], Client], kit: Kit) -> None:
    lea, pol = api("lea"), api("pol")
    case = kit.started("ann").reference
    body = {"for": "ann", "by": "pol", "from": "2026-03-04", "until": "2026-03-06", "reason": "r"}
    made = lea.post("/covers", body, 201, key="k")
    assert lea.post("/covers", body, 201, key="k") == {**made, "replayed": True}
    (line,) = pol.get("/covers")["items"]
    assert (line["state"], line["may_agree"]) == ("proposed", False)
    lea.post(f"/covers/{made['cover']}/agree", code=422)
    api("ann").post(f"/covers/{made['cover']}/agree")
    (line,) = pol.get("/covers")["items"]
    assert (line["for_name"], line["state"], line["may_end"]) == ("Ann Archer", "running", False)
    (task,) = pol.get("/tasks")["items"]
    assert (task["case"], task["for"]) == (case, "Ann Archer")
    assert pol.get(f"/cases/{case}/tasks/{task['task']}")["for"] == "Ann Archer"
    pol.post(f"/covers/{made['cover']}/end", code=422)
    lea.post(f"/covers/{made['cover']}/end")
    assert pol.get("/tasks")["items"] == []
    api("ben").post(f"/covers/{made['cover']}/end", code=404)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"by": "ann"}, 422, "by"),
        ({"from": "2026-02-30"}, 422, "from"),
        ({"until": "2026-03-03"}, 422, "until"),
        ({"for": None}, 400, None),
        ({"to": "ann"}, 400, None),
    ],
)
def test_a_cover_that_cannot_be_is_a_problem(
    api: Callable[[str], Client], change: dict[str, Any], code: int, field: str | None
) -> None:
    body = {"for": "ann", "by": "pol", "from": "2026-03-04", "until": "2026-03-06", "reason": "r"}
    body = {name: value for name, value in (body | change).items() if value is not None}
    answer = api("lea").post("/covers", body, code)
    found = [(one["field"], one["pointer"]) for one in answer.get("errors", ())]
    assert found == ([(field, f"#/{field}")] if field else [])
