"""What is asked about an account, as a form like any other: roles with their days, agency.

What may be chosen comes from config.yaml; what may stand is casework's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from app import store
from app.config import Config, labels
from app.engine import day_in_london
from app.engine.forms import Field, Option, read_answers
from app.store import PersonRow
from app.web.forms import Filled, fill, submission
from app.web.pages.order_forms import Asked, ask
from app.web.site import desk, now, site

USER = Field(
    key="id", kind="textfield", id="id", label="User name", required=True,
    hint="Small letters, digits, dots and hyphens, like ann.archer. It never changes.",
    messages={"required": "Enter a user name of small letters, like ann.archer"},
)  # fmt: skip
NAME = Field(
    key="name", kind="textfield", id="name", label="Name", required=True,
    messages={"required": "Enter the person’s name"},
)  # fmt: skip
EMAIL = Field(
    key="email", kind="textfield", id="email", label="Email address",
    hint="For mails about tasks, and to sign in",
)  # fmt: skip
ROLES = Field(key="roles", kind="checklist", id="roles", label="Roles")
_FIRST, _LAST, _SAID = "first_", "last_", "is_"


@dataclass(frozen=True, slots=True)
class AccountForm:
    asked: Asked
    #: role → its name, those of the account beside those of config.yaml
    roles: Mapping[str, str]
    #: what is said of a person → its label
    attributes: Mapping[str, str]

    def begins(self, row: PersonRow | None) -> dict[str, Any]:
        """What stands on the page before anything is typed."""
        if row is None:
            return {}
        given: dict[str, Any] = {"name": row.name, "email": row.email or ""}
        given["roles"] = list(row.roles)
        for role, days in row.days.items():
            for place, day in zip((_FIRST, _LAST), days, strict=True):
                if day is not None:
                    given[place + role] = _parts(day)
        return given | {_SAID + name: value for name, value in row.attributes.items()}

    def filled(self, given: Mapping[str, Any], wrong: Mapping[str, str]) -> Filled:
        return fill(self.asked, given, wrong)

    def read(
        self, given: Mapping[str, Any], row: PersonRow | None
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """(what an account takes, field → what is wrong with it)."""
        assert self.asked.form is not None
        reading = read_answers(self.asked.form, given, {}, self.asked.world)
        wrong, said = dict(reading.messages), reading.answers
        held = tuple(sorted(said.get("roles") or ()))
        days = {}
        for role in self.roles:
            first, last = said.get(_FIRST + role), said.get(_LAST + role)
            if first is None and last is None:
                continue
            if role in held:
                days[role] = (first, last)
                if first is not None and last is not None and last < first:
                    wrong[_LAST + role] = "The last day must be the first day or later"
            elif row is None or role not in row.roles:
                words = f"Select “{self.roles[role]}”, or empty its days"
                wrong.setdefault("roles", words)
        attributes = {name: said[_SAID + name] for name in self.attributes if said[_SAID + name]}
        answers = {
            "name": said.get("name") or "", "email": said.get("email") or None,
            "roles": held, "days": days, "attributes": attributes,
        }  # fmt: skip
        return answers, wrong


def form_for(
    config: Config, row: PersonRow | None, everybody: Iterable[PersonRow], today: date
) -> AccountForm:
    roles = {role.id: role.name for role in config.roles.values()}
    roles |= {role: role for role in (row.roles if row else ()) if role not in roles}
    attributes, choices = _attributes(config, row, everybody, today)
    days = (
        Field(key=place + role, kind="date", id=place + role, label=f"{label} as {name}")
        for role, name in roles.items()
        for place, label in ((_FIRST, "First day"), (_LAST, "Last day"))
    )
    said = (
        Field(key=_SAID + name, kind="select", id=_SAID + name, label=label)
        for name, label in attributes.items()
    )
    options = {ROLES.key: _options(roles)} | {
        _SAID + name: _options(values) for name, values in choices.items()
    }
    fields = (*(() if row else (USER,)), NAME, EMAIL, ROLES, *days, *said)
    return AccountForm(ask("account", "Account", fields, options), roles, attributes)


def _attributes(
    config: Config, row: PersonRow | None, everybody: Iterable[PersonRow], today: date
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Name → label, and name → its values with their labels. What config.yaml does not say is
    taken from the accounts there are; what this account holds can always stay."""
    known = labels(config.settings)
    names = {one.name: one.label for one in config.attributes}
    choices = {one.name: one.choices(today) for one in config.attributes}
    if not names:
        held = [person.attributes for person in config.people]
        held += [person.attributes for person in everybody]
        for name, value in sorted({pair for each in held for pair in each.items()}):
            names.setdefault(name, name.replace("_", " ").capitalize())
            choices.setdefault(name, {})[value] = known.get(value, value)
    for name, value in row.attributes.items() if row else ():
        names.setdefault(name, name.replace("_", " ").capitalize())
        choices.setdefault(name, {}).setdefault(value, known.get(value, value))
    return names, choices


def _options(named: Mapping[str, str]) -> list[Option]:
    return [Option(value, label) for value, label in named.items()]


def _parts(day: date) -> dict[str, str]:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def account_form(row: PersonRow | None) -> AccountForm:
    """For this account, or a new one."""
    with desk().store.reading() as unit:
        everybody = store.people.accounts.everybody(unit)
    return form_for(site().config, row, everybody, today())


def typed() -> dict[str, Any]:
    return submission.read(request.form).given


def today() -> date:
    """The day in London."""
    return day_in_london(now())
