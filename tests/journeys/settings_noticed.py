"""Which settings nobody would miss: each is changed, one at a time, and every journey is played.

A setting that no journey notices could be wrong for years. Not part of `make test` (an hour of
processor time for all): python -m tests.journeys.settings_noticed [NAME …]
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import wiring
from app.config.installation import Config, load
from app.journeys import JourneyFailed, play

TOP = Path(__file__).resolve().parents[2]
JOURNEYS = TOP / "bpmn/journeys"
PRESENT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
_CLOCK = re.compile(r"(\d{2}):(\d{2})\Z")


@dataclass(frozen=True)
class Change:
    name: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.name} {self.old} → {self.new}"


def changes(settings: Mapping[str, Any]) -> list[Change]:
    """Every number one greater, every time of day an hour later; other settings are left out."""
    found = []
    for name, old in settings.items():
        clock = _CLOCK.match(old) if isinstance(old, str) else None
        if isinstance(old, int) and not isinstance(old, bool):
            found.append(Change(name, old, old + 1))
        elif clock:
            found.append(Change(name, old, f"{(int(clock[1]) + 1) % 24:02}:{clock[2]}"))
    return found


def noticed(config: Config, change: Change, journeys: Sequence[Path]) -> str | None:
    """What the first journey says that does not hold any more; None: nobody notices."""
    settings = {**config.settings, change.name: change.new}
    with tempfile.TemporaryDirectory() as folder:
        changed = replace(config, settings=settings, secrets_dir=Path(folder))
        desk = wiring.open_desk(changed, database="sqlite://", upgrade=True)
        try:
            said: list[str] = []
            if not wiring.deploy_content(desk, changed, PRESENT, said.append):
                return " ".join(said)
            for file in journeys:
                try:
                    play(file, desk, present=PRESENT, own_time=True)
                except JourneyFailed as failed:
                    return f"{file.stem}, line {failed.line}: {failed.sentence}"
        finally:
            desk.store.close()
    return None


def main(names: Sequence[str], say: Callable[[str], None] = print) -> int:
    """0 when every change was noticed."""
    config = load(TOP / "config.yaml")
    journeys = sorted(JOURNEYS.glob("*.yaml"))
    silent = 0
    for change in changes(config.settings):
        if names and change.name not in names:
            continue
        sentence = noticed(config, change, journeys)
        silent += sentence is None
        say(f"{change}: {sentence or 'NOBODY NOTICES'}")
    say(f"{silent} changes that nobody notices")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
