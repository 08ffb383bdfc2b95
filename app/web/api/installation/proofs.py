"""The API's part on second factors and work accounts of others: taken away, never given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.casework.people.proof import resetting
from app.scheduler.account_mail import tell_reset
from app.web.api.operations import write
from app.web.api.people_bodies import CHANGED, RESET, UNLINK
from app.web.site import desk, person, site


def _reset(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
    row = resetting.reset(desk(), person(), path["person"], at)
    config = site().config
    return {"person": row.id, "mailed": tell_reset(desk(), config.mail, row, at)}


def _unlink(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
    resetting.unlink(desk(), person(), path["person"], given["issuer"], given["subject"], at)
    return {"person": path["person"], "returned": 0}


OPERATIONS = (
    write(path="/people/{person}/second-factor/reset", name="resetSecondFactor", asked=None,
          summary="End app, recovery codes, passkeys and sessions; the person is told by mail",
          answer=RESET, does=_reset),
    write(path="/people/{person}/second-factor/unlink", name="unlinkWorkAccount",
          summary="Take a work account away; every session of the person ends",
          asked=UNLINK, answer=CHANGED, does=_unlink),
)  # fmt: skip
