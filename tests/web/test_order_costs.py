"""What an order asks of the database: a few statements in one transaction, whatever is in use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.casework import accounts
from app.casework.commands import CompleteTask
from app.config.installation import Config
from app.store import DeploymentRow, Store
from app.store import deployments as versions
from app.validation.deployment import digest
from tests.asked import asked
from tests.kit import PEOPLE, Kit, diagram, form
from tests.templates import create_site

FILES = diagram(
    "start > task:ask > task:answer > end; boundary:late > end:told",
    ask={"groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 1)"},
    answer={"groups": "clerk,lead", "due": "=working_days_after(today(), 2)"},
    late={"on": "ask", "timer": "P1D", "interrupting": "false"},
) | form("ask", "wanted")  # fmt: skip
#: (when the token was used before, statements at most, transactions)
COSTS = {
    "used within the minute": (timedelta(seconds=5), 4, 1),
    "its use is written down too": (timedelta(hours=1), 5, 1),
}


@pytest.mark.postgres
@pytest.mark.parametrize("row", COSTS)
def test_an_order_over_the_api_is_one_transaction_of_few_statements(
    postgres_store: Store, config: Config, row: str
) -> None:
    since, most, transactions = COSTS[row]
    kit = Kit(postgres_store)
    kit.deploy(FILES)
    http = create_site(kit.desk, config, lambda: kit.at).test_client()
    token = accounts.new_token(kit.desk, PEOPLE["ann"], "test", kit.at)
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
    case = kit.start("ann")
    path = f"/api/v1/cases/{case}/tasks/{kit.task(case, 'ask')}/complete"
    accounts.of_token(kit.desk, token, kit.at)
    kit.later(seconds=since.total_seconds())
    with asked(kit.store) as heard:
        answer = http.post(path, json={"answers": {"wanted": "A visit"}}, headers=head)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert len(heard.statements) <= most, heard.statements
    assert heard.transactions == transactions
    assert kit.open(case) == ["answer"]
    with kit.store.reading() as unit:
        (held,) = [each for each in _tokens(unit) if each.name == "test"]
    assert held.used_at == (kit.at if most == 5 else kit.at - since)


def _tokens(unit: Any) -> Any:
    from app.store.people import access

    return access.tokens_of(unit, "ann")


@pytest.mark.postgres
def test_a_refused_order_still_tells_when_the_token_was_used(
    postgres_store: Store, config: Config
) -> None:
    kit = Kit(postgres_store)
    kit.deploy(FILES)
    http = create_site(kit.desk, config, lambda: kit.at).test_client()
    token = accounts.new_token(kit.desk, PEOPLE["ann"], "test", kit.at)
    case = kit.start("ann")
    path = f"/api/v1/cases/{case}/tasks/{kit.task(case, 'ask')}/complete"
    head = {"Authorization": f"Bearer {token}"}
    for body, code in ({"answers": {}}, 422), ({"unknown": 1}, 400):
        kit.later(hours=1)
        assert http.post(path, json=body, headers=head).status_code == code
        with kit.store.reading() as unit:
            assert [each.used_at for each in _tokens(unit)] == [kit.at], "it is not written down"
    assert kit.store.engine.pool.checkedout() == 0, "a connection was not given back"


def test_a_timer_that_fires_costs_one_transaction(kit: Kit) -> None:
    kit.deploy(FILES)
    case = kit.start("ann")
    at = kit.later(days=2)
    with asked(kit.store) as heard:
        (done,) = kit.desk.wake_due(at)
    assert done.case == case
    assert heard.transactions == 3, "a look, the firing, and that no other one is due"


def test_an_order_costs_the_same_with_200_versions_in_use(kit: Kit) -> None:
    of_version = {0: kit.deploy(FILES)}
    cases = {0: kit.start("ann")}
    for number in range(1, 200):
        files = {
            path: content.replace(b'name="ask"', f'name="Ask {number}"'.encode())
            for path, content in FILES.items()
        }
        of_version[number] = digest(files)
        row = DeploymentRow(of_version[number], kit.at, "system", "")
        with kit.store.writing() as unit:
            versions.add(unit, row, files)
            versions.activate(unit, row.digest, kit.at, "system")
        cases[number] = kit.start("ann")
    assert len(set(of_version.values())) == 200
    asked_of = {}
    for number in (0, 1, 100, 199):
        case = cases[number]
        order = CompleteTask(
            actor=PEOPLE["ann"], at=kit.at, case=case, task=kit.task(case, "ask"),
            given={"wanted": "A visit"},
        )  # fmt: skip
        with asked(kit.store) as heard:
            kit.desk.do(order)
        asked_of[number] = heard.statements
    assert asked_of[0] == asked_of[1] == asked_of[100] == asked_of[199]
    assert not any("deployment_file" in statement for statement in asked_of[0])
