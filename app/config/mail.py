"""Reads how mail and text messages leave: the server or service, what protects them on the way.

Passwords and keys are not here: they come from files or the environment (see `scheduler.way`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from app.config.dated import Named, named_on, organisation
from app.config.safety import MAIL, is_here
from app.config.sections import ConfigError, Section
from app.engine.addresses import is_address

#: nothing protects the connection; TLS begins on it (RFC 3207), or with it (RFC 8314)
PLAIN, STARTTLS, IMPLICIT = "none", "starttls", "implicit"
_NOTIFY = "https://api.notifications.service.gov.uk"
_NO_SERVER = (
    "No mail server is set up, so nothing is sent. What waits goes once “mail” in config.yaml"
    " names one."
)


@dataclass(frozen=True, slots=True)
class Sms:
    """The gateway by which codes go to telephones."""

    #: https
    url: str
    #: JSON that is posted; {number} and {text} are filled in
    body: str


@dataclass(frozen=True, slots=True)
class Notify:
    """GOV.UK Notify, instead of a mail server."""

    #: id of a template there, whose subject is ((subject)) and whose message is ((message))
    template: str
    url: str = _NOTIFY


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    #: of a mail server; without it and without `notify` nothing is sent, and mails wait
    host: str | None = None
    port: int = 25
    user: str | None = None
    #: `PLAIN`, `STARTTLS` or `IMPLICIT`; the certificate is always checked
    tls: str = PLAIN
    #: where people open the product, for links in mails
    address: str = "http://127.0.0.1:8000"
    #: how long a guest's link lasts
    guest_days: int = 14
    #: whom a guest rings; "": nobody is named
    ring: str = ""
    #: None: codes are read out
    sms: Sms | None = None
    notify: Notify | None = None
    #: how long a mail may wait before whoever looks after it is told
    late: timedelta = timedelta(hours=1)
    #: clock time in London, on working days, at which what waited for one mail a day goes
    digest_at: time = time(8)
    #: a demonstration that sends nothing: that its mails wait is no fault
    demonstrates: bool = False
    #: who asks a guest: the names of the organisation; none: the product's title
    house: tuple[Named, ...] = ()

    def asks_as(self, day: date, title: str) -> str:
        """Who asks, on this day in London."""
        return named_on(self.house, day) if self.house else title

    @property
    def leaves(self) -> bool:
        """Whether there is anything that could send it."""
        return bool(self.host or self.notify)

    @property
    def unsent(self) -> str:
        """Why nothing is sent, for people; "": it is."""
        if self.demonstrates:
            return (
                "This demonstration sends no mail. What it would send is listed on the page “Mail”."
            )
        return "" if self.leaves else _NO_SERVER

    @property
    def alarms_after(self) -> timedelta | None:
        """How long a mail may wait; None: as long as it likes."""
        return None if self.demonstrates else self.late


def read_mail(top: Section, insecure: frozenset[str]) -> Mail:
    """Raises `ConfigError` for a server elsewhere that would be spoken to in the open."""
    section = top.section("mail")
    host = section.text("host", None)
    mail = Mail(
        sender=section.text("sender"),
        host=host,
        port=section.number("port", 25),
        user=section.text("user", None),
        tls=_tls(section, host, insecure),
        address=section.text("address", "http://127.0.0.1:8000"),
        guest_days=section.number("guest_days", 14),
        ring=section.text("ring", ""),
        sms=_sms(top),
        notify=_notify(section),
        late=timedelta(minutes=section.number("late_minutes", 60)),
        digest_at=_clock(section, "digest_at", "08:00"),
        house=organisation(top),
    )
    section.finish()
    shows = not mail.leaves and top.get("demo", None) is not None
    mail = replace(mail, demonstrates=shows)
    if not 1 <= mail.guest_days <= 60:
        raise ConfigError(f"{top.file}: “mail.guest_days” can be a number from 1 to 60.")
    if not timedelta(minutes=1) <= mail.late <= timedelta(days=5):
        raise ConfigError(f"{top.file}: “mail.late_minutes” can be a number from 1 to 7200.")
    if not is_address(parseaddr(mail.sender)[1]):
        raise ConfigError(f"{top.file}: “mail.sender” must hold an address like name@example.org.")
    if mail.host and mail.notify:
        raise ConfigError(f"{top.file}: “mail” has a host and “notify”; mail leaves one way.")
    return mail


def read_address(section: Section) -> str | None:
    """An account's. Raises `ConfigError` for one that nothing can be sent to."""
    address: str | None = section.text("email", None)
    if address is not None and not is_address(address):
        said = f"“{section.name('email')}” must be an address like name@example.org"
        raise ConfigError(f"{section.file}: {said}, not {address!r}.")
    return address


def _clock(section: Section, key: str, default: str) -> time:
    text: str = section.text(key, default)
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is None or len(text) != len("08:00") or text[2] != ":":
        said = f'“{section.name(key)}” must be a clock time like "08:00", not {text!r}'
        raise ConfigError(f"{section.file}: {said}.")
    return clock


def _tls(section: Section, host: str | None, insecure: frozenset[str]) -> str:
    old = section.typed("starttls", bool, "true or false", False)  # releases before “tls”
    tls = section.choice(
        "tls", section.text("tls", STARTTLS if old else PLAIN), (STARTTLS, IMPLICIT, PLAIN)
    )
    if tls == PLAIN and not is_here(host) and MAIL not in insecure:
        raise ConfigError(
            f"{section.file}: mails to {host} would cross the network in the open. Say “tls:"
            f" {STARTTLS}” or “tls: {IMPLICIT}” under “mail”. For a trial, “insecure: [{MAIL}]”"
            " lets it pass."
        )
    return tls


def _notify(section: Section) -> Notify | None:
    if section.get("notify", None) is None:
        return None
    inner = section.section("notify")
    notify = Notify(inner.text("template"), inner.text("url", _NOTIFY).rstrip("/"))
    inner.finish()
    if not notify.url.startswith("https://") and not is_here(urlsplit(notify.url).hostname):
        raise ConfigError(f"{section.file}: “mail.notify.url” begins with https://.")
    return notify


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
