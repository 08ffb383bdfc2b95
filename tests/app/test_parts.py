"""What the product is made of: pinned with hashes, also what is needed by others, and listed."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from app import parts

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-assets.txt", "requirements-test.txt"]
_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;\\]+.*?(?=^[A-Za-z]|\Z)", re.MULTILINE | re.DOTALL)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def locked(file: str) -> dict[str, str]:
    return {plain(name): version for name, version in parts.pinned(ROOT / file).items()}


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_is_pinned_with_its_hashes(file: str) -> None:
    text = (ROOT / file).read_text()
    packages = _PACKAGE.finditer(text)
    assert not [found[1] for found in packages if "--hash=sha256:" not in found[0]]
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert all("==" in line for line in lines) and len(lines) == len(parts.pinned(ROOT / file))


@pytest.mark.parametrize(
    ("file", "stated"),
    [
        ("requirements.txt", [*PROJECT["dependencies"], *EXTRAS["build"]]),
        ("requirements-assets.txt", [*PROJECT["dependencies"], *EXTRAS["assets"]]),
        ("requirements-test.txt", [*PROJECT["dependencies"], *EXTRAS["test"]]),
    ],
)
def test_the_lock_is_that_of_the_project(file: str, stated: list[str]) -> None:
    """`make lock` writes it anew."""
    pins = dict(each.split("==") for each in stated)
    assert {plain(name): version for name, version in pins.items()}.items() <= locked(file).items()


def test_what_is_needed_by_others_is_pinned_too() -> None:
    """Each installed package needs only what the lock holds."""
    pins = locked("requirements.txt")
    loose = []
    for name in pins:
        for need in metadata.requires(name) or []:
            wanted, _, where = need.partition(";")
            other = plain(re.split(r"[\s<>=!~(\[]", wanted.strip())[0])
            if not where and other not in pins:
                loose.append(f"{name} needs {other}")
    assert not loose


def test_node_is_there_only_where_assets_are_built() -> None:
    assert not [name for name in locked("requirements.txt") if "node" in name]


def test_the_list_names_every_part_with_its_licence() -> None:
    listed = json.loads(json.dumps(parts.bill()))
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    names = [component["bom-ref"] for component in listed["components"]]
    assert len(names) == len(set(names)) > 150
    python = {c["name"] for c in listed["components"] if c["purl"].startswith("pkg:pypi/")}
    assert {plain(name) for name in python} == set(locked("requirements.txt"))
    assert not [
        c["name"] for c in listed["components"]
        if c["purl"].startswith("pkg:pypi/") and metadata_of(c["name"]) and "licenses" not in c
    ]  # fmt: skip


def metadata_of(name: str) -> bool:
    """Whether it is for this system and so installed."""
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def test_no_part_is_under_a_licence_that_binds_who_runs_it() -> None:
    said = [
        (component["name"], component["licenses"][0]["license"]["name"])
        for component in parts.components()
        if "licenses" in component
    ]
    assert not [(name, licence) for name, licence in said if "AGPL" in licence.upper()]
    own = re.compile(r"(?<![AL])GPL")
    assert not [(n, lic) for n, lic in said if own.search(lic.replace("lGPL", "LGPL"))]
