"""What an installation says to casework: calendar, roles, reference prefix, settings, sign-in.

Plain values; the configuration file is read elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version
from typing import Any

from app.casework.access import Role
from app.casework.retention import Retention
from app.casework.successions import Successions
from app.engine import TODAY, feel
from app.engine.feel import Calendar

#: written into every history header: which engine moved the case
ENGINE = f"SpiffWorkflow {version('SpiffWorkflow')}; steps {TODAY}"


@dataclass(frozen=True)
class Kept:
    """A text that stands beside the histories and is named in them by its hash."""

    text: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SignInRules:
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=8)
    #: failures of one person at one place, of one address, and of one person everywhere, before
    #: waiting begins
    account_failures: int = 5
    address_failures: int = 20
    everywhere_failures: int = 50
    longest_wait: timedelta = timedelta(minutes=1)
    #: of the organisation, which no password may be made of
    words: tuple[str, ...] = ()
    #: after this time one failure less counts at a place; of an address and everywhere, sooner
    forgives: timedelta = timedelta(minutes=5)
    wide_forgives: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class SignOnRules:
    """What a provider of single sign-on may say of people."""

    #: its group → roles: these roles are its own to give and to take
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: somebody unknown with a role by their groups gets an account
    make_people: bool = False

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(role for roles in self.groups.values() for role in roles)


@dataclass(frozen=True, kw_only=True)
class DeskSettings:
    calendar: Calendar
    roles: Mapping[str, Role]
    #: which roles and organisations take the place of others, and when
    successions: Successions = field(default_factory=Successions)
    #: "RR" gives RR-2026-0001
    reference: str
    #: settings.json for deployments that bring none
    settings_json: bytes = b"{}"
    sign_in: SignInRules = field(default_factory=SignInRules)
    sign_on: SignOnRules = field(default_factory=SignOnRules)
    #: one read of a case by a person in this time leaves one history entry a view
    read_again_after: timedelta = timedelta(minutes=10)
    #: how long content is kept, and what holds it longer
    retention: Retention = field(default_factory=Retention)

    @cached_property
    def kept_calendar(self) -> Kept:
        """The calendar as it is stored."""
        return Kept(
            feel.codec.dumps(dict(self.calendar.to_dict())).decode("utf-8", "surrogatepass")
        )

    @cached_property
    def in_force(self) -> Kept:
        """What of config.yaml decides who may do what, and is in no deployment; no secret."""
        config: dict[str, Any] = {
            "labels": dict(self.successions.labels),
            "read_again_after": int(self.read_again_after.total_seconds()),
            "reference": self.reference,
            "roles": {
                role.id: {"may": sorted(role.may), "name": role.name, "sees": role.sees}
                | ({"second_factor": True} if role.second_factor else {})
                for role in self.roles.values()
            },
            "sign_in": {
                "absolute": int(self.sign_in.absolute.total_seconds()),
                "idle": int(self.sign_in.idle.total_seconds()),
            },
            "successions": [
                {"new": list(row.new), "old": row.old, "on": row.on.isoformat()}
                | (
                    {"parts": {part: list(new) for part, new in row.parts.items()}}
                    if row.divided
                    else {}
                )
                for row in self.successions.rows
            ],
        }
        if self.retention.told():
            config["retention"] = self.retention.told()
        if self.successions.by:
            config["divided_by"] = [".".join(step) for step in self.successions.by]
        if self.sign_on.groups:
            config["sign_on"] = {
                "groups": {group: sorted(roles) for group, roles in self.sign_on.groups.items()},
                "make_people": self.sign_on.make_people,
            }
        return Kept(json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False))

    @cached_property
    def digests(self) -> tuple[str, str]:
        """Of the calendar and of the settings in force, as headers name them."""
        return self.kept_calendar.digest, self.in_force.digest
