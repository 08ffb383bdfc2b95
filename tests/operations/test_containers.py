"""compose.yaml: by the schema of the Compose Specification, and what hangs together in it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml

from app.cli.main import parser
from tests.test_rooms import TOP

SUPPLIED = TOP / "docs" / "operations"
OURS = ("migrate", "serve", "work")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((SUPPLIED / "compose.yaml").read_text()))


def test_it_is_valid_by_the_schema_of_compose_files() -> None:
    words = ["--builtin-schema", "vendor.compose-spec", str(SUPPLIED / "compose.yaml")]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", OURS)
def test_our_services_give_verbs_that_there_are_shut_in_and_with_the_key(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    assert parser(service["command"]).parse_args(service["command"]).verb == name
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["environment"]["CREDENTIALS_DIRECTORY"] == "/run/secrets"
    assert service["secrets"] == ["kek"] and "ports" not in service


def test_what_a_service_names_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("networks", ())) <= compose["networks"].keys()
        assert set(service.get("secrets", ())) <= compose["secrets"].keys()
        assert set(service.get("depends_on", ())) <= compose["services"].keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in compose["volumes"], volume


def test_the_image_runs_as_nobody_special_and_installs_by_hash_alone() -> None:
    lines = (SUPPLIED / "Containerfile").read_text()
    assert "\nUSER 10001:10001\n" in lines
    assert "--no-index --find-links wheels --require-hashes" in lines
