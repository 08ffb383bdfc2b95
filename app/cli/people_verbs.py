"""What `person …`, `token …`, `mail` and `archive-log` take on the command line.

What they do is `people`'s, `tokens`', `mail`'s and `log`'s.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app import wiring
from app.casework import Desk, NotFound, Refused
from app.cli import log, mail, people, proofs, tokens
from app.config import Config

Given = argparse.Namespace
Do = Callable[[Desk, Config, Given], int]


def add_verbs(verbs: Any, about: Mapping[str, str]) -> None:
    """`person …`, `token …`, `mail`, `archive-log` beside the other verbs; `about`: a line each."""
    persons = _group(verbs, "person", about["person"])
    making = _verb(persons, "first", people.first)
    making.add_argument("id", help="user name, like ann.archer")
    making.add_argument("name", help="as people know them")
    making.add_argument("email")
    making.add_argument("--role", help="where several roles keep accounts")
    adding = _verb(persons, "add", people.add)
    adding.add_argument("id", help="user name, like ann.archer")
    adding.add_argument("name", help="as people know them")
    adding.add_argument("--email")
    _roles_of(adding, required=False)
    adding.add_argument(
        "--set", dest="said", action="append", metavar="NAME=VALUE", help="like agency=police"
    )
    _verb(persons, "list", people.listing)
    for name, do in (
        ("show", people.show), ("disable", people.disable), ("enable", people.enable),
        ("sign-out", people.sign_out), ("reset-second", proofs.reset_second),
    ):  # fmt: skip
        _verb(persons, name, do).add_argument("id")
    unlinking = _verb(persons, "unlink", proofs.unlink)
    unlinking.add_argument("id")
    unlinking.add_argument("issuer", help="address of the provider")
    unlinking.add_argument("subject", help="as “show” says it")
    changing = _verb(persons, "change", people.change)
    changing.add_argument("id")
    changing.add_argument("--name")
    changing.add_argument("--email")
    held = _verb(persons, "roles", people.roles)
    held.add_argument("id")
    _roles_of(held, required=True)
    said = _verb(persons, "agency", people.agency)
    said.add_argument("id")
    said.add_argument("said", nargs="*", metavar="NAME=VALUE", help="like agency=police")
    linking = _verb(persons, "link", people.link)
    linking.add_argument("id")
    linking.add_argument("--hours", type=int, default=24, help="how long it opens; default: 24")
    linking.add_argument("--mail", action="store_true", help="mail it instead of showing it")
    mailing = _verb(verbs, "mail", mail.listing, about["mail"])
    mailing.add_argument("what", nargs="?", choices=("bounced",), help="takes in what came back")
    mailing.add_argument("--sent", action="store_true")
    archiving = _verb(verbs, "archive-log", log.archive, about["archive-log"])
    archiving.add_argument("before", type=date.fromisoformat, help="a day like 2027-04-01")
    archiving.add_argument("file", type=Path, help="a file that does not exist yet")
    _token_verbs(_group(verbs, "token", about["token"]))


def _token_verbs(group: Any) -> None:
    making = _verb(group, "make", tokens.make)
    making.add_argument("person", help="id of the account")
    making.add_argument("name", help="what the token is for")
    making.add_argument(
        "--scope", action="append", choices=tuple(tokens.SCOPES),
        help="what it may do; several times for several; default: read",
    )  # fmt: skip
    making.add_argument("--days", type=int, default=tokens.LASTS.days, help="default: 90")
    _verb(group, "list", tokens.all_tokens).add_argument(
        "person", nargs="?", help="default: everybody"
    )
    taking = _verb(group, "revoke", tokens.revoke)
    taking.add_argument("person")
    taking.add_argument("name")


def _roles_of(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--role", action="append", required=required, metavar="ROLE[:FIRST..LAST]",
        help="a role, with its first and last day where it has any; several times for several",
    )  # fmt: skip


def _group(verbs: Any, name: str, about: str) -> Any:
    return verbs.add_parser(name, help=about, description=about).add_subparsers(
        dest="what", required=True
    )


def _verb(group: Any, name: str, do: Do, short: str = "") -> argparse.ArgumentParser:
    about = (do.__doc__ or "").strip()
    short = short or about.split(";")[0].replace("%", "%%")
    made: argparse.ArgumentParser = group.add_parser(name, help=short, description=about)

    def run(config: Config, given: Given) -> int:
        try:
            return do(wiring.open_desk(config), config, given)
        except NotFound:
            raise Refused("There is no such account, or nothing of that name.") from None

    made.set_defaults(do=run)
    return made
