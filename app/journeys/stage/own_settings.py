"""Settings that a journey has of its own: a deployment with them, for as long as it is played.

Cases that were started on it stay on it; what was active before is active again afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from app import store
from app.casework import SYSTEM, Activate, Deploy, Desk, Refused
from app.engine import nearest
from app.journeys.file import Journey, JourneyFault

_FILE = "settings.json"
#: stand beside the settings, but are the installation's
_ROLES = frozenset({"roles", "role_sight", "calendars"})


@contextmanager
def own_settings(journey: Journey, desk: Desk, at: datetime) -> Iterator[None]:
    """Makes the journey's settings those that new cases start on. JourneyFault, also when the
    content cannot run with them."""
    if not journey.settings:
        yield
        return
    with desk.store.reading() as unit:
        before = store.deployments.active(unit)
        files = store.deployments.files(unit, before) if before else {}
    changed = {**files, _FILE: _changed(journey, files.get(_FILE, b"{}"))}
    command = Deploy(actor=SYSTEM, at=at, files=changed, note="A journey's settings", activate=True)
    try:
        version = str(desk.do(command).answer["digest"])
        desk.do(Activate(actor=SYSTEM, at=at, digest=version))
    except Refused as refusal:
        said = next(
            (str(finding) for finding in refusal.findings if finding.severity == "error"), ""
        )
        sentence = f"The content cannot run with these settings. {said or refusal.sentence}"
        raise _fault(journey, next(iter(journey.settings)), sentence) from refusal
    try:
        yield
    finally:
        if before:
            desk.do(Activate(actor=SYSTEM, at=at, digest=before))


def _changed(journey: Journey, content: bytes) -> bytes:
    """settings.json with the journey's values in place of those of the same name."""
    there = json.loads(content)
    for name in journey.settings:
        if name in _ROLES or name not in there:
            near = nearest(name, set(there) - _ROLES)
            hint = f" Did you mean “{near}”?" if near else ""
            raise _fault(journey, name, f"There is no setting “{name}”.{hint}")
    content_now = {**there, **journey.settings}
    return json.dumps(content_now, sort_keys=True, ensure_ascii=False, default=_plain).encode()


def _fault(journey: Journey, name: str, sentence: str) -> JourneyFault:
    line, file = journey.settings_places.get(name, (None, journey.file))
    return JourneyFault(sentence, line=line, file=file)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
