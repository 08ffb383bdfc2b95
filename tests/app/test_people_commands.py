"""`rapid-review person …` and `token …`: what they do, say and refuse."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from app.cli.main import main
from tests.test_rooms import TOP

GOOD = "violin carpet thunder 7"


class Terminal:
    def __init__(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.capsys = config, capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        assert main(["--config", str(self.config), *words]) == code, self.capsys.readouterr()
        told = self.capsys.readouterr()
        return told.err if code else told.out


@pytest.fixture
def type_(tmp_path: Path, sqlite_template: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    config = yaml.safe_load((TOP / "config.yaml").read_text())
    config |= {"database": f"sqlite:///{tmp_path / 'cases.db'}", "people": []}
    config.pop("demo", None)
    shutil.copyfile(sqlite_template, tmp_path / "cases.db")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    terminal = Terminal(tmp_path / "config.yaml", capsys)
    terminal("migrate")
    return terminal


def test_the_first_administrator_gets_a_link_and_there_is_no_second_first(
    type_: Terminal,
) -> None:
    told = type_("person", "first", "ada", "Ada Admin", "ada@example.org")
    assert re.search(r"/set-password/[\w-]{43}\n", told)
    assert "opens once" in told
    again = type_("person", "first", "eve", "Eve", "eve@example.org", code=1)
    assert again == "Somebody keeps accounts here already. Ask them.\n"


def test_a_person_is_made_changed_and_leaves_by_command(type_: Terminal) -> None:
    type_("person", "first", "ada", "Ada Admin", "ada@example.org")
    told = type_(
        "person", "add", "gil", "Gil Gp", "--email", "gil@example.org",
        "--role", "agency_spoc:2027-04-01..2027-09-30", "--set", "agency=gp",
    )  # fmt: skip
    assert "agency_spoc from" in told and "agency=gp" in told and "(no password)" in told
    assert "agency=police" in type_("person", "agency", "gil", "agency=police")
    assert "administrator" in type_("person", "roles", "gil", "--role", "administrator")
    assert "gil@new.example" in type_("person", "change", "gil", "--email", "gil@new.example")
    assert "/set-password/" in type_("person", "link", "gil", "--hours", "2")
    assert "a link to set a password" in type_("person", "show", "gil")
    assert "signed out everywhere" in type_("person", "sign-out", "gil")
    assert "Tasks that went back: 0." in type_("person", "disable", "gil")
    assert "(cannot sign in)" in type_("person", "list")
    assert "(cannot sign in)" not in type_("person", "enable", "gil")
    assert "Installation log: history good." in type_("verify")


def test_a_token_is_made_listed_and_revoked_by_command(type_: Terminal) -> None:
    type_("person", "first", "ada", "Ada Admin", "ada@example.org")
    assert re.fullmatch(r"[\w-]{43}\n", type_("token", "make", "ada", "figures", "--days", "3"))
    assert "figures" in (told := type_("token", "list", "ada"))
    assert "read; until" in told and "never used" in told
    type_("token", "revoke", "ada", "figures")
    assert "revoked" in type_("token", "list")


REFUSED = {
    "an unknown person": ("person show nobody", "There is no such account"),
    "an unknown role": ("person add x X --role king", "There is no role “king”."),
    "an unknown agency": ("person add x X --set agency=polise", "The nearest is “police”."),
    "an unknown kind of agency": ("person add x X --set agncy=police", "The nearest is “agency”."),
    "no day": ("person add x X --role administrator:soon..", "“soon” is no day"),
    "no days": ("person add x X --role administrator:2027-04-01", "Give the days of"),
    "no value": ("person agency ada police", "Give “police” like agency=police."),
    "the last administrator": ("person disable ada", "Nobody else could keep accounts then."),
    "a link for ever": ("person link ada --hours 9999", "A link lasts 14 days at most."),
    "a mail without a server": ("person link ada --mail", "There is no e-mail address, or no"),
    "a token for ever": ("token make ada t --days 9999", "A token lasts a year at most"),
    "a token of nobody": ("token revoke ada none", "There is no such account, or nothing"),
}


@pytest.mark.parametrize(("typed", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_said_in_a_sentence(type_: Terminal, typed: str, sentence: str) -> None:
    type_("person", "first", "ada", "Ada Admin", "ada@example.org")
    assert sentence in type_(*typed.split(), code=1)


@pytest.mark.parametrize("group", ["person", "token"])
def test_each_command_says_what_it_does(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([group, "--help"])
    assert "  list " in capsys.readouterr().out.replace("    list", "  list")
