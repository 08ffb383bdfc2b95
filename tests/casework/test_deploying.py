"""Versions: what is kept, what can be used, and what running cases have to do with it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from app.casework import views
from app.casework.cases.programs import Programs
from app.casework.commands import Activate, Deploy
from app.casework.errors import NotFound, Refused, Unusable
from app.store import deployments
from app.store.deployments import DeploymentRow
from app.validation.deployment import digest as digest_of
from tests.kit import PEOPLE, Kit, diagram, form

GOOD = diagram("start > task:check > end", check={"groups": "clerk"})
NO_GROUPS = diagram("start > task:check > end")
SCRIPT = {path: content.replace(b"userTask", b"scriptTask") for path, content in GOOD.items()}
NOT_XML = {"bpmn/p.bpmn": b"this is no XML"}


def deploy(kit: Kit, files: Any, activate: bool = False) -> str:
    done = kit.do(Deploy, "dra", files=files, note="n", activate=activate)
    return str(done.answer["digest"])


def listed(kit: Kit) -> list[tuple[bool, int]]:
    return [(one.active, one.errors) for one in views.deployments(kit.desk, PEOPLE["dra"])]


def test_files_with_errors_are_kept_but_cannot_be_used(both: Kit) -> None:
    digest = deploy(both, NO_GROUPS)
    assert listed(both) == [(False, 1)]
    version = views.deployment(both.desk, PEOPLE["dra"], digest)
    assert version.files["bpmn/p.bpmn"] == NO_GROUPS["bpmn/p.bpmn"], "byte for byte"
    assert "no-candidate" in {one.rule for one in version.findings}
    with pytest.raises(Refused, match="One thing stands against using") as refusal:
        both.do(Activate, "dra", digest=digest)
    assert "no-candidate" in {one.rule for one in refusal.value.findings}
    assert views.startable(both.desk, PEOPLE["ann"]) == []


def test_what_is_no_diagram_is_not_kept(kit: Kit) -> None:
    with pytest.raises(Refused, match="against keeping") as refusal:
        deploy(kit, NOT_XML)
    assert refusal.value.findings and listed(kit) == []


def test_files_to_be_active_at_once_must_run(kit: Kit) -> None:
    deploy(kit, GOOD, activate=True)
    with pytest.raises(Refused) as refusal:
        deploy(kit, NO_GROUPS, activate=True)
    assert refusal.value.findings and listed(kit) == [(True, 0)]


def test_an_empty_set_is_no_deployment(kit: Kit) -> None:
    with pytest.raises(Refused):
        deploy(kit, {})


def test_the_same_files_again_are_the_same_version(kit: Kit) -> None:
    first = deploy(kit, GOOD, activate=True)
    kit.later(days=1)
    assert deploy(kit, GOOD, activate=True) == first
    assert listed(kit) == [(True, 0)]


def test_an_older_version_can_be_made_active_again(kit: Kit) -> None:
    first = deploy(kit, GOOD, activate=True)
    kit.later(days=1)
    other = deploy(kit, diagram("start > task:other > end", other={"groups": "clerk"}))
    kit.do(Activate, "lea", digest=other)
    assert listed(kit) == [(True, 0), (False, 0)]
    kit.do(Activate, "lea", digest=first)
    assert listed(kit) == [(False, 0), (True, 0)]
    with pytest.raises(NotFound):
        kit.do(Activate, "lea", digest="0" * 64)


def test_a_version_says_which_ids_of_the_active_one_it_lacks(kit: Kit) -> None:
    deploy(kit, GOOD, activate=True)
    digest = deploy(kit, diagram("start > task:other > end", other={"groups": "clerk"}))
    found = views.deployment(kit.desk, PEOPLE["dra"], digest).findings
    assert any("check" in one.sentence.lower() for one in found)


@pytest.mark.parametrize(
    ("set_", "runs"),
    [
        pytest.param(NO_GROUPS, True, id="judged otherwise today"),
        pytest.param(SCRIPT, False, id="what nothing carries out any more"),
    ],
)
def test_a_set_that_was_accepted_once_runs_as_long_as_it_can_be_made_ready(
    kit: Kit, set_: dict[str, bytes], runs: bool
) -> None:
    row = DeploymentRow(digest_of(set_), kit.at, "dra", "of an earlier release", errors=0)
    with kit.store.writing() as unit:
        deployments.add(unit, row, set_)
    with kit.store.reading() as unit:
        if runs:
            assert Programs().of(unit, row.digest).program.processes
        else:
            with pytest.raises(Unusable, match="could not be made ready to run"):
                Programs().of(unit, row.digest)


def test_a_version_that_drops_every_process_cannot_take_the_place_of_the_active_one(
    both: Kit,
) -> None:
    active = both.deploy(GOOD)
    other = deploy(
        both, diagram("start > task:check > end", process="q", check={"groups": "clerk"})
    )
    told = views.deployment(both.desk, PEOPLE["dra"], other).findings
    assert "no-process-left" in {one.rule for one in told if one.severity == "error"}
    with pytest.raises(Refused, match="against using") as refusal:
        both.do(Activate, "lea", digest=other)
    assert "no-process-left" in {one.rule for one in refusal.value.findings}
    with both.store.reading() as unit:
        assert deployments.active(unit) == active


def test_a_version_that_keeps_one_process_is_warned_of_the_others(kit: Kit) -> None:
    both_processes = GOOD | diagram(
        "start > task:check > end", process="q", check={"groups": "clerk"}
    )
    kit.deploy(both_processes)
    other = deploy(kit, GOOD)
    told = views.deployment(kit.desk, PEOPLE["dra"], other).findings
    assert {one.severity for one in told if one.rule == "vanished-id"} == {"warning"}
    kit.do(Activate, "lea", digest=other)


def test_many_activate_at_once_and_none_is_turned_away(both: Kit) -> None:
    first = both.deploy(GOOD)
    versions = [first, *(deploy(both, GOOD | form("more", f"n{n}")) for n in range(8))]
    refused: list[BaseException] = []
    together = threading.Barrier(8)

    def activate(own: int) -> None:
        for n in range(5):
            together.wait()
            try:
                both.do(Activate, "lea", digest=versions[(own + n) % len(versions)])
            except BaseException as error:
                refused.append(error)

    threads = [threading.Thread(target=activate, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
