"""Reads config.yaml into frozen values; an unknown or missing key is an error.

What the values mean is for the rooms that take them. Secrets are not here: they come from files or
the environment (see `Config.secrets_dir`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from app.casework import ACCOUNTS, AUDIT, DATA_OWNER, FIGURES, POWERS
from app.config.access import (
    Attribute,
    Files,
    Line,
    Mail,
    Retention,
    SignIn,
    SignOn,
    Sms,
    Web,
    checked_database,
    read_address,
    read_attributes,
    read_files,
    read_insecure,
    read_key,
    read_mail,
    read_retention,
    read_sign_in,
    read_sign_on,
    read_telephone,
    read_web,
)
from app.config.calendars import Calendar, CalendarSettings, Others, read_calendar, read_others
from app.config.counts import Counts, read_counts
from app.config.dated import (
    Named,
    Successor,
    check_days,
    check_kinds,
    labels,
    named_on,
    organisation,
    successions,
)
from app.config.measures import Measure, Years, read_measures, read_years
from app.config.sections import ConfigError, Section, read_top
from app.validation.intake import short_name

__all__ = ["Account", "CalendarSettings", "Config", "ConfigError", "Mail", "Role", "Sms", "load"]

SEES = ("case", "own", "all", "none")
#: powers: those that orders ask for, and what reading asks for
MAY = (*sorted(POWERS), AUDIT, ACCOUNTS, DATA_OWNER, FIGURES)


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    #: how much of a case its holders see: "case", "own", "all" or "none"
    sees: str
    #: what they may order beyond their own tasks
    may: frozenset[str]
    #: its holders prove who they are by a second thing too
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the demo, or a first account of a real installation."""

    id: str
    name: str
    roles: tuple[str, ...]
    attributes: Mapping[str, str]
    email: str | None


@dataclass(frozen=True, slots=True)
class Demo:
    #: journey files played into an empty database, each ending at the present
    cases: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    title: str
    #: its names, each with the days in London on which it bears it
    organisation: tuple[Named, ...]
    #: SQLAlchemy URL; a relative SQLite path is taken from the folder of config.yaml
    database: str
    reference: str
    calendar: CalendarSettings
    roles: Mapping[str, Role]
    people: tuple[Account, ...]
    settings: Mapping[str, Any]
    mail: Mail
    sign_in: SignIn
    demo: Demo | None
    secrets_dir: Path
    #: the folder that holds config.yaml, bpmn/ and forms/
    root: Path = field(default_factory=Path)
    #: what is counted for the figures, and the years that may be chosen beside the calendar's
    timeliness: tuple[Measure, ...] = ()
    years: Years = field(default_factory=Years)
    #: whose answers are counted
    counts: Counts = field(default_factory=Counts)
    #: which roles and organisations take the place of others, and when
    successions: tuple[Successor, ...] = ()
    #: calendars that limits name, and one-off holidays
    others: Others = field(default_factory=Others)
    #: proxies in front of the site, and its names
    web: Web = field(default_factory=Web)
    #: single sign-on; None: there is none
    sign_on: SignOn | None = None
    #: what is said of people beside their roles
    attributes: tuple[Attribute, ...] = ()
    #: what it does knowingly: "http", "database", "mail", "demo"
    insecure: frozenset[str] = frozenset()
    #: programs that print the key-encryption key, and the one that takes over; none: files
    key: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    #: how long content is kept, what holds it longer, why it may go earlier
    retention: Retention = field(default_factory=Retention)
    #: whom people telephone who cannot go on
    telephone: tuple[Line, ...] = ()
    #: with answers
    files: Files = field(default_factory=Files)

    def organisation_on(self, day: date) -> str:
        """The name borne on this day in London."""
        return named_on(self.organisation, day)

    def house_words(self) -> tuple[str, ...]:
        """Of its names, and what `sign_in.words` adds: no password may be made of them."""
        names = (self.title, *(named.name for named in self.organisation), *self.sign_in.words)
        words = {word for name in names for word in re.findall(r"\w{4,}", name.casefold())}
        return tuple(sorted(words))

    def settings_json(self) -> bytes:
        """settings.json of a deployment: the settings, the role ids, what each sees, the names of
        the calendars; canonical."""
        sight = {role.id: role.sees for role in self.roles.values()}
        known = {"roles": sorted(self.roles), "role_sight": sight, **self.others.told()}
        content = {**self.settings, **known}
        return json.dumps(content, sort_keys=True, ensure_ascii=False, default=_iso).encode()

    def working_days(self) -> Calendar:
        """The calendar that tells working days from others."""
        return self.others.around(self.calendar)

    def content_files(self) -> dict[str, bytes]:
        """bpmn/, forms/ and settings.json as they lie now, by path inside the deployment."""
        files = {"settings.json": self.settings_json()}
        for folder, suffixes in (
            ("bpmn", (".bpmn", ".dmn")),
            ("forms", (".form", ".txt", ".docx", ".yaml")),
        ):
            for path in sorted((self.root / folder).rglob("*")):
                name = short_name(path.relative_to(self.root).as_posix())
                if path.is_file() and name.endswith(suffixes):
                    files[name] = path.read_bytes()
        return files


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"settings may hold texts, numbers, lists and maps, not {type(value).__name__}")


