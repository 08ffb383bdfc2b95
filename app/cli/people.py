"""The commands of who keeps accounts: `person …`.

The installation itself gives these orders, so whoever may run them can give anybody anything; they
stand in the installation's log. What is wrong is said as on the pages.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from app import store
from app.casework import ACCOUNTS, SYSTEM, Desk, NotFound, Refused
from app.casework.people import changes, links
from app.config import Config, in_no_list, succeeding
from app.engine import day, moment
from app.scheduler.account_mail import address, send_link
from app.scheduler.clock import present
from app.store import Days, PersonRow

Given = argparse.Namespace


def say(text: str = "") -> None:
    print(text, flush=True)


def first(desk: Desk, config: Config, given: Given) -> int:
    """Makes the first administrator and gives the link by which they set their password."""
    with_power = [role.id for role in config.roles.values() if ACCOUNTS in role.may]
    if given.role is not None and given.role not in with_power:
        raise Refused(f"The role “{given.role}” does not keep accounts; one of {_any(with_power)}.")
    if not with_power or (given.role is None and len(with_power) > 1):
        raise Refused(f"Name the role with --role: {_any(with_power)}.")
    row = _row(given, (given.role or with_power[0],), {})
    changes.first(desk, row, present(desk.store))
    return _link(desk, config, row.id, links.LASTS, mailed=False)


def add(desk: Desk, config: Config, given: Given) -> int:
    """Makes an account; “link” lets the person set a password."""
    roles, days = _roles(given.role or ())
    row = _row(given, roles, days)
    _known(config, row.attributes)
    changes.make(desk, SYSTEM, row, present(desk.store))
    return _said(desk, given.id)


def listing(desk: Desk, config: Config, given: Given) -> int:
    """Says every account, a line each."""
    with desk.store.reading() as unit:
        rows = store.people.accounts.everybody(unit)
    for row in rows:
        say(_line(row))
    return 0


def show(desk: Desk, config: Config, given: Given) -> int:
    """Says an account, and the links that are open for it."""
    _said(desk, given.id)
    with desk.store.reading() as unit:
        open_links = store.people.access.open_links(unit, given.id)
        joined = store.people.identities.of_person(unit, given.id)
    for link in open_links:
        say(f"  a link to set a password, until {moment(link.expires_at)}")
    for identity in joined:
        say(f"  work account {identity.subject} of {identity.issuer}")
    return 0


def change(desk: Desk, config: Config, given: Given) -> int:
    """Changes name or e-mail address; --email "" takes the address away."""
    changes.change(desk, SYSTEM, given.id, present(desk.store), name=given.name, email=given.email)
    return _said(desk, given.id)


def roles(desk: Desk, config: Config, given: Given) -> int:
    """Sets all roles of a person, each with its days; what is not named is taken away."""
    held, days = _roles(given.role)
    changes.change(desk, SYSTEM, given.id, present(desk.store), roles=held, days=days)
    return _said(desk, given.id)


def agency(desk: Desk, config: Config, given: Given) -> int:
    """Sets what is said of a person, like agency=police; what is not named is taken away."""
    said = _attributes(given.said)
    _known(config, said)
    changes.change(desk, SYSTEM, given.id, present(desk.store), attributes=said)
    return _said(desk, given.id)


def disable(desk: Desk, config: Config, given: Given) -> int:
    """Lets nobody sign in as this person; sessions, tokens and links end, tasks go back."""
    count = changes.disable(desk, SYSTEM, given.id, present(desk.store))
    say(f"{given.id} cannot sign in any more. Tasks that went back: {count}.")
    return 0


def enable(desk: Desk, config: Config, given: Given) -> int:
    """Lets the person sign in again; tokens stay revoked."""
    changes.enable(desk, SYSTEM, given.id, present(desk.store))
    return _said(desk, given.id)


def link(desk: Desk, config: Config, given: Given) -> int:
    """Gives a link by which the person sets a password, once; older links end."""
    return _link(desk, config, given.id, timedelta(hours=given.hours), mailed=given.mail)


def sign_out(desk: Desk, config: Config, given: Given) -> int:
    """Ends every session of the person."""
    changes.sign_out(desk, SYSTEM, given.id, present(desk.store))
    say(f"{given.id} is signed out everywhere.")
    return 0


def _link(desk: Desk, config: Config, person: str, lasts: timedelta, *, mailed: bool) -> int:
    at = present(desk.store)
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, person)
    if mailed and (row is None or not row.email or not config.mail.host):
        raise Refused("There is no e-mail address, or no mail server in config.yaml.")
    secret, until = links.issue(desk, SYSTEM, person, at, lasts)
    if not mailed:
        say(address(config.mail, secret))
        say(f"It opens once, until {moment(until)}, and is not shown again.")
        return 0
    to = str(row.email if row is not None else "")
    if send_link(config.mail, to, config.title, secret, until, at):
        say(f"The link was mailed. It opens once, until {moment(until)}.")
        return 0
    say("The mail server did not take the link. Try again, or leave out --mail.")
    return 1


def _any(roles: Sequence[str]) -> str:
    return " or ".join(roles) or "no role in config.yaml may “accounts”"


def _row(given: Given, roles: Sequence[str], days: dict[str, Days]) -> PersonRow:
    said = _attributes(getattr(given, "said", None) or ())
    return PersonRow(
        given.id, given.name, given.email or None, tuple(roles), said, None, False, days
    )


def _roles(several: Iterable[str]) -> tuple[tuple[str, ...], dict[str, Days]]:
    """“role”, or “role:2027-04-01..2027-09-30”, where either day may be missing."""
    days: dict[str, Days] = {}
    held = []
    for each in several:
        role, _, span = each.partition(":")
        held.append(role)
        if span:
            first_day, dots, last_day = span.partition("..")
            if not dots:
                raise Refused(f"Give the days of “{role}” like {role}:2027-04-01..2027-09-30.")
            days[role] = _day(first_day), _day(last_day)
    return tuple(sorted(set(held))), days


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}” is no day like 2027-04-01.") from None


def _attributes(several: Iterable[str]) -> dict[str, str]:
    said = {}
    for each in several:
        name, equals, value = each.partition("=")
        if not equals:
            raise Refused(f"Give “{each}” like agency=police.")
        said[name] = value
    return said


def _known(config: Config, said: Mapping[str, str]) -> None:
    """A slip would leave the person without any task, and nobody would be told."""
    if wrong := in_no_list(config.attributes, said, succeeding(config.successions)):
        raise Refused(wrong)


def _said(desk: Desk, person: str) -> int:
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, person)
    if row is None:
        raise NotFound
    say(_line(row))
    return 0


def _line(row: PersonRow) -> str:
    held = ", ".join(f"{role}{_span(row.days.get(role))}" for role in row.roles) or "no role"
    said = "".join(f" {name}={value}" for name, value in row.attributes.items())
    state = " (cannot sign in)" if row.disabled else "" if row.password else " (no password)"
    return f"{row.id:<18} {row.name:<24} {row.email or 'no address'}  {held}{said}{state}"


def _span(days: Days | None) -> str:
    first_day, last_day = days or (None, None)
    since = f" from {day(first_day)}" if first_day else ""
    return since + (f" until {day(last_day)}" if last_day else "")
