"""What an installation says to casework: calendar, roles, reference prefix, settings, sign-in.

Plain values; the configuration file is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version

from app.casework.access import Role
from app.casework.successions import Successions
from app.engine.feel import Calendar
from app.engine.meaning import TODAY

#: written into every history header: which engine moved the case
ENGINE = f"SpiffWorkflow {version('SpiffWorkflow')}; steps {TODAY}"


@dataclass(frozen=True, kw_only=True)
class SignInRules:
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=8)
    #: failures of one account, and from one address, before waiting begins
    account_failures: int = 5
    address_failures: int = 20
    longest_wait: timedelta = timedelta(minutes=15)


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
    #: one read of a case by a person in this time leaves one history entry a view
    read_again_after: timedelta = timedelta(minutes=10)
