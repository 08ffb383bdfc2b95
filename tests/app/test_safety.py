"""What is not safe is refused at start, in a sentence that says what to do, unless it is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import wiring
from app.casework import Refused
from app.casework.people.passwords import fit_to_choose
from app.cli.main import main
from app.config.installation import ConfigError, load
from app.config.safety import demand_safe
from app.store import PersonRow
from tests.app.test_config import written

PROXY = {"trusted_proxies": ["10.0.0.5"]}
HTTPS = {"sender": "a@example.org", "address": "https://review.example.org"}
PLAIN = {"sender": "a@example.org", "address": "http://review.example.org"}
#: what is set, the address that is listened on, words of the refusal ("": it starts)
STARTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "on this machine, to look at it": ({}, "127.0.0.1", ""),
    "on this machine, IPv6": ({}, "::1", ""),
    "behind a proxy, https": ({"demo": ..., "web": PROXY, "mail": HTTPS}, "0.0.0.0", ""),
    "on the network, plain": (
        {"demo": ..., "mail": HTTPS}, "0.0.0.0", "Passwords would cross the network in the open",
    ),
    "links that lead to plain http": (
        {"demo": ..., "web": PROXY, "mail": PLAIN}, "127.0.0.1", "lead to plain http",
    ),
    "a proxy, and links to this machine": (
        {"demo": ..., "web": PROXY}, "127.0.0.1", "“mail.address” is http://127.0.0.1:8000",
    ),
    "demo people behind a proxy": (
        {"web": PROXY, "mail": HTTPS}, "127.0.0.1", "everybody who reaches this site could sign in",
    ),
    "demo people on the network": ({"mail": HTTPS}, "127.0.0.1", "has the key “demo”"),
    "a trial, said": ({"insecure": ["http", "demo"], "mail": PLAIN}, "0.0.0.0", ""),
    "half of a trial, said": ({"insecure": ["http"], "mail": PLAIN}, "0.0.0.0", "insecure: [demo]"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "host", "words"), STARTS.values(), ids=STARTS)
def test_passwords_in_the_open_and_demo_people_are_refused_at_start(
    tmp_path: Path, changes: dict[str, Any], host: str, words: str
) -> None:
    config = load(written(tmp_path, **changes))
    if not words:
        demand_safe(config, host)
        return
    with pytest.raises(ConfigError) as refused:
        demand_safe(config, host)
    assert words in str(refused.value)


def test_the_command_says_it_and_gives_no_page(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = str(written(tmp_path))
    assert main(["--config", file, "migrate"]) == 0
    assert main(["--config", file, "serve", "--host", "0.0.0.0", "--port", "0"]) == 1
    assert "in the open" in capfd.readouterr().err


#: address of the database, what is insecure, what it becomes (None: refused)
BASE = "postgresql://rr:pw@db.example.org/rr"
DATABASES: dict[str, tuple[str, list[str], str | None]] = {
    "elsewhere, nothing said": (BASE, [], f"{BASE}?sslmode=verify-full"),
    "elsewhere, checked": (f"{BASE}?sslmode=verify-full", [], f"{BASE}?sslmode=verify-full"),
    "elsewhere, encrypted and unchecked": (f"{BASE}?sslmode=require", [], None),
    "elsewhere, in the open": (f"{BASE}?sslmode=disable", [], None),
    "elsewhere, if it likes": (f"{BASE}?sslmode=prefer", [], None),
    "a trial, said": (f"{BASE}?sslmode=disable", ["database"], f"{BASE}?sslmode=disable"),
    "this machine": ("postgresql://rr@127.0.0.1/rr", [], "postgresql://rr@127.0.0.1/rr"),
    "a socket": ("postgresql://rr@/rr?host=/run/pg", [], "postgresql://rr@/rr?host=/run/pg"),
    "one of two elsewhere": (
        "postgresql://rr@/rr?host=localhost:5432,db2:5432&sslmode=allow", [], None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("url", "insecure", "becomes"), DATABASES.values(), ids=DATABASES)
def test_a_database_elsewhere_must_show_its_certificate(
    tmp_path: Path, url: str, insecure: list[str], becomes: str | None
) -> None:
    file = written(tmp_path, database=url, insecure=insecure)
    if becomes is not None:
        assert load(file).database == becomes
        return
    with pytest.raises(ConfigError, match="Say sslmode=verify-full") as refused:
        load(file)
    assert "pw" not in str(refused.value)


def test_a_name_that_turns_text_round_is_refused_with_its_place(tmp_path: Path) -> None:
    for changes, place in (
        ({"title": "Review\u202eeslaf"}, "title"),
        ({"roles": {"desk": {"name": "De\u2066sk", "sees": "case"}}}, "roles.desk.name"),
        ({"settings": {"a": [{"value": "x", "label": "\u202ax"}]}}, "settings.a[1].label"),
    ):
        with pytest.raises(ConfigError, match="reads otherwise") as refused:
            load(written(tmp_path, **changes))
        assert f"“{place}”" in str(refused.value)


def test_what_is_said_of_people_comes_from_lists_of_the_settings(tmp_path: Path) -> None:
    said = {"office": {"label": "Office", "lists": ["offices"]}}
    (office,) = load(written(tmp_path, attributes=said)).attributes
    assert [(value, label) for value, label, _ in office.rows][:2] == [
        ("north", "North"), ("south", "south"),
    ]  # fmt: skip
    for wrong, words in (
        ({"office": {"label": "Office", "lists": ["ofices"]}}, "The nearest is “offices”"),
        ({"office": {"label": "Office", "lists": ["days"]}}, "which is no list of rows"),
        ({"Office": {"label": "Office", "lists": []}}, "a word of small letters"),
        ({"office": {"lists": []}}, "“attributes.office.label” is missing"),
    ):
        with pytest.raises(ConfigError, match=words):
            load(written(tmp_path, attributes=wrong))


@pytest.mark.parametrize(
    "password", ["safeguarding", "Northmoor2026", "review-northmoor", "Harbourside!!"]
)
def test_a_password_of_the_organisations_own_words_is_refused(
    tmp_path: Path, password: str
) -> None:
    changes = {"organisation": "Northmoor Safeguarding Partnership", "title": "Rapid Review"}
    config = load(written(tmp_path, **changes, sign_in={"words": ["Harbourside"]}))
    words = wiring.open_desk(config, upgrade=True).settings.sign_in.words
    row = PersonRow("ann", "Ann", None, (), {}, None, False)
    with pytest.raises(Refused, match="a word of this organisation"):
        fit_to_choose(password, row, words)
    fit_to_choose("violin carpet thunder 7", row, words)


#: where mail goes and how, what is insecure, what becomes of it (None: refused)
MAILS: dict[str, tuple[dict[str, Any], list[str], str | None]] = {
    "no server": ({}, [], "none"),
    "this machine": ({"host": "localhost"}, [], "none"),
    "elsewhere, nothing said": ({"host": "mail.example.org"}, [], None),
    "elsewhere, in the open": ({"host": "mail.example.org", "tls": "none"}, [], None),
    "elsewhere, TLS on the way": ({"host": "mail.example.org", "tls": "starttls"}, [], "starttls"),
    "elsewhere, TLS at once": ({"host": "10.0.0.5", "tls": "implicit"}, [], "implicit"),
    "as earlier releases said it": ({"host": "10.0.0.5", "starttls": True}, [], "starttls"),
    "a trial, said": ({"host": "mail.example.org"}, ["mail"], "none"),
    "no such way": ({"host": "localhost", "tls": "ssl"}, [], None),
    "two ways": ({"host": "localhost", "notify": {"template": "t"}}, [], None),
    "Notify in the open": ({"notify": {"template": "t", "url": "http://n.example.org"}}, [], None),
    "a sender that is none": ({"sender": "nobody"}, [], None),
    "a minute of patience": ({"late_minutes": 0}, [], None),
    "an hour of the day": ({"digest_at": "07:30"}, [], "none"),
    "no hour of the day": ({"digest_at": "24:30"}, [], None),
    "an hour that YAML reads as a number": ({"digest_at": 450}, [], None),
    "an hour as machines write it": ({"digest_at": "T0800"}, [], None),
}


@pytest.mark.parametrize(("said", "insecure", "tls"), MAILS.values(), ids=MAILS)
def test_mail_elsewhere_goes_over_tls_unless_it_is_said(
    tmp_path: Path, said: dict[str, Any], insecure: list[str], tls: str | None
) -> None:
    file = written(tmp_path, mail={"sender": "a@example.org", **said}, insecure=insecure)
    if tls is not None:
        assert load(file).mail.tls == tls
        return
    with pytest.raises(ConfigError):
        load(file)


def test_a_person_of_config_yaml_has_an_address_or_none(tmp_path: Path) -> None:
    ann = {"id": "ann", "name": "Ann", "roles": [], "email": "ann@["}
    with pytest.raises(ConfigError, match=r"people\[1\].email.* like name@example.org"):
        load(written(tmp_path, people=[ann]))