def load(path: Path) -> Config:
    """The configuration in `path`. Raises `ConfigError` with the key and what to do."""
    top = read_top(path)
    root = path.resolve().parent
    others, insecure = read_others(top), read_insecure(top)
    config = Config(
        title=top.text("title"),
        organisation=organisation(top),
        database=_database(top, root, insecure),
        reference=top.text("reference"),
        calendar=read_calendar(top.section("calendar")),
        others=others,
        roles=_roles(top.section("roles")),
        people=(),
        settings=_settings(top),
        mail=read_mail(top, insecure),
        sign_in=read_sign_in(top),
        demo=_demo(top),
        secrets_dir=_secrets_dir(top, root),
        root=root,
        timeliness=read_measures(top, others.named),
        years=read_years(top),
        counts=read_counts(top),
        web=read_web(top),
        insecure=insecure,
        key=read_key(top),
        retention=read_retention(top),
        telephone=read_telephone(top),
        files=read_files(top),
    )
    people = _people(top, config.roles)
    values = {value for person in people for value in person.attributes.values()}
    sign_on = read_sign_on(top, tuple(config.roles))
    attributes = read_attributes(top, config.settings)
    successors = successions(top, frozenset(config.roles), values | set(labels(config.settings)))
    top.finish()
    return replace(
        config, people=people, successions=successors, sign_on=sign_on, attributes=attributes
    )


def _database(top: Section, root: Path, insecure: frozenset[str]) -> str:
    """The environment wins, so that a password need not stand in a file."""
    written = top.text("database")
    url: str = os.environ.get("RAPID_REVIEW_DATABASE") or written
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and ":memory:" not in url:
        return prefix + str(root / url.removeprefix(prefix))
    return checked_database(url, top.file, insecure)


def _secrets_dir(top: Section, root: Path) -> Path:
    written = top.text("secrets_dir", "var/secrets")
    return root / (os.environ.get("RAPID_REVIEW_SECRETS") or written)


def _roles(section: Section) -> dict[str, Role]:
    roles = {}
    for key in list(section.raw):
        role = section.section(key)
        sees = role.choice("sees", role.text("sees"), SEES)
        may = frozenset(role.choice("may", m, MAY) for m in role.typed("may", list, "a list", []))
        second = role.typed("second_factor", bool, "true or false", False)
        roles[key] = Role(key, role.text("name"), sees, may, second)
        role.finish()
    return roles


def _people(top: Section, roles: Mapping[str, Role]) -> tuple[Account, ...]:
    def account(section: Section) -> Account:
        held = tuple(section.typed("roles", list, "a list"))
        for role in held:
            section.choice("roles", role, tuple(roles))
        known = {"id", "name", "roles", "email"}
        attributes = {k: str(section.get(k)) for k in section.raw if k not in known}
        return Account(
            id=section.text("id"),
            name=section.text("name"),
            roles=held,
            attributes=attributes,
            email=read_address(section),
        )

    people = top.each("people", account, [])
    ids = [person.id for person in people]
    for person_id in ids:
        if ids.count(person_id) > 1:
            raise ConfigError(f"{top.file}: two people have the id “{person_id}”.")
    return people


def _settings(top: Section) -> Mapping[str, Any]:
    settings = top.typed("settings", dict, "a list of keys with values")
    check_days(top.file, "settings", settings)
    check_kinds(top.file, "settings", settings)
    for taken in ("roles", "role_sight", "calendars"):
        if taken in settings:
            raise ConfigError(
                f"{top.file}: “settings.{taken}” cannot be used: what the process knows of the "
                "roles and calendars stands there. Give this setting another name."
            )
    try:
        plain: Mapping[str, Any] = json.loads(json.dumps(settings, default=_iso))
    except TypeError as error:
        raise ConfigError(f"{top.file}: {error}.") from error
    return plain


def _demo(top: Section) -> Demo | None:
    if top.get("demo", None) is None:
        return None
    section = top.section("demo")
    demo = Demo(
        cases=tuple(section.typed("cases", list, "a list of files", [])),
        password=section.text("password"),
    )
    section.finish()
    return demo
