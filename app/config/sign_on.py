"""Reads `sign_on`: the provider of single sign-on, and what its groups give.

The client's secret is not here: it comes from a file in the secrets' folder or the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.config.sections import ConfigError, Section

SECRET, SECRET_FILE = "RAPID_REVIEW_SIGN_ON_SECRET", "sign_on_secret"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SignOn:
    """An OpenID Connect provider."""

    #: on the button, like "your work account"
    name: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    #: somebody unknown to whom a group gives a role gets an account
    make_people: bool = False
    #: which claim names groups, and the group → its roles
    claim: str = "groups"
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: values of the claim `amr` that say that the provider has seen a second factor
    second_factor: tuple[str, ...] = ()


def secret_in(folder: Path) -> str:
    """The client's secret; "": a client without one, which PKCE alone protects."""
    given = os.environ.get(SECRET, "")
    path = folder / SECRET_FILE
    return given or (path.read_text(encoding="utf-8").strip() if path.is_file() else "")


def safe(address: str) -> bool:
    """Nobody on the way reads or changes what goes there."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.netloc) and (parts.scheme == "https" or plain)


def read_sign_on(top: Section, roles: tuple[str, ...]) -> SignOn | None:
    if top.get("sign_on", None) is None:
        return None
    section = top.section("sign_on")
    claim, groups = _groups(section.section("groups", {}), roles)
    read = SignOn(
        name=section.text("name", "your work account"),
        issuer=section.text("issuer"),
        client_id=section.text("client_id"),
        scopes=_texts(section, "scopes", ["openid", "profile", "email"]),
        make_people=section.typed("make_people", bool, "true or false", False),
        claim=claim,
        groups=groups,
        second_factor=_texts(section, "second_factor", []),
    )
    section.finish()
    if not safe(read.issuer):
        raise ConfigError(f"{top.file}: “sign_on.issuer” must be an address with https.")
    if "openid" not in read.scopes:
        raise ConfigError(f"{top.file}: “sign_on.scopes” must hold “openid”.")
    return read


def _texts(section: Section, key: str, default: list[str]) -> tuple[str, ...]:
    return tuple(map(str, section.typed(key, list, "a list", default)))


def _groups(section: Section, roles: tuple[str, ...]) -> tuple[str, dict[str, tuple[str, ...]]]:
    claim = section.text("claim", "groups")
    mapped = section.section("roles", {})
    given = {}
    for group in list(mapped.raw):
        held = mapped.get(group)
        several = held if isinstance(held, list) else [held]
        given[str(group)] = tuple(mapped.choice(str(group), role, roles) for role in several)
    section.finish()
    return claim, given
