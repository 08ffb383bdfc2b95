"""Two real servers, the second a synchronous copy of the first. The first dies under load, the
second is promoted, and the product finds it: of what was acknowledged nothing is lost.

Also the other way round: the copy is away. Then nothing may be acknowledged that only one server
has.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.limits import until
from tests.soak.load import FILES, load, proved
from tests.soak.report import Report
from tests.soak.servers import Server
from tests.soak.serving import placed, serving

#: orders acknowledged before each disturbance
BEFORE = 40


@dataclass
class Pair:
    """The one that takes writes, and its copy."""

    first: Server
    second: Server

    @property
    def url(self) -> str:
        """Whichever of the two takes writes."""
        hosts = "&".join(f"host={one.host}:{one.port}" for one in (self.first, self.second))
        return f"postgresql://postgres@/postgres?{hosts}&target_session_attrs=read-write"

    def copy(self) -> None:
        """The second becomes a synchronous copy of the first."""
        self.second.own_folder()
        source = f"host={self.first.host} port={self.first.port} user=postgres"
        words = ("-D", str(self.second.folder), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.second.program("pg_basebackup", *words, "-d", f"{source} application_name=copy")
        self.second.begin()
        self.first.sql("ALTER SYSTEM SET synchronous_standby_names = 'copy'")
        self.first.sql("SELECT pg_reload_conf()")
        until(self.synchronous)

    def synchronous(self) -> bool:
        return ("sync",) in self.first.sql("SELECT sync_state FROM pg_stat_replication")

    def fail_over(self) -> None:
        """The first dies; somebody promotes the second."""
        self.first.kill()
        self.second.sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.second.sql("SELECT pg_promote()")


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    made = Pair(Server(folder / "first"), Server(folder / "second"))
    try:
        made.first.begin()
        made.copy()
        yield made
    finally:
        made.first.kill()
        made.second.kill()


def drill(seed: int, size: int, folder: Path) -> Report:
    """`size`: failovers."""
    report = Report("failover", seed)
    for number in range(size):
        home = folder / f"pair{number}"
        home.mkdir()
        with pair(home) as servers:
            _one(seed + number, home, servers, report)
    return report.ended()


def _one(seed: int, folder: Path, servers: Pair, report: Report) -> None:
    place = placed(folder / "site", FILES, servers.url)
    with serving(place, 2) as served, load(place, [one.port for one in served], seed) as made:
        made.more(BEFORE)
        servers.fail_over()
        begun = time.monotonic()
        made.more(1)
        report.counts["ms without service, in all"] += int((time.monotonic() - begun) * 1000)
        made.more(BEFORE)
    report.counts["failovers"] += 1
    proved(made, report)
    place.letting_go()


def without_copy(seed: int, size: int, folder: Path) -> Report:
    """`size`: seconds for which the copy is away, before the first server dies too. What was
    acknowledged meanwhile would be lost: the copy comes back without it."""
    report = Report("failover without a copy", seed)
    with pair(folder) as servers:
        place = placed(folder / "site", FILES, servers.url)
        with serving(place, 1) as served, load(place, [one.port for one in served], seed) as made:
            made.more(BEFORE)
            servers.second.kill()
            time.sleep(size)
            servers.first.kill()
            servers.second.begin()
            servers.second.sql("ALTER SYSTEM RESET synchronous_standby_names")
            servers.second.sql("SELECT pg_promote()")
            made.more(BEFORE)
        proved(made, report)
        place.letting_go()
    return report.ended()
