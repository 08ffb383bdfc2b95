"""config.yaml: what is wrong in it is named, with the nearest known word."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import ConfigError, load
from app.measures import Years

GOOD: dict[str, Any] = {
    "title": "T",
    "organisation": "O",
    "reference": "RR",
    "database": "sqlite:///var/x.db",
    "calendar": {"region": "england-and-wales", "closed": []},
    "roles": {"desk": {"name": "Desk", "sees": "case", "may": ["start"]}},
    "people": [{"id": "ann", "name": "Ann", "roles": ["desk"], "office": "north"}],
    "settings": {"days": 5},
    "mail": {"sender": "a@example.org"},
    "demo": {"password": "x"},
}


MEASURE: dict[str, Any] = {"id": "x", "name": "X", "task": "ask", "limit": "due"}


def written(tmp_path: Path, **changes: Any) -> Path:
    content = {**GOOD, **changes}
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in content.items() if v is not ...}))
    return path


def test_a_good_file_gives_frozen_values(tmp_path: Path) -> None:
    config = load(written(tmp_path))
    assert config.people[0].attributes == {"office": "north"}
    assert config.roles["desk"].may == {"start"}
    assert config.database == f"sqlite:///{tmp_path}/var/x.db"
    assert b'"roles": ["desk"]' in config.settings_json()


def test_measures_and_the_first_day_of_a_year_are_data(tmp_path: Path) -> None:
    two = {**MEASURE, "id": "y", "task": ["a", "b"], "happened": "c.sent_at", "basis": "Act 1"}
    changes = {"timeliness": [MEASURE, {**MEASURE, "id": "z", "happened": "at"}, two]}
    config = load(written(tmp_path, **changes, year_begins="1 April"))
    one, own, other = config.timeliness
    assert (one.tasks, one.happened, one.told_by) == (("ask",), None, None)
    assert (own.happened, own.told_by) == ("at", None)
    assert (other.tasks, other.happened, other.told_by) == (("a", "b"), "sent_at", "c")
    assert (config.years, config.years.calendar) == (Years(4, 1), False)
    without = load(written(tmp_path))
    assert (without.timeliness, without.years.calendar) == ((), True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tilte": "x"}, ["tilte", "title"]),
        ({"title": ..., "titel": "x"}, ["title", "missing", "titel"]),
        ({"title": 5}, ["title", "text"]),
        ({"calendar": {"region": "x", "closd": []}}, ["calendar.closd", "closed"]),
        ({"calendar": {"region": "x", "closed": ["soon"]}}, ["closed", "soon"]),
        ({"roles": {"desk": {"name": "D", "sees": "cases"}}}, ["roles.desk.sees", "case"]),
        ({"roles": {"desk": {"name": "D", "sees": "own", "may": ["star"]}}}, ["may", "start"]),
        ({"people": [{"id": "a", "name": "A", "roles": ["dest"]}]}, ["people[1]", "desk"]),
        ({"people": [GOOD["people"][0]] * 2}, ["two people", "ann"]),
        ({"mail": {"sender": "a", "port": "25"}}, ["mail.port", "number"]),
        ({"demo": {"pasword": "x"}}, ["demo", "password", "pasword"]),
        ({"timeliness": [{**MEASURE, "limit": "backstp"}]}, ["timeliness[1].limit", "backstop"]),
        ({"timeliness": [{**MEASURE, "hapened": "x"}]}, ["timeliness[1].hapened", "happened"]),
        ({"timeliness": [{"id": "x", "name": "X", "limit": "due"}]}, ["timeliness[1].task"]),
        ({"timeliness": [{**MEASURE, "task": []}]}, ["timeliness[1].task", "list of them"]),
        ({"timeliness": [MEASURE, MEASURE]}, ["two measures", "“x”"]),
        ({"year_begins": "1 Aprl"}, ["year_begins", "1 April"]),
        ({"year_begins": "29 February"}, ["year_begins", "every year"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as found:
        load(written(tmp_path, **changes))
    for word in words:
        assert word in str(found.value)


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a: [")
    with pytest.raises(ConfigError, match="is not YAML"):
        load(path)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPID_REVIEW_DATABASE", "postgresql://db/cases")
    monkeypatch.setenv("RAPID_REVIEW_SECRETS", str(tmp_path / "keys"))
    config = load(written(tmp_path, secrets_dir="elsewhere"))
    assert config.database == "postgresql://db/cases"
    assert config.secrets_dir == tmp_path / "keys"
