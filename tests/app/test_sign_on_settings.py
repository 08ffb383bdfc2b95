"""`sign_on` and `second_factor` in config.yaml, and the commands for what people have lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import wiring
from app.config.installation import ConfigError, load
from app.config.sign_on import secret_in
from app.store import IdentityRow, TotpRow
from app.store.people import factors, identities
from tests.app.test_config import GOOD, written
from tests.app.test_people_commands import Terminal, type_

__all__ = ["type_"]
AT = datetime(2026, 3, 4, tzinfo=UTC)
SIGN_ON: dict[str, Any] = {
    "issuer": "https://login.example.org/t", "client_id": "rr",
    "groups": {"claim": "memberOf", "roles": {"Desk": "desk", "Both": ["desk"]}},
    "second_factor": ["mfa"],
}  # fmt: skip


def test_what_a_provider_may_say_is_a_setting_and_reaches_the_desk(tmp_path: Path) -> None:
    roles = {"desk": {**GOOD["roles"]["desk"], "second_factor": True}}
    config = load(written(tmp_path, sign_on=SIGN_ON, roles=roles))
    assert config.sign_on is not None and config.sign_on.claim == "memberOf"
    assert not config.sign_on.make_people, "nobody is made unless it is said"
    desk = wiring.open_desk(config, upgrade=True)
    assert desk.settings.sign_on.roles == {"desk"}
    assert desk.roles.known["desk"].second_factor
    assert '"second_factor": true' in desk.settings.in_force.text.replace('":', '": ')


def test_without_the_settings_there_is_neither(tmp_path: Path) -> None:
    config = load(written(tmp_path))
    assert config.sign_on is None and not config.roles["desk"].second_factor


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"issuer": "http://login.example.org"}, "must be an address with https"),
        ({"groups": {"roles": {"Desk": "king"}}}, "king"),
        ({"scopes": ["profile"]}, "must hold “openid”"),
        ({"make_peple": True}, "make_people"),
        ({"client_secret": "x"}, "client_secret"),
    ],
)
def test_what_is_wrong_with_single_sign_on_is_said(
    tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        load(written(tmp_path, sign_on=SIGN_ON | changed))


def test_the_client_s_secret_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secret_in(tmp_path) == ""
    (tmp_path / "sign_on_secret").write_text("from a file\n")
    assert secret_in(tmp_path) == "from a file"
    monkeypatch.setenv("RAPID_REVIEW_SIGN_ON_SECRET", "from outside")
    assert secret_in(tmp_path) == "from outside"


def test_lost_second_factors_and_work_accounts_end_by_command(type_: Terminal) -> None:
    type_("person", "add", "gil", "Gil Gp", "--role", "agency_spoc")
    assert "has no second factor" in type_("person", "reset-second", "gil", code=1)
    desk = wiring.open_desk(load(type_.config), upgrade=True)
    with desk.store.writing() as unit:
        factors.add_app(unit, TotpRow("gil", b"x", AT, 1))
        identities.add(unit, IdentityRow("https://login.example.org", "s-1", "gil", AT, "ada"))
    assert "work account s-1 of https://login.example.org" in type_("person", "show", "gil")
    told = type_("person", "reset-second", "gil")
    assert "has no second factor any more" in told and "No mail can go to them" in told
    assert "does not sign in with this work account" in type_(
        "person", "unlink", "gil", "https://login.example.org", "s-1"
    )
    type_("person", "unlink", "gil", "https://login.example.org", "s-1", code=1)
