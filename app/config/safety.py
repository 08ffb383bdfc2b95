"""What an installation must not do unless it says so: `insecure` in config.yaml names it.

People's passwords over plain http, a database or mail server elsewhere without checked TLS, demo
people where others can reach them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from app.config.sections import ConfigError, Section

if TYPE_CHECKING:
    from app.config.installation import Config

HTTP, DATABASE, MAIL, DEMO = "http", "database", "mail", "demo"
_CHECKED = "verify-full"


def read_insecure(top: Section) -> frozenset[str]:
    given = top.typed("insecure", list, "a list", [])
    return frozenset(top.choice("insecure", name, (HTTP, DATABASE, MAIL, DEMO)) for name in given)


def read_key(top: Section) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`key: {command: [program, argument …], next: [program, argument …]}`: what prints the key,
    and the one that takes over. Raises `ConfigError`."""
    if top.get("key", None) is None:
        return (), ()
    section = top.section("key")
    command = tuple(str(part) for part in section.typed("command", list, "a list of texts"))
    coming = tuple(str(part) for part in section.typed("next", list, "a list of texts", []))
    section.finish()
    if not command:
        raise ConfigError(f"{top.file}: “key.command” names no program.")
    return command, coming


def is_here(host: str | None) -> bool:
    """Whether only this machine is reached by it."""
    name = (host or "").strip("[]")
    if name in ("", "localhost") or name.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def checked_database(url: str, file: str, insecure: frozenset[str]) -> str:
    """The address of a database elsewhere demands TLS and its certificate. Raises `ConfigError`."""
    try:
        read = urlsplit(url)
        named = read.hostname
    except ValueError:
        return url  # whoever opens it says what is wrong
    query = parse_qs(read.query)
    hosts = [host for text in query.get("host", []) for host in text.split(",")]
    there = [named, *(host if host.startswith("/") else host.partition(":")[0] for host in hosts)]
    if not read.scheme.startswith("postgres") or all(map(is_here, there)) or DATABASE in insecure:
        return url
    asked = query.get("sslmode", [""])[-1]
    if asked and asked != _CHECKED:
        raise ConfigError(
            f"{file}: the address of the database says sslmode={asked}, so that whoever stands"
            f" between could read or change cases. Say sslmode={_CHECKED}, or leave it out. For a"
            f" trial, “insecure: [{DATABASE}]” lets it pass."
        )
    return url if asked else f"{url}{'&' if read.query else '?'}sslmode={_CHECKED}"


def demand_safe(config: Config, host: str) -> None:
    """Before pages are given under this address. Raises `ConfigError` with all that is wrong."""
    if wrong := list(_wrong(config, host)):
        names = ", ".join(dict.fromkeys(name for name, _ in wrong))
        told = " ".join(sentence for _, sentence in wrong)
        raise ConfigError(
            f"{told} For a trial without real cases, “insecure: [{names}]” lets it be."
        )


def _wrong(config: Config, host: str) -> Iterator[tuple[str, str]]:
    """(what `insecure` calls it, what is wrong and what to do)."""
    address, proxied = config.mail.address, bool(config.web.trusted_proxies)
    site = urlsplit(address)
    if HTTP not in config.insecure and not is_here(host) and not proxied:
        said = f"Passwords would cross the network in the open: {host} is plain http."
        yield HTTP, f"{said} Put a proxy with https before it and name it in “web.trusted_proxies”."
    away = proxied or not is_here(site.hostname)
    if HTTP not in config.insecure and away and site.scheme != "https":
        said = f"“mail.address” is {address}: links in mails would lead to plain http."
        yield HTTP, f"{said} Give the address with https under which people reach this site."
    if DEMO not in config.insecure and config.demo and (away or not is_here(host)):
        said = "config.yaml has the key “demo”: everybody who reaches this site could sign in."
        yield DEMO, f"{said} Take “demo” and the demo people out of it."
