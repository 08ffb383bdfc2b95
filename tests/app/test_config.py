"""config.yaml: what is wrong in it is named, with the nearest known word."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config.installation import ConfigError, load
from app.config.measures import Years

GOOD: dict[str, Any] = {
    "title": "T",
    "organisation": "O",
    "reference": "RR",
    "database": "sqlite:///var/x.db",
    "calendar": {"region": "england-and-wales", "closed": []},
    "roles": {"desk": {"name": "Desk", "sees": "case", "may": ["start"]}},
    "people": [{"id": "ann", "name": "Ann", "roles": ["desk"], "office": "north"}],
    "settings": {
        "days": 5,
        "offices": [{"value": "north", "label": "North"}, {"value": "south"}, {"value": "coast"}],
    },
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


def _row(old: str, new: str) -> dict[str, Any]:
    return {"day": date(2027, 4, 1), "from": old, "to": [new]}


def _succeeds(old: str = "north", **more: Any) -> dict[str, Any]:
    return {"successions": [{**_row(old, "south"), **more}]}


def _part(old: str, new: str, **more: Any) -> dict[str, Any]:
    row = {**_row(old, new), "by": ["place.town"], "to": {new: ["hill"]}, "unknown": new, **more}
    return {key: value for key, value in row.items() if value is not ...}


def _divided(**more: Any) -> dict[str, Any]:
    return {"successions": [_part("north", "south", **more)]}


def _b(first: date) -> dict[str, Any]:
    return {"name": "B", "from": first}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tilte": "x"}, ["tilte", "title"]),
        ({"title": ..., "titel": "x"}, ["title", "missing", "titel"]),
        ({"title": 5}, ["title", "text"]),
        ({"calendar": {"region": "x", "closd": []}}, ["calendar.closd", "closed"]),
        ({"calendar": {"region": "x", "closed": ["soon"]}}, ["closed", "soon"]),
        (
            {"calendar": {"region": "wales"}},
            ["config.yaml", "“calendar.region”", "wales", "england-and-wales", "scotland"],
        ),
        ({"settings": {"roles": ["a"]}}, ["config.yaml", "“settings.roles”", "another name"]),
        ({"settings": {"x": ["a\ud800"]}}, ["settings.x[1]", "half a character (U+D800)"]),
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
        (_succeeds(to=["soth"]), ["successions[1].to", "soth", "nearest is “south”"]),
        (_succeeds(old="nort"), ["successions[1].from", "nort", "nearest is “north”"]),
        (_succeeds(old="desk"), ["successions[1].to", "south"]),  # a role by an office
        (_succeeds(to=["desk"]), ["successions[1].to", "desk"]),
        (_succeeds(to=[]), ["successions[1]", "names nobody"]),
        (_succeeds(to=["north"]), ["successions[1]", "its own place"]),
        (_succeeds(day="2027-02-30"), ["successions[1].day", "2027-02-30", "must be a day"]),
        (_succeeds(day="soon"), ["successions[1].day", "soon"]),
        (_succeeds(when=1), ["successions[1].when", "not a known key"]),
        (_divided(by=["place"]), ["successions[1].by[1]", "'place'", "step.question"]),
        (_divided(to=["south"]), ["successions[1].to", "a map"]),
        (_divided(to={"south": []}), ["successions[1].to.south", "list of answers"]),
        (
            _divided(to={"south": ["hill"], "coast": ["hill"]}),
            ["successions[1].to", "“hill” falls to coast and to south"],
        ),
        (_divided(to={"soth": ["hill"]}), ["successions[1].to", "nearest is “south”"]),
        (_divided(unknown=...), ["successions[1].unknown", "missing"]),
        (_divided(unknown="desk"), ["successions[1].unknown", "desk"]),
        (_divided(unknown="north"), ["successions[1]", "its own place"]),
        (
            {"successions": [*_divided()["successions"], _part("coast", "south", by=["b.c"])]},
            ["successions[2].by", "by the same"],
        ),
        (
            {
                "successions": [
                    _row("north", "south"),
                    _row("south", "coast"),
                    _row("coast", "north"),
                ]
            },
            ["successions[1]", "in the end"],
        ),
        ({"settings": {"x": [{"value": "a", "until": "soon"}]}}, ["settings.x[1].until", "soon"]),
        (
            {"settings": {"x": [{"value": "school"}], "y": [{"value": "a", "kind": "schol"}]}},
            ["settings.y[1].kind", "'schol'", "value of no row", "nearest is “school”"],
        ),
        (
            {"settings": {"y": [{"value": "a", "kind": "a"}]}},
            ["settings.y[1].kind", "value of no row"],
        ),
        (
            {"settings": {"x": [{"from": date(2027, 4, 1), "until": date(2027, 3, 31)}]}},
            ["settings.x[1].until", "before its"],
        ),
        ({"calendar": {"region": "wales"}}, ["config.yaml", "calendar.region", "wales"]),
        (
            {"calendars": {"uk": {"regions": ["scotland", "wales"]}}},
            ["config.yaml", "calendars.uk.regions", "wales"],
        ),
        ({"calendars": {"uk": {"regions": []}}}, ["calendars.uk.regions", "no region"]),
        ({"calendars": {"house": {"region": "scotland"}}}, ["calendars.house", "another name"]),
        (
            {"holidays": [{"day": "soon", "name": "A", "regions": ["scotland"]}]},
            ["holidays[1].day", "soon"],
        ),
        ({"organisation": []}, ["organisation", "name"]),
        ({"organisation": [{"nam": "A"}]}, ["organisation[1].name", "missing"]),
        (
            {"organisation": [{"name": "A", "until": date(2027, 3, 30)}, _b(date(2027, 4, 1))]},
            ["organisation[2].from", "day after"],
        ),
        ({"organisation": [{"name": "A"}, _b(date(2027, 4, 1))]}, ["organisation[2].from"]),
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
    monkeypatch.setenv("RAPID_REVIEW_DATABASE", "postgresql://localhost/cases")
    monkeypatch.setenv("RAPID_REVIEW_SECRETS", str(tmp_path / "keys"))
    config = load(written(tmp_path, secrets_dir="elsewhere"))
    assert config.database == "postgresql://localhost/cases"
    assert config.secrets_dir == tmp_path / "keys"


def test_a_succession_is_read_as_written(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(
        path.read_text() + "successions:\n  - {day: 2027-04-01, from: north, to: [south, coast]}\n"
    )
    (found,) = load(path).successions
    assert (found.on, found.old, found.new) == (date(2027, 4, 1), "north", ("south", "coast"))


def test_a_divided_succession_says_who_has_which_part(tmp_path: Path) -> None:
    path = written(tmp_path)
    row = "{day: 2027-04-01, from: north, by: [p.q, a.b], to: {south: [x, 1], coast: [y]}, "
    path.write_text(path.read_text() + f"successions:\n  - {row}unknown: coast}}\n")
    (found,) = load(path).successions
    assert (found.new, found.by) == (("south", "coast"), (("p", "q"), ("a", "b")))
    assert found.parts == {"x": ("south",), "1": ("south",), "y": ("coast",), "": ("coast",)}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 1, 1), "A"),
        (date(2027, 3, 31), "A"),
        (date(2027, 4, 1), "B"),
        (date(2030, 1, 1), "B"),
    ],
)
def test_an_organisation_bears_one_name_on_every_day(tmp_path: Path, day: date, name: str) -> None:
    names = [{"name": "A", "until": date(2027, 3, 31)}, {"name": "B", "from": date(2027, 4, 1)}]
    assert load(written(tmp_path, organisation=names)).organisation_on(day) == name
    assert load(written(tmp_path)).organisation_on(day) == "O"


def test_a_day_that_does_not_exist_is_named_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path)
    row = "successions:\n  - {day: 2027-02-30, from: north, to: [south]}\n"
    path.write_text(path.read_text() + row)
    with pytest.raises(ConfigError, match=r"successions\[1\]\.day.*2027-02-30"):
        load(path)


RULE: dict[str, Any] = {"id": "all", "name": "All", "years": 6, "basis": "Ours"}
RETENTION: dict[str, Any] = {"rules": [RULE], "holds": {"trial": "A trial"}, "early": {"x": "X"}}
#: what is changed → what is said of it
WRONG_RETENTION: dict[str, tuple[dict[str, Any], str]] = {
    "no years": ({"rules": [{**RULE, "years": 0}]}, "from 1 to 150, not 0"),
    "no basis": ({"rules": [{k: RULE[k] for k in ("id", "name", "years")}]}, "basis” is missing"),
    "an id twice": ({"rules": [{**RULE, "processes": ["a"]}, RULE]}, "have the id “all”"),
    "two for all others": ({"rules": [RULE, {**RULE, "id": "b"}]}, "for all other processes"),
    "words for an id": ({"rules": [{**RULE, "id": "About Jo Lane"}]}, "small letters, digits"),
    "words for a cause": ({"early": {"About Jo": "x"}}, "small letters, digits"),
    "a cause of our own": ({"early": {"due": "x"}}, "means that the time is over"),
    "a slip": ({"hold": {}}, "The nearest known one is “holds”"),
}


@pytest.mark.parametrize(("change", "said"), WRONG_RETENTION.values(), ids=WRONG_RETENTION)
def test_a_wrong_rule_of_retention_is_named(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        load(written(tmp_path, retention={**RETENTION, **change}))


def test_a_case_is_kept_by_the_rule_of_its_process_or_that_of_all_others(tmp_path: Path) -> None:
    own = {**RULE, "id": "own", "processes": ["asked"]}
    retention = load(written(tmp_path, retention={**RETENTION, "rules": [RULE, own]})).retention
    rules = {process: retention.rule(process) for process in ("asked", "other")}
    assert {process: rule and rule.id for process, rule in rules.items()} == {
        "asked": "own", "other": "all"}  # fmt: skip
    assert load(written(tmp_path)).retention.rule("asked") is None
