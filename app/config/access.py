"""Reads how people reach the product: proxies in front, names of the site, ends of a session."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from app.config.attributes import Attribute as Attribute
from app.config.attributes import read_attributes as read_attributes
from app.config.safety import checked_database as checked_database
from app.config.safety import read_insecure as read_insecure
from app.config.safety import read_key as read_key
from app.config.sections import ConfigError, Section
from app.config.sign_on import SignOn as SignOn
from app.config.sign_on import read_sign_on as read_sign_on

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
class Sms:
    """The gateway by which codes go to telephones."""

    #: https
    url: str
    #: JSON that is posted; {number} and {text} are filled in
    body: str


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    #: None: nothing is sent, mails stay visible in the outbox
    host: str | None = None
    port: int = 25
    user: str | None = None
    starttls: bool = False
    #: where people open the product, for links in mails
    address: str = "http://127.0.0.1:8000"
    #: how long a guest's link lasts
    guest_days: int = 14
    #: whom a guest rings; "": nobody is named
    ring: str = ""
    #: None: codes are read out
    sms: Sms | None = None


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


def read_mail(top: Section) -> Mail:
    section = top.section("mail")
    mail = Mail(
        sender=section.text("sender"),
        host=section.text("host", None),
        port=section.number("port", 25),
        user=section.text("user", None),
        starttls=section.typed("starttls", bool, "true or false", False),
        address=section.text("address", "http://127.0.0.1:8000"),
        guest_days=section.number("guest_days", 14),
        ring=section.text("ring", ""),
        sms=_sms(top),
    )
    section.finish()
    if not 1 <= mail.guest_days <= 60:
        raise ConfigError(f"{top.file}: “mail.guest_days” can be a number from 1 to 60.")
    return mail


def _sms(top: Section) -> Sms | None:
    if top.get("sms", None) is None:
        return None
    section = top.section("sms")
    sms = Sms(section.text("url"), section.text("body"))
    section.finish()
    if not sms.url.startswith("https://"):
        raise ConfigError(f"{top.file}: “sms.url” begins with https://: a code goes there.")
    if "{number}" not in sms.body or "{text}" not in sms.body:
        raise ConfigError(f"{top.file}: “sms.body” needs {{number}} and {{text}}.")
    return sms


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
