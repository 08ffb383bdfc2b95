"""The verbs of whoever keeps the installation: migrate, backup, restore, index and key."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.config import Config


def say(text: str = "") -> None:
    print(text, flush=True)


def add_verbs(verb: Callable[[Any], argparse.ArgumentParser]) -> None:
    finishing = "takes away what only the release before needs; stop that first"
    verb(migrate).add_argument("--finish", action="store_true", help=finishing)
    verb(backup).add_argument("folder", type=Path, help="in which the new one is made")
    verb(index)
    changing = verb(key)
    changing.add_argument("what", choices=("new", "rotate"))
    changing.add_argument("--although-log-is-wrong", action="store_true", dest="log_wrong")
    verb(restore).add_argument("folder", type=Path, help="that “backup” made")


def migrate(config: Config, given: argparse.Namespace) -> int:
    """Makes the tables of an empty database, or brings older ones up to date; nothing else does.

    The release before can go on beside it, until --finish. Beside an empty database it makes the
    key too, where no key is there.
    """
    from app import store, wiring

    desk = wiring.open_desk(config, upgrade=True, finish=given.finish)
    if desk.store.demand_current() is not store.Tables.AHEAD:
        say("The tables are those of this release.")
    wiring.say_tables(desk, say)
    return 0


def backup(config: Config, given: argparse.Namespace) -> int:
    """Copies the database, while it is in use, into a new folder; without the key."""
    from app import wiring
    from app.cli import backups
    from app.scheduler.clock import present

    desk = wiring.open_desk(config)
    return backups.make(desk, given.folder, present(desk.store), say)


def restore(config: Config, given: argparse.Namespace) -> int:
    """Fills an empty database from a backup and verifies it; its key must be here."""
    from app import wiring
    from app.cli import backups

    return backups.restore(config, given.folder, lambda: wiring.open_desk(config), say)


def index(config: Config, _given: argparse.Namespace) -> int:
    """Works out anew by what cases are known to each other; after an upgrade or a new key."""
    from app import wiring
    from app.casework.indexing import index_anew
    from app.engine import saying

    cases, closed = index_anew(wiring.open_desk(config))
    say(f"{saying.count(cases, 'case')} gone through, {closed} of them without their key.")
    return 0


def key(config: Config, given: argparse.Namespace) -> int:
    """Makes a new key (new), or puts it in the place of the old one (rotate); stop all else first.

    Cut off, it is run again. Backups of before need the old key.
    """
    from app.cli import keys

    if given.what == "new":
        return keys.new(config, say)
    return keys.rotate(config, given.log_wrong, say)
