"""Reads how people reach the product: proxies in front, names of the site, ends of a session."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from app.config.attributes import Attribute as Attribute
from app.config.attributes import read_attributes as read_attributes
from app.config.files import Files as Files
from app.config.files import read_files as read_files
from app.config.mail import Mail as Mail
from app.config.mail import Notify as Notify
from app.config.mail import Sms as Sms
from app.config.mail import read_address as read_address
from app.config.mail import read_mail as read_mail
from app.config.retention import Retention as Retention
from app.config.retention import read_retention as read_retention
from app.config.safety import checked_database as checked_database
from app.config.safety import read_insecure as read_insecure
from app.config.safety import read_key as read_key
from app.config.sections import ConfigError, Section
from app.config.sign_on import SignOn as SignOn
from app.config.sign_on import read_sign_on as read_sign_on
from app.config.telephone import Line as Line
from app.config.telephone import read_telephone as read_telephone

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\Z")


@dataclass(frozen=True, slots=True)
class SignIn:
    idle_minutes: int = 30
    absolute_minutes: int = 480
    #: whom to ask, under the form of the sign-in page; "": nobody is named
    help: str = ""
    #: beside its own names: words that no password may be made of, like a town or a team
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Web:
    #: addresses or networks; forwarded headers are believed from them alone
    trusted_proxies: tuple[str, ...] = ()
    #: names under which the site is reached; none: any
    hosts: tuple[str, ...] = ()
    #: addresses or networks that may ask for figures (/metrics), beside this machine
    watchers: tuple[str, ...] = ()


def read_sign_in(top: Section) -> SignIn:
    section = top.section("sign_in", {})
    read = SignIn(
        section.number("idle_minutes", 30),
        section.number("absolute_minutes", 480),
        section.text("help", ""),
        tuple(map(str, section.typed("words", list, "a list of words", []))),
    )
    section.finish()
    return read


def _demand_network(file: str, key: str, network: str) -> None:
    try:
        ipaddress.ip_network(network)
    except ValueError:
        said = f"“web.{key}” holds “{network}”, which is no address or network"
        raise ConfigError(f"{file}: {said} like 10.0.0.5 or 10.0.0.0/24.") from None


def read_web(top: Section) -> Web:
    section = top.section("web", {})
    read = Web(
        tuple(map(str, section.typed("trusted_proxies", list, "a list of addresses", []))),
        tuple(str(host).lower() for host in section.typed("hosts", list, "a list of names", [])),
        tuple(map(str, section.typed("watchers", list, "a list of addresses", []))),
    )
    section.finish()
    for key, networks in (("trusted_proxies", read.trusted_proxies), ("watchers", read.watchers)):
        for network in networks:
            _demand_network(top.file, key, network)
    for host in read.hosts:
        if not _HOST.match(host):
            said = f"“web.hosts” holds “{host}”, which is no name like review.example.org"
            raise ConfigError(f"{top.file}: {said}.")
    return read
